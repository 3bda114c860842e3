"""pre-commit itself runs both hooks, from a repository that holds this checkout, on a user's repository."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import RIGHT, WRONG
from test_notebook import notebook

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("pre_commit") is None, reason="pre-commit is not installed"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]

ROOT = Path(__file__).parent.parent
SHIPPED = ("accumlint", "rules", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
CONFIG = """\
repos:
  - repo: {repository}
    rev: v1.0
    hooks: [{{ id: accumlint }}, {{ id: accumlint-fix }}]
"""
IDENTITY = {f"GIT_{who}_{what}": "nobody@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, env=_environment())


def _environment(**more: str) -> dict[str, str]:
    """Without what this process's own git and Python set-up would change."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON", "PRE_COMMIT"))}
    return own | IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | more


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the hooks' environments; beside it the repository of the hooks."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / "repository" / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / "repository" / name)
    git(folder, "init", "-q", "repository")
    git(folder / "repository", "add", "-A")
    git(folder / "repository", "commit", "-qm", "accumlint")
    git(folder / "repository", "tag", "v1.0")
    return folder


@pytest.fixture
def project(tree: Path, home: Path) -> Path:
    git(tree, "init", "-q")
    (tree / ".pre-commit-config.yaml").write_text(CONFIG.format(repository=home / "repository"))
    git(tree, "add", "-A")
    return tree


def hooked(project: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the hooks on what is staged."""
    git(project, "add", "-A")
    command = [sys.executable, "-m", "pre_commit", "run", "--color", "never", *words]
    environment = _environment(PRE_COMMIT_HOME=str(home / "home"))
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, env=environment)
    if "ConnectionError" in ran.stdout or "No matching distribution" in ran.stdout:
        pytest.skip("the package index cannot be reached")
    return ran


def test_clean_files_pass_and_others_are_not_looked_at(project: Path, home: Path) -> None:
    (project / "a.py").write_text(RIGHT)
    (project / "n.ipynb").write_text(notebook("import torch", RIGHT))
    (project / "notes.txt").write_text(WRONG)
    ran = hooked(project, home)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("Passed") == 2
    environments = [path.name for path in (home / "home").rglob("site-packages/*")]
    assert "libcst" in environments
    assert not {"torch", "pygls", "pyflakes"} & set(environments)


def test_a_broken_script_and_a_broken_notebook_fail(project: Path, home: Path) -> None:
    (project / "a.py").write_text(WRONG)
    (project / "n.ipynb").write_text(notebook("import torch", WRONG))
    ran = hooked(project, home, "accumlint")
    assert ran.returncode == 1
    assert "a.py:" in ran.stdout
    assert "n.ipynb:cell 2:" in ran.stdout
    assert ran.stdout.count("ACC001 [*] missing-zero-grad") == 2
    assert (project / "a.py").read_text() == WRONG


def test_the_fixing_hook_mends_both(project: Path, home: Path) -> None:
    (project / "a.py").write_text(WRONG)
    (project / "n.ipynb").write_text(notebook("import torch", WRONG))
    ran = hooked(project, home, "accumlint-fix")
    assert ran.returncode == 1
    assert "files were modified by this hook" in ran.stdout
    assert "optimizer.zero_grad()" in (project / "a.py").read_text()
    assert "optimizer.zero_grad()" in (project / "n.ipynb").read_text()
    assert hooked(project, home).returncode == 0


def test_the_configuration_holds_for_files_that_the_hook_names(project: Path, home: Path) -> None:
    (project / "old").mkdir()
    for path in ("old/a.py", "third.py", "b.py"):
        (project / path).write_text(WRONG)
    (project / "accumlint.toml").write_text('exclude = ["third.py"]\nbaseline = "base.json"\n')
    known = '{"path": "old/a.py", "code": "ACC001", "routine": "<module>", "text": "optimizer.step()"}'
    (project / "base.json").write_text(f'{{"accumlint-baseline": 1, "findings": [{known}]}}')
    told = hooked(project, home, "accumlint").stdout
    assert "b.py:" in told
    assert "old/a.py:" not in told
    assert "third.py:" not in told
    assert "base.json hides 1 finding" in told


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout of the repository")
def test_tried_on_this_very_repository_it_says_what_the_command_says(home: Path) -> None:
    git(home, "clone", "-q", str(ROOT), "itself")
    loops = [
        f"fixtures/{kind}/{path.name}"
        for kind in ("right", "wrong")
        for path in sorted((ROOT / "fixtures" / kind).glob("*flush*.py"))
    ]
    words = ["try-repo", "--color", "never", str(ROOT), "accumlint", "--files", *loops]
    environment = _environment(PRE_COMMIT_HOME=str(home / "tried"))
    hooked = told([sys.executable, "-m", "pre_commit", *words], home / "itself", environment)
    assert hooked == told([sys.executable, "-m", "accumlint", *loops], home / "itself", environment)


def told(words: list[str], folder: Path, environment: dict[str, str]) -> set[str]:
    """The findings that a command prints in full, each as ``path:row:column: code``."""
    ran = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    if "ConnectionError" in ran.stdout or "No matching distribution" in ran.stdout:
        pytest.skip("the package index cannot be reached")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return set(re.findall(r"^\S+:\d+:\d+: ACC\d{3}", ran.stdout, re.MULTILINE))
