"""Runs a fixture and holds the gradients that torch really spent against "each micro-batch once, with weight 1/N"."""

from __future__ import annotations

import runpy
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import torch
from torch_ledger import TINY, Book, Erase, Lines, Share, Spend, Watch

WINDOW_NAMES = ("accumulation_steps", "gradient_accumulation_steps", "accum_steps", "accum_iter", "grad_accum", "window")


@dataclass(frozen=True)
class Symptom:
    """Something that breaks "spent once, with weight 1/N", and the lines of the loop that did it."""

    name: str
    lines: Lines


@dataclass(frozen=True)
class Measured:
    """What a loop did: the books of its optimizers and the window it declares by name, where it does."""

    books: tuple[Book, ...]
    window: int | None

    @property
    def symptoms(self) -> list[Symptom]:
        spent = {share.call for book in self.books for spend in book.spends for share in spend.row}
        return [symptom for book in self.books if book.deposits or book.spends for symptom in judge(book, self.window, spent)]


def measure(path: Path, given: dict[str, Any] | None = None) -> Measured:
    """Run the loop in ``path``, a script or a package's ``train`` module; ``given`` are names that a script is not to bind itself."""
    torch.manual_seed(0)
    folder = path if path.is_dir() else path.parent
    watch = Watch(path)
    package = path.is_dir() and (path / "__init__.py").exists()
    place = str(folder.parent if package else folder)
    before = set(sys.modules)
    sys.path.insert(0, place)
    try:
        with watch.installed():
            if package:
                names = runpy.run_module(f"{path.name}.train", run_name="__main__")
            else:
                names = runpy.run_path(str(path / "train.py" if path.is_dir() else path), given, run_name="__main__")
    finally:
        sys.path.remove(place)
        for name in set(sys.modules) - before:
            if getattr(sys.modules[name], "__file__", None) and str(sys.modules[name].__file__).startswith(str(folder)):
                del sys.modules[name]
        forget_accelerators()
    watch.look()
    windows = [names[name] for name in WINDOW_NAMES if isinstance(names.get(name), int)]
    return Measured(tuple(watch.books), windows[0] if windows else None)


def forget_accelerators() -> None:
    """Accelerate keeps its settings in the process; the next loop must not inherit them."""
    if "accelerate" in sys.modules:
        from accelerate.state import AcceleratorState, GradientState

        AcceleratorState._reset_state(reset_partial_state=True)
        GradientState._reset_state()


def judge(book: Book, declared: int | None, spent_anywhere: set[int]) -> Iterator[Symptom]:
    """Hold one optimizer's rows against "each micro-batch spent once, with weight 1/N"."""
    window = declared or inferred_window(book)
    if book.changed:
        yield Symptom("changed", ())
    for deposit in book.deposits:
        if deposit.running:
            yield Symptom("running", deposit.lines)
    if book.deposits and not book.spends:
        yield from (Symptom("never stepped", deposit.lines) for deposit in book.deposits if deposit.call not in spent_anywhere)
        return
    yield from wasted(book, spent_anywhere)
    for number, spend in enumerate(book.spends):
        yield from judge_spend(book, number, spend, window)


def inferred_window(book: Book) -> int:
    """N where no known name gives it: from weights that are all 1/N, else the commonest number of micro-batches a step."""
    sizes = Counter(spend.size for spend in book.spends if spend.fresh)
    common = max(sizes, key=lambda size: (sizes[size], size), default=1)
    weights = {round(1 / share.weight, 3) for share in book.deposits if share.weight}
    if common > 1 and len(weights) == 1 and (inverse := weights.pop()) == int(inverse) and inverse > 1:
        return common if inverse == common**2 else int(inverse)
    return common


def wasted(book: Book, spent_anywhere: set[int]) -> Iterator[Symptom]:
    """What no step of any optimizer spent: taken from a step or from an open window, dropped between epochs, lost at the end."""
    erasures = []
    for erase in book.erases:
        lost = [share for share in erase.lost if share.spent == 0 and share.call not in spent_anywhere]
        if lost:
            erasures.append((fate(book, erase, lost[-1]), erase, lost[-1]))
    inside = {erase.lines for name, erase, _ in erasures if name == "erased"}
    for name, erase, share in erasures:
        if name == "dropped" and erase.lines not in inside:
            yield Symptom("dropped", erase.lines + share.lines)
        else:
            yield Symptom("emptied" if name == "emptied" else "erased", erase.lines)
    left = [share for share in book.held if share.spent == 0 and share.call not in spent_anywhere]
    if left:
        yield Symptom("lost", left[-1].lines)


def fate(book: Book, erase: Erase, last: Share) -> str:
    """Whether a clear left the very next step nothing, ate into a window that goes on, or dropped an epoch's tail."""
    after = next((deposit for deposit in book.deposits if deposit.call > erase.after_call), None)
    until = after.call if after else float("inf")
    if any(not spend.row and erase.after_call <= spend.after_call < until for spend in book.spends):
        return "emptied"
    return "erased" if after and after.epoch == last.epoch else "dropped"


def judge_spend(book: Book, number: int, spend: Spend, window: int) -> Iterator[Symptom]:
    if not spend.row:
        yield Symptom("idle step", spend.lines)
        return
    if spend.stale:
        yield Symptom("respent" if spend.fresh else "stale step", spend.lines)
    if not spend.fresh:
        return
    following = next((later for later in book.spends[number + 1 :] if later.fresh), None)
    last = following is None or following.fresh[-1].epoch != spend.fresh[-1].epoch
    short = spend.size < window and last
    if spend.size > window and spend.fresh[0].epoch != spend.fresh[-1].epoch:
        yield Symptom("leaked", spend.lines)
    elif spend.size != window and not short:
        yield Symptom("window", spend.lines)
    elif window > 1 and spend.total is not None and not any(share.running for share in spend.fresh):
        yield from judge_weight(spend, spend.total, window)


def judge_weight(spend: Spend, total: float, window: int) -> Iterator[Symptom]:
    deposits = tuple(line for share in spend.fresh for line in share.lines)
    if abs(total - 1) < TINY:
        return
    if total > 1:
        yield Symptom("unscaled", deposits)
    elif abs(total - spend.size / window) < TINY:
        yield Symptom("thin flush", spend.lines)
    else:
        yield Symptom("underscaled", deposits)


def table(book: Book, length: int) -> str:
    """The book as the rule pages print it: a row a step, a column a micro-batch, the weight with which it is spent."""
    rows: list[tuple[str, dict[int, str]]] = [("", {turn: str(turn) for turn in range(1, length + 1)})]
    rows += [(f"step {number}", cells(spend.row)) for number, spend in enumerate(book.spends, 1)]
    unspent = {s.turn for s in book.deposits} - {s.turn for spend in book.spends for s in spend.row}
    if unspent:
        rows.append(("never spent", dict.fromkeys(unspent, "-")))
    margin = max(len(name) for name, _ in rows)
    lines = [name.ljust(margin) + "".join(row.get(turn, "").rjust(5) for turn in range(1, length + 1)) for name, row in rows]
    return "\n".join(line.rstrip() for line in lines)


def cells(row: tuple[Share, ...]) -> dict[int, str]:
    weights: dict[int, float] = {}
    for share in row:
        for turn, weight in (share.parts or {share.turn: 1.0}).items():
            weights[turn] = weights.get(turn, 0.0) + weight
    return {turn: str(Fraction(weight).limit_denominator(64)) for turn, weight in weights.items()}
