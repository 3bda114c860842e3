"""Quick fixes: silence a finding on its line, and the real repairs, where accumlint can make them."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from accumlint.server.ignore import silencing
from accumlint.server.script import Script, Span, lines_of
from accumlint.server.show import Shown, Teller, from_position, to_range
from accumlint.server.state import State

FIX_ALL = "source.fixAll.accumlint"
NOTEBOOK_FIX_ALL = "notebook.source.fixAll.accumlint"


def actions(
    state: State, uri: str, params: types.CodeActionParams, teller: Teller, confirm: str | None
) -> list[types.CodeAction]:
    """What can be done about the findings in the range that the client asks about; ``confirm`` is the command for that, if any."""
    now = state.now(uri)
    known = state.known.get(uri)
    part = now.part(params.text_document.uri) if now else None
    if now is None or known is None or known.text is None or part is None:
        return []
    lines = lines_of(part.text)
    span = Span(*from_position(params.range.start, lines, teller.codec), *from_position(params.range.end, lines, teller.codec))
    here = [one for one in state.shown(uri) if one.uri == part.uri and one.span.meets(span)]
    wanted = params.context.only
    found: list[types.CodeAction] = []
    if _asked(types.CodeActionKind.QuickFix, wanted):
        for one in here:
            diagnostic = teller.diagnostic(one, known.text, now)
            found += _ignore(one, diagnostic, part.version, lines, teller)
            if confirm is not None:
                found.append(_confirm(one, diagnostic, uri, confirm))
    return found


def _asked(kind: str, wanted: object) -> bool:
    """Whether a client that wants the kinds ``wanted`` wants this one; without a wish it wants all."""
    if not wanted:
        return True
    assert isinstance(wanted, list | tuple)
    return any(kind == one or kind.startswith(f"{one}.") for one in (getattr(item, "value", item) for item in wanted))


def _ignore(
    one: Shown, diagnostic: types.Diagnostic, version: int | None, lines: tuple[str, ...], teller: Teller
) -> Iterator[types.CodeAction]:
    edit = silencing(lines, one.finding.code, one.span.line)
    if edit is None:
        return
    at = to_range(Span(edit.line, edit.column, edit.line, edit.column), lines, teller.codec)
    yield types.CodeAction(
        f"Ignore {one.finding.code} ({one.finding.name}) on this line",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        edit=types.WorkspaceEdit(changes={one.uri: [types.TextEdit(at, edit.text)]}),
    )


def _confirm(one: Shown, diagnostic: types.Diagnostic, uri: str, command: str) -> types.CodeAction:
    title = f"Confirm {one.finding.code} ({one.finding.name}) by running the loop in torch"
    return types.CodeAction(
        title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        command=types.Command(title, command, arguments=[uri]),
    )


__all__ = ["FIX_ALL", "NOTEBOOK_FIX_ALL", "Script", "actions"]
