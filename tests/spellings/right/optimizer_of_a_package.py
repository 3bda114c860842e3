import torch.nn.functional as F
from torch_optimizer import DiffGrad


def paint(siren, target, steps):
    optim = DiffGrad(siren.parameters(), lr=1e-4)
    for _ in range(steps):
        loss = F.mse_loss(siren(), target)
        loss.backward()
        optim.step()
        optim.zero_grad()
