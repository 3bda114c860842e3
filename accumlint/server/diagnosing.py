"""When a text is judged, and how its findings come to the client: told to one that waits, given to one that asks."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from accumlint.server.script import Script
from accumlint.server.session import Server
from accumlint.server.state import Known


def listen(server: Server) -> None:
    """Follow the documents that the client opens, changes and closes."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        _schedule(server, params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        _schedule(server, params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        # other open files may follow imports into this one
        judge_all(server)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        _forget(server, params.text_document.uri, [params.text_document.uri])

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def notebook_opened(params: types.DidOpenNotebookDocumentParams) -> None:
        _schedule(server, params.notebook_document.uri, 0)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def notebook_changed(params: types.DidChangeNotebookDocumentParams) -> None:
        structure = params.change.cells.structure if params.change.cells else None
        for cell in structure.did_close or () if structure else ():
            _publish_none(server, cell.uri)
        _schedule(server, params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)
    def notebook_saved(params: types.DidSaveNotebookDocumentParams) -> None:
        judge_all(server)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def notebook_closed(params: types.DidCloseNotebookDocumentParams) -> None:
        _forget(server, params.notebook_document.uri, [cell.uri for cell in params.cell_text_documents])


def _schedule(server: Server, uri: str, delay: float | None = None) -> None:
    """Judge ``uri`` when its text has rested; a pulling client asks by itself."""
    if server.pulls:
        return
    uri = server.state.script_uri(uri)
    known = server.state.known.setdefault(uri, Known())
    if known.waiting and not known.waiting.done():
        known.waiting.cancel()
    wait = server.state.delay(uri) if delay is None else delay
    known.waiting = asyncio.get_running_loop().create_task(_rest(server, uri, wait))


async def _rest(server: Server, uri: str, delay: float) -> None:
    await asyncio.sleep(delay)
    # what has begun is let come to its end: its result is dropped if the text has changed again
    await asyncio.shield(asyncio.ensure_future(_push(server, uri)))


async def _push(server: Server, uri: str) -> None:
    before = server.state.now(uri)
    if before is None or not await server.state.judge(uri):
        return
    server.complain()
    now = server.state.now(uri)
    if now is None or now.versions != before.versions:
        return
    by_part = _diagnostics(server, uri, now)
    for part in now.parts:
        params = types.PublishDiagnosticsParams(part.uri, by_part.get(part.uri, []), part.version)
        server.text_document_publish_diagnostics(params)


def _diagnostics(server: Server, uri: str, now: Script) -> dict[str, list[types.Diagnostic]]:
    """The diagnostics of a script by document."""
    judged = server.state.known[uri].text
    teller = server.teller
    found: dict[str, list[types.Diagnostic]] = {}
    for one in server.state.shown(uri):
        found.setdefault(one.uri, []).append(teller.diagnostic(one, judged or now, now))
    return found


async def pull(server: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """The answer to a client that asks for diagnostics: of the text as it is when they are found."""
    uri = server.state.script_uri(params.text_document.uri)
    for _ in range(5):
        before = server.state.now(uri)
        await server.state.judge(uri)
        now = server.state.now(uri)
        if now is None or before is None or now.versions == before.versions:
            break
    server.complain()
    items = _diagnostics(server, uri, now).get(params.text_document.uri, []) if now and uri in server.state.known else []
    name = f"{hash(repr(items)):x}"
    if params.previous_result_id == name:
        return types.RelatedUnchangedDocumentDiagnosticReport(name)
    return types.RelatedFullDocumentDiagnosticReport(items, result_id=name)


def judge_all(server: Server) -> None:
    """Something outside of the open texts has changed."""
    server.state.forget_judgements()
    if server.pulls:
        workspace = server.client_capabilities.workspace
        if workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            server.workspace_diagnostic_refresh(None)
        return
    for uri in list(server.state.known):
        _schedule(server, uri, 0)


def _publish_none(server: Server, uri: str) -> None:
    if not server.pulls:
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def _forget(server: Server, uri: str, parts: list[str]) -> None:
    known = server.state.known.pop(uri, None)
    if known and known.waiting:
        known.waiting.cancel()
    for part in parts:
        _publish_none(server, part)
