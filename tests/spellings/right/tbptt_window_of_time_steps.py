import torch


def train_seq(rnn, seqs, opt, crit, tbptt=20):
    for seq in seqs:
        hidden = rnn.init_hidden(1)
        loss = 0.0
        opt.zero_grad()
        for t in range(len(seq) - 1):
            out, hidden = rnn(seq[t], hidden)
            loss = loss + crit(out, seq[t + 1])
            if (t + 1) % tbptt == 0 or t == len(seq) - 2:
                loss.backward()
                torch.nn.utils.clip_grad_norm_(rnn.parameters(), 1.0)
                opt.step()
                opt.zero_grad()
                hidden = hidden.detach()
                loss = 0.0
