import torch


def main(model, head, loader, accum=8, steps=1000):
    optimizers = [torch.optim.AdamW(head.parameters(), lr=3e-4), torch.optim.SGD(model.parameters(), lr=0.02)]
    batches = iter(loader)
    for step in range(steps):
        for _ in range(accum):
            x, y = next(batches)
            loss = torch.nn.functional.mse_loss(head(model(x)), y) / accum
            loss.backward()
        for opt in optimizers:
            opt.step()  # expect: ACC001
        optimizers[0].zero_grad(set_to_none=True)
