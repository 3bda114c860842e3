from __future__ import annotations

import pytest

from accumlint.magics import harmless


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        pytest.param("x = 1\n", "x = 1\n", id="python"),
        pytest.param("%matplotlib inline\nx = 1", "pass\nx = 1", id="line magic"),
        pytest.param("if a:\n    !pip install torch\n", "if a:\n    pass\n", id="shell, indented"),
        pytest.param("!pip install \\\n  torch\nx = 1", "pass\n\nx = 1", id="shell over two lines"),
        pytest.param("files = !ls *.py\nn = %timeit -o f()", "files = None\nn = None", id="assigned"),
        pytest.param("?torch.nn\nloss.backward??\nx", "pass\npass\nx", id="help"),
        pytest.param("x = (a\n  % b)\n", "x = (a\n  % b)\n", id="modulo that begins a line"),
        pytest.param('s = """\n%d items\n!\n"""\n!ls', 's = """\n%d items\n!\n"""\npass', id="inside a string"),
        pytest.param("x = a \\\n  % b\n", "x = a \\\n  % b\n", id="modulo after a backslash"),
        pytest.param("s = 'it\\'s (' # [\n%time f()\n", "s = 'it\\'s (' # [\npass\n", id="brackets in strings and comments"),
        pytest.param("%%time\nloss.backward()\n", "pass\nloss.backward()\n", id="timed cell"),
        pytest.param("\n%%capture out\nx = 1\n", "\npass\nx = 1\n", id="captured cell"),
        pytest.param(
            "if (i + 1) % N == 0 and a != b:\n    pass\n", "if (i + 1) % N == 0 and a != b:\n    pass\n", id="operators"
        ),
        pytest.param("%%bash\nls\n", None, id="shell cell"),
        pytest.param("%%writefile train.py\nx = 1\n", None, id="file cell"),
        pytest.param("%%\n", None, id="nameless"),
        pytest.param("\ncd drive/My\\ Drive\n", "\npass\n", id="a magic without its sign"),
        pytest.param("pip install -q torch", "pass", id="an alias without its sign"),
        pytest.param("time = f()", "time = f()", id="a name like a magic's"),
        pytest.param("cd", "cd", id="a magic that is a name in Python"),
        pytest.param("", "", id="empty"),
    ],
)
def test_harmless(cell: str, python: str | None) -> None:
    changed = harmless(cell)
    assert changed == python
    if changed is not None:
        compile(changed, "cell", "exec")
        assert changed.count("\n") == cell.count("\n")


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("cd data\nx = 1\n", id="two lines"),
        pytest.param("torch install\n", id="no magic"),
        pytest.param("  cd data\n", id="indented"),
    ],
)
def test_what_is_no_python_either_way(cell: str) -> None:
    assert harmless(cell) == cell
