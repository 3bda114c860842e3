"""How far a long run is, on a terminal's stderr alone: what is piped stays as it is."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from accumlint.interrupt import heed

# most runs are over by then, and never import what draws
DELAY = 1.0


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """Gives a function to call after each of ``total`` files; from a second on it draws a bar, which is gone at the end.

    That raises `KeyboardInterrupt` where an interrupt went unheard.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield heed
        return
    begun = time.monotonic()
    done = 0
    with ExitStack() as stack:
        draw: Callable[[int], None] | None = None

        def judged() -> None:
            nonlocal done, draw
            heed()
            done += 1
            if draw is None and time.monotonic() - begun >= DELAY:
                draw = _bar(stack, total)
            if draw is not None:
                draw(done)

        yield judged


def _bar(stack: ExitStack, total: int) -> Callable[[int], None]:
    """Open a bar on ``stack``; the function it returns moves it. Colours follow NO_COLOR."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("judging"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    task = bar.add_task("", total=total)
    return lambda done: bar.update(task, completed=done)
