from torch import nn

from utils import process


def train(args, model, fusion_vars, tg_optimizer, fusion_optimizer, loader, balanced, crit):
    for epoch in range(args.epochs):
        for x, y in loader:
            tg_optimizer.zero_grad()
            out = process(args, model, x)
            loss = crit(out, y)
            loss.backward()
            tg_optimizer.step()
        for x, y in balanced:
            fusion_optimizer.zero_grad()
            out = process(args, fusion_vars, model, x)
            loss = nn.CrossEntropyLoss()(out, y)
            loss.backward()
            fusion_optimizer.step()
            fusion_optimizer.step()  # expect: ACC005
