"""The fixture ``gradient_ledger`` in a test run of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.torch
TESTS = """\
import torch

def train(zero):
    model = torch.nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        model(torch.randn(2, 3)).pow(2).mean().backward()
        optimizer.step()
        if zero:
            optimizer.zero_grad()

def test_right(gradient_ledger):
    train(zero=True)

def test_wrong(gradient_ledger):
    train(zero=False)
"""


def test_a_training_that_misspends_gradients_fails_its_test(tmp_path: Path) -> None:
    (tmp_path / "test_train.py").write_text(TESTS)
    words = [sys.executable, "-m", "pytest", "-q", "-p", "accumlint.observer.pytest_plugin", "-p", "no:cacheprovider"]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, env=alone)
    assert done.returncode == 1
    assert re.search(r"2 passed, (\d+ warnings?, )?1 error", done.stdout)
    assert "ERROR test_train.py::test_wrong - accumlint.observer.GradientsMisspent" in done.stdout
    assert "test_train.py:8:9: ACC001 missing-zero-grad micro-batch 1 is spent again by this step" in done.stdout
