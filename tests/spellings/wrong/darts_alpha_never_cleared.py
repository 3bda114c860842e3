import torch


def train(model, train_q, valid_q, criterion):
    w_opt = torch.optim.SGD(model.weights(), lr=0.025)
    a_opt = torch.optim.Adam(model.alphas(), lr=3e-4)
    for (x, y), (xv, yv) in zip(train_q, valid_q):
        criterion(model(xv), yv).backward()
        a_opt.step()  # expect: ACC001

        w_opt.zero_grad()
        criterion(model(x), y).backward()
        torch.nn.utils.clip_grad_norm_(model.weights(), 5.0)
        w_opt.step()
