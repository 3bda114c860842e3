import torch


def train(model, w_opt, a_opt, train_q, valid_q, criterion):
    for (x, y), (xv, yv) in zip(train_q, valid_q):
        a_opt.zero_grad()
        criterion(model(xv), yv).backward()
        a_opt.step()

        w_opt.zero_grad()
        criterion(model(x), y).backward()
        torch.nn.utils.clip_grad_norm_(model.weights(), 5.0)
        w_opt.step()
