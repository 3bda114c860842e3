"""A ledger survives the way to a worker and back; anything else is refused."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest

from accumlint.confirm import wire
from accumlint.ledger import Account, Ledger, Scenario, Site

SITE = Site("train.py", 3, 5, 3, 20)


def ledger() -> Ledger:
    account = Account("optimizer")
    account.deposit(1, 1, Fraction(1, 3), SITE)
    account.deposit(2, 1, None, SITE, (1, 2))
    account.spend(1, SITE, SITE, in_loop=False)
    account.end_epoch(1, SITE)
    account.erase(2, SITE)
    account.uncalled("step", SITE)
    account.deposit(3, 2, Fraction(1), SITE)
    scenario = Scenario(3, 7, 2, (("use_amp", True),))
    return account.close(scenario, ended=False, declared="n", sensitive=True)


def test_there_and_back() -> None:
    stream = io.BytesIO()
    wire.send(stream, wire.pack(ledger()))
    stream.seek(0)
    message = wire.receive(stream)
    assert wire.unpack(message) == ledger()
    assert wire.receive(stream) is None


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"null", b'"' + b"[" * 100_000])
def test_what_is_no_object_is_refused(data: bytes) -> None:
    with pytest.raises(wire.Malformed):
        wire.parse(data)


@pytest.mark.parametrize(
    "change",
    [
        {"entries": [["deposit", 1]]},
        {"entries": [["spend", 1, [["a", None, 0, []]], None, None, True]]},
        {"entries": 3},
        {"scenario": {}},
        {"left": [[1, "1/0", 0, ["a", 1, 1, 1, 1]]]},
        {"left": [[1, "1e999999999", 0, ["a", 1, 1, 1, 1]]]},
        {"left": [[1, "9" * 4000, 0, ["a", 1, 1, 1, 1]]]},
        {"left": [[10**9, "1", 0, ["a", 1, 1, 1, 1]]]},
        {"left": [[1, "1", 0, ["a", 1e400, 1, 1, 1]]]},
        {"left": [[-1, "1", 0, ["a", 1, 1, 1, 1]]]},
        {"entries": [["uncalled", "step", ["a", 1, 1, 1, 1]]] * 100_000},
        {"scenario": {"window": 10**12, "length": 3, "epochs": 1, "flags": []}},
    ],
)
def test_what_is_no_ledger_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(wire.Malformed):
        wire.unpack({**wire.pack(ledger()), **change})


def test_words_cannot_steer_a_terminal_or_a_service() -> None:
    assert wire.words("\x1b]52;c;ZXZpbA==\x07\n::error file=a::b\u202e" + "x" * 1000).startswith(" ]52;c;ZXZpbA==  ::error")
    assert len(wire.words("x" * 1000)) == wire.MOST_WORDS
    told = wire.unpack({**wire.pack(ledger()), "optimizer": "\x1b[2J\noptimizer"})
    assert told.optimizer == " [2J optimizer"


def test_a_length_beyond_reason_is_refused() -> None:
    with pytest.raises(wire.Malformed):
        wire.receive(io.BytesIO(b"\xff" * 64))
