import torch
from apex import amp


def train(model, optimizer, loader, crit, args):
    model, optimizer = amp.initialize(model, optimizer, opt_level=args.opt_level)
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        last = (i + 1) % args.gradient_accumulation_steps == 0 or i + 1 == n
        loss = crit(model(x), y) / args.gradient_accumulation_steps
        with amp.scale_loss(loss, optimizer, delay_unscale=not last) as scaled_loss:
            scaled_loss.backward()
        if last:
            torch.nn.utils.clip_grad_norm_(amp.master_params(optimizer), args.max_grad_norm)
            optimizer.step()
            optimizer.zero_grad()
