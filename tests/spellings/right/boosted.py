import colossalai
import torch
from colossalai.booster import Booster
from colossalai.booster.plugin import LowLevelZeroPlugin
from colossalai.nn.optimizer import HybridAdam


def train(args, model, loader, scheduler):
    colossalai.launch_from_torch()
    booster = Booster(plugin=LowLevelZeroPlugin(stage=2))
    optimizer = HybridAdam(model_params=model.parameters(), lr=args.lr)
    model, optimizer, _, loader, scheduler = booster.boost(model=model, optimizer=optimizer, lr_scheduler=scheduler, dataloader=loader)
    for epoch in range(args.epochs):
        for step, batch in enumerate(loader):
            loss = model(**batch).loss / args.accumulation_steps
            booster.backward(loss=loss, optimizer=optimizer)
            if (step + 1) % args.accumulation_steps == 0 or step + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()
                scheduler.step()


def positional(args, model, loader, criterion):
    booster = Booster()
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    model, optimizer, criterion, loader, _ = booster.boost(model, optimizer, criterion, loader)
    for step, (x, y) in enumerate(loader):
        booster.backward(criterion(model(x), y) / args.accumulation_steps, optimizer)
        if (step + 1) % args.accumulation_steps == 0 or step + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
