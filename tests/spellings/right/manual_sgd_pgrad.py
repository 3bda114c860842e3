import torch

w = torch.randn(10, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
X = torch.randn(512, 10)
Y = X @ torch.arange(10.0).unsqueeze(1)
lr, accum = 0.1, 4

for epoch in range(20):
    chunks = list(zip(X.split(32), Y.split(32)))
    for i, (xb, yb) in enumerate(chunks):
        loss = ((xb @ w + b - yb) ** 2).mean() / accum
        loss.backward()
        if (i + 1) % accum == 0:
            with torch.no_grad():
                w -= lr * w.grad
                b -= lr * b.grad
            w.grad = None
            b.grad = None
