from __future__ import annotations

from fractions import Fraction

import pytest

from accumlint.drawing import picture
from accumlint.ledger import Account, Ledger, Scenario, Site
from accumlint.report.ledger_table import draw, tabulate

HERE = Site("a.py", 1, 1, 1, 2)
THIRD = Fraction(1, 3)


def ledger(story: str, weight: Fraction | None = THIRD) -> Ledger:
    """A run told in letters: d(eposit), s(pend), e(rase), | for the next epoch."""
    account = Account("optimizer")
    turn, epoch = 0, 1
    for letter in story:
        match letter:
            case "d":
                turn += 1
                account.deposit(turn, epoch, weight, HERE)
            case "s":
                account.spend(epoch, HERE)
            case "e":
                account.erase(epoch, HERE)
            case "|":
                account.end_epoch(epoch, HERE)
                epoch += 1
    return account.close(Scenario(3, turn, epoch, (("use_amp", True),)), ended=True, declared="N")


@pytest.mark.parametrize(
    ("story", "table"),
    [
        pytest.param(
            "dddse" * 2,
            """
            micro-batch    1    2    3    4    5    6
            step 1       1/3  1/3  1/3
            step 2                      1/3  1/3  1/3
            """,
            id="right",
        ),
        pytest.param(
            "dsds",
            """
            micro-batch       1    2
            step 1          1/3
            step 2       1/3 x2  1/3
            """,
            id="spent again",
        ),
        pytest.param(
            "dededse",
            """
            micro-batch    1    2    3
            step 1         -    -  1/3
            never spent  1/3  1/3
            """,
            id="erased",
        ),
        pytest.param(
            "dddsed|edddse",
            """
            micro-batch    1    2    3    4  │    5    6    7
            step 1       1/3  1/3  1/3       │
            step 2                        -  │  1/3  1/3  1/3
            never spent                 1/3  │
            """,
            id="tail dropped at the next epoch",
        ),
        pytest.param("d", "\nmicro-batch    1\nnever spent  1/3\n", id="no step"),
    ],
)
def test_the_numbers_without_colour(story: str, table: str) -> None:
    drawn = draw(ledger(story), colour=False, width=100).split("\n", maxsplit=1)[1]
    assert [line.strip() for line in drawn.strip().split("\n")] == [line.strip() for line in table.strip().split("\n")]


def test_the_first_line_says_what_was_assumed() -> None:
    head = draw(ledger("ddd"), colour=False, width=20).split("\n")[0]
    assert head == "optimizer, window of 3, 3 micro-batches an epoch, use_amp true"


def test_spent_again_is_red_and_never_spent_too() -> None:
    drawn = draw(ledger("dsdsed"), colour=True, width=100)
    assert "\x1b[1;31m1/3 x2" in drawn
    assert "\x1b[1;31mnever spent" in drawn


def test_an_unknown_weight() -> None:
    assert tabulate(ledger("ds", None)).rows[0][1][1].text == "?"


def test_what_does_not_fit_is_left_out_and_said() -> None:
    drawn = draw(ledger("dse" * 40), colour=False, width=60)
    assert max(map(len, drawn.split("\n")[1:])) <= 60
    assert drawn.split("\n")[1].endswith("...")


def test_a_running_total_spends_a_micro_batch_as_often_as_it_holds_it() -> None:
    account = Account("optimizer")
    for turn in (1, 2, 3):
        account.deposit(turn, 1, THIRD, HERE, origins=tuple(range(1, turn + 1)))
    account.spend(1, HERE)
    told = account.close(Scenario(3, 3, 1), ended=True, declared="n")
    ((_, cells),) = tabulate(told).rows
    assert [cells[turn].text for turn in (1, 2, 3)] == ["1/3 x3", "1/3 x2", "1/3"]
    assert 'class="right"' not in picture(told, style=False)
