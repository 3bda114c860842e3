import lightning as L
import torch


def main(model, dataset, accum=8, epochs=3):
    fabric = L.Fabric(accelerator="auto", devices=1)
    fabric.launch()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
    model, optimizer = fabric.setup(model, optimizer)
    loader = fabric.setup_dataloaders(torch.utils.data.DataLoader(dataset, batch_size=4))
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            is_accumulating = (i + 1) % accum != 0 and i + 1 != len(loader)
            with fabric.no_backward_sync(model, enabled=is_accumulating):
                loss = torch.nn.functional.cross_entropy(model(x), y)
                fabric.backward(loss / accum)
            if not is_accumulating:
                fabric.clip_gradients(model, optimizer, max_norm=1.0)
                optimizer.step()
                optimizer.zero_grad()
