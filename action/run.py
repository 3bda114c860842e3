"""The GitHub action's one step: run accumlint as the inputs say, tell the job its outputs, and list all findings in its summary."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# GitHub takes a megabyte of summary
_MOST_ROWS = 1000


def main() -> int:
    """Returns accumlint's exit code."""
    form, output = os.environ["FORMAT"], os.environ["OUTPUT_FILE"]
    if form == "sarif":
        output = output or "accumlint.sarif"
    try:
        words = [*shlex.split(os.environ["ARGS"]), *shlex.split(os.environ["PATHS"])]
    except ValueError as error:
        print(f"::error::accumlint: the inputs `args` and `paths` are not words of a shell: {error}")
        return 2
    if output:
        with open(output, "wb") as file:
            code = _accumlint(*words, "--output-format", form, stdout=file).returncode
    else:
        code = _accumlint(*words, "--output-format", form).returncode
    rows = _rows(words) if code < 2 else None
    _append("GITHUB_OUTPUT", f"exit-code={code}\nfindings={'' if rows is None else len(rows)}\noutput-file={output}\n")
    if rows and os.environ["SUMMARY"] == "true":
        _append("GITHUB_STEP_SUMMARY", "".join(_summary(rows)))
    return code


def _accumlint(*words: str, stdout: Any = None) -> subprocess.CompletedProcess[bytes]:
    # not `python -m`: that would import what lies in the repository
    return subprocess.run([Path(sys.executable).with_name("accumlint"), "check", *words], stdout=stdout, check=False)


def _rows(words: list[str]) -> list[dict[str, Any]] | None:
    """All findings; the cache has them from the run before. None where the arguments have accumlint print something else."""
    ran = _accumlint(*words, "--exit-zero", "--output-format", "json", stdout=subprocess.PIPE)
    try:
        rows = json.loads(ran.stdout)
    except ValueError:
        return None
    return rows if isinstance(rows, list) else None


def _summary(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield f"### accumlint: {len(rows)} finding{'s' * (len(rows) != 1)}\n\n| where | rule | what |\n|---|---|---|\n"
    for row in rows[:_MOST_ROWS]:
        cell = f" cell {row['cell']}" if row["cell"] else ""
        where = f"{os.path.relpath(row['filename'])}{cell}:{row['location']['row']}"
        yield f"| {_cell(where)} | {_cell(row['code'])} {_cell(row['name'])} | {_cell(row['message'])} |\n"
    if len(rows) > _MOST_ROWS:
        yield f"\n{len(rows) - _MOST_ROWS} more\n"


def _cell(text: str) -> str:
    """Text in a table of Markdown."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("\n", " ")


def _append(variable: str, text: str) -> None:
    if path := os.environ.get(variable):
        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main())
