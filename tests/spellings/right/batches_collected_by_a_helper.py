from dataclasses import dataclass

import torch


@dataclass
class TrainConfig:
    gradient_accumulation_steps: int = 8
    max_steps: int = 100
    lr: float = 1e-3


def collect_micro_batches(dataloader, data_iter, n):
    batches = []
    for _ in range(n):
        try:
            batch = next(data_iter)
        except StopIteration:
            data_iter = iter(dataloader)
            batch = next(data_iter)
        batches.append(batch)
    return batches, data_iter


def train_step(model, optimizer, batches):
    accumulated_loss = 0.0
    for input_ids, labels in batches:
        loss = torch.nn.functional.cross_entropy(model(input_ids), labels) / len(batches)
        loss.backward()
        accumulated_loss += loss.item()
    optimizer.step()
    optimizer.zero_grad()
    return accumulated_loss


def train(model, dataloader, train_cfg: TrainConfig):
    optimizer = torch.optim.AdamW(model.parameters(), lr=train_cfg.lr)
    step = 0
    optimizer.zero_grad()
    data_iter = iter(dataloader)
    while step < train_cfg.max_steps:
        batches, data_iter = collect_micro_batches(dataloader, data_iter, train_cfg.gradient_accumulation_steps)
        train_step(model, optimizer, batches)
        step += 1
