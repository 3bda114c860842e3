import torch


def train(model, optimizer, data, accum, updates):
    batches_of = iter(data)
    for _ in range(updates):
        batches = [next(batches_of) for _ in range(accum)]
        items = torch.stack([(batch["labels"] != -100).sum() for batch in batches]).sum()
        for batch in batches:
            loss = model(**batch).loss
            loss.backward()  # expect: ACC003
        optimizer.step()
        optimizer.zero_grad()
        print(items)
