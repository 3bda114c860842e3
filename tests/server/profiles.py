"""The clients that the tests play: what each can do, and how it starts and stops a server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import register_lsp_features

TRAINING = """\
import torch
from torch import nn


def train(model: nn.Module, loader, epochs: int, accumulation_steps: int = 4):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for epoch in range(epochs):
        for i, (inputs, targets) in enumerate(loader):
            loss = nn.functional.cross_entropy(model(inputs), targets)
            loss.backward()
            if (i + 1) % accumulation_steps == 0 or i + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()
"""
RIGHT = TRAINING.replace("loss.backward()", "(loss / accumulation_steps).backward()")


class Client(LanguageClient):
    """Counts what the server publishes, and answers what pytest-lsp does not."""

    published: list[types.PublishDiagnosticsParams]

    async def wait_for(self, uri: str, codes: Sequence[str], seconds: float = 15) -> Sequence[types.Diagnostic]:
        """The diagnostics of a document once they have these codes."""
        deadline = time.monotonic() + seconds
        while (found := sorted(str(one.code) for one in self.diagnostics.get(uri, ()))) != sorted(
            codes
        ) or uri not in self.diagnostics:
            assert time.monotonic() < deadline, f"{found} instead of {sorted(codes)}"
            await asyncio.sleep(0.01)
        return self.diagnostics[uri]

    def open(self, uri: str, text: str, version: int = 1) -> None:
        item = types.TextDocumentItem(uri, "python", version, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def replace(self, uri: str, text: str, version: int) -> None:
        """Replace the whole text."""
        change = types.TextDocumentContentChangeWholeDocument(text)
        name = types.VersionedTextDocumentIdentifier(version=version, uri=uri)
        self.text_document_did_change(types.DidChangeTextDocumentParams(name, [change]))

    def close(self, uri: str) -> None:
        self.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    async def pull(self, uri: str, previous: str | None = None) -> Any:
        name = types.TextDocumentIdentifier(uri)
        return await self.text_document_diagnostic_async(types.DocumentDiagnosticParams(name, previous_result_id=previous))

    async def actions(self, uri: str, place: types.Range, *only: str) -> Sequence[types.CodeAction]:
        context = types.CodeActionContext([], only=list(only) or None)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), place, context)
        found = await self.text_document_code_action_async(params)
        return [one for one in found or () if isinstance(one, types.CodeAction)]

    async def hover(self, uri: str, line: int, character: int) -> str:
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        found = await self.text_document_hover_async(params)
        return found.contents.value if found and isinstance(found.contents, types.MarkupContent) else ""


def factory() -> Client:
    client = Client(converter_factory=default_converter)
    register_lsp_features(client)
    client.published = []

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        return None

    inner = client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]
    del client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def publish(params: types.PublishDiagnosticsParams) -> None:
        client.published.append(params)
        inner(params)

    return client


def capabilities(profile: str) -> types.ClientCapabilities:
    """Those of a real client; ``vscode`` with what it has learnt since pytest-lsp wrote its profile down."""
    if profile != "vscode":
        return client_capabilities(profile)
    found = client_capabilities("visual-studio-code")
    assert found.text_document is not None
    found.text_document.diagnostic = types.DiagnosticClientCapabilities(
        dynamic_registration=True, related_document_support=True, related_information=True, code_description_support=True
    )
    assert found.workspace is not None
    found.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    found.notebook_document = types.NotebookDocumentClientCapabilities(types.NotebookDocumentSyncClientCapabilities())
    return found


def pushing(*encodings: types.PositionEncodingKind, notebooks: bool = True) -> types.ClientCapabilities:
    """A client that waits for diagnostics, with these position encodings."""
    publish = types.PublishDiagnosticsClientCapabilities(related_information=True, code_description_support=True)
    markdown = types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown])
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=list(encodings) or None),
        text_document=types.TextDocumentClientCapabilities(publish_diagnostics=publish, hover=markdown),
        notebook_document=types.NotebookDocumentClientCapabilities(types.NotebookDocumentSyncClientCapabilities())
        if notebooks
        else None,
    )


async def start(
    client: Client, abilities: types.ClientCapabilities, folder: Path, options: Any = None, name: str = "test"
) -> types.InitializeResult:
    return await client.initialize_session(
        types.InitializeParams(
            abilities,
            process_id=None,
            root_uri=folder.as_uri(),
            initialization_options=options,
            client_info=types.ClientInfo(name),
        )
    )
