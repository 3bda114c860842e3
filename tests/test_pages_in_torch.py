"""The ledger that a page prints is the one that torch gives for the page's first example."""

from __future__ import annotations

from pathlib import Path

import pytest
from rule_pages import PAGES, Page

torch = pytest.importorskip("torch", reason="the pages' examples are executed in torch")
from torch_ledger import Watch  # noqa: E402
from torch_loop import table  # noqa: E402

pytestmark = pytest.mark.torch

MEASURED = [page for page in PAGES if page.blocks("Why is this bad?", "text")]


def code(page: Page) -> str:
    return page.code


def run(block: str, micro_batches: int) -> Watch:
    """Run a block with the names it takes for granted: a model, a criterion and so many micro-batches."""
    torch.manual_seed(0)
    model = torch.nn.Linear(4, 1)
    loader = [(torch.randn(2, 4), torch.randn(2, 1)) for _ in range(micro_batches)]
    names = {"torch": torch, "model": model, "criterion": torch.nn.MSELoss(), "loader": loader}
    watch = Watch(Path("<page>"))
    with watch.installed():
        exec(compile(block, "<page>", "exec"), names)
    watch.look()
    return watch


def columns(ledger: str) -> int:
    return int(max(ledger.splitlines()[0].split(), key=int))


@pytest.mark.parametrize("page", MEASURED, ids=code)
def test_ledger_is_measured(page: Page) -> None:
    (printed,) = page.blocks("Why is this bad?", "text")
    block = page.blocks("Example")[0]
    total = columns(printed)
    watch = run(block, total // (2 if "range(2)" in block else 1))
    (book,) = watch.books
    assert table(book, total) == printed.rstrip("\n")


@pytest.mark.parametrize("page", MEASURED, ids=code)
def test_use_instead_spends_each_micro_batch_once(page: Page) -> None:
    for block in page.blocks("Use instead"):
        (book,) = run(block, 7).books
        spent = [share.turn for spend in book.spends for share in spend.row]
        assert spent == sorted(set(spent)) == list(range(1, len(book.deposits) + 1))


def test_every_loop_rule_prints_its_ledger() -> None:
    assert {page.code for page in PAGES} - {page.code for page in MEASURED} == {"ACC100"}
