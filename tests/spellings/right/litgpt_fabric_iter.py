import lightning as L
import torch


def fit(fabric: L.Fabric, model, optimizer, train_iter, train, max_steps):
    accumulate = train.gradient_accumulation_iters
    iter_num = step_count = 0
    while step_count < max_steps:
        iter_num += 1
        batch = next(train_iter)
        is_accumulating = iter_num % accumulate != 0
        with fabric.no_backward_sync(model, enabled=is_accumulating):
            logits = model(batch["input_ids"])
            loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), batch["labels"][:, 1:].flatten())
            fabric.backward(loss / accumulate)
        if not is_accumulating:
            fabric.clip_gradients(model, optimizer, max_norm=train.max_norm)
            optimizer.step()
            optimizer.zero_grad()
            step_count += 1
