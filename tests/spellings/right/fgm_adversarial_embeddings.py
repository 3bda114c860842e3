import torch


class FGM:
    def __init__(self, model):
        self.model, self.backup = model, {}

    def attack(self, epsilon=1.0, emb_name="word_embeddings"):
        for name, param in self.model.named_parameters():
            if param.requires_grad and emb_name in name:
                self.backup[name] = param.data.clone()
                norm = torch.norm(param.grad)
                if norm != 0:
                    param.data.add_(epsilon * param.grad / norm)

    def restore(self, emb_name="word_embeddings"):
        for name, param in self.model.named_parameters():
            if name in self.backup:
                param.data = self.backup[name]
        self.backup = {}


def train(model, loader, optimizer):
    fgm = FGM(model)
    for batch in loader:
        loss = model(**batch)[0]
        loss.backward()
        fgm.attack()
        loss_adv = model(**batch)[0]
        loss_adv.backward()
        fgm.restore()
        optimizer.step()
        model.zero_grad()
