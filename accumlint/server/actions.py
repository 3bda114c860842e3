"""Quick fixes: the repairs that accumlint has tried on the text, and a comment that silences a finding on its line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from accumlint.finding import Finding
from accumlint.server.ignore import silencing
from accumlint.server.script import Script, Span, lines_of
from accumlint.server.show import Shown, Teller, from_position, to_range
from accumlint.server.state import Known, State

if TYPE_CHECKING:
    from accumlint.fix import Edit, Fix
    from accumlint.source import Source

FIX_ALL = "source.fixAll.accumlint"
NOTEBOOK_FIX_ALL = "notebook.source.fixAll.accumlint"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the client asks about: the script as it is ``now`` and was judged, and the findings in the range."""

    state: State
    known: Known
    now: Script
    teller: Teller
    here: tuple[Shown, ...]


async def actions(state: State, uri: str, params: types.CodeActionParams, teller: Teller, confirm: str) -> list[types.CodeAction]:
    """What can be done about the findings in the range that the client asks about; ``confirm`` is the command for that."""
    now, known = state.now(uri), state.known.get(uri)
    part = now.part(params.text_document.uri) if now else None
    if now is None or known is None or known.text is None or part is None:
        return []
    lines = lines_of(part.text)
    span = Span(*from_position(params.range.start, lines, teller.codec), *from_position(params.range.end, lines, teller.codec))
    here = tuple(one for one in state.shown(uri) if one.uri == part.uri and one.span.meets(span))
    asked = Asked(state, known, now, teller, here)
    wanted = params.context.only
    if not _wants(types.CodeActionKind.QuickFix, wanted) or (wanted and _wants(FIX_ALL, wanted)):
        return await _fix_all(asked, wanted)
    fixes = await _fixes(asked, [one.finding for one in here])
    found: list[types.CodeAction] = []
    for one, fix in zip(here, fixes, strict=True):
        diagnostic = teller.diagnostic(one, known.text, now)
        ignored = () if one.elsewhere else _ignore(asked, one, diagnostic)
        found += [*_fix(asked, diagnostic, fix), *ignored, _confirm(one, diagnostic, uri, confirm)]
    return found


def _wants(kind: str, wanted: Iterable[object] | None) -> bool:
    """Whether a client that wants the kinds ``wanted`` wants this one; without a wish it wants all."""
    kinds = [getattr(one, "value", one) for one in wanted or ()]
    return not kinds or any(kind == one or kind.startswith(f"{one}.") for one in kinds)


async def _fixes(asked: Asked, findings: Sequence[Finding]) -> Sequence[Fix | None]:
    """The fixes of the findings; none where the text is not the one that was judged. Each is tried once for a text."""
    judged, text = asked.known.judged, asked.known.text
    if judged is None or text != asked.now:
        return [None] * len(findings)
    missing = [finding for finding in findings if (judged.source, finding) not in asked.known.fixes]
    if missing:
        wrappers = dict(judged.settings.wrappers)
        loop = asyncio.get_running_loop()
        made = await loop.run_in_executor(asked.state.threads, _tried, judged.source, missing, wrappers)
        asked.known.fixes = {key: fix for key, fix in asked.known.fixes.items() if key[0] == judged.source}
        asked.known.fixes.update(zip(((judged.source, finding) for finding in missing), made, strict=True))
    return [asked.known.fixes.get((judged.source, finding)) for finding in findings]


def _tried(source: Source, findings: Sequence[Finding], wrappers: dict[str, str]) -> Sequence[Fix | None]:
    """The fixes; libcst is imported here, in the thread."""
    from accumlint.fix import fixes_for

    return fixes_for(source.text, source.path, findings, wrappers=wrappers, whole=not source.problems)


def _fix(asked: Asked, diagnostic: types.Diagnostic, fix: Fix | None) -> Iterator[types.CodeAction]:
    edit = _workspace_edit(asked, fix.edits) if fix is not None else None
    if fix is None or edit is None:
        return
    safe = fix.applicability == "safe"
    yield types.CodeAction(
        fix.title if safe else f"{fix.title} (unsafe{': ' * bool(fix.reason)}{fix.reason})",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        is_preferred=safe or None,
        edit=edit,
    )


async def _fix_all(asked: Asked, wanted: Iterable[object] | None) -> list[types.CodeAction]:
    """All safe fixes in one edit. For a notebook only under its own name: the other is asked for once for every cell."""
    notebook = asked.now.parts[0].uri != asked.now.uri
    kind = NOTEBOOK_FIX_ALL if notebook else FIX_ALL
    if not _wants(kind, wanted) or asked.known.judged is None:
        return []
    own = [finding for finding in asked.known.findings if finding.site.path == asked.now.path]
    chosen: list[Edit] = []
    for fix in await _fixes(asked, own):
        if fix is not None and fix.applicability == "safe":
            from accumlint.fix.edit import clash

            chosen += () if clash(fix.edits, chosen) else fix.edits
    edit = _workspace_edit(asked, chosen) if chosen else None
    return [types.CodeAction("Fix all accumlint findings that can be fixed safely", kind=kind, edit=edit)] if edit else []


def _workspace_edit(asked: Asked, edits: Iterable[Edit]) -> types.WorkspaceEdit | None:
    """The edits by document; None where one stands elsewhere than in a text as the user sees it."""
    by_uri: dict[str, list[types.TextEdit]] = {}
    for edit in edits:
        placed = _placed(asked, edit)
        if placed is None:
            return None
        by_uri.setdefault(placed[0], []).append(placed[1])
    return _versioned(asked, by_uri)


def _placed(asked: Asked, edit: Edit) -> tuple[str, types.TextEdit] | None:
    site = edit.site
    if site.path != asked.now.path:
        return asked.teller.edit_elsewhere(edit)
    part = asked.now.part_at(site.line - 1) or asked.now.parts[-1]
    if site.end_line - 1 > part.first + part.height:
        return None
    lines, code = lines_of(part.text), part.code.split("\n")
    span = Span(site.line - 1 - part.first, site.column - 1, site.end_line - 1 - part.first, site.end_column - 1)
    if lines[span.line : span.end_line + 1] != tuple(code[span.line : span.end_line + 1]):
        # a magic: the user's line is not the one that was judged
        return None
    begun = "\n" if span.line >= len(lines) and lines[-1] else ""
    return part.uri, types.TextEdit(to_range(span, lines, asked.teller.codec), begun + edit.content)


def _versioned(asked: Asked, by_uri: dict[str, list[types.TextEdit]]) -> types.WorkspaceEdit:
    """An edit that the client refuses if the text has changed since, where it can."""
    if not asked.teller.able.versioned:
        return types.WorkspaceEdit(changes=by_uri)
    changes = []
    for uri, edits in by_uri.items():
        part = asked.now.part(uri)
        name = types.OptionalVersionedTextDocumentIdentifier(uri, part.version if part else None)
        changes.append(types.TextDocumentEdit(name, edits))
    return types.WorkspaceEdit(document_changes=changes)


def _ignore(asked: Asked, one: Shown, diagnostic: types.Diagnostic) -> Iterator[types.CodeAction]:
    part = asked.now.part(one.uri)
    lines = lines_of(part.text) if part else ()
    edit = silencing(lines, one.finding.code, one.span.line)
    if edit is None:
        return
    at = to_range(Span(edit.line, edit.column, edit.line, edit.column), lines, asked.teller.codec)
    yield types.CodeAction(
        f"Ignore {one.finding.code} ({one.finding.name}) on this line",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        edit=_versioned(asked, {one.uri: [types.TextEdit(at, edit.text)]}),
    )


def _confirm(one: Shown, diagnostic: types.Diagnostic, uri: str, command: str) -> types.CodeAction:
    title = f"Confirm {one.finding.code} ({one.finding.name}) by running the loop in torch"
    return types.CodeAction(
        title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        command=types.Command(title, command, arguments=[uri]),
    )
