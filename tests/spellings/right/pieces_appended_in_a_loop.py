import torch


def train(args, model, loader):
    optimizer = torch.optim.Adam(model.parameters())
    every = args.config["backprop_every"]
    for audio, txt in loader:
        chunks = []
        for el in cut(audio, args.size):
            chunks.append(el)
        for ix, chunk in enumerate(chunks):
            loss = model(chunk, txt).mean()
            (loss / every).backward()
            if (ix + 1) % every == 0 or (ix + 1) == len(chunks):
                optimizer.step()
                optimizer.zero_grad()
