"""A rule's page is its manual and its test: the Example gets exactly its ``# error`` lines, Use instead gets nothing."""

from __future__ import annotations

import re

import pytest
from rule_pages import PAGES, RULES_FOLDER, SECTIONS, Page, error_lines

from accumlint.analyse import analyse
from accumlint.registry import DEFAULT, RULES
from accumlint.suppress import report_unused, suppress


def code(page: Page) -> str:
    return page.code


def found(page: Page, block: str) -> list[tuple[int, str]]:
    """Line and code of each finding in a block, with the page's own rule selected beside the default ones."""
    spoken = DEFAULT | {page.code}
    judged = suppress((f for f in analyse(block, "page.py").findings if f.code in spoken), block, "page.py")
    unused = report_unused(judged.unused, spoken) if "ACC100" in spoken else ()
    return sorted((finding.site.line, finding.code) for finding in (*judged.kept, *unused))


def test_every_rule_has_its_page() -> None:
    assert {page.path.name for page in PAGES} == {f"{rule.code}-{rule.name}.md" for rule in RULES.values()}


@pytest.mark.parametrize("page", PAGES, ids=code)
def test_sections(page: Page) -> None:
    assert page.headings == [f"{page.name} ({page.code})", *SECTIONS]


@pytest.mark.parametrize("page", PAGES, ids=code)
def test_title_is_followed_by_a_sentence(page: Page) -> None:
    lead = page.text.split("\n\n")[1]
    assert lead.count("\n") == 0
    assert lead.endswith(".")


@pytest.mark.parametrize("page", PAGES, ids=code)
def test_example_gets_exactly_its_error_lines(page: Page) -> None:
    blocks = page.blocks("Example")
    assert blocks
    for block in blocks:
        assert error_lines(block)
        assert found(page, block) == [(line, page.code) for line in error_lines(block)]


@pytest.mark.parametrize("page", PAGES, ids=code)
def test_use_instead_gets_nothing(page: Page) -> None:
    blocks = page.blocks("Use instead")
    assert blocks
    for block in blocks:
        assert found(page, block) == []


@pytest.mark.parametrize("page", PAGES, ids=code)
def test_links_lead_somewhere(page: Page) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.text):
        assert target.startswith("https://") or (RULES_FOLDER / target).exists()
    for link in re.findall(r"https://\S+", page.section("References")):
        assert re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+", link)


@pytest.mark.parametrize("page", PAGES, ids=code)
def test_lines_fit(page: Page) -> None:
    assert [line for line in page.text.splitlines() if len(line) > 130] == []
