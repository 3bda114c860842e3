"""The README's commands, output and tables are real. ``UPDATE_README=1 pytest tests/test_readme.py`` writes them anew."""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran
from test_notebook import notebook

from accumlint.config import FORMATS, read_config
from accumlint.registry import RULES

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [block["body"] for block in BLOCK.finditer(README.read_text()) if block["language"] == language]


def same_or_written(old: str, new: str) -> None:
    """Compare, or put ``new`` into the README if that is asked for."""
    if os.environ.get("UPDATE_README"):
        README.write_text(README.read_text().replace(old, new))
    else:
        assert old == new


def test_the_output_is_what_the_tool_prints(tree: Path, run: Callable[..., Ran]) -> None:
    for body in blocks("python"):
        if named := re.match(r"# (\S+\.py)\n", body):
            (tree / named[1]).write_text(body)
    for body in blocks("console"):
        command = body.split("\n")[0]
        assert command.startswith("$ accumlint ")
        ran = run(*shlex.split(command)[2:], "--no-cache")
        same_or_written(body, f"{command}\n{ran.out}")


def test_the_table_lists_the_rules() -> None:
    text = README.read_text()
    head = "| code | name | severity | what is wrong |\n|---|---|---|---|\n"
    start = text.index(head) + len(head)
    old = text[start : text.index("\n\n", start - 1) + 1]
    rows = [f"| {rule.code} | {rule.name} | {rule.severity} | {rule.summary} |\n" for rule in RULES.values()]
    same_or_written(head + old, head + "".join(rows))


def test_the_configuration_is_valid(tree: Path) -> None:
    (body,) = blocks("toml")
    (tree / "pyproject.toml").write_text(body)
    config = read_config("pyproject.toml")
    assert config is not None
    assert config.values == tomllib.loads(body)["tool"]["accumlint"]


@pytest.mark.parametrize("line", [line for body in blocks("sh") for line in body.splitlines() if line.startswith("accumlint")])
def test_the_commands_work(tree: Path, run: Callable[..., Ran], line: str) -> None:
    for path in ("src/a.py", "train.py", "demo.ipynb"):
        (tree / path).parent.mkdir(exist_ok=True)
        (tree / path).write_text(notebook("x = 1") if path.endswith(".ipynb") else "x = 1\n")
    assert run(*shlex.split(line, comments=True)[1:]).code == 0


def test_all_formats_are_named() -> None:
    assert ", ".join(FORMATS) in README.read_text()


def test_the_two_set_up_commands_are_one_line_each() -> None:
    lines = [line for body in blocks("sh") for line in body.splitlines() if line.startswith("python3 -m venv")]
    assert [line.split()[-1] for line in lines] == ["--exit-zero", ".venv/bin/pytest"]
    assert all(line.count(" && ") == 2 for line in lines)
