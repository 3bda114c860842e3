"""Both halves tell the same story: what the static half reads off a loop is what torch measures, entry by entry."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from accumlint.confirm.bundle import bundle
from accumlint.confirm.replay import Unreplayable, run_replay
from accumlint.ledger import Ledger

from .agreeing import same
from .made import Maker
from .static import Read, static_ledgers
from .turns import Adversaries, Drawn, Prepared

pytestmark = pytest.mark.torch
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LOOPS = int(os.environ.get("ACCUMLINT_LOOPS", "80"))
"""How many loops are made: `ACCUMLINT_LOOPS=2000 pytest tests/confirm/test_agreement.py -k made` takes about ten minutes."""
SIZES = (2, 3, 3, 4, 5)
CLOCK = "5"
"""The first prime: to the static half a modulus that is no window is a clock of its own, which takes any number."""
CHOICES = {
    "actor_critic_frozen_while_acting": "a modulus of 2 is run as it stands, not as a prime",
    "wgan_critic_steps": "a modulus is run as it stands where there is no window",
    "trap_feature_cache": "a modulus is run as it stands where there is no window",
    "trap_alternating_optimizers": "a modulus of 2 is run as it stands, not as a prime",
    "plain_step_in_helper": "a generator over data of unknown length: three items or one",
    "ppo_epochs_of_minibatches": "the static half stops nested loops earlier",
    "trap_hard_example_buffer": "a real list is as long as it is, whatever the scenario says",
    "trap_pgd_attack": "the static half stops nested loops earlier",
    "trap_truncated_bptt": "a modulus is run as it stands where there is no window",
    "trap_two_training_phases": "an optimizer's ledger begins when it is built, not before",
    "window_chunked_list": "the last chunk's own length divides its loss: 1, not 1/3",
    "window_grows_while_warming_up": "the static half leaves the warm-up behind, whatever length it is given",
    "window_global_statement": "the replay follows a global that the static half leaves open",
}
"""Right fixtures whose two ledgers differ, and why neither is wrong about the loop."""


def disagreement(read: Read, text: str, path: str, measured: dict[object, list[Ledger]]) -> str | None:
    """How every ledger that the static half holds possible differs from every one measured; None where two are the same."""
    key = (text, read.routine, read.line, read.ledger.scenario, read.ledger.declared)
    if key not in measured:
        measured[key] = run_replay(*bundle(text, path), path, *key[1:]).ledgers
    own = [one for one in measured[key] if one.optimizer == read.ledger.optimizer] or measured[key]
    found = [same(variant, one) for variant in read.variants for one in own]
    return None if None in found else f"{read.routine}, {read.ledger.scenario}: {found[:1]}"


def possible(read: Read, text: str) -> bool:
    """Whether no counter equals a setting in every turn, as the static half may have it where the setting is open."""
    return not re.search(r"do_step = [\w.]*count ==", text) or not any(
        held for name, held in read.ledger.scenario.flags if "do_step" in name
    )


@pytest.mark.parametrize("start", range(0, LOOPS, 10))
def test_made_loops(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(start, start + 10):
        agrees(Maker(seed), monkeypatch)


@pytest.mark.parametrize("start", range(0, LOOPS // 2, 10))
def test_loops_of_adversaries(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(start, start + 10):
        agrees(Adversaries(seed), monkeypatch)


@pytest.mark.parametrize("start", range(0, LOOPS // 2, 10))
def test_loops_under_accelerate(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(start, start + 10):
        agrees(Prepared(seed), monkeypatch)


def agrees(maker: Maker | Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold up to three of a made loop's static ledgers against torch."""
    text = maker.text
    monkeypatch.setattr("accumlint.simulate.explore.SIZE", maker.pick.choice(SIZES))
    reads = [read for read in static_ledgers(text, "made.py") if list(read.ledger.deposits) and possible(read, text)]
    measured: dict[object, list[Ledger]] = {}
    for read in maker.pick.sample(reads, min(3, len(reads))):
        differs = disagreement(read, maker.clocked(CLOCK) if read.ledger.declared is None else text, "made.py", measured)
        assert differs is None, f"loop {maker.seed}: {differs}\n{text}"


def right_fixtures() -> list[Path]:
    return sorted(path for path in (FIXTURES / "right").rglob("*.py") if "backward" in path.read_text())


@pytest.mark.parametrize("path", right_fixtures(), ids=lambda path: str(path.relative_to(FIXTURES).with_suffix("")))
def test_right_fixtures(path: Path) -> None:
    text = path.read_text()
    measured: dict[object, list[Ledger]] = {}
    reads = [read for read in static_ledgers(text, str(path)) if list(read.ledger.deposits)]
    try:
        differs = [found for read in reads if (found := disagreement(read, text, str(path), measured))]
    except Unreplayable as reason:
        differs = [str(reason)]
    if path.stem in CHOICES:
        assert differs, f"they agree now: strike {path.stem} off the list"
    else:
        assert not differs, differs[0]
