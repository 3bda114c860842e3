import torch
import torch_xla.core.xla_model as xm
import torch_xla.distributed.parallel_loader as pl


def _mp_fn(index, flags, model, dataset):
    device = xm.xla_device()
    model = model.to(device)
    opt = torch.optim.SGD(model.parameters(), lr=0.1 * xm.xrt_world_size())
    loader = torch.utils.data.DataLoader(dataset, batch_size=flags["bs"], drop_last=True)
    for epoch in range(flags["epochs"]):
        para = pl.ParallelLoader(loader, [device]).per_device_loader(device)
        for i, (x, y) in enumerate(para):
            loss = torch.nn.functional.cross_entropy(model(x), y) / flags["accum"]
            loss.backward()
            if (i + 1) % flags["accum"] == 0 or i + 1 == len(loader):
                xm.optimizer_step(opt)
                opt.zero_grad()
