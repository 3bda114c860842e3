"""The GitHub action: valid by GitHub's schema, and its steps run as a runner would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import RIGHT, WRONG

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXPRESSION = re.compile(r"\$\{\{ (?P<kind>inputs|steps)\.(?P<name>[\w-]+)(?:\.outputs\.(?P<output>[\w-]+))? \}\}")


def test_the_schema_is_github_s() -> None:
    pytest.importorskip("check_jsonschema")
    words = ["-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", str(ROOT / "action.yml")]
    ran = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_the_workflow_is_valid_too() -> None:
    pytest.importorskip("check_jsonschema")
    words = ["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    files = [str(path) for path in (ROOT / ".github" / "workflows").iterdir()]
    ran = subprocess.run([sys.executable, *words, *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_no_input_is_pasted_into_a_script() -> None:
    assert not any("${{" in step["run"] for step in ACTION["runs"]["steps"])


def test_the_readme_names_every_input_and_output() -> None:
    text = (ROOT / "README.md").read_text()
    assert [name for name in (*ACTION["inputs"], *ACTION["outputs"]) if f"`{name}`" not in text] == []


@dataclass
class Runner:
    """A job: what its steps have set so far, and the folder for what the runner keeps."""

    temp: Path
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def step(self, name: str, inputs: Mapping[str, str], workspace: Path) -> subprocess.CompletedProcess[str]:
        """Run the step of that id with bash, as https://docs.github.com/en/actions/reference/workflows-and-actions says it is."""
        (step,) = (step for step in ACTION["runs"]["steps"] if step["id"] == name)
        values = {key: inputs.get(key, given["default"]) for key, given in ACTION["inputs"].items()}

        def value(found: re.Match[str]) -> str:
            return values[found["name"]] if found["kind"] == "inputs" else self.outputs[found["name"]][found["output"]]

        files = {name: self.temp / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")}
        for path in files.values():
            path.write_text("")
        assert step["shell"] == "bash"
        env = {name: EXPRESSION.sub(value, text) for name, text in step["env"].items()}
        own = {"GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(self.temp), "GITHUB_ACTIONS": "true", "CI": "true"}
        inherited = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")}
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        environment = inherited | own | {name: str(path) for name, path in files.items()} | env
        ran = subprocess.run(words, cwd=workspace, env=environment, capture_output=True, text=True, check=False)
        self.outputs[name] = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        return ran

    @property
    def summary(self) -> str:
        return (self.temp / "GITHUB_STEP_SUMMARY").read_text()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    if shutil.which("bash") is None:
        pytest.skip("the action's steps need bash")
    runner = Runner(tmp_path_factory.mktemp("runner"))
    ran = runner.step("install", {}, runner.temp)
    if ran.returncode and ("ConnectionError" in ran.stderr or "No matching distribution" in ran.stderr):
        pytest.skip(f"the package index cannot be reached: {ran.stderr.strip()[-200:]}")
    assert ran.returncode == 0, ran.stderr
    return runner


@pytest.fixture
def repository(tree: Path) -> Path:
    """A checked out repository whose own files are named so that they could be taken for the tool's."""
    (tree / "train.py").write_text(WRONG)
    (tree / "my src").mkdir()
    (tree / "my src" / "ok.py").write_text(RIGHT)
    for name in ("typer.py", "accumlint.py", "json.py"):
        (tree / name).write_text("raise SystemExit('the repository was imported')\n")
    return tree


def run(runner: Runner, workspace: Path, **inputs: str) -> tuple[int, str, dict[str, str]]:
    ran = runner.step("run", {name.replace("_", "-"): value for name, value in inputs.items()}, workspace)
    return ran.returncode, ran.stdout + ran.stderr, runner.outputs["run"]


@pytest.mark.slow
class TestSteps:
    def test_findings_are_annotated_listed_and_counted(self, installed: Runner, repository: Path) -> None:
        code, said, outputs = run(installed, repository)
        assert code == 1
        assert said.startswith("::error title=accumlint (ACC001),file=train.py,line=")
        assert outputs == {"exit-code": "1", "findings": "1", "output-file": ""}
        head, *_, row = installed.summary.splitlines()
        assert head == "### accumlint: 1 finding"
        assert row.startswith("| train.py:")
        assert "ACC001 missing-zero-grad" in row

    def test_a_clean_run(self, installed: Runner, repository: Path) -> None:
        code, said, outputs = run(installed, repository, paths="'my src' typer.py")
        assert (code, said) == (0, "")
        assert outputs["findings"] == "0"
        assert installed.summary == ""

    def test_sarif_goes_to_a_file(self, installed: Runner, repository: Path) -> None:
        code, said, outputs = run(installed, repository, format="sarif", args="--exit-zero", summary="false")
        assert (code, said, installed.summary) == (0, "", "")
        assert outputs == {"exit-code": "0", "findings": "1", "output-file": "accumlint.sarif"}
        log: dict[str, Any] = json.loads((repository / "accumlint.sarif").read_text())
        assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["ACC001"]

    def test_other_forms_and_files(self, installed: Runner, repository: Path) -> None:
        _, said, _ = run(installed, repository, format="concise")
        assert "train.py:" in said
        _, said, outputs = run(installed, repository, format="junit", output_file="out.xml")
        assert (said, outputs["output-file"]) == ("", "out.xml")
        assert (repository / "out.xml").read_text().startswith("<?xml")

    @pytest.mark.parametrize(
        ("inputs", "told"),
        [
            ({"args": "--selct ACC001"}, "--select"),
            ({"args": "'"}, "::error::accumlint: the inputs `args` and `paths` are not words of a shell"),
            ({"paths": "$(touch owned)"}, "no such file"),
            ({"format": "jsn"}, "'jsn' is not one of"),
        ],
        ids=["option", "quote", "shell", "format"],
    )
    def test_wrong_inputs(self, installed: Runner, repository: Path, inputs: dict[str, str], told: str) -> None:
        code, said, _ = run(installed, repository, **inputs)
        assert code == 2
        assert told in said
        assert not (repository / "owned").exists()

    def test_an_old_python_is_told(self, installed: Runner, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        old = repository / "bin" / "python3"
        old.parent.mkdir()
        old.write_text("#!/bin/sh\nexit 1\n")
        old.chmod(0o755)
        monkeypatch.setenv("PATH", f"{old.parent}:{os.environ['PATH']}")
        ran = Runner(installed.temp).step("install", {}, repository)
        assert ran.returncode == 2
        assert "::error::accumlint needs Python 3.11 or later" in ran.stdout
