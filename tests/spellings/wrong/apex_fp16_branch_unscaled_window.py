import torch

try:
    from apex import amp
except ImportError:
    amp = None


def train(args, model, optimizer, scheduler, loader):
    for step, batch in enumerate(loader):
        model.train()
        loss = model(**batch)[0]
        if args.fp16:
            with amp.scale_loss(loss, optimizer) as scaled_loss:
                scaled_loss.backward()  # expect: ACC003
        else:
            loss.backward()  # expect: ACC003
        if (step + 1) % args.gradient_accumulation_steps == 0 or step + 1 == len(loader):
            if args.fp16:
                torch.nn.utils.clip_grad_norm_(amp.master_params(optimizer), args.max_grad_norm)
            else:
                torch.nn.utils.clip_grad_norm_(model.parameters(), args.max_grad_norm)
            optimizer.step()
            scheduler.step()
            model.zero_grad()
