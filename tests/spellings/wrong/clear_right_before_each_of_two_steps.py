import torch.nn.functional as F


def search(model, w_opt, a_opt, train_q, valid_q):
    for (x, y), (vx, vy) in zip(train_q, valid_q):
        a_opt.zero_grad()
        F.cross_entropy(model(vx), vy).backward()
        a_opt.zero_grad()  # expect: ACC012
        a_opt.step()
        w_opt.zero_grad()
        F.cross_entropy(model(x), y).backward()
        w_opt.zero_grad()  # expect: ACC012
        w_opt.step()
