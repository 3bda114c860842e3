"""Two of the user's flags joined by ``&``: which model the optimizer holds hangs on both."""

import copy

import torch

small = False
mixed = True
model = torch.nn.Linear(3, 1)
master = copy.deepcopy(model)
if small & mixed:
    optimizer = torch.optim.Adam(master.parameters())
elif small:
    optimizer = torch.optim.Adam(model.parameters())
elif mixed:
    optimizer = torch.optim.AdamW(master.parameters())
else:
    optimizer = torch.optim.AdamW(model.parameters())

for x, y in loader:
    model(x, labels=y).loss.backward()
    if mixed:
        for p, q in zip(model.parameters(), master.parameters()):
            q.grad = p.grad.float()
        model.zero_grad()
        optimizer.step()
        model.load_state_dict(master.state_dict())
        master.zero_grad()
    else:
        optimizer.step()
        model.zero_grad()
