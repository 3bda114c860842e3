import torch


def train(model, loader, optimizer, args):
    for step, batch in enumerate(loader, start=1):
        logps = torch.log_softmax(model(batch.ids).logits, -1).gather(2, batch.ids.unsqueeze(-1)).squeeze(-1)
        per_token = -(logps * batch.advantages.unsqueeze(1))
        counts = batch.mask.sum(dim=1)
        valid = counts > 0
        loss = ((per_token * batch.mask).sum(dim=1)[valid] / counts[valid].clamp(min=1)).mean() if valid.any() else per_token.sum() * 0.0
        loss.backward()  # expect: ACC003
        if step % args.accumulation_steps == 0 or step == len(loader):
            optimizer.step()
            optimizer.zero_grad()
