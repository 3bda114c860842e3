"""Judging after an edit: the same as judging anew, whatever the edit; and at no price where nothing can have changed."""

from __future__ import annotations

import pytest

from accumlint.config import Settings
from accumlint.server import judging
from accumlint.server.judging import judge, outlined
from accumlint.source import Source

pytest.importorskip("pygls", reason="the language server needs the extra `lsp`")

TEXT = '''\
"""A module."""
import torch


def area(width, height):
    """The area."""
    total = 0
    for _ in range(height):
        total += width
    return total


def used(n):
    return 2 * n


optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
window = used(2)
for i, x in enumerate(loader):
    model(x).mean().backward()
    if (i + 1) % window == 0 or i + 1 == len(loader):
        optimizer.step()
        optimizer.zero_grad()


def below():
    return """
def inside():
    pass
"""
'''
SETTINGS = Settings(".")


@pytest.mark.parametrize(
    ("old", "new", "free"),
    [
        pytest.param("    return total\n", "    total *= 3\n\n    return total\n", True, id="longer"),
        pytest.param("    total = 0\n", "", True, id="shorter"),
        pytest.param("total += width", "total += width # now", True, id="as long"),
        pytest.param("    return total\n", "    return total\n\n\nx = 3\n", False, id="out of the function"),
        pytest.param("    return total\n", "    return total\n    '''\n", False, id="an open string"),
        pytest.param("total = 0", "total = (0", False, id="does not parse"),
        pytest.param("total = 0", "total = loss.backward()", False, id="speaks of gradients"),
        pytest.param("total = 0", "total = 0  # accumlint: file-ignore", False, id="speaks to the linter"),
        pytest.param("return 2 * n", "return 3 * n", False, id="a function that is used"),
        pytest.param("def area", "def aria", False, id="another name"),
        pytest.param("def area", "def used", False, id="a name that is there"),
        pytest.param("    pass\n", "    pass  # more\n", True, id="in a string in a function"),
        pytest.param("i + 1) % window", "i) % window", False, id="in the training"),
        pytest.param("loader):\n", "loader):  # all of it\n\n", True, id="a comment in the training"),
        pytest.param("i + 1) % window == 0", "i  +  1) % window  == 0", True, id="blank space in the training"),
        pytest.param("optimizer.step()", "optimizer.step()  # noqa", False, id="a comment to the linter"),
        pytest.param("zero_grad()\n", "zero_grad()\n    # optimizer.step()\n", False, id="a step in a comment"),
        pytest.param("\n\ndef used", "\n\n\n# the window\ndef used", True, id="between functions"),
        pytest.param("\n\ndef used", "\n\nx = 1\ndef used", False, id="a statement between functions"),
        pytest.param('"""A module."""', '"""A better module."""', False, id="at the top"),
    ],
)
def test_judging_after_an_edit_is_judging_anew(monkeypatch: pytest.MonkeyPatch, old: str, new: str, free: bool) -> None:
    before = outlined(judge(Source("a.py", TEXT), SETTINGS))
    assert before.report.findings
    assert all(one.site.line > 18 for one in before.report.findings)
    edited = Source("a.py", TEXT.replace(old, new, 1))
    assert edited.text != TEXT
    anew = judge(edited, SETTINGS)
    judged: list[Source] = []
    real = judging.lint_source
    monkeypatch.setattr(judging, "lint_source", lambda source, settings: judged.append(source) or real(source, settings))
    after = judge(edited, SETTINGS, before)
    assert after.report == anew.report
    assert (not judged) is free
    if free:
        assert after.blocks == outlined(anew).blocks


def test_other_settings_are_judged_anew() -> None:
    before = outlined(judge(Source("a.py", TEXT), SETTINGS))
    silent = Settings(".", rules=frozenset({"ACC001"}))
    assert judge(before.source, silent, before).report.findings == ()
