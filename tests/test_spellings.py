"""One loop in many spellings: the right ones stay silent, the wrong ones are named at their line.

The loops in ``spellings/`` were written from the reports of users by two people who had not read the linter, and are not executed. Of
the first one's those that it does not understand yet are listed, so that nobody takes them for understood; of the second one's
those that it does are here.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accumlint.analyse import analyse
from accumlint.registry import DEFAULT

SPELLINGS = Path(__file__).parent / "spellings"
NOT_UNDERSTOOD = {
    "accelerate_own_guard_too": "two windows inside each other (ACC022 is not a rule yet)",
    "ema_trainer_step_never_reached_flag": "a flag that is never set",
    "fsdp2_step_inside_micro": "named as the clear that is missing, not as the step too many",
    "oom_skip_accum_double_step": "what an exception leaves behind",
    "partial_group_modulo_two_clocks": "named as the clear that is missing",
    "range_one_to_n_inner": "named at the step, not at the range",
    "step_after_loop_and_in_loop_pending": "named as the step too many",
    "timm_like_needs_flush": "named at the call, not at its argument",
}


def loops(folder: str) -> list[object]:
    """The loops of one folder, those that are not understood expected to fail."""
    marks = {name: pytest.mark.xfail(strict=True, reason=reason) for name, reason in NOT_UNDERSTOOD.items()}
    paths = sorted((SPELLINGS / folder).glob("*.py"))
    return [pytest.param(path, id=path.stem, marks=[marks[path.stem]] if path.stem in marks else []) for path in paths]


def marked(text: str, word: str) -> set[tuple[str, int]]:
    """The codes and lines of the comments ``# word: CODE``."""
    lines = enumerate(text.splitlines(), 1)
    return {(found[1], number) for number, line in lines if (found := re.search(rf"# {word}: (ACC\d+)", line))}


def found(path: Path, text: str) -> set[tuple[str, int]]:
    return {(finding.code, finding.site.line) for finding in analyse(text, str(path)).findings if finding.code in DEFAULT}


@pytest.mark.parametrize("path", loops("right"))
def test_right_loops_stay_silent(path: Path) -> None:
    assert not found(path, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", loops("wrong"))
def test_wrong_loops_are_named_at_their_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = marked(text, "expect")
    assert expected
    told = found(path, text)
    assert expected <= told
    assert {code for code, _ in told - expected} <= {code for code, _ in marked(text, "allow")}
