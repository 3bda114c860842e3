import torch


def epoch(trainer, optimizer, prompts, config):
    info = []
    for i in range(config.train_gradient_accumulation_steps):
        images, rewards = trainer.sample(prompts[i])
        loss = -rewards.mean() / config.train_gradient_accumulation_steps
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trainer.params, 1.0)
        optimizer.step()  # expect: ACC005
        optimizer.zero_grad()
        info.append(loss.item())
    return info
