import torch
from mmengine.optim import OptimWrapper


def train(model, dataloader, optim_wrapper: OptimWrapper):
    for data, target in dataloader:
        with optim_wrapper.optim_context(model):
            loss = torch.nn.functional.cross_entropy(model(data), target)
        optim_wrapper.backward(loss)
        if optim_wrapper.should_update():
            optim_wrapper.step()
            optim_wrapper.zero_grad()
