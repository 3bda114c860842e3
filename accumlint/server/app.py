"""The server itself: which message of the protocol leads to what."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
from typing import Any

from lsprotocol import types
from pygls.io_ import StdoutWriter, run_async
from pygls.lsp.server import LanguageServer

from accumlint import __version__
from accumlint.config import CONFIGURATIONS
from accumlint.problem import UsageError
from accumlint.server import actions, confirming, hover
from accumlint.server.script import Script, lines_of
from accumlint.server.settings import Wishes, wishes
from accumlint.server.show import Abilities, Shown, Teller, from_position, to_range
from accumlint.server.state import Known, State, path_of, warm
from accumlint.server.wire import Protocol, Reader, documents

CONFIRM = "accumlint.confirm"
_log = logging.getLogger(__name__)
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [types.NotebookDocumentFilterWithNotebook("*", cells=[types.NotebookCellLanguage("python")])], save=True
)
# programs whose hovers show an image that stands in the text itself
_PICTURES = ("visual studio code", "code-server", "code - oss", "vscodium", "cursor", "windsurf")


class Server(LanguageServer):
    """pygls' server with what is known of the open documents."""

    state: State
    able = Abilities()
    pulls = False
    markdown = False
    pictures = False
    told: frozenset[str] = frozenset()
    watched: int | None = None

    def __init__(self) -> None:
        super().__init__("accumlint", __version__, protocol_cls=Protocol, notebook_document_sync=_NOTEBOOKS)
        self.tasks: set[asyncio.Task[None]] = set()

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A message that was wrong, or a mistake of ours: for the log, not for a window in the user's way."""
        _log.error("%s", error)

    @property
    def teller(self) -> Teller:
        def text_of(uri: str) -> str | None:
            document = self.state.document(uri)
            return document.source if document else None

        return Teller(self.workspace.position_codec, self.able, text_of)

    def complain(self) -> None:
        """Tell what is wrong with the configuration, each thing once."""
        for complaint in self.state.configured.complaints:
            if complaint not in self.told:
                self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, complaint))
        self.told |= set(self.state.configured.complaints)
        self.state.configured.complaints.clear()


def make() -> Server:
    """A server that speaks all of accumlint's part of the protocol."""
    server = Server()
    _life(server)
    _texts(server)
    _questions(server)
    return server


def _life(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.protocol._workspace = documents(server.workspace, params)
        server.state = State(server.workspace)
        # one that is not to be found lives on another machine or in another container
        server.watched = params.process_id if params.process_id and _lives(params.process_id) else None
        client = params.capabilities
        text = client.text_document
        server.able = Abilities.of(client)
        server.markdown = bool(text and text.hover and types.MarkupKind.Markdown in (text.hover.content_format or ()))
        _wish(server, params.initialization_options)
        wished = server.state.configured.wishes.pictures
        name = params.client_info.name.lower() if params.client_info else ""
        server.pictures = any(one in name for one in _PICTURES) if wished is None else wished
        if text and text.diagnostic:
            # announced only here: a client that has no such request would be left without diagnostics
            server.pulls = True
            options = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier="accumlint")

            @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
            async def pulled(params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
                return await _pull(server, params)

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        loop = asyncio.get_running_loop()
        loop.run_in_executor(server.state.threads, warm)
        server.tasks.add(loop.create_task(_introduce(server)))
        if server.watched is not None:
            server.tasks.add(loop.create_task(_end_with(server.watched)))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: types.DidChangeWatchedFilesParams) -> None:
        _judge_all(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(params: types.DidChangeConfigurationParams) -> None:
        if params.settings:
            _wish(server, params.settings)
        await _ask_settings(server)
        _judge_all(server)


async def _introduce(server: Server) -> None:
    """Ask the client to watch what a judgement depends on, and for the user's settings. A client may leave both unanswered."""
    watched = server.client_capabilities.workspace and server.client_capabilities.workspace.did_change_watched_files
    with contextlib.suppress(Exception, asyncio.CancelledError):
        if watched and watched.dynamic_registration:
            watchers = [types.FileSystemWatcher(f"**/{name}") for name in (*CONFIGURATIONS, "*.py")]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = types.Registration("accumlint-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await server.client_register_capability_async(types.RegistrationParams([registration]))
    await _ask_settings(server)
    server.complain()


async def _ask_settings(server: Server) -> None:
    """Ask the client for the user's settings, where it can be asked."""
    workspace = server.client_capabilities.workspace
    if not (workspace and workspace.configuration):
        return
    with contextlib.suppress(Exception, asyncio.CancelledError):
        items = [types.ConfigurationItem(section="accumlint")]
        (told,) = await server.workspace_configuration_async(types.ConfigurationParams(items))
        if told:
            before = server.state.configured.wishes
            _wish(server, told)
            if server.state.configured.wishes != before:
                _judge_all(server)


def _wish(server: Server, told: Any) -> None:
    try:
        server.state.configured.wishes = wishes(_plain(told)) if told is not None else Wishes()
    except UsageError as error:
        server.state.configured.complaints.append(str(error))


def _plain(told: Any) -> Any:
    """pygls' objects as plain JSON."""
    if hasattr(told, "_asdict"):
        told = told._asdict()
    return {key: _plain(value) for key, value in told.items()} if isinstance(told, dict) else told


def _texts(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        _schedule(server, params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        _schedule(server, params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        # other open files may follow imports into this one
        _judge_all(server)

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
        _judge_all(server)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def notebook_closed(params: types.DidCloseNotebookDocumentParams) -> None:
        _forget(server, params.notebook_document.uri, [cell.uri for cell in params.cell_text_documents])


def _questions(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        return _hover(server, params)

    kinds = [types.CodeActionKind.QuickFix, actions.FIX_ALL, actions.NOTEBOOK_FIX_ALL]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds))
    async def acted(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = server.state.script_uri(params.text_document.uri)
        await server.state.judge(uri)
        return await actions.actions(server.state, uri, params, server.teller, CONFIRM if confirming.available() else None)

    @server.command(CONFIRM)
    async def confirm(ls: Server, uri: str) -> dict[str, Any] | None:
        return await _confirm(ls, uri)


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


async def _pull(server: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
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


def _judge_all(server: Server) -> None:
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

    if not confirming.available():
        say("accumlint: this version cannot confirm findings by running them", types.MessageType.Warning)
        return None
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


async def _end_with(process: int) -> None:
    """End when the client has ended without a word."""
    while _lives(process):
        await asyncio.sleep(2)
    os._exit(1)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def serve() -> int:
    """Serve one client over stdin and stdout until it leaves; the exit code is 0 if it said goodbye."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="accumlint server: %(message)s")
    if not os.environ.get("ACCUMLINT_DEBUG"):
        # it writes a page of traceback for each message that is wrong, and we a line
        logging.getLogger("pygls").setLevel(logging.CRITICAL)
    # a hover that waits for the judging thread waits this long
    sys.setswitchinterval(0.002)
    server = make()
    said = sys.stdout.buffer
    # whatever prints must not write into the protocol
    sys.stdout = sys.stderr
    code = _talk(server, said)
    # a judgement may still be under way in a thread, and nobody wants it
    sys.stderr.flush()
    os._exit(code)


def _talk(server: Server, said: Any) -> int:
    server.protocol.set_writer(StdoutWriter(said))
    try:
        asyncio.run(run_async(threading.Event(), Reader(sys.stdin.buffer), server.protocol, _log, server._report_server_error))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except (BrokenPipeError, KeyboardInterrupt):
        return 1
    return 0 if server.protocol._shutdown else 1
