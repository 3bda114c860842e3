from torch.nn import functional as F


def train(model, loader, opt, N, epochs):
    for epoch in range(epochs):
        it = iter(loader)
        for step in range(len(loader) // N):
            opt.zero_grad()
            acc = 0.0
            for _ in range(N):
                x, y = next(it)
                loss = F.cross_entropy(model(x), y)
                loss.backward()  # expect: ACC003
                acc += loss.item()
            opt.step()
            print(epoch, step, acc)
