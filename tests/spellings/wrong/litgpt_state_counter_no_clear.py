import torch


def fit(fabric, state, train_dataloader, accum, max_steps):
    model, optimizer = state["model"], state["optimizer"]
    while state["step_count"] < max_steps:
        for batch in train_dataloader:
            state["iter_num"] += 1
            is_accumulating = state["iter_num"] % accum != 0
            with fabric.no_backward_sync(model, enabled=is_accumulating):
                logits = model(batch[:, :-1])
                loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
                fabric.backward(loss / accum)
            if not is_accumulating:
                optimizer.step()  # expect: ACC001
                state["step_count"] += 1
