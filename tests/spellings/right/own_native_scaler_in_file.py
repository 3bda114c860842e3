import torch


class NativeScalerWithGradNormCount:
    def __init__(self):
        self._scaler = torch.cuda.amp.GradScaler()

    def __call__(self, loss, optimizer, clip_grad=None, parameters=None, create_graph=False, update_grad=True):
        self._scaler.scale(loss).backward(create_graph=create_graph)
        if update_grad:
            if clip_grad is not None:
                self._scaler.unscale_(optimizer)
                torch.nn.utils.clip_grad_norm_(parameters, clip_grad)
            self._scaler.step(optimizer)
            self._scaler.update()


def train(model, loader, optimizer, accum_iter):
    loss_scaler = NativeScalerWithGradNormCount()
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss /= accum_iter
        last = (i + 1) % accum_iter == 0 or i + 1 == len(loader)
        loss_scaler(loss, optimizer, parameters=model.parameters(), update_grad=last)
        if last:
            optimizer.zero_grad()
