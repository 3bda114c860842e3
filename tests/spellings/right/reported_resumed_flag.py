import torch


def main(model, optimizer, batches, grad_accum_steps, total, resume):
    cur = resume(model, optimizer)
    while cur <= total:
        data = next(batches)
        update = (cur + 1) % grad_accum_steps == 0 or cur == total
        if update:
            with model.no_sync():
                (model(data).mean() / grad_accum_steps).backward()
        else:
            (model(data).mean() / grad_accum_steps).backward()
        cur += 1
        skip = False
        if torch.isnan(model.last):
            skip = True
        if update and (not skip):
            optimizer.step()
            optimizer.zero_grad()
