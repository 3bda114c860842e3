import torch


def optimizer_step(optimizer, model, max_norm=1.0, zero_grad=False):
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()  # expect: ACC001
    if zero_grad:
        optimizer.zero_grad()


def train(model, loader, lr, device):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    for step, batch in enumerate(loader):
        batch = {k: v.to(device) for k, v in batch.items()}
        loss = model(**batch).loss
        loss.backward()
        optimizer_step(optimizer, model)
        if step % 50 == 0:
            print(step, loss.item())
