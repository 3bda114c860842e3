import torch
from torch import nn, optim


def main():
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    optimizer.zero_grad()
    for epoch in range(5):
        running = 0.0
        for i, data in enumerate(trainloader, 0):
            inputs, labels = data
            outputs = net(inputs)
            loss = criterion(outputs, labels)
            loss.backward()
            optimizer.step()  # expect: ACC001
            running += loss.item()
            if i % 2000 == 1999:
                print(f"[{epoch + 1}, {i + 1:5d}] loss: {running / 2000:.3f}")
                running = 0.0
    print("Finished Training")


main()
