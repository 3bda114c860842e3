from __future__ import annotations

import warnings

import pytest

from accumlint.syntax import broken


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('print "loss", loss\n', id="print"),
        pytest.param("try:\n    pass\nexcept ValueError, error:\n    pass\n", id="except"),
        pytest.param("raise ValueError, 'no'\n", id="raise"),
        pytest.param("mode = 0777\n", id="octal"),
        pytest.param("n = 10L\n", id="long"),
        pytest.param("if a <> b:\n    pass\n", id="unequal"),
        pytest.param("exec 'x = 1'\n", id="exec"),
        pytest.param("s = ur'x'\n", id="string"),
    ],
)
def test_python_2_is_named(text: str) -> None:
    problem = broken(text, "a.py")
    assert problem is not None
    assert problem.message.startswith("looks like Python 2, which is not supported (")


def test_a_syntax_error_is_placed() -> None:
    problem = broken("x = 1\ny = (2,\nfor\n", "a.py")
    assert problem is not None
    assert (problem.line, problem.message) == (2, "'(' was never closed")


@pytest.mark.parametrize(
    "text", ["x = " + "(" * 300 + ")" * 300, "x = " + "-" * 100_000 + "1", "\0"], ids=["brackets", "signs", "null"]
)
def test_what_breaks_the_parser_is_a_line_too(text: str) -> None:
    problem = broken(text, "a.py")
    assert problem is not None
    assert "\n" not in problem.message


def test_warnings_of_the_parser_are_not_the_users() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert broken("import re\nre.match('\\d', x)\n", "a.py") is None
