"""What comes over stdin: messages cut out of a stream that may be damaged, and an answer to each request that is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.protocol import LanguageServerProtocol
from pygls.workspace import TextDocument, Workspace

_LENGTH = re.compile(rb"content-length:[ \t]*(\d+)[ \t]*\r?\n$", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# no message is longer; a longer one would be read until memory ends
_LONGEST = 1 << 28


class Reader:
    """Reads stdin for pygls, which wants each header exactly as it would write it.

    A length is also found where a broken message runs into the header that follows, so that one bad message costs itself alone.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._thread = ThreadPoolExecutor(1, "accumlint-stdin")

    async def readline(self) -> bytes:
        line = await asyncio.get_running_loop().run_in_executor(self._thread, self._stream.readline)
        if not line.strip():
            return line and b"\r\n"
        found = _LENGTH.search(line)
        return b"Content-Length: %s\r\n" % found[1] if found and int(found[1]) <= _LONGEST else b"ignored\r\n"

    async def readexactly(self, count: int) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._stream.read, count)


class Protocol(LanguageServerProtocol):
    """pygls' protocol; a request whose parameters are wrong is answered, where pygls would let the client wait for ever."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        # by the request that it answers; pygls gives up the answer to a cancelled command, and lets the command go on
        self.commands: dict[int | str, asyncio.Task[Any]] = {}

    def _handle_cancel_notification(self, msg_id: int | str) -> None:
        super()._handle_cancel_notification(msg_id)
        if msg_id in self.commands:
            self.commands.pop(msg_id).cancel()

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if isinstance(data.get("id"), int | str) and "method" in data:
                self._send_response(data["id"], error=JsonRpcInvalidParams.of(error).to_response_error())
            raise


class Document(TextDocument):
    """A text document whose lines end where the protocol says; pygls also ends them at form feeds and other rare characters."""

    @property
    def lines(self) -> Sequence[str]:
        return tuple(_LINE.findall(self.source))


class Documents(Workspace):
    """The documents that the client has opened."""

    def _create_text_document(
        self, doc_uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> TextDocument:
        return Document(
            doc_uri,
            source=source,
            version=version,
            language_id=language_id,
            sync_kind=self._sync_kind,
            position_codec=self._position_codec,
        )


def documents(before: Workspace, params: types.InitializeParams) -> Documents:
    """A workspace like the one that pygls has made, with `Document` for its documents."""
    return Documents(before.root_uri, before._sync_kind, params.workspace_folders or [], before.position_encoding)
