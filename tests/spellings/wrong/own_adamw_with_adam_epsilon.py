import torch
from torch.optim import Optimizer


class AdamW(Optimizer):
    def __init__(self, params, lr=1e-3, eps=1e-6):
        super().__init__(params, dict(lr=lr, eps=eps))


def train(args, loader, model):
    groups = [{"params": [p for n, p in model.named_parameters() if "bias" not in n], "weight_decay": args.weight_decay}]
    optimizer = AdamW(groups, lr=args.learning_rate, eps=args.adam_epsilon)
    model.zero_grad()
    for _ in range(int(args.num_train_epochs)):
        for step, batch in enumerate(loader):
            loss = model(**batch)[0] / args.gradient_accumulation_steps
            loss.backward()
            if (step + 1) % args.gradient_accumulation_steps == 0:  # expect: ACC004
                optimizer.step()
                model.zero_grad()
