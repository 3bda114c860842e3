"""The ledgers that the static half reads off a source text, each with the routine that it ran."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accumlint.effects import Effects
from accumlint.judge import behaviour, roots
from accumlint.ledger import Ledger
from accumlint.project import Project
from accumlint.simulate.explore import explore
from accumlint.slicing import Slices


@dataclass(frozen=True)
class Read:
    """What one optimizer's ledger may be: a variant for each way that the backwards may belong to it."""

    routine: str
    line: int
    variants: list[Ledger]

    @property
    def ledger(self) -> Ledger:
        return self.variants[0]


def static_ledgers(text: str, path: str) -> Iterator[Read]:
    """Every scenario that the static half tries, for each optimizer that it judges."""
    project = Project()
    module = project.add(text, path)
    slices = Slices(Effects())
    covered: set[int] = set()
    for entry in roots(module, slices.effects):
        if id(entry) in covered:
            continue
        exploration = explore(project, slices, entry, behaviour(module))
        covered |= exploration.entered.keys()
        for runs in exploration.ledgers.values():
            for books in runs:
                for variants in books:
                    yield Read(entry.qualified, entry.line, variants)
