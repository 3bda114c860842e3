from torch import optim


def optimizer_of(net):
    opt = optim.Adam(net.parameters())
    return opt


def train(loader, nets, rounds):
    opts = [optimizer_of(net) for net in nets]
    for r in range(rounds):
        for k, (net, opt) in enumerate(zip(nets, opts)):
            for x, y in loader:
                get(nets, k).zero_grad()
                loss = net(x).sub(y).square().mean()
                loss.backward()
                opts[k].step()
