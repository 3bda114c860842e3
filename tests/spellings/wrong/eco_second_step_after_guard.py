import torch
from torch.nn.utils import clip_grad_norm_


def train(train_loader, model, criterion, optimizer, epoch, args):
    model.train()
    optimizer.zero_grad()
    loss_summ = 0
    for i, (input, target) in enumerate(train_loader):
        output = model(input)
        loss = criterion(output, target)
        loss = loss / args.iter_size
        loss_summ += loss.item()
        loss.backward()
        if (i + 1) % args.iter_size == 0 or i + 1 == len(train_loader):
            if args.clip_gradient is not None:
                clip_grad_norm_(model.parameters(), args.clip_gradient)
            optimizer.step()
            optimizer.zero_grad()
            loss_summ = 0
        if args.clip_gradient is not None:
            clip_grad_norm_(model.parameters(), args.clip_gradient)
        optimizer.step()  # expect: ACC005
