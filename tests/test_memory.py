"""What a helper's result hangs on: as long as none of that changes, it is not run again."""

from __future__ import annotations

import pytest

from accumlint.effects import Effects
from accumlint.modules import Module
from accumlint.project import Project
from accumlint.simulate.memory import key_of
from accumlint.simulate.run import Run
from accumlint.simulate.state import Loop, Plan
from accumlint.simulate.values import Dict, Known, Opaque, Routine, Value
from accumlint.slicing import Slices

TEXT = """
limit = 3

def due(progress):
    return progress.seen % 4 == 0

def asks(progress):
    return due(progress)

def of_dict(state):
    return state["progress"].seen

def of_script():
    return limit > 2

def counts(progress):
    progress.seen += 1
    return progress.seen

def counts_below(progress):
    return counts(progress)

def fills(size):
    made = torch.zeros(size)
    made[0] = 1
    return made

def restores(model, kept):
    model.load_state_dict(kept)
"""
PROGRESS = Opaque("progress", stable=True)


@pytest.fixture
def run() -> Run:
    """A run that is in the first turn of a loop over the data."""
    run = Run(Project(), Slices(Effects()), Plan(), {})
    loop = Loop("batch", True, True)
    run.enter(loop)
    loop.turns(1)
    return run


def key(run: Run, module: Module, name: str, *args: Value) -> object:
    return key_of(run, Routine(module.functions[name]), [(None, value) for value in args])


def module(run: Run) -> Module:
    return run.project.add(TEXT, "helpers.py")


@pytest.mark.parametrize("name", ["due", "asks"])
def test_a_result_hangs_on_what_an_argument_holds_and_not_on_the_turn(run: Run, name: str) -> None:
    text = module(run)
    run.heap["progress", "seen"] = Known(1, index=True)
    first = key(run, text, name, PROGRESS)
    run.loops[-1].turns(2)
    assert first is not None
    assert key(run, text, name, PROGRESS) == first
    run.heap["progress", "seen"] = Known(2, index=True)
    assert key(run, text, name, PROGRESS) != first


def test_a_result_hangs_on_what_the_items_of_an_argument_hold(run: Run) -> None:
    text, state = module(run), Dict({"progress": PROGRESS})
    run.heap["progress", "seen"] = Known(1, index=True)
    first = key(run, text, "of_dict", state)
    run.heap["progress", "seen"] = Known(2, index=True)
    assert first is not None
    assert key(run, text, "of_dict", state) != first


def test_a_result_hangs_on_the_names_of_the_script(run: Run) -> None:
    text = module(run)
    run.globals["helpers.py", "limit"] = Known(3)
    first = key(run, text, "of_script")
    run.globals["helpers.py", "limit"] = Known(4)
    assert first is not None
    assert key(run, text, "of_script") != first


@pytest.mark.parametrize("name", ["counts", "counts_below", "restores"])
def test_what_changes_an_object_is_run_each_time(run: Run, name: str) -> None:
    assert key(run, module(run), name, PROGRESS) is None


def test_a_tensor_that_a_helper_makes_itself_may_change_in_it(run: Run) -> None:
    assert key(run, module(run), "fills", Known(3)) is not None


def test_nothing_is_remembered_of_what_comes_before_the_loop() -> None:
    run = Run(Project(), Slices(Effects()), Plan(), {})
    assert key(run, module(run), "due", PROGRESS) is None
