"""One session with a client: what the client can do, and what is known of its open documents."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from accumlint import __version__
from accumlint.server.show import Abilities, Teller
from accumlint.server.state import State
from accumlint.server.wire import Protocol

_log = logging.getLogger(__name__)
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [types.NotebookDocumentFilterWithNotebook("*", cells=[types.NotebookCellLanguage("python")])], save=True
)


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
