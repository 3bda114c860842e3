"""Names findings so that they are known again after lines above them have come or gone."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from accumlint.finding import Finding
from accumlint.ledger import Site
from accumlint.report.outcome import Outcome, Row, Sources, end_of, relative

# more of a line tells no more
_LONGEST = 200


class Identity(NamedTuple):
    """What tells one row from the others wherever its line moves: file, rule, routine and the source text that it marks."""

    path: str
    code: str
    routine: str
    text: str

    @property
    def key(self) -> Identity:
        """The same for any spacing of the text."""
        return self._replace(text="".join(self.text.split()))


def identity(row: Row, sources: Sources, folder: str = os.curdir) -> Identity:
    """``row`` as it is known by its path from ``folder``; what keeps a file from being judged has neither routine nor text."""
    if isinstance(row, Finding):
        return Identity(relative(row.site.path, folder), row.code, row.routine, _marked(row.site, sources))
    return Identity(relative(row.path, folder), row.kind, "", "")


def _marked(site: Site, sources: Sources) -> str:
    """The text that a span marks, its white space as single spaces."""
    end_line, end_column = end_of(site)
    lines = [sources.line(site.path, line) for line in range(site.line, end_line + 1)]
    lines[-1] = lines[-1][: end_column - 1]
    lines[0] = lines[0][site.column - 1 :]
    return " ".join(" ".join(lines).split())[:_LONGEST]


def fingerprints(rows: Iterable[Row], outcome: Outcome) -> list[str]:
    """A name for each row in order: a hash of its identity, and of how many of the same stand above it."""
    seen: Counter[Identity] = Counter()
    names = []
    for row in rows:
        known = identity(row, outcome.sources).key
        seen[known] += 1
        names.append(hashlib.sha256("\0".join((*known, str(seen[known]))).encode("utf-8", "replace")).hexdigest()[:32])
    return names
