"""Every finding of a broken fixture is confirmed in torch, behind the fence, and its fix verified."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accumlint.analyse import analyse
from accumlint.confirm.asking import fixed_texts
from accumlint.confirm.task import close_workers, confirm, task
from accumlint.confirm.verdict import Outcome
from accumlint.registry import DEFAULT
from accumlint.source import decode

pytestmark = pytest.mark.torch
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture(scope="module", autouse=True)
def workers() -> Iterator[None]:
    yield
    close_workers()


def broken() -> list[Path]:
    return sorted(path for kind in ("wrong", "seeds") for path in (FIXTURES / kind).rglob("*.py"))


@pytest.mark.parametrize("path", broken(), ids=lambda path: str(path.relative_to(FIXTURES).with_suffix("")))
def test_findings_of_broken_loops_are_confirmed(path: Path) -> None:
    source = decode(path.read_bytes(), str(path))
    findings = [
        finding
        for finding in analyse(source.text, str(path)).findings
        if finding.code in DEFAULT or path.stem.startswith(finding.code.lower())
    ]
    for finding, fixed in zip(findings, fixed_texts(source, findings), strict=True):
        verdict = confirm(task(finding, source.text, str(path), fixed=fixed))
        assert verdict.outcome is Outcome.CONFIRMED, f"{finding.code}: {verdict.reason}"
        assert verdict.fix_verified is not False, f"{finding.code}: its fix does not help"
        assert verdict.ledger is not None
