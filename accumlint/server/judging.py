"""Judges a text again after an edit, at the price of the edit: what no finding can depend on is not judged anew.

Three edits cannot change what is found, and only move it: of comments and blank space, wherever they stand; of a function at the
top of the module that touches no gradients and whose name stands nowhere else; of a statement that no gradient depends on. Everything
else is judged in full.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from accumlint.config import Settings
from accumlint.finding import Finding
from accumlint.ledger import Site
from accumlint.lint import FileReport, lint_source
from accumlint.parsing import parse
from accumlint.server.unseen import Lines, Unseen, unheard, unseen
from accumlint.source import Source

# words that may tell something about gradients, or speak to the linter itself
_SPEAKING = re.compile(r"grad|backward|step|optim|loss|scal|accum|global|noqa|exec|eval|import")
# what a comment may say that counts: to the linter, or as a mention of a step that it looks for in the text
_HEARD = re.compile(r"noqa|accumlint|step\(", re.IGNORECASE)
# a finding that says where something stands, in words
_PLACE_IN_WORDS = re.compile(r"@[\d:]+|\bline \d")
_SPACE = (tokenize.COMMENT, tokenize.NL)


@dataclass(frozen=True, slots=True)
class Block:
    """A statement at the top of a module, in lines from 0, the end exclusive; ``name`` is that of a function without decorators."""

    name: str
    begin: int
    end: int

    def moved(self, edited: Block, grown: int) -> Block:
        """The block after a block has grown by so many lines: itself, or one above."""
        if self.begin >= edited.end:
            return Block(self.name, self.begin + grown, self.end + grown)
        return Block(self.name, self.begin, self.end + grown) if self == edited else self


@dataclass(frozen=True, slots=True)
class Judged:
    """A text with its report; once that is known, the blocks that it consists of, and which of its statements are unseen."""

    source: Source
    settings: Settings
    report: FileReport
    blocks: tuple[Block, ...] | None = None
    unseen: Unseen | None = None

    @property
    def broken(self) -> bool:
        return any(problem.kind == "invalid-syntax" for problem in self.report.problems)


def judge(source: Source, settings: Settings, before: Judged | None = None) -> Judged:
    """Judge a text, making use of what is known of the text ``before`` the edit."""
    if before is None or before.settings != settings:
        return Judged(source, settings, lint_source(source, settings))
    if source.text == before.source.text:
        return replace(before, source=source)
    edit = _edit(source, before)
    findings = edit.findings() if edit is not None else None
    if edit is None or findings is None:
        judged = Judged(source, settings, lint_source(source, settings))
        return judged if edit is None or judged.broken else replace(judged, blocks=edit.blocks())
    return Judged(source, settings, replace(before.report, findings=findings), edit.blocks(), edit.unseen())


def outlined(judged: Judged) -> Judged:
    """The same with what the next edit needs; made after the answer, while nobody waits."""
    if judged.broken:
        return judged
    blocks = _blocks(judged.source.text) if judged.blocks is None else judged.blocks
    found = judged.unseen
    if found is None:
        found = unseen(judged.source.text, judged.source.path, dict(judged.settings.wrappers))
    return replace(judged, blocks=blocks, unseen=found)


def _blocks(text: str) -> tuple[Block, ...] | None:
    """The blocks of a text; None where it does not parse."""
    try:
        body = parse(text).body
    except SyntaxError:
        return None
    return tuple(_block(node) for node in body)


def _block(node: ast.stmt) -> Block:
    decorated = getattr(node, "decorator_list", ())
    first = min([node.lineno, *(one.lineno for one in decorated)])
    plain = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not decorated
    return Block(node.name if plain else "", first - 1, node.end_lineno or node.lineno)  # type: ignore[attr-defined]


def _edit(source: Source, before: Judged) -> Edit | None:
    """The edit that led from the one text to the other, where it stays in one block or between two."""
    if before.blocks is None or before.report.problems:
        return None
    # one line end for all, so that a form feed or the like counts as the parser counts it
    old, new = before.source.lines, source.lines
    begin, end = _edited(old, new)
    grown = len(new) - len(old)
    touched = [block for block in before.blocks if block.begin < end and begin < block.end]
    block = touched[0] if touched else Block("", begin, end)
    if len(touched) > 1 or not (block.begin <= begin and end <= block.end):
        return None
    edit = Edit(before, old, new, block, Lines(begin, end), grown)
    return edit if edit.is_one_block() else None


def _edited(old: list[str], new: list[str]) -> tuple[int, int]:
    """The lines of ``old`` that the edit replaced, the end exclusive; none where it put lines between two."""
    shorter = min(len(old), len(new))
    begin = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    rest = shorter - begin
    same = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    return begin, len(old) - same


@dataclass(frozen=True, slots=True)
class Edit:
    """The lines ``old`` became ``new`` in the ``lines`` of ``block``, which has ``grown`` by so many lines."""

    before: Judged
    old: list[str]
    new: list[str]
    block: Block
    lines: Lines
    grown: int

    @property
    def _was(self) -> str:
        return "\n".join(self.old[self.block.begin : self.block.end])

    @property
    def _is(self) -> str:
        return "\n".join(self.new[self.block.begin : self.block.end + self.grown])

    def is_one_block(self) -> bool:
        """Whether the block is still a block of that name; or what stood between blocks still is no statement."""
        inside = self.block in (self.before.blocks or ())
        return _blocks(self._is) == (
            (Block(self.block.name, 0, self.block.end - self.block.begin + self.grown),) if inside else ()
        )

    def blocks(self) -> tuple[Block, ...]:
        return tuple(block.moved(self.block, self.grown) for block in self.before.blocks or ())

    def unseen(self) -> Unseen | None:
        """The unseen statements after an edit that changes nothing."""
        known = self.before.unseen
        return known.moved(self._statement or self.lines, self.grown) if known is not None else None

    def findings(self) -> tuple[Finding, ...] | None:
        """What is found now, without judging; None if that takes judging."""
        move = Below(self.block, self.grown) if self._is_silent() else self._by_statement() or self._by_tokens()
        moved = [_moved(finding, self.before.source.path, move) if move else None for finding in self.before.report.findings]
        return None if move is None or None in moved else tuple(one for one in moved if one is not None)

    def _is_silent(self) -> bool:
        """Whether the block is a function that said nothing about gradients, that nobody names, and still says nothing."""
        if not self.block.name or _SPEAKING.search(self._was) or _SPEAKING.search(self._is):
            return False
        rest = "\n".join((*self.old[: self.block.begin], *self.old[self.block.end :]))
        return re.search(rf"\b{re.escape(self.block.name)}\b", rest) is None

    @property
    def _statement(self) -> Lines | None:
        """The unseen statement that was edited."""
        return self.before.unseen.around(self.lines.begin, self.lines.end) if self.before.unseen is not None else None

    def _by_statement(self) -> Below | None:
        """Where places stand now, if an unseen statement has changed and nothing that is seen can hear of it."""
        known, at = self.before.unseen, self._statement
        if known is None or at is None:
            return None
        rest = "\n".join((*self.old[: at.begin], *self.old[at.end :]))
        old, new = self.old[at.begin : at.end], self.new[at.begin : at.end + self.grown]
        return Below(Block("", at.begin, at.end), self.grown) if unheard(old, new, known, rest) else None

    def _by_tokens(self) -> Below | None:
        """Where places stand now, if comments and blank space are all that has changed."""
        was, now = _tokens(self._was), _tokens(self._is)
        if was is None or now is None or [(one.type, one.string) for one in was[0]] != [(one.type, one.string) for one in now[0]]:
            return None
        if any(_HEARD.search(comment) for comment in (was[1] - now[1]) + (now[1] - was[1])):
            return None
        starts = {old.start: new.start for old, new in zip(was[0], now[0], strict=True)}
        ends = {old.end: new.end for old, new in zip(was[0], now[0], strict=True)}
        return Inside(self.block, self.grown, starts, ends)


class _Lost(Exception):
    """A place that cannot be told any more."""


@dataclass(frozen=True, slots=True)
class Below:
    """Tells where places outside of an edited block stand now."""

    block: Block
    grown: int

    def line(self, line: int) -> int:
        return line + self.grown if line > self.block.end else line

    def site(self, site: Site) -> Site:
        """Raises `_Lost` where that cannot be told."""
        return replace(site, line=self.line(site.line), end_line=self.line(site.end_line))


@dataclass(frozen=True, slots=True)
class Inside(Below):
    """Tells it of places in the block too: where its tokens start and end, in lines from 1, by where they did."""

    starts: dict[tuple[int, int], tuple[int, int]]
    ends: dict[tuple[int, int], tuple[int, int]]

    def line(self, line: int) -> int:
        first = self.block.begin
        if not first < line <= self.block.end:
            return Below.line(self, line)
        return next((now[0] + first for was, now in self.starts.items() if was[0] + first == line), 0)

    def site(self, site: Site) -> Site:
        first = self.block.begin
        if not first < site.line <= self.block.end:
            return Below.site(self, site)
        start = self.starts.get((site.line - first, site.column - 1))
        end = self.ends.get((site.end_line - first, site.end_column - 1))
        if start is None or end is None:
            raise _Lost
        return Site(site.path, start[0] + first, start[1] + 1, end[0] + first, end[1] + 1)


def _tokens(text: str) -> tuple[list[tokenize.TokenInfo], Counter[str]] | None:
    """The tokens that are code, and the comments; None where there are none to be made."""
    try:
        found = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    code = [token for token in found if token.type not in _SPACE]
    return code, Counter(token.string for token in found if token.type == tokenize.COMMENT)


def _moved(finding: Finding, path: str, move: Below) -> Finding | None:
    """A finding with all of its places moved; None if one is lost, or told in words that would be wrong now."""
    try:
        moved: Finding = _every_site(finding, path, move)
    except _Lost:
        return None
    if moved != finding and _PLACE_IN_WORDS.search(_words(finding)):
        return None
    return replace(moved, routine_line=move.line(finding.routine_line))


def _words(finding: Finding) -> str:
    flags = " ".join(flag for flag, _ in finding.ledger.scenario.flags)
    related = " ".join(one.message for one in finding.related)
    return f"{finding.message} {finding.witness} {finding.ledger.optimizer} {flags} {related}"


def _every_site(value: Any, path: str, move: Below) -> Any:
    if isinstance(value, Site):
        return move.site(value) if value.path == path else value
    if isinstance(value, tuple):
        return tuple(_every_site(item, path, move) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _every_site(getattr(value, one.name), path, move) for one in fields(value)})
    return value
