import torch


def train_one_epoch(model, iterator, optimizer, scheduler, accum_grad, grad_clip, num_iters):
    for iiter, (_, batch) in enumerate(iterator, 1):
        loss, stats, weight = model(**batch)
        loss.backward()  # expect: ACC003
        if iiter % accum_grad == 0 or iiter == num_iters:
            grad_norm = torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=grad_clip)
            if not torch.isfinite(grad_norm):
                print("skip", grad_norm)
            else:
                optimizer.step()
                scheduler.step()
            optimizer.zero_grad()
