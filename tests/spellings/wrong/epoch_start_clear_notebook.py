# %% [markdown]
# ## Train the network

# %%
import torch
from torch import nn, optim
from torchvision import datasets, transforms

transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
trainset = datasets.FashionMNIST("~/.pytorch/F_MNIST_data/", download=True, train=True, transform=transform)
trainloader = torch.utils.data.DataLoader(trainset, batch_size=64, shuffle=True)

# %%
model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10), nn.LogSoftmax(dim=1))
criterion = nn.NLLLoss()
optimizer = optim.SGD(model.parameters(), lr=0.003)

# %%
epochs = 5
for e in range(epochs):
    running_loss = 0
    optimizer.zero_grad()
    for images, labels in trainloader:
        images = images.view(images.shape[0], -1)
        output = model(images)
        loss = criterion(output, labels)
        loss.backward()
        optimizer.step()  # expect: ACC001
        running_loss += loss.item()
    else:
        print(f"Training loss: {running_loss / len(trainloader)}")
