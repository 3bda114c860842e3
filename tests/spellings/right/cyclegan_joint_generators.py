import itertools

import torch


def train(Gab, Gba, Da, Db, loader, l1, mse, lam=10.0):
    opt_g = torch.optim.Adam(itertools.chain(Gab.parameters(), Gba.parameters()), lr=2e-4)
    opt_da = torch.optim.Adam(Da.parameters(), lr=2e-4)
    opt_db = torch.optim.Adam(Db.parameters(), lr=2e-4)
    for a, b in loader:
        opt_g.zero_grad()
        fb, fa = Gab(a), Gba(b)
        pa, pb = Da(fa), Db(fb)
        loss_g = mse(pa, torch.ones_like(pa)) + mse(pb, torch.ones_like(pb))
        loss_g = loss_g + lam * (l1(Gba(fb), a) + l1(Gab(fa), b))
        loss_g.backward()
        opt_g.step()

        opt_da.zero_grad()
        ra, pa = Da(a), Da(fa.detach())
        loss_da = 0.5 * (mse(ra, torch.ones_like(ra)) + mse(pa, torch.zeros_like(pa)))
        loss_da.backward()
        opt_da.step()

        opt_db.zero_grad()
        rb, pb = Db(b), Db(fb.detach())
        loss_db = 0.5 * (mse(rb, torch.ones_like(rb)) + mse(pb, torch.zeros_like(pb)))
        loss_db.backward()
        opt_db.step()
