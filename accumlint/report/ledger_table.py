"""Draws a ledger on the terminal: a row a step, a column a micro-batch, the weight in the cell."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from accumlint.ledger import Deposit, EpochEnd, Erase, Ledger, Spend

LAST_ROW = "never spent"
BAR = "\u2502"
# columns that are no micro-batch: the line between two epochs, and the sign that the rest did not fit
EPOCH, MORE = 0, -1


@dataclass(frozen=True, slots=True)
class Entered:
    """One cell: its text, and what it means: spent ``first``, spent ``again``, ``erased`` unspent, or ``never`` spent."""

    text: str
    meaning: str


@dataclass(slots=True)
class LedgerTable:
    """``columns`` are the micro-batches, ``epochs`` the first micro-batch of each epoch; a row maps micro-batches to cells."""

    columns: list[int] = field(default_factory=list)
    epochs: dict[int, int] = field(default_factory=dict)
    rows: list[tuple[str, dict[int, Entered]]] = field(default_factory=list)


def tabulate(ledger: Ledger) -> LedgerTable:
    """The table of a ledger; an erased micro-batch stands in the row of the step that would have spent it.

    Where backward ran on a running total, a step spends a micro-batch as often as its deposits hold it.
    """
    table = LedgerTable()
    weights: dict[int, Fraction | None] = {}
    origins: dict[int, tuple[int, ...]] = {}
    spent: Counter[int] = Counter()
    erased: list[int] = []
    for entry in ledger.entries:
        match entry:
            case Deposit(turn, epoch, weight, _, held):
                weights.setdefault(turn, weight)
                origins[turn] = held or (turn,)
                table.epochs.setdefault(epoch, turn)
            case Erase(_, lost):
                erased += [share.turn for share in lost if share.spent == 0]
            case Spend(_, row):
                cells = dict.fromkeys(erased, Entered("-", "erased"))
                for share in row:
                    for turn in origins.get(share.turn, (share.turn,)):
                        cells[turn] = Entered(_weight(share.weight) + times(spent[turn]), "again" if spent[turn] else "first")
                        spent[turn] += 1
                table.rows.append((f"step {len(table.rows) + 1}", cells))
                erased = []
            case EpochEnd():
                pass
    table.columns = sorted(weights)
    if never := {turn: Entered(_weight(weight), "never") for turn, weight in weights.items() if turn not in spent}:
        table.rows.append((LAST_ROW, never))
    return table


def times(spent: int) -> str:
    """The sign of a share that earlier steps have spent, legible without colour."""
    return f" x{spent + 1}" if spent else ""


def _weight(weight: Fraction | None) -> str:
    return "?" if weight is None else str(weight)


def draw(ledger: Ledger, *, colour: bool, width: int) -> str:
    """The table as text, with or without colours, at most ``width`` columns wide."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    styles = {"first": "green", "again": "bold red", "erased": "yellow", "never": "bold red", "epoch": "dim"}
    table = tabulate(ledger)
    visible = _visible(table, width)
    drawn = Table(box=None, padding=(0, 1), pad_edge=False)
    drawn.add_column("micro-batch", no_wrap=True)
    for column in visible:
        drawn.add_column({MORE: "...", EPOCH: BAR}.get(column, str(column)), justify="right", no_wrap=True)
    for label, cells in table.rows:
        row = [Entered(BAR, "epoch") if column == EPOCH else cells.get(column) for column in visible]
        texts = [Text(cell.text, styles[cell.meaning]) if cell else Text("") for cell in row]
        drawn.add_row(Text(label, "bold red" if label == LAST_ROW else ""), *texts)
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False, legacy_windows=False)
    console.print(", ".join(facts(ledger)), soft_wrap=True, markup=False)
    console.print(drawn)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _visible(table: LedgerTable, width: int) -> list[int]:
    """The micro-batches that fit into ``width``, `EPOCH` between epochs; a last `MORE` says that there are more."""
    begins = set(table.epochs.values()) - {1}
    room = width - len(LAST_ROW) - 8
    shown: list[int] = []
    for column in table.columns:
        texts = [str(column), *(cells[column].text for _, cells in table.rows if column in cells)]
        room -= max(map(len, texts)) + 2 + 3 * (column in begins)
        if room < 0:
            return [*shown, MORE]
        shown += [EPOCH, column] if column in begins else [column]
    return shown


def facts(ledger: Ledger) -> Iterator[str]:
    """What the table is of: the optimizer, and what its scenario takes for granted."""
    scenario = ledger.scenario
    yield ledger.title
    if scenario.window:
        yield f"window of {scenario.window}"
    yield f"{scenario.length} micro-batches an epoch"
    yield from (f"{name} {str(value).lower()}" for name, value in scenario.flags)
