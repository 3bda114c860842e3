import torch


def train(encoder, decoder, loader, n, epochs, compute):
    optimizer_e = torch.optim.Adam(encoder.parameters())
    optimizer_d = torch.optim.Adam(decoder.parameters())
    for epoch in range(epochs):
        for i, x in enumerate(loader):
            optimizer_e.zero_grad()  # expect: ACC002
            optimizer_d.zero_grad()  # expect: ACC002
            (compute(decoder(encoder(x)), x) / n).backward()
            if (i + 1) % n == 0 or i + 1 == len(loader):
                optimizer_e.step()
                optimizer_d.step()
