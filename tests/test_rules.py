"""The rules on ledgers written by hand: neither libcst nor torch is needed to say what is wrong with one.

A ledger is written as a string, one letter an event: ``d`` a backward that adds the next micro-batch, ``D`` one more backward of the
same micro-batch, ``s`` a step, ``S`` another step in the source, ``f`` a step after the loop, ``z`` a zero_grad, ``|`` the end of the data,
``u`` an uncalled zero_grad.
"""

from fractions import Fraction

import pytest

from accumlint.ledger import Account, Ledger, Scenario, Site
from accumlint.registry import RULES
from accumlint.rules import judge

LINES = {"d": 10, "D": 11, "s": 12, "S": 13, "f": 20, "z": 14, "Z": 9, "|": 8, "u": 15}
SITES = {letter: Site("train.py", line, 5, line, 30) for letter, line in LINES.items()}


def ledger(events: str, *, window: int | None = None, weight: Fraction | None = Fraction(1), ended: bool = True) -> Ledger:
    account = Account("optimizer")
    turn, epoch = 0, 1
    for letter in events.replace(" ", ""):
        site = SITES[letter]
        if letter in "dD":
            turn += letter == "d"
            account.deposit(turn, epoch, weight, site)
        elif letter in "sSf":
            account.spend(epoch, site, in_loop=letter != "f")
        elif letter in "zZ":
            account.erase(epoch, site)
        elif letter == "u":
            account.uncalled("zero_grad", site)
        else:
            account.end_epoch(epoch, site)
            epoch += 1
    length = events.replace(" ", "").split("|")[0].count("d")
    return account.close(Scenario(window, length, 2), ended=ended, declared="N" if window else None)


THIRD = Fraction(1, 3)

RIGHT = {
    "plain, cleared after the step": ledger("dsz dsz | dsz dsz |"),
    "plain, cleared before the backward": ledger("zds zds | zds zds |"),
    "two backwards of one micro-batch": ledger("zdDs zdDs |"),
    "windows, flushed in the loop": ledger("dddsz dddsz dsz | dddsz dddsz dsz |", window=3, weight=THIRD),
    "windows, flushed after the loop": ledger("dddsz d | fz dddsz d | fz", window=3, weight=THIRD),
    "windows carried over the epoch": ledger("dddsz d | ddsz ddd | sz", window=3, weight=THIRD),
    "weights that cannot be told": ledger("dddsz dddsz |", window=3, weight=None),
    "a flush with nothing pending": ledger("dddsz dddsz | f dddsz dddsz | f", window=3, weight=THIRD),
    "a loop that goes on when watching stops": ledger("dddsz d |", window=3, weight=THIRD, ended=False),
}

WRONG = {
    "no clear": ("ACC001", "s", ledger("ds ds | ds ds |")),
    "cleared once an epoch": ("ACC001", "s", ledger("zds ds | zds ds |")),
    "cleared every micro-batch": ("ACC002", "Z", ledger("Zd Zd Zds Zd Zd Zds |", window=3, weight=THIRD)),
    "unscaled": ("ACC003", "d", ledger("dddsz dddsz |", window=3)),
    "tail dropped": ("ACC004", "s", ledger("Z dddsz d | Z dddsz d |", window=3, weight=THIRD)),
    "tail leaks": ("ACC004", "s", ledger("dddsz d | dddsz d |", window=3, weight=THIRD)),
    "tail lost": ("ACC004", "s", ledger("dddsz d |", window=3, weight=THIRD)),
    "second step": ("ACC005", "S", ledger("dsSz dsSz |")),
    "step after the clear": ("ACC005", "S", ledger("dszS dszS |")),
    "uncalled": ("ACC011", "u", ledger("dus dus |")),
    "cleared before the step": ("ACC012", "z", ledger("dzs dzs |")),
    "scaled twice": ("ACC014", "d", ledger("dddsz dddsz |", window=3, weight=Fraction(1, 9))),
    "flush still divided by N": ("ACC015", "s", ledger("dddsz dsz | dddsz dsz |", window=3, weight=THIRD)),
    "first window short": ("ACC016", "s", ledger("dsz dddsz dddsz |", window=3, weight=THIRD)),
    "windows too long": ("ACC016", "s", ledger("ddddsz ddddsz |", window=3, weight=THIRD)),
    "never stepped": ("ACC017", "d", ledger("dz dz |")),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_ledger_breaks_no_rule(name: str) -> None:
    assert [found.code for found in judge(RIGHT[name]) if RULES[found.code].default] == []


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_ledger_breaks_its_rule_at_its_place(name: str) -> None:
    code, letter, wrong = WRONG[name]
    found = {violation.code: violation for violation in judge(wrong)}
    assert code in found
    assert found[code].site == SITES[letter]
    others = {other for other in found if RULES[other].default} - {code}
    assert not others, "one slip is credited to one rule"


def test_the_witness_names_the_micro_batches() -> None:
    _, _, wrong = WRONG["tail dropped"]
    (violation,) = judge(wrong)
    assert violation.witness == "with 3 micro-batches a window and 4 an epoch, micro-batch 4 is never spent"
    assert [related.message for related in violation.related] == ["this backward", "erased here, unspent"]


def test_a_running_total_counts_earlier_micro_batches_again() -> None:
    account = Account("optimizer")
    account.deposit(1, 1, THIRD, SITES["d"], (1,))
    account.deposit(2, 1, THIRD, SITES["d"], (1, 2))
    account.deposit(3, 1, THIRD, SITES["d"], (1, 2, 3))
    account.spend(1, SITES["s"])
    wrong = account.close(Scenario(3, 3, 1), ended=True, declared="N")
    assert {violation.code for violation in judge(wrong)} == {"ACC013"}


def test_an_unscaled_loss_is_an_error_where_the_scale_matters() -> None:
    account = Account("optimizer")
    for turn in (1, 2, 3):
        account.deposit(turn, 1, Fraction(1), SITES["d"])
    account.spend(1, SITES["s"])
    sensitive = account.close(Scenario(3, 3, 1), ended=True, declared="N", sensitive=True)
    (violation,) = judge(sensitive)
    assert violation.severity == "error"


def test_every_rule_of_the_registry_is_broken_by_some_ledger() -> None:
    shown = {code for code, _, _ in WRONG.values()} | {"ACC013"}
    assert shown == set(RULES) - {"ACC100"}
