import torch


def train_pair(encoder, decoder, enc_opt, dec_opt, criterion, src, tgt):
    enc_opt.zero_grad()
    dec_opt.zero_grad()
    out, hidden = encoder(src)
    loss = 0
    tok = torch.zeros(1, 1, dtype=torch.long)
    for di in range(tgt.size(0)):
        logits, hidden = decoder(tok, hidden, out)
        loss += criterion(logits, tgt[di])
        tok = tgt[di]
    loss.backward()
    enc_opt.step()
    dec_opt.step()
    return loss.item() / tgt.size(0)


def train_iters(encoder, decoder, pairs, n, lr=0.01):
    eo = torch.optim.SGD(encoder.parameters(), lr=lr)
    do = torch.optim.SGD(decoder.parameters(), lr=lr)
    for it in range(1, n + 1):
        s, t = pairs[it % len(pairs)]
        train_pair(encoder, decoder, eo, do, torch.nn.NLLLoss(), s, t)
