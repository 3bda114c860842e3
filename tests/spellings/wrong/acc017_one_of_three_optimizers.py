import torch


def train(enc, dec, prior, loader, crit):
    opt_enc = torch.optim.Adam(enc.parameters(), 1e-3)
    opt_dec = torch.optim.Adam(dec.parameters(), 1e-3)
    opt_prior = torch.optim.Adam(prior.parameters(), 1e-3)
    for x in loader:
        opt_enc.zero_grad()
        opt_dec.zero_grad()
        opt_prior.zero_grad()
        z = enc(x)
        loss = crit(dec(z), x) + prior(z).pow(2).mean()
        loss.backward()  # expect: ACC017
        opt_enc.step()
        opt_dec.step()
