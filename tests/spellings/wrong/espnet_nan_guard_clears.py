import logging

import torch


def train_one_epoch(model, iterator, optimizer, scheduler, accum_grad, grad_clip):
    for iiter, (_, batch) in enumerate(iterator, 1):
        loss, stats, weight = model(**batch)
        loss = loss / accum_grad
        loss.backward()
        # allow: ACC004
        if iiter % accum_grad == 0:
            grad_norm = torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=grad_clip)
            if not torch.isfinite(grad_norm):
                logging.warning(f"The grad norm is {grad_norm}. Skipping updating the model.")
                optimizer.zero_grad()
            else:
                optimizer.step()  # expect: ACC001
                scheduler.step()
