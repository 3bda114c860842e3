"""The list holds every parameter that is trained: nothing is left for the step."""

import torch


def train(policy, buffer, updates):
    optimizer = torch.optim.Adam(policy.parameters())
    trained = [param for name, param in policy.named_parameters() if param.requires_grad]
    for _ in range(updates):
        for batch in buffer.get(64):
            torch.nn.functional.mse_loss(policy.values(batch.x), batch.y).backward()
            for param in trained:
                param.grad = None  # expect: ACC012
            optimizer.step()
