import torch


def train_step(critic, images, settings, hinge):
    images = torch.split(images, settings["batch_size"])
    used = 0
    for _ in range(settings["critic_steps"]):
        critic.optim.zero_grad()
        for _ in range(settings["accumulations"]):
            if used >= len(images):
                break
            loss = hinge(critic(images[used])) / float(settings["accumulations"])
            loss.backward()
            used += 1
        critic.optim.step()
