import lightning as L
import torch


def train(fabric: L.Fabric, model, optimizer, dataloader, max_iters, accumulate=8):
    model, optimizer = fabric.setup(model, optimizer)
    dataloader = fabric.setup_dataloaders(dataloader)
    it = iter(dataloader)
    iter_num = 0
    while iter_num < max_iters * accumulate:
        iter_num += 1
        try:
            batch = next(it)
        except StopIteration:
            it = iter(dataloader)
            batch = next(it)
        is_accumulating = iter_num % accumulate != 0
        with fabric.no_backward_sync(model, enabled=is_accumulating):
            logits = model(batch["input_ids"])
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch["labels"].flatten())
            fabric.backward(loss / accumulate)
        if not is_accumulating:
            fabric.clip_gradients(model, optimizer, max_norm=1.0)
            optimizer.step()
            optimizer.zero_grad()
