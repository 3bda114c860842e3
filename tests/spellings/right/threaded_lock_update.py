import threading

import torch

lock = threading.Lock()


def worker(model, shared_opt, loader, criterion):
    for x, y in loader:
        with lock:
            shared_opt.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            shared_opt.step()


def main(model, loaders, criterion):
    opt = torch.optim.SGD(model.parameters(), lr=0.01)
    threads = [threading.Thread(target=worker, args=(model, opt, dl, criterion)) for dl in loaders]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
