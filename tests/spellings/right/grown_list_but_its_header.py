"""A list grown line by line, gone through without its header, in windows with a flush."""


def read(path):
    lines = []
    with open(path) as file:
        for line in file:
            lines.append(line.split(","))
    return [tuple(line) for line in lines[1:]]


def train(model, optimizer, args):
    examples = read(args.path)
    for epoch in range(args.epochs):
        for number, (text, label) in enumerate(examples):
            loss = model(text, label) / args.accumulation_steps
            loss.backward()
            if (number + 1) % args.accumulation_steps == 0 or number + 1 == len(examples):
                optimizer.step()
                optimizer.zero_grad()


def without_the_first(model, optimizer, stream, args):
    pool = []
    for item in stream:
        pool.append(item)
    pool.pop(0)
    for number, item in enumerate(pool):
        (model(item) / args.accumulation_steps).backward()
        if (number + 1) % args.accumulation_steps == 0 or number + 1 == len(pool):
            optimizer.step()
            optimizer.zero_grad()
