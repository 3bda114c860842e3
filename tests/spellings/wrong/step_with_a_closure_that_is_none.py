"""The closure may be None; nothing clears."""


def inner_step(inputs, model, optimizer, closure):
    loss = model(**inputs).loss
    loss.backward()
    optimizer.step(closure=closure)  # expect: ACC001
    return loss


def task(batches, model, optimizer, closure=None):
    for inputs in batches:
        inner_step(inputs, model, optimizer, closure)
