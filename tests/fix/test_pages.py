"""Each page says what --fix does about its rule, and its Example is mended by it."""

from __future__ import annotations

import pytest
from rule_pages import PAGES, Page

from accumlint.analyse import analyse
from accumlint.fix import Applicability, fixes_for
from accumlint.fix.edit import apply

NO_FIX = ("ACC100",)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_page_says_what_fix_does(page: Page) -> None:
    told = page.section("Use instead")
    assert ("There is no fix" in told) == (page.code in NO_FIX)
    assert ("`--fix`" in told and "Safe" in told) == (page.code not in NO_FIX)


@pytest.mark.parametrize("page", [page for page in PAGES if page.code not in NO_FIX], ids=lambda page: page.code)
def test_the_example_is_mended(page: Page) -> None:
    for block in page.blocks("Example"):
        text = block.replace("  # error", "")
        found = [one for one in analyse(text, "page.py").findings if one.code == page.code]
        for fix in fixes_for(text, "page.py", found):
            assert fix is not None
            assert fix.applicability is Applicability.SAFE or page.code in ("ACC004", "ACC005", "ACC017")
            assert page.code not in {one.code for one in analyse(apply(text, fix.edits), "page.py").findings}
