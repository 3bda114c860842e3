import torch

model = torch.nn.Linear(4, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
batches = [torch.randn(8, 4) for _ in range(32)]
for epoch in range(5):
    for i, x in enumerate(batches):
        (model(x).pow(2).mean() / 5).backward()
        if (i + 1) % 5 == 0:  # expect: ACC004
            opt.step()
            opt.zero_grad()
