import torch


def train(args, train_dataset_loader, model, optimizer, scheduler):
    global_step = 0
    model.zero_grad()
    for _ in range(int(args.num_train_epochs)):
        for step, batch in enumerate(train_dataset_loader):
            loss = model(**batch)[0]
            if args.gradient_accumulation_steps > 1:
                loss = loss / args.gradient_accumulation_steps
            loss.backward()
            if (step + 1) % args.gradient_accumulation_steps == 0 or (  # expect: ACC004
                len(train_dataset_loader) <= args.gradient_accumulation_steps and (step + 1) == len(train_dataset_loader)
            ):
                torch.nn.utils.clip_grad_norm_(model.parameters(), args.max_grad_norm)
                optimizer.step()
                scheduler.step()
                model.zero_grad()
                global_step += 1
