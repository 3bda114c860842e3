import torch


def train(args, net, loader, loss_fn):
    optimizer = torch.optim.AdamW(net.parameters(), lr=args.lr)
    lr_scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=args.steps)
    scaler = torch.amp.GradScaler("cuda")
    for step, batch in enumerate(loader):
        with torch.autocast("cuda"):
            loss = loss_fn(net(batch["focal_stack"]), batch["target"])
        loss.backward()  # expect: ACC017
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        lr_scheduler.step()
        optimizer.zero_grad()
        if step % 100 == 0:
            print(step, loss.item())
