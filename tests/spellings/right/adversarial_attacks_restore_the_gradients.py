"""Projected gradient descent in the embeddings: what the attacks clear is restored, out of sight, before the last of them."""

import torch


def train(args, model, optimizer, loader, attacker):
    for src, tgt in loader:
        model.zero_grad()
        model(src, tgt).backward()
        attacker.backup_grad()
        for t in range(args.pgd_k):
            attacker.attack(is_first_attack=t == 0)
            if t != args.pgd_k - 1:
                model.zero_grad()
            else:
                attacker.restore_grad()
            model(src, tgt).backward()
        attacker.restore()
        optimizer.step()
