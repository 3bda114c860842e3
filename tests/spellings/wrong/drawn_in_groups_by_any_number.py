from itertools import batched, islice

import torch


def by_batched(model, loader, opt, k):
    for window in batched(loader, k):
        opt.zero_grad()
        for x, y in window:
            torch.nn.functional.cross_entropy(model(x), y).backward()  # expect: ACC003
        opt.step()


def by_islice(model, loader, opt, k, rounds):
    it = iter(loader)
    for _ in range(rounds):
        for x, y in islice(it, k):
            torch.nn.functional.cross_entropy(model(x), y).backward()  # expect: ACC003
        opt.step()
        opt.zero_grad()


def by_a_list(model, loader, opt, k):
    held = []
    for pair in loader:
        held.append(pair)
        if len(held) == k:
            opt.zero_grad()
            for x, y in held:
                torch.nn.functional.cross_entropy(model(x), y).backward()  # expect: ACC003
            opt.step()
            held = []


def groups(loader, k):
    held = []
    for pair in loader:
        held.append(pair)
        if len(held) == k:
            yield held
            held = []


def by_a_generator(model, loader, opt, k):
    for window in groups(loader, k):
        opt.zero_grad()
        for x, y in window:
            torch.nn.functional.cross_entropy(model(x), y).backward()  # expect: ACC003
        opt.step()
