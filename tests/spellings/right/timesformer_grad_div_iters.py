import torch


def train_epoch(train_loader, model, optimizer, loss_fun, cfg, cur_epoch):
    model.train()
    data_size = len(train_loader)
    num_iters = cfg.GLOBAL_BATCH_SIZE // cfg.TRAIN.BATCH_SIZE
    optimizer.zero_grad()
    for cur_iter, (inputs, labels) in enumerate(train_loader):
        preds = model(inputs)
        loss = loss_fun(preds, labels)
        loss.backward()
        if (cur_iter + 1) % num_iters == 0 or cur_iter + 1 == data_size:
            for p in model.parameters():
                p.grad /= num_iters
            optimizer.step()
            optimizer.zero_grad()
