def train_one_epoch(loader, model, optimizer, criterion, args, scaler=None, scheduler=None):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        # the project's own object: backward, and under the last flag step and zero_grad
        scaler(loss, optimizer, model.parameters(), scheduler, args.grad_norm, True)
