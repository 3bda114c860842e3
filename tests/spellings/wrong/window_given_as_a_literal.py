import copy

import torch


def of_one_client(shared, loader, epochs, lr, accum):
    model = copy.deepcopy(shared)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(epochs):
        last = len(loader) - 1
        for i, (x, y) in enumerate(loader):
            torch.nn.functional.cross_entropy(model(x), y).backward()  # expect: ACC003
            if (i + 1) % accum == 0 or i == last:
                opt.step()
                opt.zero_grad()
    return model.state_dict()


def rounds(shared, clients, count):
    for _ in range(count):
        states = [of_one_client(shared, loader, 2, 0.01, 4) for loader in clients]
        shared.load_state_dict({key: sum(state[key] for state in states) / len(states) for key in states[0]})
