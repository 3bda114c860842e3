"""The same two phases; the losses of the second one are not divided."""

import torch
from torch.optim import Adam


def train_shared(loader, net, criterion, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        criterion(net(x), y).backward()
        optimizer.step()


def train_controller(loader, controller, optimizer, config):
    controller.zero_grad()
    batches = iter(loader)
    for step in range(config.steps * config.window):
        try:
            x, y = next(batches)
        except StopIteration:
            batches = iter(loader)
            x, y = next(batches)
        log_prob, reward = controller(x, y)
        (-log_prob * reward).backward()  # expect: ACC003
        if (step + 1) % config.window == 0:
            torch.nn.utils.clip_grad_norm_(controller.parameters(), 5.0)
            optimizer.step()
            controller.zero_grad()


def main(config, loader, held_out, net, controller, criterion):
    shared_optimizer = Adam(net.parameters())
    controller_optimizer = Adam(controller.parameters())
    for _ in range(config.epochs):
        train_shared(loader, net, criterion, shared_optimizer)
        train_controller(held_out, controller, controller_optimizer, config)
