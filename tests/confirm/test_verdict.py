"""Verdicts: what torch measured beside what the source seemed to say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from accumlint.confirm.verdict import Outcome, told, weigh, with_fix
from accumlint.finding import Finding, Severity
from accumlint.ledger import Account, Ledger, Scenario, Site

from .agreeing import same

BACKWARD, CLEAR, STEP, OTHER = (Site("train.py", line, 1, line, 9) for line in (3, 4, 5, 9))
LINES = {("train.py", line) for line in (3, 4, 5)}


def plain(*, clears: bool, steps: int = 3) -> Ledger:
    account = Account("optimizer")
    for turn in range(1, steps + 1):
        account.deposit(turn, 1, Fraction(1), BACKWARD)
        account.spend(1, STEP)
        if clears:
            account.erase(1, CLEAR)
    return account.close(Scenario(None, steps, 1), ended=True, declared=None)


def finding(ledger: Ledger, code: str = "ACC001", site: Site = STEP) -> Finding:
    return Finding(code, "missing-zero-grad", Severity.ERROR, "spent again", site, (), "", ledger, "train", 1)


def test_confirmed_where_the_same_rule_fires_at_the_same_place() -> None:
    verdict = weigh(finding(plain(clears=False)), [plain(clears=False)], LINES)
    assert verdict.outcome is Outcome.CONFIRMED
    assert "micro-batch 1" in verdict.reason


def test_refuted_where_all_was_run_and_no_rule_fires() -> None:
    verdict = weigh(finding(replace(plain(clears=False), scenario=Scenario(None, 3, 1))), [plain(clears=True)], LINES)
    assert verdict.outcome is Outcome.REFUTED
    assert verdict.reason.endswith("1 ; 1 ; 1")


def test_nothing_is_refuted_where_another_rule_holds_at_the_same_place() -> None:
    verdict = weigh(finding(plain(clears=False), "ACC005"), [plain(clears=False)], LINES)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.reason.startswith(
        "in torch ACC001 holds there instead: this step spends micro-batch 2 and once more micro-batch 1"
    )


@pytest.mark.parametrize(
    ("measured", "lines", "reason"),
    [
        ([], LINES, "no optimizer was ever fed"),
        ([plain(clears=True)], LINES - {("train.py", 5)}, "the replay did not reach line 5"),
        ([replace(plain(clears=True), entries=())], LINES, "no gradient reached the optimizer"),
        (
            [replace(plain(clears=True), optimizer=name) for name in ("a", "b")],
            LINES,
            "it cannot be told which optimizer `optimizer` is",
        ),
    ],
)
def test_inconclusive_where_the_replay_says_nothing(measured: list[Ledger], lines: set[tuple[str, int]], reason: str) -> None:
    verdict = weigh(finding(plain(clears=False)), measured, lines)
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, reason)


def test_the_same_rule_elsewhere_confirms_nothing() -> None:
    verdict = weigh(finding(plain(clears=False), site=OTHER), [plain(clears=False)], LINES)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.reason.startswith("in torch ACC001 holds on line 5 instead: ")


def test_a_fix_is_verified_where_the_rule_is_quiet() -> None:
    mine = finding(plain(clears=False))
    verdict = weigh(mine, [plain(clears=False)], LINES)
    assert with_fix(verdict, mine, [plain(clears=True)]).fix_verified is True
    assert with_fix(verdict, mine, [plain(clears=False)]).fix_verified is False


def test_two_ledgers_are_compared_entry_by_entry() -> None:
    one = plain(clears=True)
    assert same(one, one) is None
    assert same(one, plain(clears=False)) == "9 entries against 6"
    assert same(plain(clears=False, steps=4), plain(clears=False)) == "8 entries against 6"


def test_rows_are_told_in_one_line() -> None:
    assert told(plain(clears=False)) == "1 ; 1* 1 ; 1* 1* 1"
    assert told(replace(plain(clears=False), entries=())) == "no step"


def test_a_replay_that_lost_the_gradients_confirms_nothing() -> None:
    account = Account("optimizer")
    for _ in range(3):
        account.spend(1, STEP)
    starved = account.close(Scenario(3, 6, 1), ended=True, declared="n")
    verdict = weigh(finding(plain(clears=True), "ACC005"), [starved], LINES)
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, "no gradient reached the optimizer")


@pytest.mark.parametrize(("times", "outcome"), [(1, Outcome.CONFIRMED), (2, Outcome.INCONCLUSIVE)])
def test_what_a_call_out_of_sight_may_do_between_the_steps_is_not_held_against_them(times: int, outcome: Outcome) -> None:
    verdict = weigh(finding(plain(clears=False)), [plain(clears=False)], LINES, [(7, "reset(model)", times)])
    assert verdict.outcome is outcome
    assert (verdict.reason == "`reset(model)` on line 7 may clear these gradients: its code is not in sight") is (times == 2)
