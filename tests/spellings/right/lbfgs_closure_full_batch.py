import torch


def fit(model, X, Y, iters=30):
    opt = torch.optim.LBFGS(model.parameters(), lr=1, max_iter=20)
    lossf = torch.nn.MSELoss()

    def closure():
        opt.zero_grad()
        loss = lossf(model(X), Y)
        loss.backward()
        return loss

    for it in range(iters):
        loss = opt.step(closure)
        print(it, loss.item())
