"""The server end to end, driven over stdio as the editors drive it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pygls", reason="the language server needs the extra `lsp`")
pytest_lsp = pytest.importorskip("pytest_lsp")

from lsprotocol import types  # noqa: E402
from profiles import RIGHT, TRAINING, Client, capabilities, factory, pushing, start  # noqa: E402

pytestmark = pytest.mark.asyncio(loop_scope="module")
COMMAND = [sys.executable, "-m", "accumlint", "server"]
CONFIG = pytest_lsp.ClientServerConfig(server_command=COMMAND, client_factory=factory)
BACKWARD = types.Position(9, 14)
UTF8, UTF16, UTF32 = types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf16, types.PositionEncodingKind.Utf32


def at(position: types.Position) -> types.Range:
    return types.Range(position, position)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


@contextlib.asynccontextmanager
async def session(
    abilities: types.ClientCapabilities, folder: Path, options: Any = None, name: str = "test"
) -> AsyncIterator[Client]:
    client = await CONFIG.start()
    await start(client, abilities, folder, options, name)
    try:
        yield client
    finally:
        await client.shutdown_session()


@pytest_lsp.fixture(scope="module", config=CONFIG)
async def client(lsp_client: Client, folder: Path) -> AsyncIterator[None]:  # type: ignore[misc]
    """A client that waits to be told, and shows pictures."""
    await start(lsp_client, pushing(), folder, {"pictures": True})
    yield
    await lsp_client.shutdown_session()


async def until(holds: Callable[[], bool], seconds: float = 15) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)


def applied(text: str, edit: types.WorkspaceEdit | None) -> str:
    """The text after an edit of one document, for text of ASCII."""
    assert edit is not None
    if edit.document_changes:
        (change,) = edit.document_changes
        edits = list(change.edits)  # type: ignore[union-attr]
    else:
        (edits,) = (list(one) for one in (edit.changes or {}).values())
    lines = text.split("\n")

    def offset(position: types.Position) -> int:
        return sum(len(line) + 1 for line in lines[: position.line]) + position.character

    for one in sorted(edits, key=lambda one: offset(one.range.start), reverse=True):
        text = text[: offset(one.range.start)] + one.new_text + text[offset(one.range.end) :]
    return text


async def test_a_finding_has_its_place_its_page_and_its_relatives(client: Client, folder: Path) -> None:
    uri = (folder / "a.py").as_uri()
    client.open(uri, TRAINING)
    (found,) = await client.wait_for(uri, ["ACC003"])
    assert found.range == types.Range(types.Position(9, 12), types.Position(9, 27))
    assert found.severity == types.DiagnosticSeverity.Warning
    assert found.source == "accumlint"
    assert found.code_description is not None
    assert found.code_description.href.endswith("/ACC003-unscaled-loss.md")
    (related,) = found.related_information or ()
    assert (related.message, related.location.uri, related.location.range.start.line) == ("spent by this step", uri, 11)
    client.close(uri)
    await client.wait_for(uri, [])


async def test_a_right_loop_is_told_to_be_right(client: Client, folder: Path) -> None:
    uri = (folder / "right.py").as_uri()
    client.open(uri, RIGHT)
    await client.wait_for(uri, [])
    client.close(uri)


async def test_half_typed_code_keeps_its_findings_and_they_move_with_it(client: Client, folder: Path) -> None:
    uri = (folder / "typing.py").as_uri()
    client.open(uri, TRAINING)
    await client.wait_for(uri, ["ACC003"])
    client.published.clear()
    client.replace(uri, "def half(\n\n" + TRAINING, 2)
    await until(lambda: any(one.version == 2 for one in client.published))
    (found,) = client.diagnostics[uri]
    assert found.range.start.line == 11
    assert "ACC003" in await client.hover(uri, 11, 14)
    client.replace(uri, RIGHT, 3)
    await client.wait_for(uri, [])
    client.close(uri)


async def test_a_burst_of_edits_is_judged_once(client: Client, folder: Path) -> None:
    uri = (folder / "burst.py").as_uri()
    client.open(uri, RIGHT)
    await client.wait_for(uri, [])
    client.published.clear()
    for version in range(2, 22):
        client.replace(uri, TRAINING + f"# {version}\n", version)
    await client.wait_for(uri, ["ACC003"])
    await asyncio.sleep(0.3)
    told = [one.version for one in client.published if one.uri == uri]
    assert told[-1] == 21
    assert len(told) <= 2
    client.close(uri)


async def test_the_hover_shows_the_drawn_ledger(client: Client, folder: Path) -> None:
    uri = (folder / "hover.py").as_uri()
    client.open(uri, TRAINING)
    await client.wait_for(uri, ["ACC003"])
    text = await client.hover(uri, 9, 14)
    assert "**ACC003** [unscaled-loss](file://" in text
    assert "![the ledger](data:image/svg+xml;base64," in text
    assert await client.hover(uri, 0, 0) == ""
    client.replace(uri, TRAINING + "# accumlint: ignore[ACC001]\n", 2)
    assert "**ACC001** [missing-zero-grad]" in await client.hover(uri, 13, 22)
    client.close(uri)


async def test_ignoring_on_the_line_silences_the_finding(client: Client, folder: Path) -> None:
    uri = (folder / "ignored.py").as_uri()
    client.open(uri, TRAINING)
    await client.wait_for(uri, ["ACC003"])
    action = next(one for one in await client.actions(uri, at(BACKWARD), "quickfix") if one.title.startswith("Ignore"))
    assert action.title == "Ignore ACC003 (unscaled-loss) on this line"
    silenced = applied(TRAINING, action.edit)
    assert "loss.backward()  # accumlint: ignore[ACC003]\n" in silenced
    client.replace(uri, silenced, 2)
    await client.wait_for(uri, [])
    assert await client.actions(uri, at(types.Position(0, 0))) == []
    client.close(uri)


async def test_the_fix_cures_the_finding(client: Client, folder: Path) -> None:
    pytest.importorskip("accumlint.fix")
    uri = (folder / "fixed.py").as_uri()
    client.open(uri, TRAINING)
    await client.wait_for(uri, ["ACC003"])
    action = next(one for one in await client.actions(uri, at(BACKWARD)) if one.is_preferred)
    (all_of_it,) = await client.actions(uri, at(types.Position(0, 0)), "source.fixAll.accumlint")
    assert all_of_it.kind == "source.fixAll.accumlint"
    assert await client.actions(uri, at(types.Position(0, 0)), "notebook.source.fixAll.accumlint") == []
    assert applied(TRAINING, all_of_it.edit) == applied(TRAINING, action.edit)
    client.replace(uri, applied(TRAINING, action.edit), 2)
    await client.wait_for(uri, [])
    client.close(uri)


async def test_the_configuration_counts_and_is_read_again(client: Client, folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    config = inner / "accumlint.toml"
    config.write_text('ignore = ["ACC003"]\n')
    uri = (inner / "a.py").as_uri()
    client.open(uri, TRAINING)
    await client.wait_for(uri, [])
    config.write_text("")
    changed = types.FileEvent(config.as_uri(), types.FileChangeType.Changed)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    await client.wait_for(uri, ["ACC003"])
    config.write_text('selekt = ["ACC003"]\n')
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    await until(lambda: any("did you mean `select`?" in one.message for one in client.messages))
    config.write_text('exclude = ["a.py"]\n')
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    await client.wait_for(uri, [])
    client.close(uri)


async def test_what_the_baseline_knows_is_not_told(client: Client, folder: Path) -> None:
    inner = folder / "old"
    inner.mkdir()
    finding = {"path": "a.py", "code": "ACC003", "routine": "train", "text": "loss.backward()"}
    known = json.dumps({"accumlint-baseline": 1, "findings": [finding]})
    base = inner / "base.json"
    base.write_text(known)
    config = inner / "accumlint.toml"
    config.write_text('baseline = "base.json"\n')
    uri = (inner / "a.py").as_uri()
    client.open(uri, TRAINING)
    await client.wait_for(uri, [])
    client.replace(uri, TRAINING + "\n\n" + TRAINING.replace("def train", "def train_again"), 2)
    (diagnostic,) = await client.wait_for(uri, ["ACC003"])
    assert diagnostic.range.start.line > TRAINING.count("\n")
    told = len(client.published)
    metrics = types.FileEvent((inner / "metrics.json").as_uri(), types.FileChangeType.Changed)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([metrics]))
    base.write_text('{"accumlint-baseline": 1, "findings": []}')
    changed = types.FileEvent(base.as_uri(), types.FileChangeType.Changed)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    await client.wait_for(uri, ["ACC003", "ACC003"])
    assert len(client.published) == told + 1
    base.write_text("[]")
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    await until(lambda: any("base.json: not a baseline" in one.message for one in client.messages))
    base.write_text(known)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    await client.wait_for(uri, ["ACC003"])
    config.write_text("")
    changed = types.FileEvent(config.as_uri(), types.FileChangeType.Changed)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    await client.wait_for(uri, ["ACC003", "ACC003"])
    client.close(uri)


async def test_the_editors_settings_count(client: Client, folder: Path) -> None:
    uri = (folder / "settings.py").as_uri()
    client.open(uri, TRAINING)
    await client.wait_for(uri, ["ACC003"])
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams({"accumlint": {"ignore": ["unscaled-loss"]}}))
    await client.wait_for(uri, [])
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams({"accumlint": {"pictures": True}}))
    await client.wait_for(uri, ["ACC003"])
    client.close(uri)


async def test_an_unsaved_text_is_judged_but_not_run(client: Client, folder: Path) -> None:
    uri = "untitled:Untitled-1"
    client.open(uri, TRAINING)
    await client.wait_for(uri, ["ACC003"])
    client.messages.clear()
    await client.workspace_execute_command_async(types.ExecuteCommandParams("accumlint.confirm", arguments=[uri]))
    await until(lambda: bool(client.messages))
    assert client.messages[0].message.startswith("accumlint: ")
    client.close(uri)


def cells(*texts: str) -> types.DidOpenNotebookDocumentParams:
    uris = [f"vscode-notebook-cell:/nb.ipynb#{number}" for number in range(len(texts))]
    return types.DidOpenNotebookDocumentParams(
        types.NotebookDocument(
            "file:///nb.ipynb", "jupyter-notebook", 1, [types.NotebookCell(types.NotebookCellKind.Code, uri) for uri in uris]
        ),
        [types.TextDocumentItem(uri, "python", 1, text) for uri, text in zip(uris, texts, strict=True)],
    )


async def test_a_notebook_is_one_program_told_cell_by_cell(client: Client) -> None:
    head, loop = TRAINING.split("def train")
    opened = cells("%matplotlib inline\n" + head, "def train" + loop)
    first, second = (one.uri for one in opened.cell_text_documents)
    client.notebook_document_did_open(opened)
    (found,) = await client.wait_for(second, ["ACC003"])
    await client.wait_for(first, [])
    assert found.range.start == types.Position(5, 12)
    assert "ACC003" in await client.hover(second, 5, 14)
    # while a cell is half typed, its last whole text counts
    broken = types.TextDocumentContentChangeWholeDocument("import (\n")
    name = types.VersionedTextDocumentIdentifier(version=2, uri=first)
    changes = types.NotebookDocumentCellChanges(text_content=[types.NotebookDocumentCellContentChanges(name, [broken])])
    event = types.NotebookDocumentChangeEvent(cells=changes)
    notebook = types.VersionedNotebookDocumentIdentifier(version=2, uri="file:///nb.ipynb")
    client.published.clear()
    client.notebook_document_did_change(types.DidChangeNotebookDocumentParams(notebook, event))
    await until(lambda: any(one.uri == first and one.version == 2 for one in client.published))
    await client.wait_for(second, ["ACC003"])
    assert await client.actions(second, at(types.Position(5, 14)), "source.fixAll.accumlint") == []
    documents = [types.TextDocumentIdentifier(first), types.TextDocumentIdentifier(second)]
    closed = types.DidCloseNotebookDocumentParams(types.NotebookDocumentIdentifier("file:///nb.ipynb"), documents)
    client.notebook_document_did_close(closed)
    await client.wait_for(second, [])


@pytest.mark.parametrize(
    ("encodings", "column"),
    [
        pytest.param([UTF8], 16, id="utf-8"),
        pytest.param([UTF16], 14, id="utf-16"),
        pytest.param([UTF32, UTF16], 13, id="utf-32"),
        pytest.param([], 14, id="a client that names none"),
    ],
)
async def test_columns_are_in_the_units_of_the_client(
    folder: Path, encodings: list[types.PositionEncodingKind], column: int
) -> None:
    text = "import torch\nmodel = torch.nn.Linear(2, 1)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
    text += "for x in loader:\n    s = '\U0001f525'; model(x).sum().backward(); optimizer.step()\n"
    uri = (folder / "emoji.py").as_uri()
    async with session(pushing(*encodings), folder) as client:
        client.open(uri, text)
        found = await client.wait_for(uri, ["ACC001"])
        starts = {one.range.start.character for one in found}
        related = {one.location.range.start.character for each in found for one in each.related_information or ()}
        assert column in starts | related
        place = found[0].range
        assert "ACC001" in await client.hover(uri, place.start.line, place.start.character)
        action = (await client.actions(uri, place, "quickfix"))[-1]
        (edits,) = (action.edit.changes or {}).values() if action.edit else ((),)
        end = len(text.split("\n")[4]) + column - 13
        assert edits[0].range.start == types.Position(4, end)


@pytest.mark.parametrize("profile", ["vscode", "neovim@0.11", "emacs", "neovim@0.6"])
async def test_each_client_is_told_in_the_way_that_it_knows(folder: Path, profile: str) -> None:
    abilities = capabilities(profile)
    pulls = bool(abilities.text_document and abilities.text_document.diagnostic)
    uri = (folder / "p.py").as_uri()
    client = await CONFIG.start()
    result = await start(client, abilities, folder)
    announced = result.capabilities
    assert bool(announced.diagnostic_provider) is pulls
    assert bool(announced.notebook_document_sync) is bool(abilities.notebook_document)
    client.open(uri, TRAINING)
    if pulls:
        report = await client.pull(uri)
        assert [one.code for one in report.items] == ["ACC003"]
        again = await client.pull(uri, report.result_id)
        assert again.kind == "unchanged"
        client.replace(uri, RIGHT, 2)
        assert list((await client.pull(uri, report.result_id)).items) == []
        assert client.published == []
        assert list((await client.pull((folder / "never_opened.py").as_uri())).items) == []
    else:
        await client.wait_for(uri, ["ACC003"])
        client.replace(uri, RIGHT, 2)
        await client.wait_for(uri, [])
    await client.shutdown_session()


async def test_a_hover_without_pictures_draws_the_ledger_in_text(folder: Path) -> None:
    uri = (folder / "text.py").as_uri()
    async with session(pushing(), folder, name="Neovim") as client:
        client.open(uri, TRAINING)
        await client.wait_for(uri, ["ACC003"])
        text = await client.hover(uri, 9, 14)
        assert "data:image" not in text
        assert "```text\noptimizer, window of 3" in text


async def test_a_finding_in_another_file_is_told_where_its_run_comes_through(client: Client, folder: Path) -> None:
    package = folder / "package"
    package.mkdir()
    engine, train = package / "engine.py", package / "train.py"
    engine.write_text("def update(optimizer):\n    optimizer.step()\n")
    text = TRAINING.replace("import torch\n", "import torch\nfrom engine import update\n", 1)
    text = text.replace("optimizer.step()\n                optimizer.zero_grad()", "update(optimizer)")
    text = text.replace("loss.backward()", "(loss / accumulation_steps).backward()")
    train.write_text(text)
    client.open(train.as_uri(), text)
    (found,) = await client.wait_for(train.as_uri(), ["ACC001"])
    assert found.message.startswith("in engine.py, line 2: micro-batches 1 to 3 are spent again")
    assert found.range.start.line == 10
    assert found.related_information is not None
    assert found.related_information[0].location.uri == engine.as_uri()
    (action,) = [one for one in await client.actions(train.as_uri(), found.range) if one.edit]
    assert action.edit is not None
    assert list(action.edit.changes or {}) == [engine.as_uri()]
    assert applied(engine.read_text(), action.edit) == "def update(optimizer):\n    optimizer.step()\n    optimizer.zero_grad()\n"
    client.open(engine.as_uri(), "# not saved yet\n" + engine.read_text())
    assert not [one for one in await client.actions(train.as_uri(), found.range) if one.edit]
    client.close(engine.as_uri())
    client.close(train.as_uri())
