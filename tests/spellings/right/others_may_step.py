def train(model, loader, crit, optimizer, strategy):
    for x, y in loader:
        optimizer.zero_grad()
        crit(model(x), y).backward()
        strategy.optimizer_step(optimizer)


def train_by_engine(model, loader, crit, optimizer, engine):
    for x, y in loader:
        optimizer.zero_grad()
        crit(model(x), y).backward()
        engine.apply_gradients()


def sensitivities(model, loader, crit, optimizer, saliency):
    for x, y in loader:
        x.requires_grad_()
        optimizer.zero_grad()
        crit(model(x), y).backward()
        saliency.append(x.grad.abs())
