import chainer
from chainer import optimizers


def train(model, batches, loss_fn):
    optimizer = optimizers.Adam()
    optimizer.setup(model)
    for x, t in batches:
        loss = loss_fn(model(x), t)
        model.cleargrads()
        loss.backward()
        optimizer.update()
