import torch


def train(model, train_loader, optimizer, scaler, criterion, args):
    optimizer.zero_grad()
    for step, (img, tgt) in enumerate(train_loader):
        with torch.autocast("cuda", dtype=torch.float16):
            loss = criterion(model(img.cuda()), tgt.cuda()) / args.accum_steps
        scaler.scale(loss).backward()
        if (step + 1) % args.accum_steps == 0 or step + 1 == len(train_loader):
            optimizer.zero_grad()  # expect: ACC012
            scaler.step(optimizer)
            scaler.update()
