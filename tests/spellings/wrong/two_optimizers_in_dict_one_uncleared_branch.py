import torch


def train(backbone, head, loader, crit, freeze_until):
    opts = {
        "backbone": torch.optim.SGD(backbone.parameters(), lr=1e-4),
        "head": torch.optim.SGD(head.parameters(), lr=1e-2),
    }
    for epoch in range(20):
        for x, y in loader:
            loss = crit(head(backbone(x)), y)
            opts["head"].zero_grad()
            loss.backward()
            opts["head"].step()
            opts["backbone"].step()  # expect: ACC001
