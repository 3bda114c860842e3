import torch


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.loss = torch.nn.functional.binary_cross_entropy
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=lr)
        self.history = {"loss": []}

    def train_model(self, X, max_steps, accumulation_samples=128):
        accumulated_samples = 0
        for step_ndx, (x, y) in enumerate(X):
            self.optimizer.zero_grad()  # expect: ACC002
            predictions = self.model(x)
            loss = self.loss(predictions, y[..., None].to(torch.float32))
            loss = loss * x.shape[0] / accumulation_samples
            loss.backward()
            accumulated_samples += predictions.shape[0]
            if accumulated_samples >= accumulation_samples:
                self.optimizer.step()
                accumulated_samples = 0
                self.history["loss"].append(loss.detach().numpy())
            if step_ndx > max_steps:
                break
