import torch
from .common import *


def train(config, model, optimizer, loader):
    for epoch in tqdm(range(config.epochs)):
        optimizer.zero_grad()
        for step, batch in tqdm(enumerate(loader), disable=config.quiet):
            loss = model(batch).mean() / config.accumulation_steps
            optimizer.zero_grad()  # expect: ACC002
            loss.backward()
            if (step + 1) % config.accumulation_steps == 0 or step + 1 == len(loader):
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()
