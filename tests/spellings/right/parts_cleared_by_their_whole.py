import torch
from torch import nn


class SegmentationModule(nn.Module):
    def __init__(self, net_enc, net_dec, crit):
        super().__init__()
        self.encoder, self.decoder, self.crit = net_enc, net_dec, crit

    def forward(self, feed):
        return self.crit(self.decoder(self.encoder(feed["x"])), feed["y"])


def train(segmentation_module, iterator, optimizers):
    for i in range(5000):
        batch = next(iterator)
        segmentation_module.zero_grad()
        loss = segmentation_module(batch).mean()
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()


def create_optimizers(nets, cfg):
    net_encoder, net_decoder, crit = nets
    return torch.optim.SGD(net_encoder.parameters(), lr=cfg.lr), torch.optim.SGD(net_decoder.parameters(), lr=cfg.lr)


def main(cfg, loader, build_encoder, build_decoder):
    net_encoder = build_encoder(cfg)
    net_decoder = build_decoder(cfg)
    crit = nn.NLLLoss()
    segmentation_module = SegmentationModule(net_encoder, net_decoder, crit)
    nets = (net_encoder, net_decoder, crit)
    optimizers = create_optimizers(nets, cfg)
    for epoch in range(cfg.epochs):
        train(segmentation_module, iter(loader), optimizers)
