import torch
from megatron.core.pipeline_parallel import get_forward_backward_func


def train_step(forward_step_func, data_iterator, model, optimizer, opt_param_scheduler, args):
    for m in model:
        m.zero_grad_buffer()
    optimizer.zero_grad()
    fb = get_forward_backward_func()
    losses = fb(forward_step_func=forward_step_func, data_iterator=data_iterator, model=model, num_microbatches=args.num_microbatches)
    ok, grad_norm, n_zeros = optimizer.step()
    if ok:
        opt_param_scheduler.step(increment=args.global_batch_size)
    return losses
