import torch


def train(enc, dec, loader, crit, lr):
    opt_e = torch.optim.AdamW(enc.parameters(), lr=lr)
    opt_d = torch.optim.AdamW(dec.parameters(), lr=lr)
    scaler = torch.amp.GradScaler("cuda")
    for x, y in loader:
        with torch.autocast("cuda"):
            loss = crit(dec(enc(x)), y)
        opt_d.zero_grad()
        scaler.scale(loss).backward()
        scaler.step(opt_e)  # expect: ACC001
        scaler.step(opt_d)
        scaler.update()
