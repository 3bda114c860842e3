"""Each fixture is run in torch for real: what a mark says is what torch does, and nothing else is wrong with the loop."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pytest
from loops import Loop, Mark, loops

torch = pytest.importorskip("torch", reason="the fixtures are executed in torch")
from torch_loop import Measured, Symptom, measure  # noqa: E402

pytestmark = pytest.mark.torch

# What torch must show for a code to stand, any one of these at the marked line ...
PROOF = {
    "ACC001": {"respent"},
    "ACC002": {"erased"},
    "ACC003": {"unscaled"},
    "ACC004": {"dropped", "leaked", "lost", "never stepped"},
    "ACC005": {"stale step", "respent", "idle step", "window"},
    "ACC011": {"respent", "never stepped", "idle step"},
    "ACC012": {"emptied"},
    "ACC013": {"running"},
    "ACC014": {"underscaled"},
    "ACC015": {"thin flush"},
    "ACC016": {"window"},
    "ACC017": {"never stepped", "idle step"},
}
# ... and what else follows from that one slip.
CONSEQUENCE = {
    "ACC001": {"stale step"},
    "ACC002": {"window", "thin flush", "underscaled"},
    "ACC003": set(),
    "ACC004": {"window"},
    "ACC005": {"thin flush", "underscaled"},
    "ACC011": {"stale step", "lost", "dropped"},
    "ACC012": {"idle step"},
    "ACC013": set(),
    "ACC014": set(),
    "ACC015": set(),
    "ACC016": {"thin flush", "leaked", "unscaled"},
    "ACC017": {"erased", "emptied", "dropped", "lost"},
}
# Codes whose line may be the guard round the event rather than the event.
GUARDED = {"ACC004", "ACC015", "ACC016"}
UNCALLED = re.compile(r"^\s*[\w.]+\.(zero_grad|step|backward)\s*(#|$)")


def name(loop: Loop) -> str:
    return loop.name


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Measured:
    loop: Loop = request.param
    if loop.needs and not importlib.util.find_spec(loop.needs):
        pytest.skip(f"{loop.needs} is not installed")
    return measure(loop.path)


def explained(loop: Loop) -> set[str]:
    codes = {mark.code for mark in loop.expected | loop.allowed}
    known = set().union(*(PROOF[code] | CONSEQUENCE[code] for code in codes), loop.by_design)
    # A last window that is spent but weighs less is a matter of taste, for the opt-in rule alone.
    return known | (set() if loop.opt_in else {"thin flush"})


def guard_lines(file: Path, line: int) -> range:
    """The lines that a guard at ``line`` governs; a guard that continues governs the rest of its loop."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for outer in ast.walk(tree):
        for body in (getattr(outer, "body", None), getattr(outer, "orelse", None)):
            for statement in body if isinstance(body, list) else ():
                if isinstance(statement, ast.If | ast.While) and statement.lineno == line:
                    skips = any(isinstance(inner, ast.Continue) for inner in ast.walk(statement))
                    last = body[-1].end_lineno if skips else statement.end_lineno
                    return range(line, (last or line) + 1)
    return range(line, line + 1)


def proves(measured: Measured, symptom: Symptom, mark: Mark, loop: Loop) -> bool:
    """Whether what torch did is what ``mark`` says, at the line where it says it."""
    file = next(file for file in loop.files if file.name == mark.file)
    source = file.read_text(encoding="utf-8").splitlines()
    if symptom.name not in PROOF[mark.code]:
        return False
    if mark.code == "ACC011":
        return bool(UNCALLED.match(source[mark.line - 1]))
    reach = guard_lines(file, mark.line) if mark.code in GUARDED else range(mark.line, mark.line + 1)
    if mark.code == "ACC004":
        stepped = {line for book in measured.books for spend in book.spends if spend.fresh for line in spend.lines}
        return any(line in reach for line in stepped) or (not stepped and any(".step(" in source[n - 1] for n in reach))
    return not symptom.lines or any(line in reach for line in symptom.lines)


@pytest.mark.parametrize("measured", loops("right"), ids=name, indirect=True)
def test_right_spends_every_micro_batch_once_with_its_share(request: pytest.FixtureRequest, measured: Measured) -> None:
    loop: Loop = request.node.callspec.params["measured"]
    assert not loop.expected
    assert any(book.deposits for book in measured.books) or "nothing deposited" in loop.by_design
    assert {symptom.name for symptom in measured.symptoms} - explained(loop) == set()


@pytest.mark.parametrize("measured", loops("wrong", "seeds"), ids=name, indirect=True)
def test_wrong_does_what_its_marks_say_and_no_more(request: pytest.FixtureRequest, measured: Measured) -> None:
    loop: Loop = request.node.callspec.params["measured"]
    symptoms = measured.symptoms
    unproved = [mark for mark in sorted(loop.expected) if not any(proves(measured, s, mark, loop) for s in symptoms)]
    assert unproved == [], symptoms
    assert {symptom.name for symptom in symptoms} - explained(loop) == set(), symptoms


@pytest.mark.parametrize("loop", [loop for loop in loops("right") if loop.by_design], ids=name)
def test_what_is_by_design_is_really_measured(loop: Loop) -> None:
    if loop.needs and not importlib.util.find_spec(loop.needs):
        pytest.skip(f"{loop.needs} is not installed")
    assert loop.by_design - {symptom.name for symptom in measure(loop.path).symptoms} - {"nothing deposited"} == set()
