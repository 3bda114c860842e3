from __future__ import annotations

from pathlib import Path

import pytest

from accumlint.config import EFFECTS, Overrides, Resolver
from accumlint.discover import discover
from accumlint.problem import UsageError


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_without_a_configuration_the_defaults_hold(tree: Path) -> None:
    settings = Resolver().settings("")
    assert (settings.rules, settings.root, settings.config) == (None, str(tree), None)


def test_the_closest_configuration_wins_and_none_is_merged(tree: Path) -> None:
    write(tree / "pyproject.toml", '[tool.accumlint]\nselect = ["ACC001"]\nextend-exclude = ["old"]\n')
    write(tree / "a" / "pyproject.toml", "[project]\nname = 'a'\n")
    write(tree / "a" / "b" / "accumlint.toml", 'select = ["ACC002"]\n')
    resolver = Resolver()
    assert resolver.settings("a").rules == {"ACC001"}
    assert resolver.settings("a/b/c").rules == {"ACC002"}
    assert resolver.settings("a/b/c").extend_exclude == ()
    assert resolver.settings("a/b/c").root == str(tree / "a" / "b")


def test_the_command_line_is_over_the_configuration(tree: Path) -> None:
    write(tree / "accumlint.toml", 'select = ["ACC001"]\nignore = ["ACC002"]\nforce-exclude = true\nextend-exclude = ["a"]\n')
    assert Resolver(Overrides(select=("ACC002",))).settings("").rules == {"ACC002"}
    assert Resolver(Overrides(extend_select=("ACC003",))).settings("").rules == {"ACC001", "ACC003"}
    assert Resolver(Overrides(extend_exclude=("b",))).settings("").extend_exclude == ("a", "b")
    assert Resolver(Overrides(force_exclude=False)).settings("").force_exclude is False


def test_one_configuration_for_all_or_none(tree: Path) -> None:
    write(tree / "accumlint.toml", 'select = ["ACC001"]\n')
    write(tree / "ci" / "lint.toml", 'select = ["ACC002"]\n')
    assert Resolver(config="ci/lint.toml").settings("").rules == {"ACC002"}
    assert Resolver(isolated=True).settings("").rules is None


def test_wrappers_and_per_file_ignores(tree: Path) -> None:
    write(tree / "accumlint.toml", '[wrappers]\n"Trainer.optimize" = "step"\n[per-file-ignores]\n"tests/*" = ["ACC004"]\n')
    settings = Resolver().settings("")
    assert settings.wrappers == (("Trainer.optimize", "step"),)
    assert settings.per_file_ignores == (("tests/*", ("ACC004",)),)


def test_the_effects_are_those_of_the_core() -> None:
    from accumlint.simulate.methods import WRAPPER_EFFECTS

    assert set(EFFECTS) == WRAPPER_EFFECTS.keys()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("selct = []", "unknown key `selct`; did you mean `select`?", id="unknown key"),
        pytest.param("zzz = 1", "unknown key `zzz`", id="unknown key, none near"),
        pytest.param('select = "ACC001"', "`select` must be a list of rules", id="no list"),
        pytest.param('select = ["ACC9"]', "`select`: unknown rule `ACC9`", id="unknown rule"),
        pytest.param(
            'per-file-ignores = {"a" = ["ACC0033"]}',
            "`per-file-ignores`: unknown rule `ACC0033`; did you mean `ACC003`",
            id="ignores",
        ),
        pytest.param("per-file-ignores = []", "`per-file-ignores` must be a table of lists of rules", id="no table"),
        pytest.param("respect-gitignore = 1", "`respect-gitignore` must be true or false", id="no boolean"),
        pytest.param('output-format = "xml"', "`output-format` must be one of full, concise", id="unknown format"),
        pytest.param("wrappers = {a = 1}", "`wrappers` must be a table", id="wrappers"),
        pytest.param('wrappers = {a = "stp"}', "`wrappers`: unknown effect `stp`; did you mean `step`?", id="unknown effect"),
        pytest.param("select = [", "not valid TOML", id="TOML"),
    ],
)
def test_a_wrong_configuration_is_told_in_one_line(tree: Path, text: str, message: str) -> None:
    write(tree / "pyproject.toml", f"[tool.accumlint]\n{text}\n")
    with pytest.raises(UsageError) as caught:
        Resolver().settings("")
    assert message in str(caught.value)
    assert str(caught.value).startswith("pyproject.toml: ")
    assert "\n" not in str(caught.value)


def test_a_broken_pyproject_of_somebody_else_is_not_our_business(tree: Path) -> None:
    write(tree / "pyproject.toml", "[tool.black\n")
    assert Resolver().settings("").config is None


def test_a_configuration_that_is_not_there(tree: Path) -> None:
    with pytest.raises(UsageError, match=r"nope\.toml: cannot be read: no such file or directory"):
        Resolver(config="nope.toml").settings("")


class TestExtend:
    def test_what_the_extended_file_says_holds_where_the_own_is_silent(self, tree: Path) -> None:
        write(tree / "base.toml", 'output-format = "concise"\nforce-exclude = true\n[per-file-ignores]\n"old/" = ["ACC004"]\n')
        write(tree / "accumlint.toml", 'extend = "base.toml"\nforce-exclude = false\n')
        settings = Resolver().settings("")
        assert (settings.output_format, settings.force_exclude) == ("concise", False)
        assert settings.per_file_ignores == (("old/", ("ACC004",)),)

    def test_selectors_are_applied_file_by_file_and_what_extends_adds_up(self, tree: Path) -> None:
        write(tree / "base.toml", 'select = ["ACC001", "ACC003"]\nextend-exclude = ["a"]\n[wrappers]\nfit = "step"\n')
        write(tree / "middle.toml", 'extend = "base.toml"\nextend-select = ["ACC002"]\n[wrappers]\nfit = "none"\n')
        write(
            tree / "accumlint.toml",
            'extend = "middle.toml"\nignore = ["ACC003"]\nextend-exclude = ["b"]\nwrappers.go = "opaque"\n',
        )
        settings = Resolver(Overrides(ignore=("ACC001",))).settings("")
        assert settings.rules == {"ACC002"}
        assert settings.extend_exclude == ("a", "b")
        assert settings.wrappers == (("fit", "none"), ("go", "opaque"))

    def test_paths_are_relative_to_the_file_that_they_stand_in(self, tree: Path) -> None:
        write(tree / "pyproject.toml", '[tool.accumlint]\nbaseline = "known.json"\n')
        write(tree / "a" / "accumlint.toml", 'extend = "../pyproject.toml"\n')
        write(tree / "b" / "accumlint.toml", 'extend = "../a/accumlint.toml"\ncache-dir = "kept"\n')
        resolver = Resolver()
        assert resolver.settings("a").baseline == resolver.settings("b").baseline == str(tree / "known.json")
        assert resolver.settings("a").cache_dir == str(tree / "a" / ".accumlint_cache")
        assert resolver.settings("b").cache_dir == str(tree / "b" / "kept")

    @pytest.mark.parametrize(
        ("above", "below", "left_out"),
        [
            pytest.param("sub/old/", "", {"sub/old/x.py"}, id="from the extended file's folder on"),
            pytest.param("/old/", "", set(), id="of another folder"),
            pytest.param("old/", "", {"sub/old/x.py", "sub/deep/old/x.py"}, id="anywhere"),
            pytest.param("*.py", "!/y.py", {"sub/old/x.py", "sub/deep/old/x.py"}, id="taken back below"),
            pytest.param("nothing", "/old/x.py", {"sub/old/x.py"}, id="from the extending file's folder on"),
            pytest.param("nothing", "old", {"sub/old/x.py", "sub/deep/old/x.py"}, id="anywhere below"),
        ],
    )
    def test_patterns_too(self, tree: Path, above: str, below: str, left_out: set[str]) -> None:
        write(tree / "pyproject.toml", f'[tool.accumlint]\nextend-exclude = ["{above}"]\n')
        write(tree / "sub" / "accumlint.toml", f'extend = "../pyproject.toml"\nextend-exclude = ["{below}"]\n')
        files = {"sub/y.py", "sub/old/x.py", "sub/deep/old/x.py"}
        for name in files:
            write(tree / name, "x = 1\n")
        found = {file.path for file in discover(["sub"], Resolver().settings).files}
        assert files - found == left_out

    @pytest.mark.parametrize(
        ("other", "message"),
        [
            pytest.param(None, "sub/accumlint.toml: `extend`: there is no file pyproject.toml", id="not there"),
            pytest.param(
                "[project]\n", "sub/accumlint.toml: `extend`: pyproject.toml has no [tool.accumlint]", id="nothing in it"
            ),
            pytest.param(
                "[tool.accumlint]\nselct = []\n", "pyproject.toml: in [tool.accumlint]: unknown key `selct`", id="wrong"
            ),
            pytest.param(
                '[tool.accumlint]\nextend = "sub/accumlint.toml"\n',
                "`extend` leads in a circle: sub/accumlint.toml -> pyproject.toml -> sub/accumlint.toml",
                id="a circle",
            ),
        ],
    )
    def test_what_cannot_be_extended_is_told_in_one_line(self, tree: Path, other: str | None, message: str) -> None:
        if other is not None:
            write(tree / "pyproject.toml", other)
        write(tree / "sub" / "accumlint.toml", 'extend = "../pyproject.toml"\n')
        with pytest.raises(UsageError) as caught:
            Resolver().settings("sub")
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
