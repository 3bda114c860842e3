import torch.distributed as dist


def train(model, loader, criterion, optimizer):
    for x, y in loader:
        criterion(model(x), y).backward()
        for p in model.parameters():
            dist.all_reduce(p.grad)
            p.grad /= dist.get_world_size()
        optimizer.step()  # expect: ACC001
