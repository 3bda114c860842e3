import torch


def train(args, loader, model, optimizer, scheduler, scaler):
    model.zero_grad()
    for step, batch in enumerate(loader):
        loss = model(**batch)[0]
        if args.fp16:
            loss = loss / args.gradient_accumulation_steps
            scaler.scale(loss).backward()
        else:
            loss.backward()  # expect: ACC003
        if (step + 1) % args.gradient_accumulation_steps == 0 or step + 1 == len(loader):
            if args.fp16:
                scaler.step(optimizer)
                scaler.update()
            else:
                optimizer.step()
            scheduler.step()
            model.zero_grad()
