"""Comments that silence findings: ``# accumlint: ignore[...]``, ``# accumlint: file-ignore[...]`` and ``# noqa: ACC...``."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from accumlint.finding import Finding, Severity
from accumlint.ledger import Ledger, Scenario, Site
from accumlint.registry import RULES, UnknownRule, nearest, resolve

_OWN = re.compile(r"#\s*accumlint:\s*(?P<kind>[\w-]+)(?:\s*\[(?P<rules>[^\]]*)\])?")
_NOQA = re.compile(r"#\s*noqa(?P<rules>:\s*[A-Za-z]+[0-9]+(?:[\s,]+[A-Za-z]+[0-9]+)*)?", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z]+[0-9]+")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment. ``codes`` None silences every rule; ``lines`` are the lines it speaks for, None the whole file."""

    site: Site
    text: str
    codes: frozenset[str] | None
    lines: range | None
    complaint: str | None = None

    def silences(self, finding: Finding) -> bool:
        if finding.site.path != self.site.path:
            return False
        if self.lines is not None and finding.site.line not in self.lines:
            return False
        return self.codes is None or finding.code in self.codes


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings that remain, the suppressions that silenced one, and those that silenced none."""

    kept: tuple[Finding, ...]
    used: tuple[Suppression, ...]
    unused: tuple[Suppression, ...]


def suppress(findings: Iterable[Finding], text: str, path: str, text_of: Callable[[str], str] = lambda path: "") -> Judged:
    """Drop the findings that a comment silences, in the ``text`` of ``path`` or, by ``text_of``, of another file that one stands in."""
    told = list(findings)
    elsewhere = {finding.site.path for finding in told} - {path}
    found = [*suppressions(text, path), *(comment for one in sorted(elsewhere) for comment in suppressions(text_of(one), one))]
    kept: list[Finding] = []
    used: set[Suppression] = set()
    for finding in told:
        silencing = [comment for comment in found if comment.silences(finding)]
        used.update(silencing)
        if not silencing:
            kept.append(finding)
    unused = (comment for comment in found if comment not in used and comment.site.path == path)
    return Judged(tuple(kept), tuple(used), tuple(unused))


def suppressions(text: str, path: str) -> tuple[Suppression, ...]:
    """The suppression comments of a text; none where it cannot be split into tokens."""
    if "accumlint:" not in text and "noqa" not in text.lower():
        return ()
    return tuple(
        suppression for comment, lines in _comments(text) if (suppression := _suppression(comment, lines, path)) is not None
    )


def _comments(text: str) -> Iterator[tuple[tokenize.TokenInfo, range]]:
    """Each comment and the lines of its statement; a comment on a line of its own goes with the statement that follows."""
    waiting: list[tokenize.TokenInfo] = []
    begun: int | None = None
    for token in _tokens(text):
        if token.type == tokenize.COMMENT:
            waiting.append(token)
        elif token.type == tokenize.NEWLINE:
            yield from ((comment, range(min(begun or token.start[0], comment.start[0]), token.end[0] + 1)) for comment in waiting)
            waiting, begun = [], None
        elif begun is None and token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            begun = token.start[0]
    yield from ((comment, range(comment.start[0], comment.start[0] + 1)) for comment in waiting)


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _suppression(comment: tokenize.TokenInfo, lines: range, path: str) -> Suppression | None:
    (line, column), (_, end) = comment.start, comment.end
    site = Site(path, line, column + 1, line, end + 1)
    if own := _OWN.search(comment.string):
        whole = own["kind"] == "file-ignore"
        complaint = None
        if own["kind"] not in ("ignore", "file-ignore"):
            complaint = f"unknown directive `{own['kind']}`{nearest(own['kind'], ('ignore', 'file-ignore'))}"
            return Suppression(site, comment.string, frozenset(), lines, complaint)
        codes = None
        if own["rules"] is not None:
            codes, complaint = _codes(own["rules"])
        return Suppression(site, comment.string, codes, None if whole else lines, complaint)
    if noqa := _NOQA.search(comment.string):
        named = frozenset(code.upper() for code in _CODE.findall(noqa["rules"] or ""))
        if noqa["rules"] is None:
            return Suppression(site, comment.string, None, lines)
        ours = named.intersection(RULES)
        return Suppression(site, comment.string, ours, lines) if ours else None
    return None


def _codes(rules: str) -> tuple[frozenset[str], str | None]:
    """The codes that the words between the brackets mean, and a complaint about the first that means none."""
    codes: frozenset[str] = frozenset()
    complaint = None
    for word in filter(None, re.split(r"[\s,]+", rules)):
        try:
            codes |= resolve(word)
        except UnknownRule as error:
            complaint = complaint or str(error)
    return codes, complaint


def report_unused(unused: Iterable[Suppression], spoken: frozenset[str]) -> Iterator[Finding]:
    """A finding of ACC100 for each suppression that silenced nothing, of those that the rules ``spoken`` could have used."""
    rule = RULES["ACC100"]
    nothing = Ledger("", Scenario(None, 0, 0), ())
    for comment in unused:
        if comment.complaint is None and not _could_speak(comment, spoken):
            continue
        message = comment.complaint or f"`{comment.text.strip()}` silences nothing"
        yield Finding(rule.code, rule.name, Severity.INFO, message, comment.site, (), "", nothing, "<module>", 1)


def _could_speak(comment: Suppression, spoken: frozenset[str]) -> bool:
    """A bare ``# noqa`` belongs to other tools; a code that is not selected has had no chance."""
    if comment.codes is None:
        return bool(_OWN.search(comment.text))
    return bool(comment.codes) and comment.codes <= spoken
