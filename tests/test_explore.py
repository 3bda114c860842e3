"""Which bounded runs a routine gets: none that shows nothing new, and no choice of flags is lost by that."""

from __future__ import annotations

from textwrap import dedent

import pytest

from accumlint.judge import judge_routines
from accumlint.project import Project
from accumlint.simulate.explore import Exploration
from accumlint.simulate.root import Root
from accumlint.simulate.run import Run
from accumlint.simulate.state import Plan

BUDGET = """
    def train(model, loader, optimizer, args):
        steps = 0
        for epoch in range(args.epochs):
            for i, (x, y) in enumerate(loader):
                loss = model(x, y) / args.accumulation_steps
                loss.backward()
                if (i + 1) % args.accumulation_steps == 0:
                    optimizer.step()
                    optimizer.zero_grad()
                    steps += 1
                if args.max_steps > 0 and steps > args.max_steps:
                    break
    """
CLOCKS = """
    def train(model, loader, optimizer, writer):
        for epoch in range(100):
            for i, (x, y) in enumerate(loader):
                loss = model(x, y) / 16
                loss.backward()
                if (i + 1) % 16 == 0:
                    optimizer.step()
                    optimizer.zero_grad()
            if (epoch + 1) % 5 == 0:
                {done}
    """


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Plan, int]]:
    """The plans of all runs to come, each with the work that was done."""
    made: list[tuple[Plan, int]] = []
    run_ = Root._run

    def noted(self: Root, run: Run) -> tuple[Run, bool]:
        try:
            return run_(self, run)
        finally:
            made.append((run.plan, run.work))

    monkeypatch.setattr(Root, "_run", noted)
    return made


def explored(text: str) -> Exploration:
    project = Project()
    (routine,) = judge_routines(project, project.add(dedent(text), "train.py"))
    return routine.exploration


def test_flags_that_differ_in_how_training_ends_alone_are_swept_once(plans: list[tuple[Plan, int]]) -> None:
    found = explored(BUDGET)
    swept = [plan for plan, _ in plans if plan.window is not None and plan.size == 3]
    assert sorted(plan.length for plan in swept if plan.flags["0 < args.max_steps"]) == [2, 7]
    assert sorted(plan.length for plan in swept if not plan.flags["0 < args.max_steps"]) == [2, 6, 7, 8]
    ledgers = {
        dict(flags)["0 < args.max_steps"]: [ledger for books in runs for variants in books for ledger in variants]
        for flags, runs in found.ledgers.items()
    }
    assert [(one.scenario.length, one.entries) for one in ledgers[True]] == [
        (one.scenario.length, one.entries) for one in ledgers[False]
    ]
    assert {one.ended for one in ledgers[True]} == {False}
    assert {one.ended for one in ledgers[False]} == {True}
    assert all(dict(one.scenario.flags)["0 < args.max_steps"] for one in ledgers[True])


def test_a_first_run_is_left_off_where_it_has_shown_large_numbers(plans: list[tuple[Plan, int]]) -> None:
    explored(CLOCKS.format(done="optimizer.step()"))
    (first, early), (second, later), (third, whole) = plans[:3]
    assert [plan.bindings for plan in (first, second, third)] == [{}, {"16": 3}, {"16": 3, "5": 5}]
    assert early < later < whole


@pytest.mark.parametrize(("done", "sizes"), [("optimizer.step()", {1, 3}), ("writer.flush()", {3})])
def test_windows_of_one_are_run_where_what_happens_to_gradients_has_another_clock(
    plans: list[tuple[Plan, int]], done: str, sizes: set[int]
) -> None:
    explored(CLOCKS.format(done=done))
    assert {plan.size for plan, _ in plans if plan.window is not None} == sizes
