import torch


def train(args, train_dataset_loader, model, optimizer, scheduler):
    tr_loss, global_step = 0.0, 0
    model.zero_grad()
    for _ in range(int(args.num_train_epochs)):
        for step, batch in enumerate(train_dataset_loader):
            model.train()
            outputs = model(**{k: v.to(args.device) for k, v in batch.items()})
            loss = outputs[0]
            if args.n_gpu > 1:
                loss = loss.mean()
            if args.gradient_accumulation_steps > 1:
                loss = loss / args.gradient_accumulation_steps
            loss.backward()
            tr_loss += loss.item()
            if (step + 1) % args.gradient_accumulation_steps == 0 or ((step + 1) == len(train_dataset_loader)):
                torch.nn.utils.clip_grad_norm_(model.parameters(), args.max_grad_norm)
                optimizer.step()
                scheduler.step()
                model.zero_grad()
                global_step += 1
