import torch


def train(prompt_model, loader, loss_func, optimizer1, scheduler1, gradient_accumulation_steps):
    actual_step, tot_loss = 0, 0
    for step, inputs in enumerate(loader):
        logits = prompt_model(inputs)
        loss = loss_func(logits, inputs["label"]) / gradient_accumulation_steps
        loss.backward()
        tot_loss += loss.item()
        actual_step += 1
        if actual_step % gradient_accumulation_steps == 0:
            torch.nn.utils.clip_grad_norm_(prompt_model.parameters(), 1.0)
        optimizer1.step()  # expect: ACC005
        optimizer1.zero_grad()
        scheduler1.step()
