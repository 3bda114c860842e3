import torch


def train_seq(rnn, seqs, opt, crit, bptt=35):
    for seq in seqs:
        hidden = rnn.init_hidden(1)
        for i in range(0, len(seq) - 1, bptt):
            hidden = hidden.detach()
            out, hidden = rnn(seq[i : i + bptt], hidden)
            loss = crit(out.flatten(0, 1), seq[i + 1 : i + 1 + bptt].flatten())
            loss.backward()
            torch.nn.utils.clip_grad_norm_(rnn.parameters(), 0.25)
            opt.step()  # expect: ACC001
