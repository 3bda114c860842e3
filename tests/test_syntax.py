from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import WRONG, Ran

from accumlint.parsing import parse
from accumlint.syntax import broken


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('print "loss", loss\n', id="print"),
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


NEWER = [
    pytest.param('x = f"{y["z"]}"\n', id="nested quotes"),
    pytest.param("x = f'{\n1}'\n", id="a line end in a field"),
    pytest.param('x = f"{"\\n".join(y)}"\n', id="a backslash in a field"),
    pytest.param('x = (1,\n  f"{y["z"]}" "w",\n  2)\n', id="inside of brackets"),
    pytest.param('f"""\n{x["""a"""]}\n"""\n', id="triple quotes"),
    pytest.param('x = t"{y}"\n', id="template"),
    pytest.param("type Id[T] = dict[\n    T, str\n]\n", id="type alias"),
    pytest.param("class A[T: (int, str) = int](B):\n    pass\n", id="class"),
    pytest.param("async def f[\n    T, *Ts, **P,\n](x: T) -> T:\n    return x\n", id="function"),
    pytest.param("try:\n    pass\nexcept ValueError, TypeError:\n    pass\n", id="except"),
    pytest.param("try:\n    pass\nexcept* ValueError, TypeError:\n    pass\n", id="except group"),
]


@pytest.mark.parametrize("text", NEWER)
def test_newer_python_is_read_line_for_line(text: str) -> None:
    assert broken(text, "a.py") is None
    last = parse(f"{text}last = 1\n").body[-1]
    assert (ast.unparse(last), last.lineno) == ("last = 1", text.count("\n") + 1)


@pytest.mark.parametrize("text", ["x = f'{a b}'\n", "type X =\n", "def f[T(x): pass\n", "except A, B:\n", 'x = f"{y["z"]}" +\n'])
def test_what_no_python_reads_is_an_error(text: str) -> None:
    assert broken(text, "a.py") is not None


def test_loops_in_newer_python_are_judged(tree: Path, run: Callable[..., Ran]) -> None:
    newer = 'type Loss = torch.Tensor\n\n\ndef mean[T](of: T) -> T:\n    print(f"{of["loss"]}")\n    return of\n\n\n'
    (tree / "a.py").write_text(newer + WRONG.replace("    loss.backward()", '    print(f"{loss["a"]}"); loss.backward()'))
    assert "a.py:16:5: ACC001 [*]" in run("--output-format", "concise").out
    assert run("--fix").code == 0
    assert (tree / "a.py").read_text().endswith("    optimizer.step()\n    optimizer.zero_grad()\n")


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
