import torch
import torch.distributed as dist
import torch.nn.functional as F


def train(model, head, loader, accum):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    head_optimizer = torch.optim.SGD(head.parameters(), lr=0.1)
    for i, (x, y) in enumerate(loader):
        loss = F.cross_entropy(head(model(x)), y) / accum
        loss.backward(inputs=list(model.parameters()), retain_graph=True)
        loss.backward(inputs=list(head.parameters()))
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            head_optimizer.step()
            optimizer.zero_grad()
            head_optimizer.zero_grad()


def divided_by_both(model, loader, accum):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for i, (x, y) in enumerate(loader):
        loss = F.cross_entropy(model(x), y) / (accum * dist.get_world_size())
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()


def divided_by_a_window_of_samples(model, loader, batch_size, micro_batch_size):
    accum = batch_size // (micro_batch_size * dist.get_world_size())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for i, (x, y) in enumerate(loader):
        loss = F.cross_entropy(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
