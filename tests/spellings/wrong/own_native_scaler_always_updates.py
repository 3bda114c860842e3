import torch


class NativeScaler:
    def __init__(self):
        self._scaler = torch.cuda.amp.GradScaler()

    def __call__(self, loss, optimizer, clip_grad=None, parameters=None, update_grad=True):
        self._scaler.scale(loss).backward()
        if update_grad:
            self._scaler.step(optimizer)
            self._scaler.update()


def train(model, loader, optimizer, accum_iter):
    loss_scaler = NativeScaler()
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = torch.nn.functional.mse_loss(model(x), y) / accum_iter
        loss_scaler(loss, optimizer, parameters=model.parameters())  # expect: ACC005
        if (i + 1) % accum_iter == 0 or i + 1 == len(loader):
            optimizer.zero_grad()
