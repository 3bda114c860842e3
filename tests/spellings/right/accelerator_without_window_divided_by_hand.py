import torch
from accelerate import Accelerator


def train(model, dataset, accum=4, lr=1e-4):
    accelerator = Accelerator(mixed_precision="bf16")
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    loader = torch.utils.data.DataLoader(dataset, batch_size=8, shuffle=True)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    model.train()
    for i, batch in enumerate(loader):
        loss = model(**batch).loss / accum
        accelerator.backward(loss)
        if (i + 1) % accum == 0 or (i + 1) == len(loader):
            accelerator.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
