"""What the README says that `accumlint confirm` prints is what it prints, in whatever order the verdicts come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from accumlint.confirm.asking import Wanted
from accumlint.confirm.session import run
from accumlint.confirm.task import close_workers

pytestmark = pytest.mark.torch
README = (Path(__file__).resolve().parents[2] / "README.md").read_text()


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    yield
    close_workers()


def test_the_loop_of_the_readme_is_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [loop] = re.findall(r"^```python\n(# train\.py\n.*?)^```$", README, re.MULTILINE | re.DOTALL)
    [told] = re.findall(r"^```text\n\$ accumlint confirm train\.py --output-format concise\n(.*?)^```$", README, re.M | re.S)
    monkeypatch.chdir(tmp_path)
    Path("train.py").write_text(loop)
    assert run(Wanted(("train.py",), device="cpu", output_format="concise", cached=False)) == 1
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(told.splitlines())
