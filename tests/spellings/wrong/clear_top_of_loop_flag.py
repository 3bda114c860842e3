import torch


def train_epoch(model, loader, opt, loss_fn, cfg):
    for i, batch in enumerate(loader):
        last = i + 1 == len(loader)
        do_step = last or (i + 1) % cfg["grad_accum_steps"] == 0
        opt.zero_grad(set_to_none=True)  # expect: ACC002
        loss = loss_fn(model(batch["img"]), batch["mask"])
        (loss / cfg["grad_accum_steps"]).backward()
        if do_step:
            torch.nn.utils.clip_grad_norm_(model.parameters(), cfg["clip"])
            opt.step()
