"""A criterion of elsewhere that makes tensors: their backward gives nothing back, and nobody clears."""

import importlib


def fit(loader, model, optimizer, epochs):
    lesson = importlib.import_module("lesson")
    criterion = lesson.SoftmaxCrossEntropy()
    for _ in range(epochs):
        for x, y in loader:
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()  # expect: ACC001
        print(loss)
