def worker(model, loader, crit, optimizer, update_parameters, lr=0.1):
    for x, y in loader:
        optimizer.zero_grad()
        crit(model(x), y).backward()
        update_parameters(model, lr)


def push(model, loader, crit, optimizer, server):
    for x, y in loader:
        optimizer.zero_grad()
        crit(model(x), y).backward()
        server.push(model)
