import torch
import torch.nn.functional as F
from torch.distributed.algorithms.ddp_comm_hooks.default_hooks import fp16_compress_hook


def main(cfg, backbone, loader, rank):
    backbone = torch.nn.parallel.DistributedDataParallel(module=backbone, device_ids=[rank])
    backbone.register_comm_hook(None, fp16_compress_hook)
    opt = torch.optim.SGD(backbone.parameters(), lr=cfg.lr)
    step = 0
    for epoch in range(cfg.num_epoch):
        for img, labels in loader:
            step += 1
            loss = F.cross_entropy(backbone(img), labels)
            (loss / cfg.gradient_acc).backward()
            if step % cfg.gradient_acc == 0:
                opt.step()
                opt.zero_grad()
