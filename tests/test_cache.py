from __future__ import annotations

from pathlib import Path

import pytest
from conftest import make_finding

from accumlint.cache import Cache
from accumlint.finding import Analysis, Related
from accumlint.ledger import Site

SITE = Site("a.py", 3, 5, 3, 20)
ANALYSIS = Analysis((make_finding("ACC003", SITE, Related(SITE, "é")),), ("a note",), ())


@pytest.fixture
def cache(tree: Path) -> Cache:
    return Cache(".accumlint_cache")


def test_what_is_stored_comes_back_equal(cache: Cache) -> None:
    key = cache.key(b"x", "a.py", {})
    assert cache.load(key) is None
    cache.store(key, ANALYSIS)
    assert cache.has(key)
    assert cache.load(key) == ANALYSIS


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
    cache.store("abc", Analysis(modules=("helper.py", "missing.py")))
    assert cache.load("abc") is not None
    (tree / "missing.py").write_text("")
    assert cache.load("abc") is None
    cache.store("abc", Analysis(modules=("helper.py",)))
    (tree / "helper.py").write_text("x = 2\n")
    assert cache.load("abc") is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"modules": [], "analysis": {"Path": ["x"]}}', '{"modules": 1}', '{"modules": [], "analysis": 1}']
)
def test_an_entry_that_cannot_be_read_is_none(cache: Cache, tree: Path, text: str) -> None:
    cache.store("abc", ANALYSIS)
    (entry,) = (path for path in tree.rglob("c") if path.is_file())
    entry.write_text(text)
    assert cache.load("abc") is None


def test_a_cache_that_cannot_be_written_is_no_error(tree: Path) -> None:
    (tree / "file").write_text("")
    Cache("file").store("abc", ANALYSIS)


def test_the_folder_is_marked_as_a_cache(cache: Cache, tree: Path) -> None:
    cache.store("abc", ANALYSIS)
    assert (tree / ".accumlint_cache" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert (tree / ".accumlint_cache" / ".gitignore").read_text() == "*\n"
