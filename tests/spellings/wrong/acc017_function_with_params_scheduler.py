import torch


def train_one_epoch(model, loader, criterion, optimizer, lr_scheduler, device):
    model.train()
    for images, target in loader:
        images, target = images.to(device), target.to(device)
        loss = criterion(model(images), target)
        optimizer.zero_grad()
        loss.backward()  # expect: ACC017
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        lr_scheduler.step()
