from torch import nn
from apex.contrib.optimizers import DistributedFusedAdam


def make_models(size, lr=0.1, **kwargs):
    ref_model = nn.Linear(size, size)
    model = nn.Linear(size, size)
    optim = DistributedFusedAdam([{"params": list(model.parameters())}], lr=lr)
    return ref_model, model, optim


def test(x, num_steps, size, save_kwargs, load_kwargs):
    _, model_save, optim_save = make_models(size, lr=0.1, **save_kwargs)
    _, model_load, optim_load = make_models(size, lr=1234.0, **load_kwargs)
    for step in range(num_steps):
        optim_save.zero_grad()
        optim_load.zero_grad()
        model_save(x).sum().backward()
        model_load(x).sum().backward()
        optim_save.step()
        optim_load.step()
