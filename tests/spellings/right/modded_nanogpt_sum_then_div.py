import torch


def train(model, optimizers, train_loader, args):
    for step in range(args.num_iterations):
        model.train()
        for i in range(1, args.train_accumulation_steps + 1):
            x, y = train_loader.next_batch()
            loss = model(x, y)
            if i < args.train_accumulation_steps:
                with model.no_sync():
                    loss.backward()
            else:
                loss.backward()
        for p in model.parameters():
            p.grad /= args.train_accumulation_steps
        for opt in optimizers:
            opt.step()
        model.zero_grad(set_to_none=True)
