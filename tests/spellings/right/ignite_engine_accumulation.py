import torch
from ignite.engine import Engine, Events


def create_trainer(model, optimizer, loss_fn, device, steps=4):
    def _update(engine, batch):
        if (engine.state.iteration - 1) % steps == 0:
            optimizer.zero_grad()
        model.train()
        x, y = (t.to(device) for t in batch)
        loss = loss_fn(model(x), y)
        (loss / steps).backward()
        if engine.state.iteration % steps == 0:
            optimizer.step()
        return loss.item()

    return Engine(_update)


def run(model, optimizer, loss_fn, loader):
    trainer = create_trainer(model, optimizer, loss_fn, "cuda")
    trainer.run(loader, max_epochs=5)
