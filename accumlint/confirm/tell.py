"""Prints verdicts as they come: the finding, what torch measured, and what its fix gives."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from accumlint.confirm.fence import unhindered
from accumlint.confirm.task import Task
from accumlint.confirm.verdict import Outcome, Verdict, told
from accumlint.ledger import Ledger
from accumlint.report import writer
from accumlint.report.outcome import outcome
from accumlint.report.paint import BY_VERDICT, paint, wants_colour


@dataclass(slots=True)
class Teller:
    """Writes to stdout; on a terminal a progress bar runs on stderr. ``standing`` counts the findings that were not refuted."""

    form: str
    show_ledger: bool
    expected: int
    standing: int = 0
    counts: Counter[Outcome] = field(default_factory=Counter)
    objects: list[dict[str, Any]] = field(default_factory=list)
    fences: set[tuple[str, ...]] = field(default_factory=set)
    bar: Any = None

    def __post_init__(self) -> None:
        if sys.stderr.isatty() and self.expected:
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.bar.start()
            self.bar.add_task("confirming", total=self.expected)

    def tell(self, task: Task, verdict: Verdict) -> None:
        # what takes time comes first: an interrupt in it leaves the verdict neither told nor counted
        made = _object(task, verdict) if self.form == "json" else "\n".join(self._lines(task, verdict))
        self.counts[verdict.outcome] += 1
        self.standing += verdict.stands
        if verdict.fences:
            self.fences.add(verdict.fences)
        if isinstance(made, str):
            print(made, flush=True)
        else:
            self.objects.append(made)
        if self.bar is not None:
            self.bar.advance(self.bar.task_ids[0])

    def close(self) -> None:
        """The closing words; what was told stays told where the run was interrupted."""
        if self.bar is not None:
            self.bar.stop()
        if self.form == "json":
            objects = sorted(self.objects, key=lambda one: (one["filename"], one["location"]["row"], one["code"]))
            print(json.dumps(objects, indent=2, ensure_ascii=False))
            return
        if not self.expected:
            print("No findings to confirm")
            return
        counts = [f"{self.counts[kind]} {kind}" for kind in Outcome if self.counts[kind]]
        if left := self.expected - self.counts.total():
            counts.append(f"{left} not replayed")
        print(", ".join(counts))
        if self.fences:
            print(*fenced(self.fences), sep="\n", file=sys.stderr)

    def _lines(self, task: Task, verdict: Verdict) -> list[str]:
        colour = wants_colour("auto", sys.stdout)
        finding = task.finding
        text = StringIO()
        told_of = outcome([finding], (), looked_at=1, texts=[(task.path, task.texts[task.path].encode())], colour=colour)
        writer(self.form)(told_of, text)
        # the report's own summary of a run does not count here
        lines = text.getvalue().rstrip("\n").split("\n")[:-1]
        while lines and not lines[-1]:
            lines.pop()
        lines.append(f"  {paint(str(verdict.outcome), BY_VERDICT[verdict.outcome], colour)}: {verdict.reason}")
        if verdict.ledger is not None:
            lines.append(f"  measured: {told(verdict.ledger)}")
        if verdict.fixed is not None:
            state = "fix verified" if verdict.fix_verified else "the fix does not help"
            lines.append(f"  {state}: {told(verdict.fixed)}")
        if self.show_ledger and verdict.ledger is not None:
            lines += beside(verdict.ledger, verdict.fixed, colour)
        return [*lines, ""] if self.form == "full" else lines


def fenced(replays: Iterable[tuple[str, ...]]) -> list[str]:
    """A line with the fences that held in all of ``replays``; another where nothing on this machine kept them from something."""
    held = set.intersection(*map(set, replays))
    free = unhindered(held)
    lines = [f"fenced: {', '.join(sorted(held))}"]
    return [*lines, f"warning: on this machine nothing kept the replays from {', '.join(free)}"] if free else lines


def beside(measured: Ledger, fixed: Ledger | None, colour: bool) -> list[str]:
    """The drawn ledgers, the fixed one to the right."""
    from accumlint.report.ledger_table import draw

    left = draw(measured, colour=False, width=100).split("\n")
    if fixed is None:
        return draw(measured, colour=colour, width=100).split("\n")
    right = draw(fixed, colour=False, width=100).split("\n")
    wide = max(map(len, left))
    rows = max(len(left), len(right))
    pad = [*left, *[""] * (rows - len(left))], [*right, *[""] * (rows - len(right))]
    return [f"{one:<{wide}}   {other}".rstrip() for one, other in zip(*pad, strict=True)]


def _object(task: Task, verdict: Verdict) -> dict[str, Any]:
    """The finding as the JSON report has it, with its verdict."""
    text = StringIO()
    source = [(task.path, task.texts[task.path].encode())]
    writer("json")(outcome([task.finding], (), looked_at=1, texts=source, verdicts={task.finding: verdict}), text)
    made: dict[str, Any] = json.loads(text.getvalue())[0]
    return made
