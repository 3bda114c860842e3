"""The account: what lies in ``.grad``, how often it was spent, with which weight."""

from fractions import Fraction

import pytest

from accumlint.ledger import Account, Deposit, EpochEnd, Erase, Scenario, Site, Spend

BACKWARD = Site("train.py", 10, 5, 10, 20)
STEP = Site("train.py", 12, 9, 12, 25)
CLEAR = Site("train.py", 13, 9, 13, 30)
LOOP = Site("train.py", 8, 1, 8, 20)
THIRD = Fraction(1, 3)


def test_a_step_spends_what_lies_there_and_counts_it() -> None:
    account = Account("optimizer")
    account.deposit(1, 1, THIRD, BACKWARD)
    account.spend(1, STEP)
    account.deposit(2, 1, THIRD, BACKWARD)
    account.spend(1, STEP)
    first, second = account.spends
    assert [(share.turn, share.spent) for share in first.row] == [(1, 0)]
    assert [(share.turn, share.spent) for share in second.row] == [(1, 1), (2, 0)]
    assert [share.turn for share in second.fresh] == [2]


def test_an_erase_tells_what_it_lost() -> None:
    account = Account("optimizer")
    account.deposit(1, 1, THIRD, BACKWARD)
    account.erase(1, CLEAR)
    account.erase(1, CLEAR)
    ledger = account.close(Scenario(3, 7, 2), ended=True, declared="N")
    lost, nothing = ledger.erases
    assert [share.turn for share in lost.lost] == [1]
    assert nothing.lost == ()
    assert ledger.left == ()


def test_rescaling_multiplies_what_lies_there() -> None:
    account = Account("optimizer")
    account.deposit(1, 1, Fraction(1), BACKWARD)
    account.rescale(THIRD)
    account.deposit(2, 1, Fraction(1), BACKWARD)
    account.spend(1, STEP)
    assert [share.weight for share in account.held] == [THIRD, Fraction(1)]


def test_an_unknown_factor_makes_weights_unknown() -> None:
    account = Account("optimizer")
    account.deposit(1, 1, Fraction(1), BACKWARD)
    account.rescale(None)
    assert account.held[0].weight is None


def test_the_end_of_an_epoch_remembers_what_is_held() -> None:
    account = Account("optimizer")
    account.deposit(1, 1, THIRD, BACKWARD)
    account.end_epoch(1, LOOP)
    account.erase(2, CLEAR)
    ledger = account.close(Scenario(3, 7, 2), ended=True, declared="N")
    kinds = [type(entry) for entry in ledger.entries]
    assert kinds == [Deposit, EpochEnd, Erase]
    end = ledger.entries[1]
    assert isinstance(end, EpochEnd)
    assert [share.turn for share in end.held] == [1]


def test_views_keep_the_order() -> None:
    account = Account("optimizer")
    for turn in (1, 2):
        account.deposit(turn, 1, THIRD, BACKWARD)
        account.spend(1, STEP)
    ledger = account.close(Scenario(None, 2, 1), ended=True, declared=None)
    assert [deposit.turn for deposit in ledger.deposits] == [1, 2]
    assert all(isinstance(spend, Spend) for spend in ledger.spends)
    assert [len(spend.row) for spend in ledger.spends] == [1, 2]


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ("self.opt", "self.opt"),
        ("@25:15.optimizer", "optimizer"),
        ("@3:9:1", "optimizer"),
        ("opt'8:15", "opt"),
        ("opts[0]", "opts[0]"),
    ],
)
def test_its_title_names_the_optimizer_without_places(known: str, told: str) -> None:
    assert Account(known).close(Scenario(None, 1, 1), ended=True, declared=None).title == told
