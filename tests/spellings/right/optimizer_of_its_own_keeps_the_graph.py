"""A differentiable optimizer: its step takes more than a closure, and gives the new parameters back."""


def inner_step(inputs, model, optimizer, create_graph):
    loss = model(**inputs).loss
    loss.backward(create_graph=create_graph)
    optimizer.step(retain_graph=create_graph)
    return loss


def task(batches, model, optimizer, create_graph):
    for inputs in batches:
        inner_step(inputs, model, optimizer, create_graph)
