import torch
from torch.utils.data import DataLoader

model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(dataset, batch_size=4)
accumulation_steps = 4


def is_due():
    """Reads the script's own counter, which no argument tells it of."""
    return (i + 1) % accumulation_steps == 0


def may_step():
    return is_due() or i + 1 == len(loader)


for epoch in range(3):
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = torch.nn.functional.mse_loss(model(x), y) / accumulation_steps
        loss.backward()
        if may_step():
            optimizer.step()
            optimizer.zero_grad()
