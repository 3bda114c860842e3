"""Lowering: source text to a skeleton, with every place where it stands in the file."""

import textwrap

import pytest

from accumlint import skeleton as sk
from accumlint.analyse import analyse
from accumlint.lower import lower


def first(function: sk.Function, kind: type[sk.Node]) -> sk.Node:
    return next(node for statement in function.body for node in statement.walk() if isinstance(node, kind))


def test_a_method_keeps_the_places_it_has_in_its_file() -> None:
    source = "    def train(self):\n        for x in self.loader:\n            self.optimizer.step()\n"
    function = lower(source, "train.py", first_line=40, owner="Trainer")
    call = first(function, sk.Call)
    assert isinstance(call, sk.Call)
    assert (function.name, function.line, function.owner) == ("train", 40, "Trainer")
    assert (call.site.line, call.site.column, call.site.end_column) == (42, 13, 34)


def test_columns_count_code_points() -> None:
    function = lower("note = '🔥'; optimizer.step()\n", "train.py")
    call = first(function, sk.Call)
    assert isinstance(call, sk.Call)
    assert call.site.column == 13


def test_a_script_is_one_function() -> None:
    function = lower("x = 1\nfor i in range(3):\n    x += i\n", "train.py")
    assert function.name == "<module>"
    assert [type(statement) for statement in function.body] == [sk.Assign, sk.For]


def test_names_bound_once_are_settings_and_others_are_not() -> None:
    function = lower("n = 4\ncount = 0\nfor i in range(n):\n    count += 1\n", "train.py")
    assert "n" in function.once
    assert not {"count", "i"} & function.once


@pytest.mark.parametrize(
    "source",
    [
        "match step % n:\n    case 0:\n        optimizer.step()\n    case _:\n        pass\n",
        "if step % n == 0:\n    optimizer.step()\n",
        "if step % n:\n    pass\nelse:\n    optimizer.step()\n",
    ],
)
def test_each_spelling_of_a_guard_is_an_if(source: str) -> None:
    guard = lower(source, "train.py").body[0]
    assert isinstance(guard, sk.If)
    assert any(isinstance(node, sk.Call) for node in guard.walk())


def test_several_statements_on_a_line_are_several_statements() -> None:
    function = lower("loss.backward(); optimizer.step(); optimizer.zero_grad()\n", "train.py")
    assert [type(statement) for statement in function.body] == [sk.Do, sk.Do, sk.Do]


def test_what_the_run_need_not_understand_keeps_its_parts() -> None:
    function = lower(textwrap.dedent("x = [*batch, f'{name}', a if b else c, *(y := z,)]\n"), "train.py")
    names = {node.id for node in function.walk() if isinstance(node, sk.Name)}
    assert {"batch", "a", "b", "c", "y", "z"} <= names


def test_text_that_is_not_python_is_a_syntax_error() -> None:
    with pytest.raises(SyntaxError):
        lower("for x in loader print x\n", "train.py")


def test_a_form_feed_ends_no_line() -> None:
    source = (
        "import torch\n\n\ndef helper(x):\n    # \f\n    return x\n\n\ndef train(model, loader):\n"
        "    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)\n"
        "    for x in loader:\n        model(x).mean().backward()\n        optimizer.step()\n"
    )
    (finding,) = analyse(source).findings
    assert (finding.code, finding.site.line) == ("ACC001", 13)
