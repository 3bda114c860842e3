import torch
from apex import amp


def apex_plain(model, optimizer, loader, crit):
    model, optimizer = amp.initialize(model, optimizer, opt_level="O1")
    for x, y in loader:
        loss = crit(model(x), y)
        optimizer.zero_grad()
        with amp.scale_loss(loss, optimizer) as scaled_loss:
            scaled_loss.backward()
        torch.nn.utils.clip_grad_norm_(amp.master_params(optimizer), 1.0)
        optimizer.step()


def fp16_optimizer(model, fp16_opt, loader, crit):
    for x, y in loader:
        fp16_opt.zero_grad()
        loss = crit(model(x), y)
        fp16_opt.backward(loss)
        fp16_opt.clip_master_grads(1.0)
        fp16_opt.step()


def autograd_backward(gen, disc, og, od, loader):
    for x in loader:
        og.zero_grad()
        od.zero_grad()
        lg, ld = gen.loss(x), disc.loss(x)
        torch.autograd.backward([lg, ld])
        og.step()
        od.step()


def multi_gpu_sum(model, opt, loader):
    for batch in loader:
        loss = model(batch)
        opt.zero_grad()
        loss.sum().backward()
        opt.step()
