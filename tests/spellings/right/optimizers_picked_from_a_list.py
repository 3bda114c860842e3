import torch


def fit(train_objectives, epochs, steps_per_epoch, use_amp):
    dataloaders = [d for d, _ in train_objectives]
    loss_models = [l for _, l in train_objectives]
    scaler = torch.cuda.amp.GradScaler()
    optimizers = []
    for loss_model in loss_models:
        optimizer = torch.optim.AdamW(loss_model.parameters(), lr=1e-3)
        optimizers.append(optimizer)
    n = len(train_objectives)
    for epoch in range(epochs):
        for _ in range(steps_per_epoch):
            for train_idx in range(n):
                loss_model = loss_models[train_idx]
                optimizer = optimizers[train_idx]
                features = next(dataloaders[train_idx])
                if use_amp:
                    loss_value = loss_model(features)
                    scaler.scale(loss_value).backward()
                    scaler.step(optimizer)
                    scaler.update()
                else:
                    loss_value = loss_model(features)
                    loss_value.backward()
                    optimizer.step()
                optimizer.zero_grad()
