import torch


def train_one_epoch(model, iterator, optimizers, schedulers, scaler, options, distributed_option):
    accum_grad = options.accum_grad
    iterator_len = len(iterator)
    for iiter, (utt_id, batch) in enumerate(iterator, 1):
        with torch.autocast("cuda", enabled=scaler is not None):
            loss, stats, weight = model(**batch)
            loss = loss / accum_grad
        if scaler is not None:
            scaler.scale(loss).backward()
        else:
            loss.backward()
        if iiter % accum_grad == 0 or iiter == iterator_len:
            if scaler is not None:
                for opt in optimizers:
                    scaler.unscale_(opt)
            grad_norm = torch.nn.utils.clip_grad_norm_(model.parameters(), options.grad_clip)
            if not torch.isfinite(grad_norm):
                if scaler is not None:
                    for opt in optimizers:
                        scaler.step(opt)
                        scaler.update()
            else:
                for opt, sched in zip(optimizers, schedulers):
                    if scaler is not None:
                        scaler.step(opt)
                        scaler.update()
                    else:
                        opt.step()
                    sched.step()
            for opt in optimizers:
                opt.zero_grad()
