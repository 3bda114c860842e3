"""A worker's torch steps without its compiler, and has it as soon as anything asks for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.torch

STEP = """\
import sys
from accumlint.confirm.uncompiled import leave_out_the_compiler
leave_out_the_compiler()
import torch
weight = torch.nn.Parameter(torch.ones(2))
optimizer = torch.optim.SGD([weight], lr=0.5)
weight.sum().backward()
torch.nn.utils.clip_grad_norm_([weight], 100.0)
optimizer.step()
optimizer.zero_grad()
"""


def ran(text: str) -> str:
    done = subprocess.run([sys.executable, "-c", STEP + text], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_steps_are_torchs_own_and_the_compiler_stays_out() -> None:
    assert ran("print(weight.tolist(), weight.grad, 'torch._dynamo.eval_frame' in sys.modules)") == "[0.5, 0.5] None False"


def test_who_asks_for_the_compiler_gets_it() -> None:
    assert ran("torch._dynamo.reset(); print(sys.modules['torch._dynamo'].__file__.endswith('__init__.py'))") == "True"
