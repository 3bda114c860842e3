"""From findings to what the protocol calls diagnostics: the client's units, related places, links."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec

from accumlint import pages
from accumlint.finding import Finding, Severity
from accumlint.ledger import Site
from accumlint.problem import Unjudgeable
from accumlint.server.script import Script, Span, lines_of, now_at
from accumlint.source import decode, read

if TYPE_CHECKING:
    from accumlint.fix import Edit

SOURCE = "accumlint"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding and where it now stands: the document and the span there. ``elsewhere``: that is where its run comes through only."""

    finding: Finding
    uri: str
    span: Span
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the client can show of a diagnostic."""

    related: bool = False
    links: bool = False
    tags: bool = False
    versioned: bool = False

    @staticmethod
    def of(client: types.ClientCapabilities) -> Abilities:
        push = client.text_document.publish_diagnostics if client.text_document else None
        pull = client.text_document.diagnostic if client.text_document else None
        asked = [one for one in (push, pull) if one is not None]
        return Abilities(
            any(one.related_information for one in asked),
            any(one.code_description_support for one in asked),
            any(one.tag_support is not None for one in asked),
            bool(client.workspace and client.workspace.workspace_edit and client.workspace.workspace_edit.document_changes),
        )


def shown(findings: tuple[Finding, ...], judged: Script, now: Script) -> list[Shown]:
    """The findings in the text ``judged`` with their places in the text as it is ``now``."""
    found = []
    for finding in findings:
        elsewhere = finding.site.path != judged.path
        place = now_at(_passed(finding, judged) if elsewhere else finding.site, judged, now)
        if place is not None:
            found.append(Shown(finding, *place, elsewhere))
    return found


def _passed(finding: Finding, judged: Script) -> Site:
    """Where a run that ends in a finding in another file comes through this one: at an event, else at the head of the routine."""
    sites = [one.site for one in finding.related] + [entry.site for entry in finding.ledger.entries]
    line = finding.routine_line
    head = lines_of(judged.source.text)[line - 1]
    routine = Site(judged.path, line, len(head) - len(head.lstrip()) + 1, line, len(head) + 1)
    return next((site for site in sites if site.path == judged.path), routine)


def to_range(span: Span, lines: tuple[str, ...], codec: PositionCodec) -> types.Range:
    """In the units of the client; a span that runs out of the text ends with it."""
    return types.Range(_position(span.line, span.column, lines, codec), _position(span.end_line, span.end_column, lines, codec))


def _position(line: int, column: int, lines: tuple[str, ...], codec: PositionCodec) -> types.Position:
    if line >= len(lines):
        return types.Position(max(len(lines) - 1, 0), codec.client_num_units(lines[-1]) if lines else 0)
    return types.Position(line, codec.client_num_units(lines[line][:column]))


def from_position(position: types.Position, lines: tuple[str, ...], codec: PositionCodec) -> tuple[int, int]:
    """Line and column, in code points, of the client's position."""
    if position.line >= len(lines):
        return position.line, 0
    units = 0
    for column, character in enumerate(lines[position.line]):
        if units >= position.character:
            return position.line, column
        units += codec.client_num_units(character)
    return position.line, len(lines[position.line])


@dataclass(frozen=True, slots=True)
class Teller:
    """Makes diagnostics. ``text_of`` gives the text of another file that the client has open."""

    codec: PositionCodec
    able: Abilities
    text_of: Callable[[str], str | None]

    def diagnostic(self, one: Shown, judged: Script, now: Script) -> types.Diagnostic:
        finding = one.finding
        part = now.part(one.uri)
        url = pages.url(finding.code)
        related = list(self._related(one, judged, now)) if self.able.related else []
        message = finding.message
        if one.elsewhere:
            message = f"in {os.path.basename(finding.site.path)}, line {finding.site.line}: {message}"
        return types.Diagnostic(
            range=to_range(one.span, lines_of(part.text if part else ""), self.codec),
            message=message,
            severity=_SEVERITIES[finding.severity],
            code=finding.code,
            code_description=types.CodeDescription(url) if url and self.able.links else None,
            source=SOURCE,
            related_information=related or None,
            tags=[types.DiagnosticTag.Unnecessary] if finding.code == "ACC100" and self.able.tags else None,
            data={"name": finding.name},
        )

    def _related(self, one: Shown, judged: Script, now: Script) -> Iterator[types.DiagnosticRelatedInformation]:
        told = [(related.site, related.message) for related in one.finding.related]
        for site, message in [(one.finding.site, "here"), *told] if one.elsewhere else told:
            location = self.location(site, judged, now)
            if location is not None:
                yield types.DiagnosticRelatedInformation(location, message)

    def location(self, site: Site, judged: Script, now: Script) -> types.Location | None:
        """Where a place stands, in this script or in another file."""
        if site.path == judged.path:
            place = now_at(site, judged, now)
            part = now.part(place[0]) if place else None
            if place is None or part is None:
                return None
            return types.Location(part.uri, to_range(place[1], lines_of(part.text), self.codec))
        uri = from_fs_path(os.path.abspath(site.path))
        text = self.text_of(uri) if uri else None
        if uri is None:
            return None
        span = Span(site.line - 1, site.column - 1, site.end_line - 1, site.end_column - 1)
        return types.Location(uri, to_range(span, lines_of(_on_disk(site.path) if text is None else text), self.codec))

    def edit_elsewhere(self, edit: Edit) -> tuple[str, types.TextEdit] | None:
        """An edit of another file, made for what is on disk: the document and the edit, none where the editor holds another text."""
        uri = from_fs_path(os.path.abspath(edit.site.path))
        text = _on_disk(edit.site.path)
        if uri is None or not edit.site.path.endswith(".py") or self.text_of(uri) not in (None, text):
            return None
        site = edit.site
        span = Span(site.line - 1, site.column - 1, site.end_line - 1, site.end_column - 1)
        return uri, types.TextEdit(to_range(span, lines_of(text), self.codec), edit.content)


def _on_disk(path: str) -> str:
    try:
        return decode(read(path), path).text
    except (OSError, Unjudgeable):
        return ""
