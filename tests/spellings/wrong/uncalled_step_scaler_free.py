import torch

model = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
sgd = torch.optim.SGD(model.parameters(), lr=1e-2)

for epoch in range(5):
    for _ in range(100):
        x = torch.randn(16, 8)
        loss = (model(x) - x.sum(1, keepdim=True)).pow(2).mean()
        sgd.zero_grad()
        loss.backward()
        sgd.step  # expect: ACC011
