import torch


def backward(model, batch, accumulation=1):
    loss = model(**batch).loss / accumulation
    loss.backward()


def update(model, optimizer):
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()


def warm_up_step(model, batch, optimizer):
    backward(model, batch)
    update(model, optimizer)


def train(model, loader, settings):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    for i, batch in enumerate(loader):
        backward(model, batch, settings.accumulation)
        if (i + 1) % settings.accumulation == 0 or i + 1 == len(loader):
            update(model, optimizer)
