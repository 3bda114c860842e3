import torch
from mmengine.optim import AmpOptimWrapper


def train(model, dataloader):
    wrapper = AmpOptimWrapper(optimizer=torch.optim.AdamW(model.parameters(), lr=1e-3), accumulative_counts=4)
    wrapper.initialize_count_status(model, 0, len(dataloader))
    for data, target in dataloader:
        with wrapper.optim_context(model):
            loss = torch.nn.functional.cross_entropy(model(data), target)
        wrapper.update_params(loss)
