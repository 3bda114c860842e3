import torch
import torch.nn.functional as F


def train(model, loader, model_checkpoint, args):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    for i, (x, y) in enumerate(loader):
        loss = F.cross_entropy(model(x), y) / args.grad_accumulation_steps
        loss.backward()
        if (i + 1) % args.grad_accumulation_steps == 0 or i + 1 == len(loader):
            for param in model.embeddings.parameters():
                mask = torch.arange(param.grad.shape[0]) != args.token
                param.grad[mask, :] = 0
            optimizer.step()
            optimizer.zero_grad()
            model_checkpoint.step(i)
