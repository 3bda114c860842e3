import torch
import torch.nn.functional as F
from torch_geometric.nn import GCNConv


class GCN(torch.nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.conv1 = GCNConv(n_in, 16)
        self.conv2 = GCNConv(16, n_out)

    def forward(self, x, edge_index):
        return self.conv2(F.relu(self.conv1(x, edge_index)), edge_index)


def main(data):
    model = GCN(data.num_features, 7)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)
    for epoch in range(200):
        model.train()
        out = model(data.x, data.edge_index)
        loss = F.cross_entropy(out[data.train_mask], data.y[data.train_mask])
        loss.backward()  # expect: ACC017
        optimizer.zero_grad()
        print(f"Epoch {epoch:03d} {loss:.4f}")
