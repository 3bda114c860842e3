"""A session from its first message on: what the client can do and wishes, what it is to watch, and when it has gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import Any

from lsprotocol import types

from accumlint.config import CONFIGURATIONS
from accumlint.problem import UsageError
from accumlint.server.diagnosing import judge_all, pull
from accumlint.server.session import Server
from accumlint.server.settings import Wishes, wishes
from accumlint.server.show import Abilities
from accumlint.server.state import State, path_of, warm
from accumlint.server.wire import documents

# programs whose hovers show an image that stands in the text itself
_PICTURES = ("visual studio code", "code-server", "code - oss", "vscodium", "cursor", "windsurf")


def begin(server: Server) -> None:
    """Get to know the client, and keep to what it wishes."""

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
                return await pull(server, params)

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        loop = asyncio.get_running_loop()
        loop.run_in_executor(server.state.threads, warm)
        server.tasks.add(loop.create_task(_introduce(server)))
        if server.watched is not None:
            server.tasks.add(loop.create_task(_end_with(server.watched)))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: types.DidChangeWatchedFilesParams) -> None:
        if any(server.state.depends_on(path_of(change.uri)) for change in params.changes):
            judge_all(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(params: types.DidChangeConfigurationParams) -> None:
        if params.settings:
            _wish(server, params.settings)
        await _ask_settings(server)
        judge_all(server)


async def _introduce(server: Server) -> None:
    """Ask the client to watch what a judgement depends on, and for the user's settings. A client may leave both unanswered."""
    watched = server.client_capabilities.workspace and server.client_capabilities.workspace.did_change_watched_files
    with contextlib.suppress(Exception, asyncio.CancelledError):
        if watched and watched.dynamic_registration:
            watchers = [types.FileSystemWatcher(f"**/{name}") for name in (*CONFIGURATIONS, "*.py", "*.json")]
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
                judge_all(server)


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
