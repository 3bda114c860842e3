import torch
from transformer.Optim import ScheduledOptim


def train_epoch(model, training_data, optimizer: ScheduledOptim, cal_performance):
    model.train()
    for batch in training_data:
        optimizer.zero_grad()
        pred = model(batch.src, batch.trg)
        loss, n_correct, n_word = cal_performance(pred, batch.gold)
        loss.backward()
        optimizer.step_and_update_lr()
