import torch


def train(model, loader, optimizer, args):
    for step, batch in enumerate(loader):
        loss = 0.0
        if batch.task == "classify":
            loss = torch.nn.functional.cross_entropy(model(batch.x), batch.y)
        elif batch.task == "regress":
            loss = (torch.nn.functional.mse_loss(model(batch.x), batch.y) + model.penalty(batch.x).mean()) / 2.0
        if args.gradient_accumulation_steps > 1:
            loss = loss / args.gradient_accumulation_steps
        loss.backward()
        if (step + 1) % args.gradient_accumulation_steps == 0 or step + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
