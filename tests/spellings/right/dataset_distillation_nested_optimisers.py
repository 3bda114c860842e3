import torch


def distill(net_fn, images, labels, loader, crit, outer=100, inner=10):
    syn = images.clone().requires_grad_(True)
    opt_img = torch.optim.SGD([syn], lr=0.1)
    for o in range(outer):
        net = net_fn()
        opt_net = torch.optim.SGD(net.parameters(), lr=0.01)
        opt_img.zero_grad()
        x, y = next(loader)
        g_real = [g.detach() for g in torch.autograd.grad(crit(net(x), y), net.parameters())]
        g_syn = torch.autograd.grad(crit(net(syn), labels), net.parameters(), create_graph=True)
        loss = sum((a - b).pow(2).sum() for a, b in zip(g_syn, g_real))
        loss.backward()
        opt_img.step()
        for _ in range(inner):
            opt_net.zero_grad()
            crit(net(syn.detach()), labels).backward()
            opt_net.step()
