import time

import torch


def run_epoch(data_iter, model, loss_compute, optimizer, scheduler, mode="train", accum_iter=1):
    start = time.time()
    tokens, n_accum = 0, 0
    for i, batch in enumerate(data_iter):
        out = model.forward(batch.src, batch.tgt, batch.src_mask, batch.tgt_mask)
        loss = loss_compute(out, batch.tgt_y) / accum_iter
        if mode == "train" or mode == "train+log":
            loss.backward()
            if i % accum_iter == 0:  # expect: ACC016
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                n_accum += 1
            scheduler.step()
        tokens += batch.ntokens
    return n_accum, tokens / (time.time() - start)
