import torch
from torch import nn
from torch.nn import functional as F


class Loss(nn.Module):
    def forward(self, logits, labels, output_dict=False):
        loss = F.cross_entropy(logits, labels)
        return {"loss": loss} if output_dict else loss


def train_one_epoch(model, loader, loss, optimizer, args):
    optimizer.zero_grad()
    for i, images in enumerate(loader):
        losses = loss(**model(images), output_dict=True)
        sum(losses.values()).backward()  # expect: ACC003
        if (i + 1) % args.accum_freq == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()


def main(args, model, loader):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    loss = Loss()
    for _ in range(args.epochs):
        train_one_epoch(model, loader, loss, optimizer, args)
