"""The command line from words to exit code, with a core that finds what it is told to."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import RIGHT, WRONG, Ran
from test_notebook import notebook

from accumlint import cli
from accumlint.commands import NAMES
from accumlint.quick import quick
from accumlint.request import Request

Run = Callable[..., Ran]
BUG = "loss.backward()  # bug: ACC003\n"


@pytest.mark.usefixtures("fake_core")
class TestExitCodes:
    def test_clean(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text("x = 1\n")
        assert run() == Ran(0, "All checks passed: 1 file\n", "")
        assert run("check", ".") == run(".") == run()

    def test_findings(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text(BUG)
        ran = run("a.py")
        assert (ran.code, ran.err) == (1, "")
        assert ran.out.endswith("1 finding in 1 file\n")
        assert run("--exit-zero", "a.py") == Ran(0, ran.out, "")

    def test_nothing_to_look_at_is_said(self, tree: Path, run: Run) -> None:
        (tree / "notes.txt").write_text(BUG)
        assert run() == Ran(0, "", "warning: no Python files or notebooks under .\n")

    def test_a_path_that_is_not_there(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text(BUG)
        ran = run("nope.py", "a.py", "--output-format", "concise", "--exit-zero")
        assert ran.code == 2
        assert ran.err == "error: nope.py: no such file or folder\n"
        assert ran.out.startswith("a.py:1:1: ACC003 [unscaled-loss] ")

    def test_an_internal_error(self, tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        (tree / "a.py").write_text("loss.backward()  # crash\n")
        (tree / "b.py").write_text(BUG)
        ran = run("--output-format", "concise")
        assert ran.code == 2
        assert ran.err == "error: a.py: internal error: RuntimeError: out of luck; please report it\n"
        assert ran.out.startswith("b.py:1:1: ACC003")
        monkeypatch.setenv("ACCUMLINT_DEBUG", "1")
        with pytest.raises(RuntimeError):
            run("a.py", "--no-cache")

    @pytest.mark.parametrize(
        ("words", "hint"),
        [
            (["--selct", "ACC003"], "--select"),
            (["--select", "ACC0033"], "`ACC003`"),
            (["--ignore", "missing-flsh"], "`missing-flush`"),
            (["--select", "F401"], "unknown rule `F401`; `accumlint rules` lists them all"),
            (["--unsafe-fixes"], "--unsafe-fixes does nothing without --fix or"),
            (["--stdin-filename", "a.py"], "--stdin-filename does nothing without -"),
            (["--output-format", "jsn"], "json"),
            (["--config", "nope.toml"], "nope.toml: cannot be read"),
            (["explan"], "`accumlint explain`"),
            (["explain", "ACC0033"], "`ACC003`"),
            (["--jobs", "none"], "not a valid int"),
        ],
    )
    def test_wrong_words(self, tree: Path, run: Run, words: list[str], hint: str) -> None:
        ran = run(*words)
        assert (ran.code, ran.out) == (2, "")
        assert hint in ran.err

    @pytest.mark.parametrize("words", ["", ", "])
    def test_a_selection_of_nothing(self, tree: Path, run: Run, words: str) -> None:
        (tree / "a.py").write_text(WRONG)
        assert run("--select", words) == Ran(2, "", "error: --select: names no rule; `accumlint rules` lists them all\n")

    def test_a_wrong_configuration(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text("x = 1\n")
        (tree / "accumlint.toml").write_text("selct = []\n")
        assert run() == Ran(2, "", "error: accumlint.toml: unknown key `selct`; did you mean `select`?\n")
        (tree / "accumlint.toml").write_text("[tool.accumlint]\nselect = []\n")
        assert "stand without `[tool.accumlint]`" in run().err


@pytest.mark.usefixtures("fake_core")
class TestBadInput:
    """Each gets one line that says where and what; the other files are still linted."""

    @pytest.mark.parametrize(
        ("name", "data", "line"),
        [
            ("a.py", b"for x in (:\n    loss.backward()\n", "a.py:1:11: invalid-syntax invalid syntax"),
            (
                "a.py",
                b"loss.backward()\nprint 'x'\n",
                "a.py:2:1: invalid-syntax looks like Python 2, which is not supported (missing",
            ),
            ("a.py", b"loss.backward()\n'\xff'\n", "a.py:2:1: undecodable byte 0xff is not utf-8"),
            ("a.py", b"loss.backward()\n\0", "a.py:2:1: undecodable holds a null byte: not Python source"),
            ("a.py", b"loss.backward()\n" + b"x = 1\n" * 1_700_000, "a.py:1:1: too-large not judged: 10.2 MB of source"),
            ("a.ipynb", b'{"cells": [ backward', "a.ipynb:1:13: invalid-notebook not a notebook: expecting value"),
            ("a.ipynb", notebook("x = 1", "loss.backward(").encode(), "a.ipynb:cell 2:1:14: invalid-syntax '(' was never closed"),
        ],
    )
    @pytest.mark.parametrize("words", [[], ["a.py", "a.ipynb", "b.py"]], ids=["walked", "named"])
    def test_one_line(self, tree: Path, run: Run, name: str, data: bytes, line: str, words: list[str]) -> None:
        (tree / name).write_bytes(data)
        (tree / "b.py").write_text(BUG)
        ran = run("--output-format", "concise", "--no-cache", *(word for word in words if (tree / word).exists()))
        first, second, summary = ran.out.splitlines()
        assert (ran.code, ran.err) == (1, "")
        assert first.startswith(line)
        assert second.startswith("b.py:1:1: ACC003")
        assert summary == "1 finding in 2 files, 1 not judged in full"

    def test_a_named_file_that_could_not_train_is_still_told_apart_from_python(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text("def f(:\n")
        assert run().code == 0
        assert run("a.py", "--output-format", "concise").out.startswith("a.py:1:7: invalid-syntax ")

    def test_a_name_that_is_not_utf_8(self, tree: Path, run: Run) -> None:
        (tree / os.fsdecode(b"\xff.py")).write_text(WRONG)
        words = [sys.executable, "-m", "accumlint", "--output-format"]
        for form in ("full", "json", "sarif", "junit", "github", "gitlab"):
            ran = subprocess.run([*words, form, "--exit-zero", b"\xff.py"], capture_output=True, check=False)
            assert (ran.returncode, ran.stderr) == (0, b"")
            assert b"ACC001" in ran.stdout

    def test_an_empty_file_is_clean(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_bytes(b"")
        assert run("a.py") == Ran(0, "All checks passed: 1 file\n", "")

    def test_a_loop_of_links(self, tree: Path, run: Run) -> None:
        os.symlink("a.py", "a.py")
        (tree / "b.py").write_text(BUG)
        for words in ([], ["a.py", "b.py"]):
            ran = run(*words)
            assert ran.code == 2
            assert ran.err == "error: a.py: too many levels of symbolic links\n"
            assert "b.py:1:1: ACC003" in ran.out


@pytest.mark.usefixtures("fake_core")
class TestOptions:
    def test_select_and_ignore(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text("".join(f"loss.backward()  # bug: {code}\n" for code in ("ACC001", "ACC003", "ACC015")))
        assert run("--output-format", "json").codes == ["ACC001", "ACC003"]
        assert run("--output-format", "json", "--select", "ACC001,ACC015").codes == ["ACC001", "ACC015"]
        assert run("--output-format", "json", "--extend-select", "underscaled-flush").codes == ["ACC001", "ACC003", "ACC015"]
        assert run("--output-format", "json", "--ignore", "ACC00").codes == []

    def test_per_file_ignores(self, tree: Path, run: Run) -> None:
        (tree / "accumlint.toml").write_text('[per-file-ignores]\n"tests/" = ["ACC003"]\n')
        (tree / "tests").mkdir()
        for name in ("a.py", "tests/b.py"):
            (tree / name).write_text(BUG)
        assert [os.path.basename(one["filename"]) for one in run("--output-format", "json").found] == ["a.py"]

    def test_stdin(self, tree: Path, run: Run) -> None:
        ran = run("-", "--output-format", "concise", stdin=BUG.encode())
        assert ran.out.startswith("<stdin>:1:1: ACC003")
        ran = run("-", "--stdin-filename", "src/a.py", stdin=BUG.encode())
        assert ran.out.splitlines()[2] == "1 | loss.backward()  # bug: ACC003"
        assert ran.out.startswith("src/a.py:1:1: ACC003")
        (tree / "accumlint.toml").write_text('exclude = ["src"]\nforce-exclude = true\n')
        assert run("-", "--stdin-filename", "src/a.py", stdin=BUG.encode()).code == 0

    def test_there_may_be_no_stdin(self, tree: Path) -> None:
        closing = "import os, sys; os.close(0); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
        words = [sys.executable, "-c", closing, "-m", "accumlint", "-"]
        ran = subprocess.run(words, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (2, "error: there is no stdin to read\n")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
    def test_a_pipe_is_read_once_where_it_is_named_and_never_in_a_folder(self, tree: Path, run: Run) -> None:
        os.mkfifo("pipe.py")
        writer = threading.Thread(target=(tree / "pipe.py").write_text, args=(BUG,))
        writer.start()
        assert run("pipe.py", "--output-format", "concise").out.startswith("pipe.py:1:1: ACC003")
        writer.join()
        assert run(".").err == "warning: no Python files or notebooks under .\n"

    def test_stdin_may_hold_a_notebook(self, tree: Path, run: Run) -> None:
        ran = run("-", "--stdin-filename", "n.ipynb", stdin=notebook("x = 1", BUG).encode())
        assert ran.out.startswith("n.ipynb:cell 2:1:1: ACC003")

    def test_statistics(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text(BUG * 2 + BUG.replace("3", "1"))
        ran = run("--statistics")
        assert ran.out == "2\tACC003\tunscaled-loss\n1\tACC001\tmissing-zero-grad\n3 findings in 1 file\n"
        assert [one["count"] for one in run("--statistics", "--output-format", "json").found] == [2, 1]

    def test_verbose_says_what_was_left_unjudged(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text("loss.backward()  # opaque\n")
        assert run().err == ""
        assert run("--verbose").err == "note: a.py:1: opaque\n"

    def test_quiet_prints_findings_and_nothing_else(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text("")
        assert run("--quiet") == Ran(0, "", "")
        (tree / "a.py").write_text(BUG)
        assert run("-q", "--output-format", "concise").out.splitlines() == [
            "a.py:1:1: ACC003 [unscaled-loss] 3 micro-batches sum to weight 3, not 1"
        ]
        assert run("-q", "--statistics").out == "1\tACC003\tunscaled-loss\n"
        assert run("-q", "nowhere.py").err == "error: nowhere.py: no such file or folder\n"

    @pytest.mark.parametrize("words", [["--quiet", "--verbose"], ["--isolated", "--config", "accumlint.toml"]])
    def test_options_that_exclude_each_other(self, run: Run, words: list[str]) -> None:
        ran = run(*words)
        assert (ran.code, "exclude each other" in ran.err) == (2, True)

    def test_version_and_help(self, run: Run) -> None:
        assert run("--version").out == "accumlint 0.1.0\n"
        assert [f"  {name} " in run("--help").out for name in NAMES] == [True] * len(NAMES)
        assert "..." not in run("--help").out.partition("Commands:")[2]
        assert "--show-ledger" in run("check", "--help").out

    def test_show_files_and_settings(self, tree: Path, run: Run) -> None:
        (tree / "accumlint.toml").write_text('select = ["ACC003"]\n')
        (tree / "a.py").write_text("")
        assert run("--show-files").out == "a.py\n"
        assert 'rules = ["ACC003"]' in run("--show-settings").out.splitlines()

    def test_color(self, tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        (tree / "a.py").write_text(BUG)
        assert "\x1b" not in run().out
        assert "\x1b" in run("--color", "always").out
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert "\x1b" in run().out
        assert "\x1b" not in run("--color", "never").out
        monkeypatch.setenv("FORCE_COLOR", "0")
        assert "\x1b" not in run().out
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b" not in run().out


@pytest.mark.usefixtures("fake_core")
class TestOtherFiles:
    """A finding may stand in a module that the linted file uses."""

    def test_it_is_named_from_here_and_told_once(self, tree: Path, run: Run) -> None:
        (tree / "steps.py").write_text(BUG)
        for name in ("a.py", "b.py"):
            (tree / name).write_text("loss.backward()\n# follows: steps.py\n")
        assert run("--output-format", "concise").out.splitlines() == [
            "steps.py:1:1: ACC003 [unscaled-loss] 3 micro-batches sum to weight 3, not 1",
            "1 finding in 3 files",
        ]

    def test_it_is_suppressed_where_it_stands(self, tree: Path, run: Run) -> None:
        (tree / "steps.py").write_text(BUG.strip() + " # accumlint: ignore[ACC003]\n")
        (tree / "a.py").write_text("loss.backward()\n# follows: steps.py\n")
        assert run("a.py").code == 0

    def test_a_suppression_is_used_if_another_file_needs_it(self, tree: Path, run: Run) -> None:
        (tree / "steps.py").write_text("loss.backward()  # bug if followed: ACC003 # accumlint: ignore[ACC003]\n")
        assert run("--extend-select", "ACC100", "--output-format", "json").codes == ["ACC100"]
        (tree / "a.py").write_text("loss.backward()\n# follows: steps.py\n")
        assert run("--extend-select", "ACC100").code == 0

    def test_an_excluded_file_stays_excluded(self, tree: Path, run: Run) -> None:
        (tree / "lib").mkdir()
        (tree / "lib" / "steps.py").write_text(BUG)
        (tree / "a.py").write_text("loss.backward()\n# follows: lib/steps.py\n")
        assert run("a.py").code == 1
        assert run("a.py", "--extend-exclude", "lib").code == 0

    def test_per_file_ignores_are_those_of_its_file(self, tree: Path, run: Run) -> None:
        (tree / "accumlint.toml").write_text('[per-file-ignores]\n"lib/" = ["ACC003"]\n')
        (tree / "lib").mkdir()
        (tree / "lib" / "steps.py").write_text(BUG)
        (tree / "a.py").write_text("loss.backward()\n# follows: lib/steps.py\n")
        assert run().code == 0


class TestCache:
    def test_an_unchanged_file_is_not_judged_twice(self, tree: Path, run: Run, fake_core: list[str]) -> None:
        (tree / "a.py").write_text(BUG + "# follows: b.txt\n")
        (tree / "b.txt").write_text("")
        first = run()
        assert run() == first
        assert fake_core == ["a.py"]
        (tree / "b.txt").write_text("changed")
        assert run() == first
        assert fake_core == ["a.py", "a.py"]

    def test_other_rules_are_chosen_from_what_is_remembered(self, tree: Path, run: Run, fake_core: list[str]) -> None:
        (tree / "a.py").write_text(BUG)
        run()
        assert run("--ignore", "ACC003").code == 0
        assert fake_core == ["a.py"]

    def test_no_cache(self, tree: Path, run: Run, fake_core: list[str]) -> None:
        (tree / "a.py").write_text(BUG)
        run("--no-cache")
        run("--no-cache")
        assert fake_core == ["a.py", "a.py"]
        assert not (tree / ".accumlint_cache").exists()


@pytest.mark.usefixtures("fake_core")
class TestPool:
    @pytest.fixture(autouse=True)
    def _always(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("accumlint.sweep.WORTH_A_POOL", 0)

    def test_the_order_is_that_of_the_files(self, tree: Path, run: Run) -> None:
        for number in range(6):
            (tree / f"{number}.py").write_text(BUG + "#" * 100 * number)
        found = run("--jobs", "2", "--no-cache", "--output-format", "json").found
        assert [os.path.basename(one["filename"]) for one in found] == [f"{number}.py" for number in range(6)]

    @pytest.mark.skipif(sys.platform != "linux", reason="the fake core is inherited by forks only")
    def test_a_dying_process_costs_the_file_that_killed_it(self, tree: Path, run: Run) -> None:
        for name in "abcd":
            (tree / f"{name}.py").write_text(BUG)
        (tree / "c.py").write_text("loss.backward()  # die\n")
        ran = run("--jobs", "2", "--no-cache", "--output-format", "json")
        assert ran.code == 2
        assert ran.err == "error: c.py: internal error: ChildProcessError: its process died; please report it\n"
        assert len(ran.found) == 3


class TestRealCore:
    """Loops whose verdict nobody can doubt, through the real core."""

    def test_wrong(self, tree: Path, run: Run) -> None:
        (tree / "train.py").write_text(WRONG)
        (finding,) = run("train.py", "--output-format", "json").found
        assert finding["code"] == "ACC001"
        assert finding["location"] == {"row": 8, "column": 5}

    def test_a_narrow_terminal_still_shows_a_ledger(self, tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        (tree / "train.py").write_text(WRONG)
        monkeypatch.setenv("COLUMNS", "10")
        assert "\nstep 2       1 x2     1\n" in run("--show-ledger").out

    def test_right(self, tree: Path, run: Run) -> None:
        (tree / "train.py").write_text(RIGHT)
        assert run().code == 0

    def test_notebook(self, tree: Path, run: Run) -> None:
        setup, loop = WRONG.split("for x")
        (tree / "train.ipynb").write_text(notebook("%matplotlib inline\n" + setup, "for x" + loop))
        assert run("--output-format", "concise").out.startswith("train.ipynb:cell 2:4:5: ACC001 ")

    def test_show_ledger(self, tree: Path, run: Run) -> None:
        (tree / "train.py").write_text(WRONG)
        assert "step 2" in run("--show-ledger").out


class TestImports:
    """What is not needed is not imported: start-up is most of a small run."""

    HEAVY = ("libcst", "typer", "rich", "pathspec", "multiprocessing", "torch", "tomllib", "fractions")

    @pytest.mark.parametrize("text", ["x = 1\n", ""])
    @pytest.mark.parametrize("words", ["", "-n --exit-zero --extend-exclude *.ipynb,old --isolated --output-format concise"])
    def test_a_tree_without_training_code(self, tree: Path, text: str, words: str) -> None:
        (tree / "a.py").write_text(text)
        given = [".", *words.split()]
        program = f"import sys; from accumlint.__main__ import main; main({given}); print([m for m in {self.HEAVY} if m in sys.modules])"
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert ran.stdout == "All checks passed: 1 file\n[]\n"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("", id="nothing"),
        pytest.param("check a b -", id="the command, paths and stdin"),
        pytest.param("a -e -n -q", id="short switches"),
        pytest.param("--exit-zero a --no-cache --quiet --isolated --statistics --show-ledger --force-exclude", id="switches"),
        pytest.param("--select A,B a --select C --ignore D --extend-select E, --exclude f --extend-exclude *.g", id="lists"),
        pytest.param("--select , a", id="an empty list"),
        pytest.param("--output-format json", id="format"),
    ],
)
def test_what_is_read_without_typer_is_what_typer_reads(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []
    monkeypatch.setattr("accumlint.commands.check.check", lambda request: asked.append(request) or 0)
    assert cli.run(words.split()) == 0
    assert asked == [quick(words.split())]


@pytest.mark.parametrize(
    "words", ["explain ACC001", "a -en", "--select", "a --select -e", "--output-format xml", "--fix", "-- -a", "-h", "--jobs 2"]
)
def test_what_else_is_asked_is_left_to_typer(words: str) -> None:
    assert quick(words.split()) is None


def test_what_lies_in_the_folder_is_not_imported(tree: Path) -> None:
    (tree / "a.py").write_text(WRONG)
    for name in ("ast", "json", "logging", "re", "token", "tokenize", "typing", "libcst", "rich", "typer"):
        (tree / f"{name}.py").write_text(f"raise SystemExit('{name} was run')\n")
    words = [sys.executable, "-m", "accumlint", "a.py", "--output-format", "concise"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.stdout.startswith("a.py:8:5: ACC001 ")


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is here")
@pytest.mark.parametrize("words", [["train.py", "--confirm"], ["confirm", "train.py"], ["run", "train.py"]])
def test_without_torch(tree: Path, run: Run, words: list[str]) -> None:
    (tree / "train.py").write_text(WRONG)
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(r"error: .* needs torch: pip install 'accumlint\[confirm\]'\n", ran.err)


@pytest.mark.parametrize("other", ["--diff", "--fix-only", "--write-baseline=known.json"])
def test_what_reports_nothing_has_nothing_to_confirm(tree: Path, run: Run, other: str) -> None:
    ran = run(".", "--confirm", other)
    assert ran.code == 2
    assert "--confirm" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--output-format", "concise", *(f"{number}.py" for number in range(300))], id="more than a pipe holds"),
        pytest.param(["0.py"], id="little"),
        pytest.param(["explain", "all"], id="through typer"),
        pytest.param(["--help"], id="help"),
    ],
)
def test_a_reader_that_closes_early_is_no_error(tree: Path, words: list[str]) -> None:
    for number in range(300):
        (tree / f"{number}.py").write_text("def f(:\n")
    command = [sys.executable, "-m", "accumlint", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.usefixtures("fake_core")
class TestOutputFile:
    def test_it_holds_the_report_and_stdout_nothing(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text(BUG)
        told = run("a.py", "--output-format", "json").out
        assert run("a.py", "--output-format", "json", "--output-file", "out.json") == Ran(1, "", "")
        assert (tree / "out.json").read_text() == told
        (tree / "a.py").write_text("x = 1\n")
        assert run("a.py", "-o", "out.json") == Ran(0, "", "")
        assert (tree / "out.json").read_text() == "All checks passed: 1 file\n"

    def test_it_cannot_be_written(self, tree: Path, run: Run) -> None:
        (tree / "a.py").write_text(BUG)
        ran = run("a.py", "-o", "no/such/out.txt")
        assert ran == Ran(2, "", "error: --output-file: no/such/out.txt: cannot be written: no such file or directory\n")
        assert run("a.py", "-o", "x", "--diff").err == "error: --output-file and --diff exclude each other\n"
