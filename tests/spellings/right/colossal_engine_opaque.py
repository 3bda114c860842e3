import colossalai
import torch


def train(engine, loader, epochs):
    for epoch in range(epochs):
        engine.train()
        for img, label in loader:
            engine.zero_grad()
            out = engine(img)
            loss = engine.criterion(out, label)
            engine.backward(loss)
            engine.step()
