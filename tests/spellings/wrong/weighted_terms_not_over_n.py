import torch


def by_dict(model, criterion, optimizer, loader, args):
    optimizer.zero_grad()
    for samples, targets in loader:
        for i in range(args.grad_accum_steps):
            loss_dict = criterion(model(samples[i]), targets[i])
            weight_dict = criterion.weight_dict
            losses = sum(loss_dict[k] * weight_dict[k] for k in loss_dict if k in weight_dict)
            losses.backward()  # expect: ACC003
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
        optimizer.step()
        optimizer.zero_grad()


def by_weight(model, criterion, optimizer, loader, args, weights):
    optimizer.zero_grad()
    for samples, targets in loader:
        for i in range(args.grad_accum_steps):
            out = criterion(model(samples[i]), targets[i])
            loss = (1 - args.alpha) * out["a"] + args.alpha * args.beta * weights["b"] * out["b"]
            loss.backward()  # expect: ACC003
        optimizer.step()
        optimizer.zero_grad()
