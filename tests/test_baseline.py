"""An old code base starts clean: what its baseline knows is hidden, wherever its lines move."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import RIGHT, WRONG, Ran
from test_notebook import notebook

Run = Callable[..., Ran]
BUG = "loss.backward()  # bug: ACC003\n"


def entries(path: str = "base.json") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(path).read_text())["findings"]
    return found


def left(run: Run, *words: str) -> list[str]:
    """What is still told, as ``path:line code``."""
    ran = run("--baseline", "base.json", "--output-format", "concise", *words)
    return [line.split(" [")[0] for line in ran.out.splitlines() if " [" in line]


@pytest.mark.usefixtures("fake_core")
class TestHiding:
    def test_a_written_baseline_hides_what_it_was_written_from(self, tree: Path, run: Run) -> None:
        (tree / "src").mkdir()
        (tree / "src" / "a.py").write_text(BUG * 2)
        assert run("--write-baseline", "base.json") == Ran(0, "", "wrote 2 findings to base.json\n")
        assert entries() == [
            {"path": "src/a.py", "code": "ACC003", "routine": "train", "text": "loss.backward() # bug: ACC003", "count": 2},
        ]
        assert run("--baseline", "base.json") == Ran(0, "All checks passed: 1 file\n", "base.json hides 2 findings\n")

    @pytest.mark.parametrize(
        ("then", "told"),
        [
            ("\n\nimport torch\n" + BUG, []),
            ("if True:\n    " + BUG, []),
            (BUG.replace("  #", " #"), []),
            (BUG * 2, ["a.py:2:1: ACC003"]),
            (BUG + BUG.replace("003", "001"), ["a.py:2:1: ACC001"]),
            (BUG.replace("loss.", "total."), ["a.py:1:1: ACC003"]),
        ],
        ids=["moved", "indented", "spaced", "one_more", "another_rule", "another_text"],
    )
    def test_what_is_known_is_hidden_and_what_is_new_is_told(self, tree: Path, run: Run, then: str, told: list[str]) -> None:
        (tree / "a.py").write_text(BUG)
        run("--write-baseline", "base.json")
        (tree / "a.py").write_text(then)
        assert left(run) == told

    def test_paths_are_those_from_the_baseline(self, tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        (tree / "src").mkdir()
        (tree / "src" / "a.py").write_text(BUG)
        run("--write-baseline", "base.json")
        monkeypatch.chdir(tree / "src")
        assert run("a.py", "--baseline", "../base.json").code == 0
        assert run(str(tree / "src" / "a.py"), "--baseline", str(tree / "base.json")).code == 0

    def test_another_file_is_another_finding(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text(BUG)
        run("--write-baseline", "base.json")
        (tree / "b.py").write_text(BUG)
        assert left(run) == ["b.py:1:1: ACC003"]

    def test_a_file_that_is_no_python_is_hidden_too(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text("loss.backward()\nprint 'x'\n")
        assert run("--write-baseline", "base.json").code == 0
        assert run("--baseline", "base.json").code == 0
        (tree / "b.py").write_text("loss.backward(\n")
        assert run("--baseline", "base.json").code == 1

    def test_notebooks_json_and_stdin(self, tree: Path, run: Run) -> None:
        (tree / "n.ipynb").write_text(notebook("x = 1", BUG))
        run("--write-baseline", "base.json")
        (tree / "n.ipynb").write_text(notebook("y = 2", "x = 1", "\n" + BUG, BUG))
        ran = run("--baseline", "base.json", "--output-format", "json")
        assert [(one["cell"], one["location"]["row"]) for one in ran.found] == [(4, 1)]
        content = (tree / "n.ipynb").read_bytes()
        assert run("-", "--stdin-filename", "n.ipynb", "--baseline", "base.json", "--output-format", "json", stdin=content) == ran

    def test_the_configuration_names_it(self, tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        (tree / "src").mkdir()
        (tree / "src" / "a.py").write_text(BUG)
        run("--write-baseline", "base.json")
        (tree / "accumlint.toml").write_text('baseline = "base.json"\n')
        monkeypatch.chdir(tree / "src")
        assert run("--force-exclude", "a.py").code == 0
        assert run("--no-baseline").code == 1
        assert run("--isolated").code == 1

    def test_what_is_hidden_is_not_fixed(self, tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        monkeypatch.chdir(tree)
        (tree / "a.py").write_text(WRONG)
        run("--write-baseline", "base.json")
        assert run("--fix", "--baseline", "base.json").code == 0
        assert (tree / "a.py").read_text() == WRONG
        (tree / "b.py").write_text(WRONG)
        ran = run("--fix", "--baseline", "base.json")
        assert ran.err == "fixed 1 finding in 1 file\nbase.json hides 1 finding\n"
        assert (tree / "a.py").read_text() == WRONG
        assert (tree / "b.py").read_text() != WRONG


@pytest.mark.usefixtures("fake_core")
class TestStale:
    @pytest.fixture(autouse=True)
    def _known(self, tree: Path, run: Run, fake_core: list[str]) -> None:
        (tree / "a.py").write_text(BUG + BUG.replace("003", "001"))
        (tree / "b.py").write_text(BUG)
        run("--write-baseline", "base.json")

    def test_what_was_mended_is_told(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text(BUG)
        (tree / "b.py").unlink()
        ran = run("--baseline", "base.json", "--verbose")
        assert ran.code == 0
        *said, first, second = ran.err.splitlines()
        assert said == [
            "base.json hides 1 finding",
            "2 findings in base.json can no longer be found: `--write-baseline base.json` drops them",
        ]
        assert first == "note: base.json: no longer found: a.py: ACC001 loss.backward() # bug: ACC001"
        assert second == "note: base.json: no longer found: b.py: ACC003 loss.backward() # bug: ACC003"
        run("--write-baseline", "base.json")
        assert [one["path"] for one in entries()] == ["a.py"]

    @pytest.mark.parametrize("words", [["a.py"], ["--select", "ACC001"]], ids=["other_files", "other_rules"])
    def test_what_was_not_judged_now_is_not_stale(self, tree: Path, run: Run, words: list[str]) -> None:
        assert "no longer" not in run("--baseline", "base.json", *words).err
        kept = entries()
        assert ", and kept " in run("--write-baseline", "base.json", *words).err
        assert entries() == kept

    def test_a_file_that_does_not_parse_now_is_not_judged(self, tree: Path, run: Run) -> None:
        (tree / "b.py").write_text(BUG + "(\n")
        ran = run("--baseline", "base.json")
        assert ran.code == 1
        assert "no longer" not in ran.err

    def test_a_finding_that_another_file_shows_needs_that_file(self, tree: Path, run: Run) -> None:
        (tree / "steps.py").write_text("loss.backward()  # bug if followed: ACC003\n")
        (tree / "a.py").write_text("loss.backward()\n# follows: steps.py\n")
        run("--write-baseline", "base.json")
        assert entries()[-1]["via"] == "a.py"
        assert run("a.py", "--baseline", "base.json").code == 0
        assert "no longer" not in run("steps.py", "--baseline", "base.json").err
        (tree / "a.py").write_text("")
        assert "1 finding in base.json can no longer be found" in run("--baseline", "base.json").err


class TestWrongWords:
    def test_there_is_none(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text(RIGHT)
        error = "error: base.json: no such baseline; `--write-baseline base.json` makes it\n"
        assert run("--baseline", "base.json") == Ran(2, "", error)
        (tree / "accumlint.toml").write_text('baseline = "base.json"\n')
        assert run().code == 2
        assert run("--write-baseline", "base.json").code == 0
        assert run().code == 0

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"\xff",
            b"[]",
            b"{}",
            b'{"accumlint-baseline": 2, "findings": []}',
            b'{"accumlint-baseline": 1, "findings": [{"path": 1, "code": "ACC003"}]}',
            b"[" * 100_000,
        ],
    )
    def test_another_file_is_neither_taken_for_one_nor_overwritten(self, tree: Path, run: Run, content: bytes) -> None:
        (tree / "a.py").write_text(RIGHT)
        (tree / "base.json").write_bytes(content)
        for option in ("--baseline", "--write-baseline"):
            assert run(option, "base.json") == Ran(2, "", "error: base.json: not a baseline of accumlint\n")
        assert (tree / "base.json").read_bytes() == content

    def test_it_cannot_be_written(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text(RIGHT)
        error = "error: no/base.json: cannot be written: no such file or directory\n"
        assert run("--write-baseline", "no/base.json") == Ran(2, "", error)

    @pytest.mark.parametrize("words", [["--baseline", "x"], ["--no-baseline"], ["--diff"]])
    def test_options_that_exclude_each_other(self, tree: Path, run: Run, words: list[str]) -> None:
        ran = run("--write-baseline", "base.json", *words)
        assert ran.code == 2
        assert "exclude each other" in ran.err
