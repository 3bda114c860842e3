import torch
from apex import amp


def train(model, optimizer, loader, crit, epochs):
    model, optimizer = amp.initialize(model, optimizer, opt_level="O2")
    for ep in range(epochs):
        for data, target in loader:
            data, target = data.cuda(), target.cuda()
            loss = crit(model(data), target)
            with amp.scale_loss(loss, optimizer) as scaled_loss:
                scaled_loss.backward()
            torch.nn.utils.clip_grad_norm_(amp.master_params(optimizer), 5.0)
            optimizer.step()  # expect: ACC001
