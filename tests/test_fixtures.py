"""Each loop in fixtures/ gets the findings that stand on its lines, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from loops import OPT_IN, Loop, Mark, loops

from accumlint.analyse import analyse
from accumlint.registry import DEFAULT


def found(loop: Loop) -> set[Mark]:
    """What the rules say that judge this loop, over all its modules."""
    judging = {OPT_IN} if loop.opt_in else DEFAULT
    findings = [finding for file in loop.files for finding in analyse(file.read_text(encoding="utf-8"), str(file)).findings]
    return {Mark(Path(f.site.path).name, f.site.line, f.code) for f in findings if f.code in judging}


@pytest.mark.parametrize("loop", loops("right", "wrong", "seeds"), ids=lambda loop: loop.name)
def test_found_is_what_is_marked(loop: Loop) -> None:
    assert found(loop) - loop.allowed == loop.expected


@pytest.mark.parametrize("loop", loops("wrong"), ids=lambda loop: loop.name)
def test_wrong_has_a_mark(loop: Loop) -> None:
    assert loop.expected


@pytest.mark.parametrize("loop", loops("right"), ids=lambda loop: loop.name)
def test_right_has_none(loop: Loop) -> None:
    assert not loop.expected | loop.allowed


@pytest.mark.parametrize("code", sorted(DEFAULT | {OPT_IN}))
def test_every_rule_is_broken_in_several_ways(code: str) -> None:
    assert len([loop for loop in loops("wrong") if code in {mark.code for mark in loop.expected}]) >= 8
