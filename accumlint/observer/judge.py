"""Judges ledgers by the rules and dresses what they find as findings: the one place where the dynamic half meets the rules."""

from __future__ import annotations

from collections.abc import Iterable

from accumlint.finding import Finding, Severity
from accumlint.ledger import Ledger
from accumlint.registry import DEFAULT, RULES
from accumlint.rules import judge


def findings(ledgers: Iterable[Ledger], routine: str, codes: frozenset[str] = DEFAULT) -> tuple[Finding, ...]:
    """What the rules of ``codes`` find in ``ledgers`` of the program ``routine``, in the order of the source."""
    found: dict[tuple[object, ...], Finding] = {}
    for ledger in ledgers:
        for violation in judge(ledger):
            if violation.code not in codes:
                continue
            rule = RULES.get(violation.code)
            finding = Finding(
                code=violation.code,
                name=rule.name if rule else violation.code,
                severity=violation.severity or (rule.severity if rule else Severity.ERROR),
                message=violation.message,
                site=violation.site,
                related=violation.related,
                witness=f"measured in torch: {violation.witness}",
                ledger=ledger,
                routine=routine,
                routine_line=1,
            )
            found.setdefault((finding.code, finding.site), finding)
    return tuple(sorted(found.values(), key=Finding.sort_key))
