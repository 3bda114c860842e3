import torch


def train(encoder, decoder, stream, oe, od, crit, n_enc, n_dec, rounds):
    for r in range(rounds):
        oe.zero_grad()
        for _ in range(n_enc):
            x = next(stream)
            (encoder(x).pow(2).mean() / n_enc).backward()
        oe.step()
        od.zero_grad()
        for _ in range(n_dec):
            x = next(stream)
            (crit(decoder(encoder(x).detach()), x) / n_dec).backward()
        od.step()
