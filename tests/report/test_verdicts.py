"""What each form of report says of findings that were replayed in torch: one confirmed, one refuted, one that could not be told."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from conftest import make_finding, make_ledger

from accumlint.confirm import verdict as torch
from accumlint.confirm.verdict import Verdict
from accumlint.ledger import Site
from accumlint.report import writer
from accumlint.report.outcome import Outcome, outcome

REFUTED = "in torch ACC003 does not hold: 1/3 1/3 1/3"


@pytest.fixture
def replayed(tree: Path) -> Outcome:
    (tree / "a.py").write_text("a.backward()\nb.backward()\nc.backward()\n")
    confirmed, refuted, unclear = (make_finding("ACC003", Site("a.py", line, 1, line, 13)) for line in (1, 2, 3))
    verdicts = {
        confirmed: Verdict(torch.Outcome.CONFIRMED, "so it is", make_ledger(confirmed.site)),
        refuted: Verdict(torch.Outcome.REFUTED, REFUTED),
        unclear: Verdict(torch.Outcome.INCONCLUSIVE, "it did not end within 10 s"),
    }
    return outcome(verdicts, (), looked_at=1, verdicts=verdicts)


def written(form: str, told: Outcome) -> str:
    out = io.StringIO()
    writer(form)(told, out)
    return out.getvalue()


def test_full(replayed: Outcome) -> None:
    lines = written("full", replayed).splitlines()
    assert [line for line in lines if line.startswith("  = ") and "help" not in line] == [
        "  = so it goes",
        "  = confirmed: measured in torch: 1 1 1, never spent: 1",
        "  = so it goes",
        f"  = refuted: {REFUTED}",
        "  = so it goes",
        "  = inconclusive: it did not end within 10 s",
    ]
    assert lines[-1] == "3 findings in 1 file, 1 confirmed, 1 inconclusive, 1 refuted"


@pytest.mark.parametrize("form", ["concise", "grouped", "github"])
def test_on_one_line(form: str, replayed: Outcome) -> None:
    told = written(form, replayed)
    for verdict in ("confirmed", "refuted", "inconclusive"):
        assert told.count(f"not 1 ({verdict})") == 1


def test_json(replayed: Outcome) -> None:
    first, second, third = (one["verdict"] for one in json.loads(written("json", replayed)))
    assert (first["outcome"], first["measured"]) == ("confirmed", "1 1 1, never spent: 1")
    assert (second["outcome"], second["reason"], second["measured"]) == ("refuted", REFUTED, None)
    assert third["outcome"] == "inconclusive"


def test_services_take_what_is_refuted_for_information(replayed: Outcome) -> None:
    github = written("github", replayed).splitlines()
    assert [line.partition(" ")[0] for line in github] == ["::warning", "::warning", "::notice"]
    assert [issue["severity"] for issue in json.loads(written("gitlab", replayed))] == ["minor", "info", "minor"]
    results = json.loads(written("sarif", replayed))["runs"][0]["results"]
    assert [result["level"] for result in results] == ["warning", "note", "warning"]
    assert [result.get("suppressions") for result in results] == [None, [{"kind": "external", "justification": REFUTED}], None]
    assert results[0]["properties"]["verdict"]["outcome"] == "confirmed"


def test_junit_skips_what_is_refuted(replayed: Outcome) -> None:
    suites = ET.fromstring(written("junit", replayed))
    assert (suites.get("tests"), suites.get("failures")) == ("3", "2")
    assert (suites[0].get("failures"), suites[0].get("skipped")) == ("2", "1")
    assert [case[0].tag for case in suites[0]] == ["failure", "skipped", "failure"]


def test_html(replayed: Outcome) -> None:
    page = written("html", replayed)
    assert '<div class="confirmed"><b>confirmed</b>: measured in torch: 1 1 1, never spent: 1</div>' in page
    assert f'<div class="refuted"><b>refuted</b>: {REFUTED}</div>' in page
    assert [page.count(f'<span class="code {severity}">') for severity in ("warning", "info")] == [2, 1]
