import threading

import torch

lock = threading.Lock()


def worker(model, shared_opt, loader, criterion):
    for x, y in loader:
        with lock:
            loss = criterion(model(x), y)
            loss.backward()
            shared_opt.step()  # expect: ACC001


def main(model, loaders, criterion):
    opt = torch.optim.SGD(model.parameters(), lr=0.01)
    threads = [threading.Thread(target=worker, args=(model, opt, dl, criterion)) for dl in loaders]
    for t in threads:
        t.start()
