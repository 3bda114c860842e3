def main(model, loader, criterion, opt):
    x, y = next(iter(loader))
    criterion(model(x), y).backward()
    print(max(p.grad.norm() for p in model.parameters()))
    opt.zero_grad()
    opt.step()  # makes room for the optimizer's state
    for x, y in loader:
        criterion(model(x), y).backward()
        opt.step()
        opt.zero_grad()
