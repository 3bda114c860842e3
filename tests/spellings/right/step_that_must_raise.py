"""A step that is expected to raise spends nothing."""

import pytest


def check(model, x, optimizer):
    for _ in range(3):
        optimizer.zero_grad()
        model(x).mean().backward()
        optimizer.step()
    optimizer.eval()
    with pytest.raises(RuntimeError, match="eval mode"):
        optimizer.step()
