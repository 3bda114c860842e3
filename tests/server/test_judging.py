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
    same_as_anew(before, old, new, free, monkeypatch)


def same_as_anew(before: judging.Judged, old: str, new: str, free: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the edit the same is found as in the text without a past; and nothing is judged if the edit is ``free``."""
    edited = Source("a.py", before.source.text.replace(old, new, 1))
    assert edited.text != before.source.text
    anew = judge(edited, SETTINGS)
    judged: list[Source] = []
    real = judging.lint_source
    monkeypatch.setattr(judging, "lint_source", lambda source, settings: judged.append(source) or real(source, settings))
    after = judge(edited, SETTINGS, before)
    assert after.report == anew.report
    assert (not judged) is free
    if free:
        fresh = outlined(anew)
        assert after.blocks == fresh.blocks
        assert lines_of(after) <= lines_of(fresh)


def lines_of(judged: judging.Judged) -> set[int]:
    """The lines of the statements that no gradient depends on."""
    assert judged.unseen is not None
    return {line for one in judged.unseen.statements for line in range(one.begin, one.end)}


TRAIN = """\
import torch


class Trainer:
    def train(self, model, loader, n=4):
        'Train.'
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        step = optimizer.step
        seen = 0
        for i, x in enumerate(loader):
            loss = model(x).mean()
            seen += 1
            print(f"at {i}: {seen}")
            loss.backward()
            if (i + 1) % n == 0 or i + 1 == len(loader):
                step()
                optimizer.zero_grad()
                self.log(
                    seen,
                    "moved",
                )
"""


@pytest.mark.parametrize(
    ("old", "new", "free"),
    [
        pytest.param("'Train.'", '"Train it well."', True, id="a docstring"),
        pytest.param("seen = 0", "seen = 10 + 1", True, id="a number"),
        pytest.param("at {i}", "at {i + 1} of", True, id="a text with values"),
        pytest.param('"moved"', '"moved on"\n\n', True, id="a text handed over"),
        pytest.param("seen += 1", "seen += tiny", True, id="a name that nobody speaks of"),
        pytest.param("seen += 1\n", "seen += 1\n            print(len(x), seen)\n", True, id="one more"),
        pytest.param('            print(f"at {i}: {seen}")\n', "", True, id="one less"),
        pytest.param("seen += 1", "loss += 1", False, id="another name is bound"),
        pytest.param("seen += 1", "seen += 1; n = 1", False, id="two on a line"),
        pytest.param("print(f", "pri(f", False, id="an unknown call"),
        pytest.param("seen += 1", "seen = step", False, id="a name that stands for the step"),
        pytest.param("                    seen,", "                    optimizer,", False, id="the optimizer is handed over"),
        pytest.param("seen = 0", "self.n = 0", False, id="an attribute"),
        pytest.param("seen += 1", "seen += 1  # accumlint: ignore", False, id="a word to the linter"),
        pytest.param('"moved"', '"step"', False, id="the name of a step"),
        pytest.param("seen += 1", "if seen:\n                continue", False, id="no simple statement"),
        pytest.param("seen += 1", "seen += (1", False, id="does not parse"),
        pytest.param("% n", "% 2", False, id="what the step depends on"),
        pytest.param("    def train", "    n = 3\n\n    def train", False, id="outside of functions"),
    ],
)
def test_a_statement_that_no_gradient_depends_on_costs_no_judgement(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str, free: bool
) -> None:
    before = outlined(judge(Source("a.py", TRAIN), SETTINGS))
    assert [one.code for one in before.report.findings] == ["ACC003"]
    same_as_anew(before, old, new, free, monkeypatch)


def test_other_settings_are_judged_anew() -> None:
    before = outlined(judge(Source("a.py", TEXT), SETTINGS))
    silent = Settings(".", rules=frozenset({"ACC001"}))
    assert judge(before.source, silent, before).report.findings == ()
