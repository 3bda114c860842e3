import torch


def create_optimizers(nets):
    net_encoder, net_decoder, crit = nets
    return torch.optim.SGD(net_encoder.parameters(), lr=0.1), torch.optim.SGD(net_decoder.parameters(), lr=0.1)


def train(module, iterator, optimizers):
    for i in range(1000):
        module.zero_grad()
        loss = module(next(iterator)).mean()
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()


def main(nets, module, iterator):
    train(module, iterator, create_optimizers(nets))
