class Hindsight:
    def __init__(self, model, optimizer, criterion, anchors):
        self.model, self.optimizer, self.criterion, self.anchors = model, optimizer, criterion, anchors

    def train_epoch(self, loader):
        for x, y in loader:
            before = self.model.get_params().detach().clone()
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            ahead = self.model(self.anchors).detach()
            self.model.set_params(before)
            loss = ((ahead - self.model(self.anchors)) ** 2).mean()
            loss.backward()
            self.optimizer.step()
