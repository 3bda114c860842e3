import torch
import torch.nn as nn
import matplotlib.pyplot as plt

net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
xs = torch.linspace(-3, 3, 100).unsqueeze(1)
ys = torch.sin(xs)
history = []

for epoch in range(200):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward  # expect: ACC011
    opt.step()
    history.append(loss.item())

plt.plot(history)
