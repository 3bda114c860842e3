import torch


def train(model, data_loader, optimizer, criterion, config):
    curr_iter = 0
    is_training = True
    data_iter = iter(data_loader)
    while is_training:
        for iteration in range(len(data_loader) // config.iter_size):
            optimizer.zero_grad()
            batch_loss = 0
            for sub_iter in range(config.iter_size):
                coords, feats, target = next(data_iter)
                soutput = model(feats, coords)
                loss = criterion(soutput, target.long())
                loss /= config.iter_size
                batch_loss += loss.item()
                loss.backward()
            optimizer.step()
            curr_iter += 1
            if curr_iter >= config.max_iter:
                is_training = False
                break
        data_iter = iter(data_loader)
