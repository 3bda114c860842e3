"""What the client asks for: a hover, actions, and a finding confirmed."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from lsprotocol import types

from accumlint.server import actions, confirming, hover
from accumlint.server.script import lines_of
from accumlint.server.session import Server
from accumlint.server.show import Shown, from_position, to_range
from accumlint.server.state import path_of
from accumlint.server.wire import Protocol

CONFIRM = "accumlint.confirm"


def answer(server: Server) -> None:
    """Answer questions about a place in a text."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        return _hover(server, params)

    kinds = [types.CodeActionKind.QuickFix, actions.FIX_ALL, actions.NOTEBOOK_FIX_ALL]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds))
    async def acted(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = server.state.script_uri(params.text_document.uri)
        await server.state.judge(uri)
        return await actions.actions(server.state, uri, params, server.teller, CONFIRM)

    @server.command(CONFIRM)
    async def confirm(ls: Server, uri: str) -> dict[str, Any] | None:
        return await _confirm(ls, uri)


def _hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    """Answered from what is known at this moment: a hover waits for no judgement."""
    uri = params.text_document.uri
    document = server.state.document(uri)
    if document is None:
        return None
    lines = lines_of(document.source)
    line, column = from_position(params.position, lines, server.workspace.position_codec)
    found = [one for one in server.state.shown(server.state.script_uri(uri)) if one.uri == uri and one.span.holds(line, column)]
    if found:
        text = hover.on_findings((one.finding for one in found), markdown=server.markdown, pictures=server.pictures)
    elif line < len(lines):
        text = hover.on_code(lines[line], column, markdown=server.markdown) or ""
    else:
        text = ""
    if not text:
        return None
    kind = types.MarkupKind.Markdown if server.markdown else types.MarkupKind.PlainText
    return types.Hover(types.MarkupContent(kind, text), _range(server, found, lines))


def _range(server: Server, found: list[Shown], lines: tuple[str, ...]) -> types.Range | None:
    return to_range(found[0].span, lines, server.workspace.position_codec) if found else None


async def _confirm(server: Server, uri: str) -> dict[str, Any] | None:
    """Replay the findings of a saved file in torch; the answer is shown and returned."""

    def say(text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        server.window_show_message(types.ShowMessageParams(kind, text))

    path = path_of(server.state.script_uri(uri))
    if not os.path.isfile(path):
        say("accumlint: save the file before its findings are confirmed", types.MessageType.Warning)
        return None
    task, number = asyncio.current_task(), server.protocol.msg_id
    assert isinstance(server.protocol, Protocol)
    if task is not None and number is not None:
        server.protocol.commands[number] = task
    try:
        done = await confirming.confirm(path)
    except asyncio.CancelledError:
        # the processes are dead by now, and nobody waits for the answer
        return None
    finally:
        server.protocol.commands.pop(number or 0, None)
    if done.code is None:
        say(f"accumlint: not confirmed within {confirming.LIMIT:.0f} s", types.MessageType.Warning)
    else:
        told = (done.output or done.errors).strip().split("\n")
        say(
            f"accumlint: {told[-1] or 'nothing to confirm'}",
            types.MessageType.Info if done.code < 2 else types.MessageType.Warning,
        )
    return {"code": done.code, "output": done.output, "errors": done.errors}
