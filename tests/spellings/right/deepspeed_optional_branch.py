import deepspeed
import torch


def train(model, loader, optimizer, scheduler, args):
    if args.deepspeed:
        model, optimizer, _, scheduler = deepspeed.initialize(model=model, optimizer=optimizer, args=args)
    for step, batch in enumerate(loader):
        loss = model(**batch).loss
        if args.deepspeed:
            model.backward(loss)
            model.step()
        else:
            loss.backward()
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
