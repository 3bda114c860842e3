import os

import torch

from project import GPT, get_batch

gradient_accumulation_steps = 5
learning_rate = 6e-4
ddp = int(os.environ.get("RANK", -1)) != -1
if ddp:
    device = f"cuda:{os.environ['LOCAL_RANK']}"
else:
    gradient_accumulation_steps *= 8
    device = "cuda"
model = GPT().to(device)
optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate)
while True:
    for micro_step in range(gradient_accumulation_steps):
        x, y = get_batch("train")
        logits, loss = model(x, y)
        loss.backward()  # expect: ACC003
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
