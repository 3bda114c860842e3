import torch


class Base(torch.nn.Module):
    def fit(self, x, y, loader, epochs, validation_data=None):
        if validation_data:
            if len(validation_data) == 2:
                val_x, val_y = validation_data
            elif len(validation_data) == 3:
                val_x, val_y, weights = validation_data
            else:
                raise ValueError("2 or 3 items")
        else:
            val_x = []
        optim = torch.optim.Adam(self.parameters())
        for epoch in range(epochs):
            for a, b in loader:
                optim.zero_grad()
                loss = torch.nn.functional.mse_loss(self(a), b)
                loss.backward()
                optim.step()
