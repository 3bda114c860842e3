import torch


def train(model, corpus, optimizer, criterion, bptt=35, epochs=2):
    for epoch in range(epochs):
        hidden = model.init_hidden(20)
        for i in range(0, corpus.size(0) - 1, bptt):
            seq = min(bptt, corpus.size(0) - 1 - i)
            data, targets = corpus[i : i + seq], corpus[i + 1 : i + 1 + seq].reshape(-1)
            hidden = tuple(h.detach() for h in hidden)
            model.zero_grad()
            out, hidden = model(data, hidden)
            loss = criterion(out, targets)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
            optimizer.step()
