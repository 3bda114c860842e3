"""An edit is no fix because nothing is said of what it leaves."""

from __future__ import annotations

import pytest

from accumlint.analyse import analyse
from accumlint.fix import Edit
from accumlint.fix.verify import Verifier
from accumlint.fix.workspace import Workspace
from accumlint.ledger import Site

LOOP = """\
import torch

model = torch.nn.Linear(4, 1)
optimizer = torch.optim.Adam(model.parameters())
accumulation_steps = 4
for i, (x, y) in enumerate(loader):
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    if i % accumulation_steps == 0:
        optimizer.step()
        optimizer.zero_grad()
"""


@pytest.mark.parametrize(
    ("guard", "gone"),
    [
        ("if (i + 1) % accumulation_steps == 0:", True),
        ("if i >= 0:", False),
        ("if do_step(i):", False),
        ("if i % accumulation_steps == 1:", False),
    ],
    ids=["mended", "no_window_is_left", "opaque", "still_wrong"],
)
def test_a_window_must_be_left_and_be_right(guard: str, gone: bool) -> None:
    (finding,) = (one for one in analyse(LOOP, "a.py").findings if one.code == "ACC016")
    verifier = Verifier(Workspace(LOOP, "a.py", (finding,)), (finding,))
    line = LOOP.split("\n")[8]
    edit = Edit(Site("a.py", 9, 5, 9, len(line) + 1), guard)
    assert verifier.judge(finding, [edit]).gone == gone
