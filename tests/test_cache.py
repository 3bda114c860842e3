from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import WRONG, Ran, make_finding

from accumlint.analyse import analyse
from accumlint.cache import Cache
from accumlint.finding import Analysis, Related
from accumlint.fix import Applicability, Edit, Fix
from accumlint.ledger import Site

SITE = Site("a.py", 3, 5, 3, 20)
ANALYSIS = Analysis((make_finding("ACC003", SITE, Related(SITE, "é")),), ("a note",), ())


@pytest.fixture
def cache(tree: Path) -> Cache:
    return Cache(".accumlint_cache")


def test_what_is_stored_comes_back_equal(cache: Cache) -> None:
    key = cache.key(b"x", "a.py", {})
    assert cache.load(key) is None
    cache.store(key, ANALYSIS, "a.py", b"")
    assert cache.has(key)
    assert cache.load(key) == ANALYSIS


def test_a_whole_ledger_comes_back_equal(cache: Cache) -> None:
    analysis = analyse(WRONG, "a.py")
    assert [type(entry).__name__ for finding in analysis.findings for entry in finding.ledger.entries][:2] == ["Deposit", "Spend"]
    cache.store("abc", analysis, "a.py", b"")
    assert cache.load("abc") == analysis


def test_fixes_come_back_equal_and_go_with_their_analysis(cache: Cache) -> None:
    fix = Fix("Add it", (Edit(SITE, "x"),), Applicability.UNSAFE, "perhaps not")
    assert cache.fixes_key("abc", ANALYSIS.findings) is None
    cache.store("abc", ANALYSIS, "a.py", b"")
    key = cache.fixes_key("abc", ANALYSIS.findings)
    assert key is not None
    assert key != cache.fixes_key("abc", ())
    assert cache.load_fixes(key) is None
    cache.store_fixes(key, (fix, None))
    assert cache.load_fixes(key) == (fix, None)
    cache.store("abc", replace(ANALYSIS, notes=("another",)), "a.py", b"")
    assert cache.fixes_key("abc", ANALYSIS.findings) != key


def test_the_key_is_of_all_that_the_result_depends_on(cache: Cache) -> None:
    keys = {
        cache.key(b"x", "a.py", {}),
        cache.key(b"y", "a.py", {}),
        cache.key(b"x", "b.py", {}),
        cache.key(b"x", "a.py", {"Trainer.optimize": "step"}),
    }
    assert len(keys) == 4


def test_a_changed_module_makes_the_result_stale(cache: Cache, tree: Path) -> None:
    (tree / "helper.py").write_text("x = 1\n")
    cache.store("abc", Analysis(modules=("helper.py", "missing.py")), "a.py", b"")
    assert cache.load("abc") is not None
    (tree / "missing.py").write_text("")
    assert cache.load("abc") is None
    cache.store("abc", Analysis(modules=("helper.py",)), "a.py", b"")
    (tree / "helper.py").write_text("x = 2\n")
    assert cache.load("abc") is None


IMPORTING = b"""
import os
from steps import (  # where they are
    update,
)
from . import near
from lib.deep import \\
    far
"""


@pytest.mark.parametrize(
    ("appears", "stale"),
    [
        ("src/steps.py", True),
        ("steps/__init__.py", True),
        ("src/near.py", True),
        ("lib/deep/far.py", True),
        ("src/lib/deep.py", True),
        ("src/other.py", False),
        ("src/steps.txt", False),
        ("other/steps.py", False),
        ("../steps.py", False),
    ],
)
def test_a_module_that_appears_where_an_import_looks_makes_the_result_stale(
    cache: Cache, tree: Path, appears: str, stale: bool
) -> None:
    (tree / "src").mkdir()
    (tree / "lib" / "deep").mkdir(parents=True)
    (tree / "pyproject.toml").write_text("")
    cache.store("abc", Analysis(), "src/a.py", IMPORTING)
    assert cache.load("abc") is not None
    (tree / appears).parent.mkdir(exist_ok=True)
    (tree / appears).write_text("")
    assert (cache.load("abc") is None) == stale


def test_a_helper_that_comes_later_is_followed(tree: Path, run: Callable[..., Ran]) -> None:
    helper = "def update(loss, optimizer):\n    loss.backward()\n    optimizer.step()\n"
    loop = WRONG.replace("    loss.backward()\n    optimizer.step()\n", "    update(loss, optimizer)\n")
    (tree / "train.py").write_text("from steps import update\n" + loop + "# .step(\n")
    assert run().code == 0
    (tree / "steps.py").write_text(helper)
    assert run("--output-format", "json").codes == ["ACC001"]
    (tree / "steps.py").write_text(helper + "    optimizer.zero_grad()\n")
    assert run().code == 0


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"modules": [], "analysis": {"Path": ["x"]}}', '{"modules": 1}', '{"modules": [], "analysis": 1}']
)
def test_an_entry_that_cannot_be_read_is_none(cache: Cache, tree: Path, text: str) -> None:
    cache.store("abc", ANALYSIS, "a.py", b"")
    (entry,) = (path for path in tree.rglob("c") if path.is_file())
    entry.write_text(text)
    assert cache.load("abc") is None


def test_a_cache_that_cannot_be_written_is_no_error(tree: Path) -> None:
    (tree / "file").write_text("")
    Cache("file").store("abc", ANALYSIS, "a.py", b"")


def test_the_folder_is_marked_as_a_cache(cache: Cache, tree: Path) -> None:
    cache.store("abc", ANALYSIS, "a.py", b"")
    assert (tree / ".accumlint_cache" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert (tree / ".accumlint_cache" / ".gitignore").read_text() == "*\n"
