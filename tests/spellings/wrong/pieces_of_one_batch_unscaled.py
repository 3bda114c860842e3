"""Pieces of one batch, each taken another way: micro-batches, that nothing divides by their number."""


def strided(model, loader, optimizer, criterion, args):
    for inputs, labels in loader:
        for k in range(args.accum):
            loss = criterion(model(inputs[k :: args.accum]), labels[k :: args.accum])
            loss.backward()  # expect: ACC003
        optimizer.step()
        optimizer.zero_grad()


def told_where(model, loader, optimizer, criterion, args):
    for batch in loader:
        for k in range(args.accumulation_steps):
            inputs, labels = batch.part(k)
            criterion(model(inputs), labels).backward()  # expect: ACC003
        optimizer.step()
        optimizer.zero_grad()


def drawn(model, loader, other, optimizer, criterion, args):
    for mixing in loader:
        for _ in range(args.gradient_accumulation_steps):
            inputs, labels = next(other)
            criterion(model(inputs, mixing), labels).backward()  # expect: ACC003
        optimizer.step()
        optimizer.zero_grad()
