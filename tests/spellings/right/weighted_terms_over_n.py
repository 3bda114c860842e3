import torch


def by_dict(model, criterion, optimizer, loader, args):
    optimizer.zero_grad()
    for samples, targets in loader:
        for i in range(args.grad_accum_steps):
            loss_dict = criterion(model(samples[i]), targets[i])
            weight_dict = criterion.weight_dict
            losses = sum((1 / args.grad_accum_steps) * loss_dict[k] * weight_dict[k] for k in loss_dict if k in weight_dict)
            losses.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
        optimizer.step()
        optimizer.zero_grad()


def by_weight(model, criterion, optimizer, loader, args, weights):
    optimizer.zero_grad()
    for samples, targets in loader:
        for i in range(args.grad_accum_steps):
            out = criterion(model(samples[i]), targets[i])
            first = args.alpha / args.grad_accum_steps * out["a"]
            loss = first + weights["b"] / args.grad_accum_steps * out["b"]
            loss.backward()
        optimizer.step()
        optimizer.zero_grad()
