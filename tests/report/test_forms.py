"""Each form of report, for one finding in a file and one in a notebook."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from conftest import make_finding
from test_notebook import notebook

from accumlint.finding import Related
from accumlint.ledger import Site
from accumlint.problem import Problem
from accumlint.report import writer
from accumlint.report.outcome import Outcome, outcome

FILE = """\
for i, x in loader:
    loss = model(x)
    loss.backward()
    log(i)
    log(x)
    optimizer.step()
"""
NOTEBOOK = notebook("import torch", "for x in loader:\n    loss.backward()")


@pytest.fixture
def told(tree: Path) -> Outcome:
    """An unscaled loss in ``src/a.py``, another in the second cell of ``n.ipynb``, and a file that does not parse."""
    (tree / "src").mkdir()
    (tree / "src" / "a.py").write_text(FILE)
    (tree / "n.ipynb").write_text(NOTEBOOK)
    (tree / "bad.py").write_text("x = (\n")
    step = Related(Site("src/a.py", 6, 5, 6, 21), "spent here")
    findings = [
        make_finding("ACC003", Site("src/a.py", 3, 5, 3, 20), step),
        make_finding("ACC001", Site("n.ipynb", 3, 5, 3, 20)),
    ]
    return outcome(findings, [Problem("invalid-syntax", "bad.py", "'(' was never closed", 1, 5)], looked_at=4)


def written(form: str, told: Outcome) -> str:
    out = io.StringIO()
    writer(form)(told, out)
    return out.getvalue()


def test_full(told: Outcome) -> None:
    assert (
        written("full", told)
        == """\
bad.py:1:5: invalid-syntax '(' was never closed
  |
1 | x = (
  |     ^
  |

n.ipynb:cell 2:2:5: ACC001 missing-zero-grad 3 micro-batches sum to weight 3, not 1
  |
2 |     loss.backward()
  |     ^^^^^^^^^^^^^^^
  |
  = so it goes
  = help: accumlint explain ACC001

src/a.py:3:5: ACC003 unscaled-loss 3 micro-batches sum to weight 3, not 1
  |
3 |     loss.backward()
  |     ^^^^^^^^^^^^^^^
...
6 |     optimizer.step()
  |     ---------------- spent here
  |
  = so it goes
  = help: accumlint explain ACC003

2 findings in 4 files, 1 not judged in full
"""
    )


def test_concise(told: Outcome) -> None:
    assert (
        written("concise", told)
        == """\
bad.py:1:5: invalid-syntax '(' was never closed
n.ipynb:cell 2:2:5: ACC001 [missing-zero-grad] 3 micro-batches sum to weight 3, not 1
src/a.py:3:5: ACC003 [unscaled-loss] 3 micro-batches sum to weight 3, not 1
2 findings in 4 files, 1 not judged in full
"""
    )


def test_grouped(told: Outcome) -> None:
    assert written("grouped", told).splitlines()[-4:-2] == [
        "src/a.py:",
        "  3:5 ACC003 [unscaled-loss] 3 micro-batches sum to weight 3, not 1",
    ]


def test_json_is_ruffs_shape_and_more(told: Outcome, tree: Path) -> None:
    bad, cell, file = json.loads(written("json", told))
    ruff = {"cell", "code", "end_location", "filename", "fix", "location", "message", "name", "severity", "url"}
    assert ruff <= file.keys()
    assert file["filename"] == str(tree / "src" / "a.py")
    assert (file["location"], file["end_location"]) == ({"row": 3, "column": 5}, {"row": 3, "column": 20})
    assert (file["code"], file["severity"], file["fix"], file["verdict"]) == ("ACC003", "warning", None, None)
    assert file["related"][0]["message"] == "spent here"
    assert file["related"][0]["location"] == {"row": 6, "column": 5}
    assert file["scenario"] == {"window": 3, "length": 4, "epochs": 1, "flags": {}}
    assert [entry["event"] for entry in file["ledger"]["entries"]] == ["deposit"] * 3 + ["spend", "erase", "deposit", "epoch-end"]
    assert file["ledger"]["left"] == [{"micro_batch": 4, "weight": "1", "spent": 0}]
    assert (cell["cell"], cell["location"]) == (2, {"row": 2, "column": 5})
    assert (bad["code"], bad["name"], bad["ledger"]) == ("invalid-syntax", "invalid-syntax", None)


def physical(text: str) -> tuple[int, int]:
    """The line and the column at which a text stands in the notebook's file."""
    return next((number, line.index(text) + 1) for number, line in enumerate(NOTEBOOK.split("\n"), start=1) if text in line)


def test_github_points_into_the_file_itself(told: Outcome) -> None:
    first, second, third = written("github", told).splitlines()
    message = "3 micro-batches sum to weight 3, not 1%0Aso it goes"
    line, column = physical("loss.backward()")
    where = f"file=n.ipynb,line={line},col={column},endLine={line},endColumn={column + 15}"
    assert first == f"::error title=accumlint (ACC001),{where}::ACC001 missing-zero-grad: {message}"
    where = "file=src/a.py,line=3,col=5,endLine=3,endColumn=20"
    assert second == f"::warning title=accumlint (ACC003),{where}::ACC003 unscaled-loss: {message}"
    assert third == "::error title=accumlint (invalid-syntax),file=bad.py,line=1::'(' was never closed"


def test_github_escapes() -> None:
    from accumlint.report.github import _command

    assert _command("error", {"file": "a,b:c%.py"}, "50%\nof") == "::error file=a%2Cb%3Ac%25.py::50%25%0Aof"


def test_gitlab(told: Outcome) -> None:
    cell, file, bad = json.loads(written("gitlab", told))
    line, column = physical("loss.backward()")
    positions = {"begin": {"line": line, "column": column}, "end": {"line": line, "column": column + 15}}
    assert cell["location"] == {"path": "n.ipynb", "positions": positions}
    assert file["location"]["positions"] == {"begin": {"line": 3, "column": 5}, "end": {"line": 3, "column": 20}}
    assert (file["severity"], cell["severity"], bad["severity"]) == ("minor", "major", "major")
    assert len({one["fingerprint"] for one in (cell, file, bad)}) == 3


def test_a_fingerprint_survives_lines_that_come_above(told: Outcome, tree: Path) -> None:
    before = json.loads(written("gitlab", told))[1]["fingerprint"]
    (tree / "src" / "a.py").write_text("\n" + FILE)
    moved = outcome([make_finding("ACC003", Site("src/a.py", 4, 5, 4, 20))], [], looked_at=1)
    assert json.loads(written("gitlab", moved))[0]["fingerprint"] == before


def test_junit(told: Outcome) -> None:
    suites = ET.fromstring(written("junit", told))
    assert (suites.get("tests"), suites.get("failures")) == ("3", "3")
    assert [suite.get("name") for suite in suites] == ["bad.py", "n.ipynb", "src/a.py"]
    (case,) = suites[2]
    assert case.get("name") == "accumlint.ACC003"
    assert case[0].text == "src/a.py:3:5: 3 micro-batches sum to weight 3, not 1\nso it goes"


def test_junit_without_findings_is_a_passed_test() -> None:
    suites = ET.fromstring(written("junit", outcome([], [], looked_at=3)))
    assert (suites.get("tests"), suites.get("failures")) == ("1", "0")


def test_junit_holds_what_xml_cannot(tree: Path) -> None:
    odd = outcome([], [Problem("undecodable", "\udcff<&>.py", "\x1b")], looked_at=1)
    assert "&lt;&amp;&gt;" in written("junit", odd)
    ET.fromstring(written("junit", odd))


class TestSarif:
    @pytest.fixture
    def run(self, told: Outcome) -> dict[str, Any]:
        log: dict[str, Any] = json.loads(written("sarif", told))
        assert log["version"] == "2.1.0"
        one: dict[str, Any] = log["runs"][0]
        return one

    def test_rules_with_help(self, run: dict[str, Any]) -> None:
        rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
        assert rules["ACC003"]["name"] == "unscaled-loss"
        assert rules["ACC003"]["help"]["markdown"]
        assert rules["ACC015"]["defaultConfiguration"] == {"enabled": False, "level": "note"}

    def test_a_result_points_at_its_rule_and_place(self, run: dict[str, Any]) -> None:
        result = run["results"][1]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "ACC003"
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "src/a.py"
        region = {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 20}
        assert location["physicalLocation"]["region"] == region
        assert result["relatedLocations"][0]["message"]["text"] == "spent here"

    def test_a_notebook_is_pointed_at_in_its_json(self, run: dict[str, Any]) -> None:
        (location,) = run["results"][0]["locations"]
        line, column = physical("loss.backward()")
        region = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": column + 15}
        assert location["physicalLocation"]["region"] == region
        assert location["logicalLocations"] == [{"name": "cell 2", "fullyQualifiedName": "cell 2:2:5"}]

    def test_the_ledger_is_the_code_flow(self, run: dict[str, Any]) -> None:
        flow = run["results"][1]["codeFlows"][0]["threadFlows"][0]["locations"]
        texts = [step["location"]["message"]["text"] for step in flow]
        assert texts[2:5] == [
            "epoch 1: micro-batch 3 deposited with weight 1",
            "epoch 1: step spends micro-batch 1, micro-batch 2, micro-batch 3",
            "epoch 1: erased: micro-batch 1 again, micro-batch 2 again, micro-batch 3 again",
        ]
        assert texts[-1] == "epoch 1 ends holding micro-batch 4"

    def test_what_could_not_be_judged_is_a_notification(self, run: dict[str, Any]) -> None:
        (notification,) = run["invocations"][0]["toolExecutionNotifications"]
        assert notification["message"]["text"] == "invalid-syntax: '(' was never closed"
        assert run["invocations"][0]["executionSuccessful"] is True


def test_a_gap_of_one_line_is_shown_and_control_characters_are_not_obeyed(tree: Path) -> None:
    (tree / "a.py").write_text("a = '\x1b[31m'\nb = 1\nc = '\t日本', x.backward()\n")
    related = Related(Site("a.py", 1, 1, 1, 6), "here")
    told = outcome([make_finding("ACC003", Site("a.py", 3, 12, 3, 24), related)], [], looked_at=1)
    assert written("full", told).splitlines()[1:8] == [
        "  |",
        "1 | a = '\ufffd[31m'",
        "  | ----- here",
        "2 | b = 1",
        "3 | c = '    日本', x.backward()",
        "  |                 ^^^^^^^^^^^^",
        "  |",
    ]


def test_a_long_line_is_shown_around_its_finding(tree: Path) -> None:
    (tree / "a.py").write_text("x = 1; " * 1000 + "loss.backward()\n")
    told = outcome([make_finding("ACC003", Site("a.py", 1, 7001, 1, 7016))], [], looked_at=1)
    _, _, source, caret, *_ = written("full", told).splitlines()
    assert len(source) < 160
    assert source[caret.index("^") : caret.rindex("^") + 1] == "loss.backward()"


def test_another_file_has_its_own_head(tree: Path) -> None:
    (tree / "a.py").write_text("helper()\n")
    (tree / "b.py").write_text("\n\nopt.step()\n")
    related = Related(Site("b.py", 3, 1, 3, 11), "spent here")
    told = outcome([make_finding("ACC003", Site("a.py", 1, 1, 1, 9), related)], [], looked_at=1)
    assert written("full", told).splitlines()[4:9] == [
        "  |",
        " ::: b.py",
        "  |",
        "3 | opt.step()",
        "  | ---------- spent here",
    ]
