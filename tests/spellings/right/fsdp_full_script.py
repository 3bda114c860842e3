import os

import torch
import torch.distributed as dist
from torch.distributed.fsdp import FullyShardedDataParallel as FSDP


def main():
    dist.init_process_group("nccl")
    torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    model = FSDP(build().cuda())
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
    accum = int(os.environ.get("ACCUM", "4"))
    loader = make_loader()
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        final = (i + 1) % accum == 0 or i == n - 1
        if final:
            loss = torch.nn.functional.cross_entropy(model(x), y) / accum
            loss.backward()
            model.clip_grad_norm_(1.0)
            optimizer.step()
            optimizer.zero_grad()
        else:
            with model.no_sync():
                loss = torch.nn.functional.cross_entropy(model(x), y) / accum
                loss.backward()
    dist.destroy_process_group()


main()
