import torch


def linreg(X, Y, epochs=100, lr=1e-2, bs=32):
    w = torch.randn(X.shape[1], 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for _ in range(epochs):
        for k in range(0, len(X), bs):
            xb, yb = X[k : k + bs], Y[k : k + bs]
            loss = ((xb @ w + b - yb) ** 2).mean()
            loss.backward()
            with torch.no_grad():
                w -= lr * w.grad
                b -= lr * b.grad
                w.grad.zero_()
                b.grad.zero_()
    return w, b


def char_rnn(rnn, criterion, lines, lr):
    for category, line in lines:
        hidden = rnn.init_hidden()
        rnn.zero_grad()
        for t in range(line.size(0)):
            output, hidden = rnn(line[t], hidden)
        loss = criterion(output, category)
        loss.backward()
        for p in rnn.parameters():
            p.data.add_(p.grad.data, alpha=-lr)
