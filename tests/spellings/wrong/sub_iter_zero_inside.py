import torch


def train(model, data_loader, optimizer, criterion, config):
    curr_iter = 0
    data_iter = iter(data_loader)
    while curr_iter < config.max_iter:
        batch_loss = 0
        for sub_iter in range(config.iter_size):
            optimizer.zero_grad()  # expect: ACC002
            coords, feats, target = next(data_iter)
            soutput = model(feats, coords)
            loss = criterion(soutput, target.long())
            loss /= config.iter_size
            batch_loss += loss.item()
            loss.backward()
        optimizer.step()
        curr_iter += 1
