import torch


def train(model, optimizer, data, accum, updates):
    batches_of = iter(data)
    for _ in range(updates):
        batches = [next(batches_of) for _ in range(accum)]
        items = torch.stack([(batch["labels"] != -100).sum() for batch in batches]).sum()
        for batch in batches:
            loss = model(**batch, num_items_in_batch=items).loss
            loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def train_method(model, optimizer, data, accum, updates):
    batches_of = iter(data)
    for _ in range(updates):
        batches = [next(batches_of) for _ in range(accum)]
        total = sum(int(batch["mask"].sum()) for batch in batches)
        for batch in batches:
            model.loss(batch, total).backward()
        optimizer.step()
        optimizer.zero_grad()
