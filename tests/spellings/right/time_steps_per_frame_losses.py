import torch


def train(model, videos, optimizer, criterion):
    for frames, targets in videos:
        optimizer.zero_grad()
        state = None
        for f, t in zip(frames, targets):
            out, state = model(f, state)
            loss = criterion(out, t)
            loss.backward()
            state = state.detach()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
