class Trainer:
    def fit(self, model, epochs):
        for _ in range(epochs):
            for opt in model.current_epoch_optimizers:
                opt["optimizer"].zero_grad()
            self.training_epoch(model)
            for opt in model.current_epoch_optimizers:
                opt["scheduler"].step()

    def training_epoch(self, model):
        for batch in model.loader:
            loss = model.training_step(batch)
            loss.backward()
            for opt in model.current_epoch_optimizers:
                opt["optimizer"].step()  # expect: ACC001
