"""How a job travels to a worker and its result back: JSON with a length before it, every ledger rebuilt field by field.

The worker's answer is data from a process that ran untrusted code: it is parsed, never unpickled, and anything odd is refused. Nothing
in it may cost its reader more than it is long: numbers are small, and words cannot steer a terminal.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from fractions import Fraction
from typing import IO, Any

from accumlint.ledger import Deposit, Entry, EpochEnd, Erase, Ledger, Scenario, Share, Site, Spend, Uncalled

_HEAD = struct.Struct("!Q")
_WEIGHT = re.compile(r"-?\d{1,20}(/\d{1,20})?", re.ASCII)
MOST = 1_000_000
"""No number that counts something is larger."""
MOST_ENTRIES = 5_000
MOST_WORDS = 300


class Malformed(ValueError):
    """A message that is no message of ours."""


def send(stream: IO[bytes], message: Mapping[str, Any]) -> None:
    data = json.dumps(message).encode()
    stream.write(_HEAD.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes], most: int = 1 << 26) -> dict[str, Any] | None:
    """The next message, None at the end of the stream. Raises `Malformed`."""
    head = stream.read(_HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size or (size := _HEAD.unpack(head)[0]) > most:
        raise Malformed("no message")
    return parse(stream.read(size))


def parse(data: bytes) -> dict[str, Any]:
    """One JSON object. Raises `Malformed`."""
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Malformed(str(error)) from error
    if not isinstance(message, dict):
        raise Malformed("not an object")
    return message


def words(text: Any) -> str:
    """``text`` as it may be shown: on one line, without what a terminal or a CI service would take for a command, and not too long."""
    return "".join(letter if letter.isprintable() else " " for letter in str(text)[:MOST_WORDS])


def count(number: Any) -> int:
    """A number that counts something. Raises `Malformed`."""
    if type(number) is not int or not 0 <= number <= MOST:
        raise Malformed("no count")
    return number


# Ledgers


def pack(ledger: Ledger) -> dict[str, Any]:
    """A ledger as JSON."""
    scenario = ledger.scenario
    return {
        "optimizer": ledger.optimizer,
        "scenario": pack_scenario(scenario),
        "entries": [_pack_entry(entry) for entry in ledger.entries],
        "left": [_pack_share(share) for share in ledger.left],
        "ended": ledger.ended,
        "declared": ledger.declared,
        "sensitive": ledger.sensitive,
    }


def unpack(data: Any) -> Ledger:
    """The ledger that `pack` packed. Raises `Malformed`."""
    try:
        declared = data["declared"]
        if len(data["entries"]) > MOST_ENTRIES:
            raise Malformed("too many entries")
        return Ledger(
            words(data["optimizer"]),
            unpack_scenario(data["scenario"]),
            tuple(_entry(entry) for entry in data["entries"]),
            tuple(_share(share) for share in data["left"]),
            bool(data["ended"]),
            None if declared is None else words(declared),
            bool(data["sensitive"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, AttributeError) as error:
        raise Malformed(f"no ledger: {error}") from error


def pack_scenario(scenario: Scenario) -> dict[str, Any]:
    return {"window": scenario.window, "length": scenario.length, "epochs": scenario.epochs, "flags": list(scenario.flags)}


def unpack_scenario(data: Any) -> Scenario:
    window = data["window"]
    flags = tuple((str(name), bool(value)) for name, value in data["flags"])
    return Scenario(None if window is None else count(window), count(data["length"]), count(data["epochs"]), flags)


def _pack_site(site: Site | None) -> list[Any] | None:
    return None if site is None else [site.path, site.line, site.column, site.end_line, site.end_column]


def _pack_share(share: Share) -> list[Any]:
    return [share.turn, None if share.weight is None else str(share.weight), share.spent, _pack_site(share.site)]


def _pack_entry(entry: Entry) -> list[Any]:
    match entry:
        case Deposit(turn, epoch, weight, site, origins):
            return ["deposit", turn, epoch, None if weight is None else str(weight), _pack_site(site), list(origins)]
        case Erase(epoch, lost, site):
            return ["erase", epoch, [_pack_share(share) for share in lost], _pack_site(site)]
        case Spend(epoch, row, site, guard, in_loop):
            return ["spend", epoch, [_pack_share(share) for share in row], _pack_site(site), _pack_site(guard), in_loop]
        case EpochEnd(epoch, held, site):
            return ["epoch end", epoch, [_pack_share(share) for share in held], _pack_site(site)]
        case Uncalled(method, site):
            return ["uncalled", method, _pack_site(site)]


def _site(data: Any) -> Site:
    path, line, column, end_line, end_column = data
    return Site(str(path), count(line), count(column), count(end_line), count(end_column))


def _weight(data: Any) -> Fraction | None:
    if data is not None and not _WEIGHT.fullmatch(data):
        raise Malformed("no weight")  # `Fraction("1e999999999")` would not end
    return None if data is None else Fraction(data)


def _share(data: Any) -> Share:
    turn, weight, spent, site = data
    return Share(count(turn), _weight(weight), count(spent), _site(site))


def _entry(data: Any) -> Entry:
    match data:
        case ["deposit", turn, epoch, weight, site, origins]:
            return Deposit(count(turn), count(epoch), _weight(weight), _site(site), tuple(map(count, origins)))
        case ["erase", epoch, lost, site]:
            return Erase(count(epoch), tuple(map(_share, lost)), _site(site))
        case ["spend", epoch, row, site, guard, in_loop]:
            stood = None if guard is None else _site(guard)
            return Spend(count(epoch), tuple(map(_share, row)), _site(site), stood, bool(in_loop))
        case ["epoch end", epoch, held, site]:
            return EpochEnd(count(epoch), tuple(map(_share, held)), _site(site))
        case ["uncalled", method, site]:
            return Uncalled(words(method), _site(site))
    raise Malformed(f"no entry: {str(data)[:80]}")
