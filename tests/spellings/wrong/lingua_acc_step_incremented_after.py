import torch


def train(model, data, optimizer, scheduler, args):
    acc_step, step = 0, 0
    optimizer.zero_grad()
    while step < args.steps:
        tokens, labels = next(data)
        loss = model(tokens, labels)
        loss = loss / args.grad_acc_steps
        loss.backward()
        if acc_step == 0:  # expect: ACC016
            torch.nn.utils.clip_grad_norm_(model.parameters(), args.clip)
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
            step += 1
        acc_step = (acc_step + 1) % args.grad_acc_steps
