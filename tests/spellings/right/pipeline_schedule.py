import torch
from torch.distributed.pipelining import PipelineStage, ScheduleGPipe


def train(stage: PipelineStage, loader, loss_fn, rank, world, n_microbatches=4):
    schedule = ScheduleGPipe(stage, n_microbatches=n_microbatches, loss_fn=loss_fn)
    optimizer = torch.optim.AdamW(stage.submod.parameters(), lr=1e-4)
    for x, y in loader:
        optimizer.zero_grad()
        if rank == 0:
            schedule.step(x)
        elif rank == world - 1:
            losses = []
            schedule.step(target=y, losses=losses)
        else:
            schedule.step()
        optimizer.step()
