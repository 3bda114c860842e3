import lightning as L
import torch


def fit(fabric, model, optimizer, train_dataloader, accum, max_iters):
    it = iter(train_dataloader)
    for iter_num in range(1, max_iters + 1):
        batch = next(it)
        ids, targets = batch[:, :-1], batch[:, 1:]
        is_accumulating = iter_num % accum != 0
        optimizer.zero_grad()  # expect: ACC002
        with fabric.no_backward_sync(model, enabled=is_accumulating):
            loss = torch.nn.functional.cross_entropy(model(ids).flatten(0, 1), targets.flatten())
            fabric.backward(loss / accum)
        if not is_accumulating:
            optimizer.step()
