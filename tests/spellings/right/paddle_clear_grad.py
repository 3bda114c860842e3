import paddle
import paddle.nn.functional as F


def train(model, loader, epochs, accum=4):
    opt = paddle.optimizer.Adam(learning_rate=1e-3, parameters=model.parameters())
    for epoch in range(epochs):
        for batch_id, (x, y) in enumerate(loader()):
            loss = F.cross_entropy(model(x), y)
            (loss / accum).backward()
            if (batch_id + 1) % accum == 0 or batch_id + 1 == len(loader):
                opt.step()
                opt.clear_grad()
