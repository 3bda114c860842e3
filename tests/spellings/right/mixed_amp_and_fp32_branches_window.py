import torch


def train(model, loader, opt, crit, args):
    scaler = torch.cuda.amp.GradScaler(enabled=args.amp)
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        if args.amp:
            with torch.cuda.amp.autocast():
                loss = crit(model(x), y) / args.accum
            scaler.scale(loss).backward()
        else:
            loss = crit(model(x), y) / args.accum
            loss.backward()
        if (i + 1) % args.accum and i + 1 < n:
            continue
        if args.amp:
            if args.clip:
                scaler.unscale_(opt)
                torch.nn.utils.clip_grad_norm_(model.parameters(), args.clip)
            scaler.step(opt)
            scaler.update()
        else:
            if args.clip:
                torch.nn.utils.clip_grad_norm_(model.parameters(), args.clip)
            opt.step()
        opt.zero_grad()
