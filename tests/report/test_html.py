from __future__ import annotations

import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import WRONG, Ran, make_finding, make_ledger
from test_notebook import notebook

from accumlint.finding import Related
from accumlint.ledger import Site
from accumlint.problem import Problem
from accumlint.report import writer
from accumlint.report.outcome import Outcome, outcome

VOID = frozenset({"meta", "input", "link", "br"})


class Checked(HTMLParser):
    """Follows the tags: each that opens must close, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(of: Outcome) -> tuple[str, Checked]:
    out = io.StringIO()
    writer("html")(of, out)
    checked = Checked()
    checked.feed(out.getvalue())
    assert checked.open == []
    return out.getvalue(), checked


@pytest.fixture
def told(tree: Path) -> Outcome:
    (tree / "a.py").write_text("for x in loader:\n    loss = model(x)\n    loss.backward()\n    optimizer.step()\n")
    (tree / "n.ipynb").write_text(notebook("import torch", "for x in loader:\n    loss.backward()"))
    findings = [
        make_finding("ACC003", Site("a.py", 3, 5, 3, 20), Related(Site("a.py", 4, 5, 4, 21), "spent here")),
        make_finding("ACC001", Site("n.ipynb", 3, 5, 3, 20)),
    ]
    return outcome(findings, [Problem("invalid-syntax", "bad.py", "'(' was never closed", 1, 5)], looked_at=3)


def test_a_finding_has_its_code_its_ledger_and_its_witness(told: Outcome) -> None:
    text, checked = page(told)
    rows = [attributes for tag, attributes in checked.seen if tag == "article"]
    assert [one["data-code"] for one in rows] == ["ACC003", "invalid-syntax", "ACC001"]
    assert all(one["tabindex"] == "0" for one in rows)
    assert "<mark>loss.backward()</mark>" in text
    assert '<mark class="rel">optimizer.step()</mark>  <i>← spent here</i>' in text
    assert "n.ipynb:cell 2:2:5" in text
    assert text.count('<svg class="ledger" xmlns') == 2
    assert "so it goes" in text


def test_the_page_needs_nothing_from_elsewhere(told: Outcome) -> None:
    text, checked = page(told)
    assert "default-src &#x27;none&#x27;" in text
    for _, attributes in checked.seen:
        assert not {"src", "onclick", "onload"} & attributes.keys()
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.findall(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text)


def test_what_a_file_holds_is_only_shown(tree: Path) -> None:
    (tree / "a.py").write_text("</pre><script>alert(1)</script>\u202e &amp;\n")
    finding = make_finding("ACC003", Site("a.py", 1, 1, 1, 7), ledger=make_ledger(Site("a.py", 1, 1, 1, 2)))
    text, checked = page(outcome([finding], [], looked_at=1))
    assert len([tag for tag, _ in checked.seen if tag == "script"]) == 1
    assert "&lt;/pre&gt;" in text
    assert "\u202e" not in text


def test_without_findings_there_is_a_page_too() -> None:
    text, _ = page(outcome([], [], looked_at=3))
    assert "No findings in 3 files" in text


def test_a_fix_stands_beside_with_what_it_does_to_the_ledger(tree: Path, run: Callable[..., Ran]) -> None:
    (tree / "a.py").write_text(WRONG)
    (tree / "n.ipynb").write_text(notebook("import torch", WRONG))
    text = run("--output-format", "html").out
    Checked().feed(text)
    assert text.count("<figcaption") == 4
    before, after = (re.sub(r"<[^>]+>", " ", one).split() for one in re.findall(r"<figure>.*?</figure>", text, re.DOTALL)[:2])
    assert " ".join(before).startswith("as it is")
    assert " ".join(after).startswith("with the fix")
    assert "x2" in before
    assert "x2" not in after
    assert '<span class="in"> +     optimizer.zero_grad()</span>' in text


def test_without_a_fix_there_is_one_ledger(told: Outcome) -> None:
    text, _ = page(told)
    assert text.count("<figcaption") == 2
    assert "with the fix" not in text
