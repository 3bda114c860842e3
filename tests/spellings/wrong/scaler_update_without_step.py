import torch


def train(model, loader, crit, lr=1e-3):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scaler = torch.cuda.amp.GradScaler()
    for x, y in loader:
        opt.zero_grad(set_to_none=True)
        with torch.cuda.amp.autocast():
            loss = crit(model(x), y)
        scaler.scale(loss).backward()  # expect: ACC017
        scaler.update()
