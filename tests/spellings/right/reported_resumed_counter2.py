def train(model, optimizer, loader, args, ckpt):
    step = 0
    if args.resume:
        step = ckpt["step"]
    for epoch in range(args.epochs):
        for batch in loader:
            loss = model(batch).mean() / args.accum
            loss.backward()
            step += 1
            if step % args.accum == 0:
                optimizer.step()
                optimizer.zero_grad()
