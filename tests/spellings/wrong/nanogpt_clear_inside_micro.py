import torch


def train(model, get_batch, optimizer, max_iters, gradient_accumulation_steps=5, ctx=None):
    for iter_num in range(max_iters):
        for micro_step in range(gradient_accumulation_steps):
            optimizer.zero_grad(set_to_none=True)  # expect: ACC002
            X, Y = get_batch("train")
            logits, loss = model(X, Y)
            loss = loss / gradient_accumulation_steps
            loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
