import torch


def main(args, model, loader, n):
    optimizer = torch.optim.Adam(model.parameters())
    step = args.restore_step + 1
    while True:
        for batch in loader:
            loss = model(batch).mean() / n
            loss.backward()
            if step % n == 0:
                optimizer.step()
                optimizer.zero_grad()
            if step == args.total_step:
                return
            step += 1
