"""Each broken loop that has a fix is mended by it, and by nothing but it."""

from __future__ import annotations

from collections import Counter

import pytest
from loops import Loop, loops

from accumlint.fix import Applicability, fixed_ledger
from accumlint.report.ledger_table import tabulate

from .repairing import UNFIXED, applied, complaints, findings, fixes

FIXABLE = [loop for loop in loops("wrong") if not loop.opt_in]
every_loop = pytest.mark.parametrize("loop", FIXABLE, ids=lambda loop: loop.name)


@every_loop
def test_a_fix_takes_its_finding_away_and_brings_none(loop: Loop) -> None:
    assert fixes(loop)
    for path, finding, fix in fixes(loop):
        assert (fix is None) == (loop.name in UNFIXED), f"{finding.code}: {UNFIXED.get(loop.name)}"
        if fix is None:
            continue
        known = Counter(one.code for one in findings(path))
        with applied(fix.edits):
            left = Counter(one.code for one in findings(path))
        assert left[finding.code] < known[finding.code]
        # only what the rule had hidden may show
        assert set(left) - set(known) <= {"ACC003", "ACC004", "ACC016"}


@every_loop
def test_the_ledger_that_shows_the_finding_is_another_then(loop: Loop) -> None:
    for path, finding, fix in fixes(loop):
        if fix is not None:
            ledger = fixed_ledger(path.read_text(), str(path), finding, fix)
            assert ledger is not None
            assert ledger.scenario.window == finding.ledger.scenario.window
            assert tabulate(ledger).rows != tabulate(finding.ledger).rows


@every_loop
def test_pyflakes_finds_nothing_new(loop: Loop) -> None:
    for _, _, fix in fixes(loop):
        with applied(fix.edits if fix else ()) as before:
            assert [complaints(path.read_text()) for path in before] == [complaints(text) for text in before.values()]


@every_loop
def test_comments_survive_a_safe_fix(loop: Loop) -> None:
    for _, _, fix in fixes(loop):
        if fix is not None and fix.applicability is Applicability.SAFE:
            with applied(fix.edits) as before:
                after = [comments(path.read_text()) for path in before]
            assert sum(after, Counter()) == sum(map(comments, before.values()), Counter())


def comments(text: str) -> Counter[str]:
    return Counter(line.partition("#")[2].strip() for line in text.splitlines() if "#" in line)


def test_what_is_not_safe() -> None:
    """Each is a decision that only the author can take."""
    unsafe = {
        f"{loop.name} {finding.code}": fix.reason
        for loop in FIXABLE
        for _, finding, fix in fixes(loop)
        if fix is not None and fix.applicability is Applicability.UNSAFE and finding.code != "ACC017"
    }
    assert unsafe == {
        "wrong/clear_in_finally ACC002": "an empty block is left",
        "wrong/clear_under_log_guard ACC001": "line 19 clears on another clock: the step may belong there",
        "wrong/gan_discriminator_cleared_between_its_losses ACC002": (
            "whether the first loss is left over, or is meant to train with the second, only its author knows"
        ),
        "wrong/global_counter_dropped_at_epoch_start ACC004": "a window then runs on over the end of the epoch",
        "wrong/scaled_but_stepped_every_micro_batch ACC005": (
            "perhaps a step every micro-batch is meant, and `accumulation_steps` is what is left over"
        ),
        "wrong/several_files_no_flush ACC004": "`loader` may have no length",
    }


def test_a_step_that_was_never_written_is_never_safe_to_add() -> None:
    added = [fix for loop in FIXABLE for _, finding, fix in fixes(loop) if finding.code == "ACC017"]
    assert len(added) >= 8
    assert {fix.applicability for fix in added if fix is not None} == {Applicability.UNSAFE}
