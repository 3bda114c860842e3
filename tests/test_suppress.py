from __future__ import annotations

from textwrap import dedent

import pytest

from accumlint.config import Settings
from accumlint.lint import lint_source
from accumlint.source import Source

ALL = frozenset({"ACC001", "ACC003", "ACC004", "ACC100"})


def codes(text: str, rules: frozenset[str] | None = None) -> list[str]:
    """What remains of a text whose bugs are marked ``# bug: CODE``."""
    report = lint_source(Source("a.py", dedent(text)), Settings(".", rules=rules))
    assert not report.problems
    return [finding.code for finding in report.findings]


@pytest.mark.usefixtures("fake_core")
class TestSilenced:
    @pytest.mark.parametrize(
        "comment",
        [
            "accumlint: ignore[ACC003]",
            "accumlint: ignore[unscaled-loss]",
            "accumlint: ignore[ACC00]",
            "accumlint: ignore[ACC001, ACC003]",
            "accumlint:ignore [acc003] because the optimizer is scale-free",
            "accumlint: ignore",
            "noqa: ACC003",
            "NOQA:E501,ACC003",
            "noqa: E501 ACC003",
            "noqa",
            "type: ignore # noqa: ACC003",
        ],
    )
    def test_by_a_comment_on_its_line(self, comment: str) -> None:
        assert codes(f"x = 1  # bug: ACC003 # {comment}\n") == []

    @pytest.mark.parametrize(
        "comment", ["accumlint: ignore[ACC001]", "noqa: ACC001", "noqa: E501", "accumlint: ignore[]", "ignore"]
    )
    def test_not_by_a_comment_about_others(self, comment: str) -> None:
        assert codes(f"x = 1  # bug: ACC003 # {comment}\n") == ["ACC003"]

    def test_by_a_comment_on_any_line_of_the_statement(self) -> None:
        assert (
            codes("""\
            f(
                x,
                y,  # accumlint: ignore[ACC003]
            ).backward()  # bug: ACC003
            """)
            == []
        )

    def test_by_a_comment_on_the_line_above(self) -> None:
        assert codes("# accumlint: ignore[ACC003]\nx = 1  # bug: ACC003\ny = 2  # bug: ACC003\n") == ["ACC003"]

    def test_not_by_a_comment_on_another_statement(self) -> None:
        assert codes("for i in x:  # accumlint: ignore\n    y = 1  # bug: ACC003\nz = 1  # noqa\n") == ["ACC003"]

    def test_not_by_a_text_in_a_string(self) -> None:
        assert codes("x = '# accumlint: ignore'  # bug: ACC003\n") == ["ACC003"]

    def test_in_the_whole_file(self) -> None:
        text = "x = 1  # bug: ACC003\ny = 2  # bug: ACC001\n"
        assert codes(text + "# accumlint: file-ignore[ACC003]\n") == ["ACC001"]
        assert codes("# accumlint: file-ignore\n" + text) == []


@pytest.mark.usefixtures("fake_core")
class TestUnused:
    @pytest.mark.parametrize(
        ("comment", "told"),
        [
            pytest.param("accumlint: ignore[ACC003]", ["ACC100"], id="silences nothing"),
            pytest.param("accumlint: ignore", ["ACC100"], id="bare"),
            pytest.param("noqa: ACC003", ["ACC100"], id="noqa"),
            pytest.param("noqa", [], id="bare noqa belongs to others"),
            pytest.param("noqa: E501", [], id="others' codes"),
            pytest.param("accumlint: ignore[ACC005]", [], id="a rule that is off"),
            pytest.param("accumlint: ignore[ACC0033]", ["ACC100"], id="unknown rule"),
            pytest.param("accumlint: ignor[ACC003]", ["ACC100"], id="unknown directive"),
        ],
    )
    def test_told_on_request(self, comment: str, told: list[str]) -> None:
        assert codes(f"x = 1  # {comment}\n", ALL) == told
        assert codes(f"x = 1  # {comment}\n") == []

    def test_a_used_one_is_not_told(self) -> None:
        assert codes("x = 1  # bug: ACC003 # accumlint: ignore[ACC003]\n", ALL) == []

    def test_the_message_names_what_is_wrong(self) -> None:
        report = lint_source(Source("a.py", "x = 1  # accumlint: ignore[ACC0033]\n"), Settings(".", rules=ALL))
        assert [finding.message for finding in report.findings] == ["unknown rule `ACC0033`; did you mean `ACC003`?"]
