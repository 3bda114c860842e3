"""What is shipped: a light wheel that has its pages, and a hook that pre-commit takes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from accumlint import pages
from accumlint.registry import RULES

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    if importlib.util.find_spec("pip") is None:
        pytest.skip("building a wheel needs pip in this environment")
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)]
    subprocess.run(words, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.mark.slow
def test_the_wheel_has_the_package_the_pages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in names} == {"accumlint"}
    assert {"accumlint/py.typed", "accumlint/report/sarif.py", "accumlint/commands/check.py"} <= names
    assert {name.split("/")[-1] for name in names if name.startswith("accumlint/pages/")} == {
        page.name for page in (ROOT / "rules").iterdir()
    }


@pytest.mark.slow
def test_the_wheel_asks_for_nothing_heavy(wheel: zipfile.ZipFile) -> None:
    (metadata,) = (name for name in wheel.namelist() if name.endswith("METADATA"))
    needed = Parser().parsestr(wheel.read(metadata).decode()).get_all("Requires-Dist", [])
    assert sorted(line.split()[0].split(">")[0] for line in needed if "extra ==" not in line) == [
        "libcst",
        "pathspec",
        "rich",
        "typer<0.29,",
    ]


def test_pre_commit_takes_the_hook() -> None:
    pytest.importorskip("pre_commit")
    words = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("code", RULES)
def test_pages_are_named_after_their_rule(code: str) -> None:
    path = pages.path(code)
    if path is not None:
        assert path.name == f"{code}-{RULES[code].name}.md"
        assert (pages.url(code) or "").startswith("file://")


def test_there_is_no_page_of_an_unknown_rule() -> None:
    assert pages.path("ACC999") is None
    assert pages.text("ACC999") is None
