"""The files that a finding and its fix are about, parsed once, and the events in a finding's ledger by where they stand."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix.code import Code
from accumlint.fix.edit import Edit
from accumlint.ledger import Site
from accumlint.problem import Unjudgeable
from accumlint.source import decode, read

Node = TypeVar("Node", bound=cst.CSTNode, covariant=True)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A possible fix. ``doubt`` is a reason not to apply it unseen."""

    title: str
    edits: tuple[Edit, ...]
    doubt: str = ""


class Workspace:
    """The file ``path`` with its ``text``, and the other files that ``findings`` in it speak of, read as they are on disk."""

    def __init__(self, text: str, path: str, findings: Iterable[Finding], wrappers: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.wrappers = dict(wrappers or {})
        self.texts: dict[str, str] = {os.path.abspath(path): text}
        self._codes: dict[str, Code | None] = {}
        self._lines: dict[str, set[int]] = defaultdict(set)
        for site in (site for finding in findings for site in _sites(finding)):
            self._lines[os.path.abspath(site.path)].add(site.line)

    def text(self, path: str) -> str | None:
        """The text of a Python file; None where it is none, or a notebook other than the one that was given."""
        name = os.path.abspath(path)
        if name not in self.texts:
            if not name.endswith(".py"):
                return None
            try:
                self.texts[name] = decode(read(name), name).text
            except (OSError, Unjudgeable):
                return None
        return self.texts[name]

    def code(self, path: str) -> Code | None:
        name = os.path.abspath(path)
        if name not in self._codes:
            text = self.text(name)
            shown = self.path if name == os.path.abspath(self.path) else name
            try:
                self._codes[name] = None if text is None else Code(text, shown, self._lines[name])
            except (SyntaxError, RecursionError):
                self._codes[name] = None
        return self._codes[name]


def _sites(finding: Finding) -> Iterator[Site]:
    """Every place that a finding is about."""
    yield finding.site
    for entry in finding.ledger.entries:
        yield entry.site
    yield from guard_sites(finding)


@dataclass(frozen=True)
class Place(Generic[Node]):
    """A node and the file that it stands in."""

    code: Code
    node: Node


def places(workspace: Workspace, sites: Iterable[Site], kind: type[Node]) -> Iterator[Place[Node]]:
    """The nodes of that kind at ``sites``, each once."""
    for site in dict.fromkeys(sites):
        code = workspace.code(site.path)
        node = code.at(site, kind) if code is not None else None
        if code is not None and node is not None:
            yield Place(code, node)


def step_sites(finding: Finding) -> list[Site]:
    """Where the optimizer steps, those first that spend something."""
    spends = list(finding.ledger.spends)
    return list(dict.fromkeys(spend.site for spend in sorted(spends, key=lambda spend: not spend.row)))


def guard_sites(finding: Finding) -> list[Site]:
    return list(dict.fromkeys(spend.guard for spend in finding.ledger.spends if spend.guard is not None))


def deposit_sites(finding: Finding) -> list[Site]:
    return list(dict.fromkeys(deposit.site for deposit in finding.ledger.deposits))


def calls_and_assignments(workspace: Workspace, sites: Iterable[Site]) -> Iterator[Place[cst.Call | cst.Assign]]:
    """What clears: a call, or ``p.grad = None``."""
    for site in sites:
        yield from places(workspace, [site], cst.Call)
        yield from places(workspace, [site], cst.Assign)


def erase_sites(finding: Finding) -> list[Site]:
    return list(dict.fromkeys(erase.site for erase in finding.ledger.erases))


def dropping_sites(finding: Finding) -> list[Site]:
    """Where gradients are cleared that no step has spent."""
    return list(dict.fromkeys(erase.site for erase in finding.ledger.erases if any(not share.spent for share in erase.lost)))
