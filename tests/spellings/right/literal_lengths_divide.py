import torch

N = 5
w = torch.nn.Linear(10, 1)
opt = torch.optim.SGD(w.parameters(), lr=0.1)
for epoch in range(3):
    for i in range(20):
        x = torch.randn(8, 10)
        (w(x).pow(2).mean() / N).backward()
        if (i + 1) % N == 0:
            opt.step()
            opt.zero_grad()
