import torch
from torch import nn

X = torch.randn(200, 10)
y = (X.sum(1) > 0).float().unsqueeze(1)

model = nn.Linear(10, 1)
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=20, line_search_fn="strong_wolfe")
bce = nn.BCEWithLogitsLoss()

for epoch in range(10):

    def closure():
        optimizer.zero_grad()
        loss = bce(model(X), y)
        loss = loss + 1e-4 * sum(p.pow(2).sum() for p in model.parameters())
        loss.backward()
        return loss

    value = optimizer.step(closure)
    print(epoch, float(value))
