import paddle


def train(model, train_loader, criterion):
    optimizer = paddle.optimizer.SGD(learning_rate=0.01, parameters=model.parameters())
    for x, y in train_loader():
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.clear_grad()
