import torch


def train(net, loader, epochs, lr):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    criterion = torch.nn.CrossEntropyLoss()
    for e in range(epochs):
        train_loss = 0
        for x, y in loader:
            optimizer.zero_grad()
            train_loss += criterion(net(x), y)
            train_loss.backward(retain_graph=True)  # expect: ACC013
            optimizer.step()
        print(e, train_loss.item() / len(loader))
