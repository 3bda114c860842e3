"""--fix, --unsafe-fixes and --diff: what is written, what is printed, and what is left alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import RIGHT, WRONG, Ran
from loops import FIXTURES
from test_notebook import notebook

from accumlint.fix import save
from accumlint.source import read

from .repairing import without_marks

Run = Callable[..., Ran]
FIXED = WRONG + "    optimizer.zero_grad()\n"
CAUTIOUS = WRONG + "    print(model.weight.grad)\n"


def test_fix_writes_and_reports_what_is_left(tree: Path, run: Run) -> None:
    (tree / "a.py").write_text(WRONG)
    (tree / "b.py").write_text(CAUTIOUS)
    ran = run("--fix", "--no-cache", "--output-format", "json")
    assert ran.code == 1
    assert [Path(one["filename"]).name for one in ran.found] == ["b.py"]
    assert (tree / "a.py").read_text() == FIXED
    assert (tree / "b.py").read_text() == CAUTIOUS
    assert ran.err == "fixed 1 finding in 1 file; 1 more with --unsafe-fixes\n"


def test_unsafe_fixes_are_asked_for(tree: Path, run: Run) -> None:
    (tree / "b.py").write_text(CAUTIOUS)
    ran = run("--fix", "--unsafe-fixes", "--no-cache")
    assert (ran.code, ran.out) == (0, "All checks passed: 1 file\n")
    assert "zero_grad" in (tree / "b.py").read_text()


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("full", "a.py:8:5: ACC001 [*] missing-zero-grad "),
        ("concise", "a.py:8:5: ACC001 [*] [missing"),
        ("grouped", "  8:5 ACC001 [*] [missing"),
    ],
)
def test_what_can_be_fixed_is_marked_and_counted(tree: Path, run: Run, form: str, line: str) -> None:
    (tree / "a.py").write_text(WRONG)
    (tree / "b.py").write_text(CAUTIOUS)
    ran = run("--output-format", form)
    assert line in ran.out
    assert ran.out.count("[*]") == 2
    assert ran.out.endswith("\n2 findings in 2 files; [*] 1 fixable with --fix, 1 more with --unsafe-fixes\n")
    # what is remembered says the same
    assert run("--output-format", form) == ran
    assert run("b.py", "--output-format", form).out.endswith("\n1 finding in 1 file; 1 fixable with --fix --unsafe-fixes\n")
    assert run("--fix", "--output-format", form).out.endswith("\n1 finding in 2 files; 1 fixable with --fix --unsafe-fixes\n")


def test_fixing_twice_is_fixing_once(tree: Path, run: Run) -> None:
    names = ("two_slips", "cleared_and_unflushed", "off_by_one_without_flush", "branches_swapped", "counter_never_reset")
    for name in names:
        (tree / f"{name}.py").write_text(without_marks((FIXTURES / "wrong" / f"{name}.py").read_text()))
    assert run("--fix", "--no-cache").code == 0
    once = [(tree / f"{name}.py").read_text() for name in names]
    ran = run("--fix", "--no-cache")
    assert ran.err == "fixed 0 findings in 0 files\n"
    assert [(tree / f"{name}.py").read_text() for name in names] == once


def test_several_processes_do_what_one_does(tree: Path, run: Run) -> None:
    wrong = FIXTURES / "wrong"
    files = [wrong / f"{name}.py" for name in ("two_slips", "inverted_truthiness", "divided_twice", "clear_under_log_guard")]
    for file in (*files, *(wrong / "several_files_no_flush").glob("*.py")):
        (tree / file.name).write_text(without_marks(file.read_text()))
    told = [run("--no-cache", "--output-format", "json", "--jobs", jobs).found for jobs in ("1", "3")]
    assert told[0] == told[1]
    assert sum(one["fix"] is not None for one in told[0]) >= 3
    diffs = [run("--diff", "--unsafe-fixes", "--no-cache", "--jobs", jobs) for jobs in ("1", "3")]
    assert diffs[0].out.count("+++ ") >= 3
    assert (diffs[0].out, diffs[0].err) == (diffs[1].out, diffs[1].err)


def test_a_fix_that_kills_its_process_costs_one_file(tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from accumlint.fix import repair

    made = repair.fixes_for

    def fatal(text: str, path: str, *rest: object, **more: object) -> object:
        if path.endswith("b.py"):
            os._exit(7)
        return made(text, path, *rest, **more)

    monkeypatch.setattr(repair, "fixes_for", fatal)
    for name in ("a.py", "b.py", "c.py"):
        (tree / name).write_text(WRONG)
    ran = run("--fix", "--no-cache", "--jobs", "2")
    assert ran.code == 2
    assert "b.py" in ran.err
    assert "its process died" in ran.err
    assert [(tree / name).read_text() for name in ("a.py", "b.py", "c.py")] == [FIXED, WRONG, FIXED]


def test_a_fix_that_fails_is_none(tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> object:
        raise KeyError("x")

    monkeypatch.setattr("accumlint.fix.clearing.missing_clear", failing)
    (tree / "a.py").write_text(WRONG)
    assert run("--output-format", "concise", "--no-cache").out.endswith("\n1 finding in 1 file\n")


def test_diff_changes_nothing(tree: Path, run: Run) -> None:
    (tree / "a.py").write_text(WRONG)
    ran = run("--diff", "--no-cache")
    assert ran.code == 1
    assert ran.out == "--- a.py\n+++ a.py\n@@ -6,3 +6,4 @@\n     loss = torch.nn.functional.mse_loss(model(x), y)\n" + (
        "     loss.backward()\n     optimizer.step()\n+    optimizer.zero_grad()\n"
    )
    assert (tree / "a.py").read_text() == WRONG
    (tree / "a.py").write_text(RIGHT)
    assert run("--diff", "--no-cache").code == 0


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_diff_can_be_applied_byte_for_byte(tree: Path) -> None:
    files = {
        "a.py": WRONG.encode().rstrip(b"\n"),
        "ö dir/b c.py": WRONG.encode(),
        "crlf.py": WRONG.replace("\n", "\r\n").encode(),
        "latin.py": WRONG.replace("for x", "# é\nfor x").replace("import", "# coding: latin-1\nimport").encode("latin-1"),
    }
    (tree / "ö dir").mkdir()
    for name, data in files.items():
        (tree / name).write_bytes(data)
    ran = subprocess.run([sys.executable, "-m", "accumlint", "--diff"], capture_output=True, check=False)
    assert ran.stderr == b"would fix 4 findings in 4 files\n"
    subprocess.run(["git", "apply", "-p0"], input=ran.stdout, check=True)
    fixed = {name: (tree / name).read_bytes() for name in files}
    assert all(b"\n    optimizer.zero_grad()" in data for data in fixed.values())
    for name, data in files.items():
        (tree / name).write_bytes(data)
    subprocess.run([sys.executable, "-m", "accumlint", "--fix"], check=True)
    assert {name: (tree / name).read_bytes() for name in files} == fixed


def test_a_read_only_file_is_left_alone(tree: Path, run: Run) -> None:
    (tree / "a.py").write_text(WRONG)
    (tree / "a.py").chmod(0o444)
    ran = run("--fix", "--output-format", "json")
    assert (ran.code, ran.codes) == (2, ["ACC001"])
    assert ran.err == "fixed 0 findings in 0 files\nerror: a.py: read-only: left as it is\n"
    assert (tree / "a.py").read_text() == WRONG


def test_stdin_is_fixed_on_stdout(tree: Path, run: Run) -> None:
    (tree / "a.py").write_text("untouched")
    ran = run("--fix", "--no-cache", "--stdin-filename", "a.py", "-", stdin=WRONG.encode())
    assert (ran.code, ran.out) == (0, FIXED)
    assert (tree / "a.py").read_text() == "untouched"
    assert run("--fix", "-", stdin=RIGHT.encode()).out == RIGHT


@pytest.mark.parametrize(("words", "code"), [(("--fix",), 0), (("--fix", "--exit-non-zero-on-fix"), 1), (("--fix-only",), 0)])
def test_exit_codes(tree: Path, run: Run, words: tuple[str, ...], code: int) -> None:
    (tree / "a.py").write_text(WRONG)
    assert run(*words, "--no-cache").code == code
    assert (tree / "a.py").read_text() == FIXED


def test_a_suppressed_finding_is_not_fixed(tree: Path, run: Run) -> None:
    text = WRONG.replace("optimizer.step()", "optimizer.step()  # noqa: ACC001")
    (tree / "a.py").write_text(text)
    run("--fix", "--no-cache")
    assert (tree / "a.py").read_text() == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (WRONG.replace("\n", "\r\n").encode(), FIXED.replace("\n", "\r\n").encode()),
        (b"\xef\xbb\xbf" + WRONG.encode(), b"\xef\xbb\xbf" + FIXED.encode()),
        (
            ("# coding: latin-1\n# caf\xe9\n" + WRONG).encode("latin-1"),
            ("# coding: latin-1\n# caf\xe9\n" + FIXED).encode("latin-1"),
        ),
        (WRONG.replace("\n    ", "\n\t").encode(), FIXED.replace("\n    ", "\n\t").encode()),
        (WRONG.rstrip("\n").encode(), FIXED.rstrip("\n").encode()),
        (WRONG.replace("torch\n", "torch\r\n", 1).encode(), FIXED.replace("torch\n", "torch\r\n", 1).encode()),
    ],
    ids=["crlf", "bom", "latin-1", "tabs", "no line end", "mixed"],
)
def test_bytes_that_nobody_asked_to_change_stay(tree: Path, run: Run, before: bytes, after: bytes) -> None:
    (tree / "a.py").write_bytes(before)
    run("--fix", "--no-cache")
    assert (tree / "a.py").read_bytes() == after


def test_the_mode_is_kept_and_a_link_stays_a_link(tree: Path, run: Run) -> None:
    (tree / "real").mkdir()
    (tree / "real" / "a.py").write_text(WRONG)
    (tree / "real" / "a.py").chmod(0o754)
    (tree / "b.py").symlink_to("real/a.py")
    run("--fix", "--no-cache", "b.py")
    assert (tree / "b.py").is_symlink()
    assert (tree / "real" / "a.py").read_text() == FIXED
    assert (tree / "real" / "a.py").stat().st_mode & 0o777 == 0o754
    assert sorted(os.listdir(tree / "real")) == ["a.py"]


def test_a_file_that_has_changed_meanwhile_is_left_alone(tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "a.py").write_text(WRONG)
    (tree / "b.py").write_text(WRONG)

    def changed_by_another(path: str) -> bytes:
        if path.endswith("a.py"):
            Path(path).write_text("mine")
        return read(path)

    monkeypatch.setattr(save, "read", changed_by_another)
    ran = run("--fix", "--no-cache")
    assert ran.code == 2
    assert "error: a.py: changed while it was being fixed: left as it is" in ran.err
    assert (tree / "a.py").read_text() == "mine"
    assert (tree / "b.py").read_text() == FIXED


def test_a_write_that_fails_leaves_the_file_whole(tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "a.py").write_text(WRONG)

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    ran = run("--fix", "--no-cache")
    assert ran.code == 2
    assert "error: a.py: no space left on device" in ran.err
    assert (tree / "a.py").read_text() == WRONG
    assert os.listdir(tree) == ["a.py"]


def test_a_fix_in_another_module(tree: Path, run: Run) -> None:
    for file in (FIXTURES / "wrong" / "trainer_inherits_a_clear").glob("*.py"):
        (tree / file.name).write_text(without_marks(file.read_text()).replace("from .base", "from base"))
    assert run("--fix", "--no-cache").err == "fixed 1 finding in 2 files\n"
    assert "zero_grad" not in (tree / "base.py").read_text()
    assert run("--no-cache").code == 0


def test_json_says_how_to_fix(tree: Path, run: Run) -> None:
    (tree / "a.py").write_text(CAUTIOUS)
    (found,) = run("--output-format", "json").found
    assert found["fix"] == {
        "applicability": "unsafe",
        "message": "add `optimizer.zero_grad()` after the step",
        "reason": "line 9 reads the gradients after the step",
        "edits": [
            {
                "content": "\n    optimizer.zero_grad()",
                "location": {"row": 8, "column": 21},
                "end_location": {"row": 8, "column": 21},
            }
        ],
    }


HEAD, _, LOOP = WRONG.partition("for x")


def test_of_a_notebook_only_the_cell_changes(tree: Path, run: Run) -> None:
    raw = notebook("%matplotlib inline\n" + HEAD, "for x" + LOOP.rstrip("\n"), "print('\u00e9')\n", title="a", accuracy=0.10)
    raw = raw.replace('"accuracy": 0.1', '"accuracy": 0.10').replace("\u00e9", "\\u00e9")
    (tree / "n.ipynb").write_text(raw + "\n\n")
    assert run("--fix", "--no-cache").code == 0
    expected = raw.replace('"    optimizer.step()"', '"    optimizer.step()\\n",\n    "    optimizer.zero_grad()"')
    assert (tree / "n.ipynb").read_text() == expected + "\n\n"


def test_a_notebook_whose_source_is_one_string(tree: Path, run: Run) -> None:
    content = json.loads(notebook(HEAD, "for x" + LOOP))
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"])
    (tree / "n.ipynb").write_text(json.dumps(content))
    assert run("--fix", "--no-cache").code == 0
    content["cells"][1]["source"] += "    optimizer.zero_grad()\n"
    assert (tree / "n.ipynb").read_text() == json.dumps(content)


def test_beside_a_broken_cell_no_fix_is_safe(tree: Path, run: Run) -> None:
    (tree / "n.ipynb").write_text(notebook(HEAD, "def loss(x):\n    return <your code>\n", "for x" + LOOP))
    fix = next(one["fix"] for one in run("--output-format", "json", "--no-cache").found if one["code"] == "ACC001")
    assert (fix["applicability"], fix["reason"]) == ("unsafe", "a part of the notebook could not be read")


def test_what_cannot_be_written_back_is_not_offered(tree: Path, run: Run) -> None:
    # an escape sequence around nothing is lost in decoding
    (tree / "a.py").write_bytes(b"# coding: hz\n# ~{~}\n" + WRONG.encode())
    assert "a.py:10:5: ACC001 [missing-zero-grad]" in run("--output-format", "concise").out
    assert run("--fix", "--output-format", "json").found[0]["fix"] is None


def test_the_last_line_of_a_cell_is_taken_out(tree: Path, run: Run) -> None:
    loop = "for x" + LOOP + "    optimizer.zero_grad()\n"
    (tree / "n.ipynb").write_text(notebook(HEAD, f"{loop}    optimizer.step()", "x = 1\n"))
    assert run("--fix", "--no-cache").code == 0
    assert (tree / "n.ipynb").read_text() == notebook(HEAD, loop.rstrip("\n"), "x = 1\n")
