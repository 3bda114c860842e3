import torch


def train(model, train_loader, criterion, device, grad_accum=8, epochs=10):
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    for epoch in range(epochs):
        optimizer.zero_grad()
        for step, (ids, mask, labels) in enumerate(train_loader, 1):
            logits = model(ids.to(device), mask.to(device))
            loss = criterion(logits, labels.to(device)) / grad_accum
            loss.backward  # expect: ACC011
            if step % grad_accum == 0 or step == len(train_loader):
                optimizer.step()
                optimizer.zero_grad()
