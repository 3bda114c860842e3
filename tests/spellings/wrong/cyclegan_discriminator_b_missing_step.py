import torch


def train(G, Da, Db, loader, mse):
    opt_g = torch.optim.Adam(G.parameters(), lr=2e-4)
    opt_da = torch.optim.Adam(Da.parameters(), lr=2e-4)
    opt_db = torch.optim.Adam(Db.parameters(), lr=2e-4)
    for a, b in loader:
        fake = G(a)
        opt_g.zero_grad()
        p = Db(fake)
        mse(p, torch.ones_like(p)).backward()
        opt_g.step()

        opt_da.zero_grad()
        pa = Da(a)
        mse(pa, torch.ones_like(pa)).backward()
        opt_da.step()

        opt_db.zero_grad()
        pb = Db(b)
        loss_db = mse(pb, torch.ones_like(pb))
        loss_db.backward()  # expect: ACC017|ACC005
        opt_da.step()  # allow: ACC005  second bug of the same slip: wrong optimizer
