"""Meta-Weight-Net: a copy is made by the same function in every turn, and its backward reaches the copy."""

import torch
import torch.nn.functional as F
from resnet import MetaModel, VNet


def build_model(args):
    return MetaModel(args).cuda()


def train(loader, meta, model, vnet, optimizer_model, optimizer_vnet, args):
    for inputs, targets in loader:
        copy = build_model(args)
        copy.load_state_dict(model.state_dict())
        cost = F.cross_entropy(copy(inputs), targets, reduction="none")
        grads = torch.autograd.grad(torch.mean(cost * vnet(cost.data)), copy.params(), create_graph=True)
        copy.update_params(args.lr, source_params=grads)
        meta_loss = F.cross_entropy(copy(meta[0]), meta[1])
        optimizer_vnet.zero_grad()
        meta_loss.backward()
        optimizer_vnet.step()
        loss = F.cross_entropy(model(inputs), targets)
        optimizer_model.zero_grad()
        loss.backward()
        optimizer_model.step()


def main(args, loader, meta):
    model = build_model(args)
    vnet = VNet(1, 100, 1).cuda()
    optimizer_model = torch.optim.SGD(model.params(), args.lr)
    optimizer_vnet = torch.optim.Adam(vnet.params(), 1e-3)
    for _ in range(args.epochs):
        train(loader, meta, model, vnet, optimizer_model, optimizer_vnet, args)
