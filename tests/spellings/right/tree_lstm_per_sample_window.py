import torch
from tqdm import tqdm


class Trainer:
    def __init__(self, args, model, criterion, optimizer):
        self.args, self.model, self.criterion, self.optimizer = args, model, criterion, optimizer

    def train(self, dataset):
        self.model.train()
        self.optimizer.zero_grad()
        total_loss, k = 0.0, 0
        indices = torch.randperm(len(dataset))
        for idx in tqdm(range(len(dataset)), desc="Training"):
            tree, inp, label = dataset[indices[idx]]
            output = self.model(tree, inp)
            loss = self.criterion(output, label)
            total_loss += loss.item()
            (loss / self.args.batchsize).backward()
            k += 1
            if k % self.args.batchsize == 0 or k == len(dataset):
                self.optimizer.step()
                self.optimizer.zero_grad()
        return total_loss / len(dataset)
