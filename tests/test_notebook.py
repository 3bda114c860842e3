from __future__ import annotations

import json
from typing import Any

import pytest

from accumlint.problem import Unjudgeable
from accumlint.source import Place, decode


def notebook(*cells: str | dict[str, Any], **metadata: Any) -> str:
    """The JSON of a notebook, as Jupyter writes it; a text is a code cell."""
    made = [cell if isinstance(cell, dict) else code(cell) for cell in cells]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def code(text: str, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }


TEXT = {"cell_type": "markdown", "metadata": {}, "source": ["# loss.backward()\n"]}


def test_code_cells_are_joined_and_lines_traced_back() -> None:
    raw = notebook(TEXT, "import torch\n%matplotlib inline\n", TEXT, "x = 1\nloss.backward()")
    source = decode(raw.encode(), "n.ipynb")
    assert source.text == "import torch\npass\n\nx = 1\nloss.backward()\n"
    assert source.place(5) == Place(4, 2)
    assert source.place(1).cell == 2


def test_a_cell_whose_source_is_one_string() -> None:
    raw = notebook({**code(""), "source": "x = 1\ny = 2"})
    source = decode(raw.encode(), "n.ipynb")
    assert source.text == "x = 1\ny = 2\n"
    assert [source.place(line).row for line in (1, 2)] == [1, 2]
    assert source.physical(1, 1)[0] == source.physical(2, 1)[0]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize(
    "source",
    [
        ["x = 1\n", 'y = "é\\t"; z = "\U0001f600" # \t"\n', "", "w = 2\n", "\n", "v = 3"],
        'x = 1\r\ny = "é\\t"; z = "\U0001f600" # \t"\r\nw = 2\n\nv = 3',
        ['x = 1\ny = "é\\t"; z = "\U0001f600" # \t"\n', "w = 2\n\nv = 3"],
    ],
    ids=["a string a line", "one string", "some lines a string"],
)
def test_each_character_has_its_place_in_the_json(source: list[str] | str, ascii_only: bool) -> None:
    content = {"cells": [TEXT, {**code(""), "source": source}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    raw = json.dumps(content, indent=1, ensure_ascii=ascii_only)
    read = decode(raw.encode(), "n.ipynb")
    assert read.text == 'x = 1\ny = "é\\t"; z = "\U0001f600" # \t"\nw = 2\n\nv = 3\n'
    rows = raw.split("\n")
    for line, text in enumerate(read.text.split("\n")[:-1], start=1):
        for column, character in enumerate(text, start=1):
            (row, begin), (last, end) = read.physical(line, column), read.physical(line, column + 1)
            assert (row, json.loads(f'"{rows[row - 1][begin - 1 : end - 1]}"')) == (last, character)


def test_cells_in_other_languages_are_left_out() -> None:
    assert decode(notebook("%%bash\nls\n", "x = 1").encode(), "n.ipynb").text == "x = 1\n"
    assert decode(notebook(code("ls()", vscode={"languageId": "r"}), "x = 1").encode(), "n.ipynb").text == "x = 1\n"
    assert decode(notebook("x <- 1", kernelspec={"language": "R"}).encode(), "n.ipynb").text.strip() == ""


def test_a_broken_cell_is_reported_and_the_others_are_kept() -> None:
    source = decode(notebook("x = 1\n", "for i in (\n", "y = 2").encode(), "n.ipynb")
    (problem,) = source.problems
    assert problem.kind == "invalid-syntax"
    assert source.place(problem.line).cell == 2
    compile(source.text, "n", "exec")
    assert "x = 1" in source.text
    assert "y = 2" in source.text


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        pytest.param("", "not a notebook: expecting value", id="empty"),
        pytest.param('{"cells": [}', "not a notebook: expecting value", id="broken JSON"),
        pytest.param("[1]", "not a notebook: it has no list of cells", id="a list"),
        pytest.param('{"cells": 1}', "not a notebook: it has no list of cells", id="no cells"),
        pytest.param("[" * 100_000, "not a notebook: nested too deeply", id="nested"),
    ],
)
def test_what_is_no_notebook_is_told_in_a_line(raw: str, message: str) -> None:
    with pytest.raises(Unjudgeable) as caught:
        decode(raw.encode(), "n.ipynb")
    assert caught.value.problem.message == message


def test_odd_cells_are_passed_over() -> None:
    raw = json.dumps({"cells": [1, {}, {"cell_type": "code"}, {"cell_type": "code", "source": [1]}, code("x = 1")]})
    assert decode(raw.encode(), "n.ipynb").text.split() == ["x", "=", "1"]


def test_format_3() -> None:
    raw = json.dumps({"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"], "language": "python"}]}]})
    assert decode(raw.encode(), "n.ipynb").text == "x = 1\n"
