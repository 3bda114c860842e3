import torch
from mmengine.optim import OptimWrapper


def train(model, loader, accum):
    w = OptimWrapper(torch.optim.SGD(model.parameters(), lr=0.01), accumulative_counts=accum)
    w.initialize_count_status(model, 0, len(loader))
    for data in loader:
        with w.optim_context(model):
            loss = model(**data)["loss"]
        w.update_params(loss)
