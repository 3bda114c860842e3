import torch


def train(net, loader, optimizer, crit, accum_iter=4, w=0.4):
    for i, (img, mask) in enumerate(loader):
        out, aux1, aux2 = net(img)
        loss = crit(out, mask) / accum_iter
        aux = w * (crit(aux1, mask) + crit(aux2, mask))
        total = loss + aux
        total.backward()  # expect: ACC003
        if (i + 1) % accum_iter == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
