from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from accumlint.config import Overrides, Resolver
from accumlint.discover import discover
from accumlint.gitignore import matcher


def put(top: Path, *names: str) -> None:
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")


def git(top: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words], cwd=top, check=True, capture_output=True
    )


def found(*paths: str, overrides: Overrides | None = None) -> list[str]:
    return [file.path for file in discover(paths or (".",), Resolver(overrides or Overrides()).settings).files]


@pytest.fixture(params=["walked", "listed by git"])
def start(request: pytest.FixtureRequest, tree: Path) -> Callable[[], None]:
    """Makes the tree a repository for one of the two ways of finding files."""

    def started() -> None:
        if request.param == "listed by git":
            git(tree, "init", "-q")

    return started


def test_python_and_notebooks_below_a_folder_in_order(tree: Path, start: Callable[[], None]) -> None:
    put(tree, "b.py", "a/c.py", "a/n.ipynb", "a/notes.txt", "a/stub.pyi")
    start()
    assert found() == ["a/c.py", "a/n.ipynb", "b.py"]


def test_gitignore_is_respected(tree: Path, start: Callable[[], None]) -> None:
    put(tree, "a.py", "out/b.py", "deep/c.py", "deep/d.py")
    (tree / ".gitignore").write_text("out/\n")
    (tree / "deep" / ".gitignore").write_text("/d.py\n")
    start()
    assert found() == ["a.py", "deep/c.py"]
    assert found(overrides=Overrides(respect_gitignore=False)) == ["a.py", "deep/c.py", "deep/d.py", "out/b.py"]


def test_an_ignored_folder_that_is_named_is_looked_into(tree: Path, start: Callable[[], None]) -> None:
    put(tree, "a.py", "out/b.py")
    (tree / ".gitignore").write_text("out/\n")
    start()
    assert found("out") == ["out/b.py"]


def test_folders_that_hold_no_own_code_are_left_out(tree: Path, start: Callable[[], None]) -> None:
    put(tree, "a.py", "node_modules/b.py", "x/.venv/c.py", "site-packages/d.py")
    start()
    assert found() == ["a.py"]
    assert found("site-packages") == ["site-packages/d.py"]
    assert found("node_modules/b.py") == ["node_modules/b.py"]


def test_exclude_and_extend_exclude(tree: Path, start: Callable[[], None]) -> None:
    put(tree, "a.py", "build/b.py", "old/c.py", "gen/d_pb2.py")
    start()
    assert found(overrides=Overrides(extend_exclude=("old", "*_pb2.py"))) == ["a.py"]
    assert found(overrides=Overrides(exclude=("old",))) == ["a.py", "build/b.py", "gen/d_pb2.py"]


@pytest.mark.parametrize("pattern", ["*.ipynb", "old", "*_pb2.py", "a?", "*", "**", "..", "a*b", "-x", ".hid*", "a**b", "?"])
def test_a_pattern_of_names_means_what_git_means(pattern: str) -> None:
    names = ("a", "ab", "old", "x.ipynb", "g_pb2.py", ".hidden", "-x", "axxb", "..")
    paths = ["./", *("/".join(parts) + end for size in (1, 2, 3) for parts in product(names, repeat=size) for end in ("", "/"))]
    plain, full = matcher([pattern]), GitIgnoreSpec.from_lines([pattern])
    assert [path for path in paths if plain(path)] == [path for path in paths if full.match_file(path)]


def test_exclude_is_relative_to_the_configuration(tree: Path, start: Callable[[], None]) -> None:
    put(tree, "a.py", "src/old/b.py", "old/c.py")
    (tree / "accumlint.toml").write_text('extend-exclude = ["/old"]\n')
    start()
    assert found() == ["a.py", "src/old/b.py"]
    assert found("src", "old") == ["src/old/b.py", "old/c.py"]


def test_force_exclude_holds_for_named_files(tree: Path) -> None:
    put(tree, "a.py", "build/b.py", "old/c.py")
    forced = Overrides(extend_exclude=("old",), force_exclude=True)
    assert found("a.py", "build/b.py", "old/c.py", "old", overrides=forced) == ["a.py"]
    assert found("a.py", "build/b.py", overrides=Overrides(extend_exclude=("old",))) == ["a.py", "build/b.py"]


def test_force_exclude_does_not_look_above_the_configuration(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tree, "build/project/a.py")
    monkeypatch.chdir(tree / "build" / "project")
    assert found("a.py", overrides=Overrides(force_exclude=True)) == ["a.py"]


def test_each_file_once_and_named_if_it_was_named(tree: Path) -> None:
    put(tree, "src/a.py")
    files = discover(("src", "src/a.py", "./src"), Resolver().settings).files
    assert [(file.path, file.top) for file in files] == [("src/a.py", None)]


def test_any_suffix_if_named(tree: Path) -> None:
    put(tree, "train")
    assert found("train") == ["train"]


def test_paths_that_cannot_be_read(tree: Path) -> None:
    put(tree, "a.py")
    os.symlink("loop.py", "loop.py")
    seen = discover(("nope", "a.py", "loop.py"), Resolver().settings)
    assert [file.path for file in seen.files] == ["a.py"]
    assert [problem.path for problem in seen.problems] == ["nope", "loop.py"]
    assert [problem.message for problem in seen.problems] == ["no such file or folder", "too many levels of symbolic links"]


def test_links_to_folders_are_not_followed(tree: Path, start: Callable[[], None]) -> None:
    put(tree, "src/a.py")
    os.symlink("..", "src/up")
    start()
    assert found() == ["src/a.py"]


def test_a_link_to_a_file_below_is_seen_twice_and_one_elsewhere_is_not(tree: Path) -> None:
    put(tree, "top/a.py", "other/b.py")
    os.symlink("a.py", "top/again.py")
    os.symlink("../other/b.py", "top/elsewhere.py")
    files = discover(("top",), Resolver().settings).files
    assert {file.path: file.seen_twice for file in files} == {"top/a.py": False, "top/again.py": True, "top/elsewhere.py": False}


def test_untracked_and_deleted_files_and_repositories_inside(tree: Path) -> None:
    put(tree, "a.py", "gone.py", "inner/b.py", "module/c.py")
    git(tree / "inner", "init", "-q")
    git(tree / "module", "init", "-q")
    git(tree / "module", "add", ".")
    git(tree / "module", "commit", "-qm", "c")
    git(tree, "init", "-q")
    git(tree, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./module")
    git(tree, "add", "a.py", "gone.py")
    put(tree, "new.py")
    assert found() == ["a.py", "gone.py", "inner/b.py", "module/c.py", "new.py"]


def test_a_repository_cannot_make_git_run_its_programs(tree: Path) -> None:
    put(tree, "a.py")
    git(tree, "init", "-q")
    trap = tree / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tree}/sprung\n")
    trap.chmod(0o755)
    git(tree, "config", "core.fsmonitor", str(trap))
    assert found() == ["a.py"]
    assert not (tree / "sprung").exists()
