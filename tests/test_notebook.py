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
    line = next(number for number, text in enumerate(raw.split("\n"), start=1) if '"loss.backward()"' in text)
    assert source.place(5) == Place(4, 2, line)
    assert source.place(1).cell == 2


def test_a_cell_whose_source_is_one_string() -> None:
    raw = notebook({**code(""), "source": "x = 1\ny = 2"})
    source = decode(raw.encode(), "n.ipynb")
    assert source.text == "x = 1\ny = 2\n"
    assert [source.place(line).row for line in (1, 2)] == [1, 2]
    assert source.place(1).physical == source.place(2).physical


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
