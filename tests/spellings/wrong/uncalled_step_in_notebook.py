# %%
import torch
import torch.nn.functional as F

net = torch.nn.Linear(28 * 28, 10)
opt = torch.optim.Adam(net.parameters(), 1e-3)


# %%
def fit(train_dl, n_epochs=3):
    for epoch in range(n_epochs):
        for xb, yb in train_dl:
            preds = net(xb.flatten(1))
            loss = F.cross_entropy(preds, yb)
            opt.zero_grad()
            loss.backward()
            opt.step  # expect: ACC011
        print(epoch, loss.item())
