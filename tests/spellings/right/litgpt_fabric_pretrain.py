import lightning as L
import torch


def fit(fabric, state, train_dataloader, train_args, devices):
    model, optimizer = state["model"], state["optimizer"]
    accum = train_args.gradient_accumulation_iters(devices)
    while state["step_count"] < train_args.max_steps:
        for batch in train_dataloader:
            state["iter_num"] += 1
            ids, targets = batch[:, :-1], batch[:, 1:]
            is_accumulating = state["iter_num"] % accum != 0
            with fabric.no_backward_sync(model, enabled=is_accumulating):
                logits = model(ids)
                loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
                fabric.backward(loss / accum)
            if not is_accumulating:
                fabric.clip_gradients(model, optimizer, max_norm=train_args.max_norm)
                optimizer.step()
                optimizer.zero_grad()
                state["step_count"] += 1
