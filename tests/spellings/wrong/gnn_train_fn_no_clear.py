import torch
import torch.nn.functional as F


def train(model, data, optimizer):
    model.train()
    out = model(data.x, data.edge_index)
    loss = F.nll_loss(out[data.train_mask], data.y[data.train_mask])
    loss.backward()
    optimizer.step()  # expect: ACC001
    return float(loss)


def main(model, data):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)
    for epoch in range(1, 201):
        loss = train(model, data, optimizer)
        print(f"Epoch: {epoch:03d}, Loss: {loss:.4f}")
