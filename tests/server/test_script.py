"""Where a finding stands after the text has changed, and the comment that silences it."""

from __future__ import annotations

import pytest

pytest.importorskip("pygls", reason="the language server needs the extra `lsp`")

from lsprotocol import types

from accumlint.ledger import Site
from accumlint.server.ignore import silencing
from accumlint.server.script import Span, now_at, of_cells, of_file
from accumlint.server.wire import Document


@pytest.mark.parametrize(
    ("now", "line"),
    [
        pytest.param("a\nb\nc\nd\n", 2, id="unchanged"),
        pytest.param("x\ny\na\nb\nc\nd\n", 4, id="lines above"),
        pytest.param("a\nc\nd\n", 1, id="a line less above"),
        pytest.param("a\nb\nc\nd\ne\nf\n", 2, id="lines below"),
        pytest.param("a\nb\nC\nd\n", 2, id="the line itself"),
        pytest.param("", 0, id="nothing left"),
    ],
)
def test_a_finding_moves_with_its_line(now: str, line: int) -> None:
    judged = of_file("file:///a.py", "/a.py", 1, "a\nb\nc\nd\n")
    found = now_at(Site("/a.py", 3, 1, 3, 2), judged, of_file("file:///a.py", "/a.py", 2, now))
    assert found == ("file:///a.py", Span(line, 0, line, 1))


def test_a_cell_that_is_half_typed_is_judged_as_it_was() -> None:
    before = of_cells("n", "/n.ipynb", [("one", 1, "a = 1\nb = 2"), ("two", 1, "c = 3")], None)
    after = of_cells("n", "/n.ipynb", [("one", 2, "a = (1"), ("two", 1, "c = 3"), ("three", 1, "%%bash\nls")], before)
    assert after.source.text == "a = 1\nb = 2\nc = 3\n"
    assert now_at(Site("/n.ipynb", 3, 1, 3, 6), before, after) == ("two", Span(0, 0, 0, 5))
    assert now_at(Site("/n.ipynb", 3, 1, 3, 6), before, of_cells("n", "/n.ipynb", [("one", 3, "")], after)) is None


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        pytest.param("x()\n", 0, "x()  # accumlint: ignore[ACC003]\n", id="plain"),
        pytest.param("x()  # why\n", 0, "x()  # why  # accumlint: ignore[ACC003]\n", id="a comment"),
        pytest.param("x()  # accumlint: ignore[ACC001]\n", 0, "x()  # accumlint: ignore[ACC001, ACC003]\n", id="one more code"),
        pytest.param("x(\n  1)\n", 0, "x(  # accumlint: ignore[ACC003]\n  1)\n", id="over two lines"),
        pytest.param(
            "if a:\n    x('''\n  ''')\n", 1, "if a:\n    # accumlint: ignore[ACC003]\n    x('''\n  ''')\n", id="a string"
        ),
        pytest.param("x = 1 + \\\n  y()\n", 0, "# accumlint: ignore[ACC003]\nx = 1 + \\\n  y()\n", id="a backslash"),
    ],
)
def test_the_comment_goes_where_it_silences(text: str, line: int, expected: str) -> None:
    lines = text.split("\n")
    edit = silencing(tuple(lines), "ACC003", line)
    assert edit is not None
    lines[edit.line] = lines[edit.line][: edit.column] + edit.text + lines[edit.line][edit.column :]
    assert "\n".join(lines) == expected


def test_lines_end_where_the_protocol_says() -> None:
    document = Document("file:///a.py", "a\x0cb\u2028c\x85d\r\ne\rf\ng")
    document.apply_change(types.TextDocumentContentChangePartial(types.Range(types.Position(2, 0), types.Position(2, 1)), "F"))
    assert document.source == "a\x0cb\u2028c\x85d\r\ne\rF\ng"
