import torch


def train(model, dataset, criterion, optimizer, batchsize):
    optimizer.zero_grad()
    for k, (tree, inp, label) in enumerate(dataset, 1):
        loss = criterion(model(tree, inp), label)
        (loss / batchsize).backward()
        if k % batchsize == 0 or k == len(dataset):
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5)
            optimizer.zero_grad()  # expect: ACC012
            optimizer.step()
