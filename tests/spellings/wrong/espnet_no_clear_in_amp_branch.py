import torch


def train_one_epoch(model, iterator, optimizer, scaler, options):
    accum_grad = options.accum_grad
    iterator_len = len(iterator)
    for iiter, (utt_id, batch) in enumerate(iterator, 1):
        loss, stats, weight = model(**batch)
        loss = loss / accum_grad
        if scaler is not None:
            scaler.scale(loss).backward()
        else:
            loss.backward()
        if iiter % accum_grad == 0 or iiter == iterator_len:
            if scaler is not None:
                scaler.step(optimizer)  # expect: ACC001
                scaler.update()
            else:
                optimizer.step()
                optimizer.zero_grad()
