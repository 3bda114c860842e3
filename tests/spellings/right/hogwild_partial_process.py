import torch
import torch.multiprocessing as mp


def work(rank, model, loader, criterion, accum):
    opt = torch.optim.SGD(model.parameters(), lr=0.01)
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        (criterion(model(x), y) / accum).backward()
        if (i + 1) % accum == 0:
            opt.step()
            opt.zero_grad()
        elif i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


if __name__ == "__main__":
    mp.spawn(work, args=(build_model(), build_loader(), torch.nn.MSELoss(), 4), nprocs=4)
