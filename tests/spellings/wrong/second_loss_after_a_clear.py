def train(model, loader, opt, ce, contrast):
    for x, y in loader:
        features, logits = model(x)
        ce(logits, y).backward(retain_graph=True)
        opt.zero_grad()  # expect: ACC002
        contrast(features, y).backward()
        opt.step()
