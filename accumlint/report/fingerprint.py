"""Names findings so that they are known again after lines above them have come or gone."""

from __future__ import annotations

import hashlib
from collections import Counter

from accumlint.finding import Finding
from accumlint.report.outcome import Outcome, relative


def fingerprints(outcome: Outcome) -> list[str]:
    """A name for each finding in order: of its file, rule and source line, and how many such stand above it."""
    seen: Counter[tuple[str, str, str]] = Counter()
    return [_fingerprint(finding, outcome, seen) for finding in outcome.findings]


def _fingerprint(finding: Finding, outcome: Outcome, seen: Counter[tuple[str, str, str]]) -> str:
    text = outcome.sources.line(finding.site.path, finding.site.line).strip()
    what = (relative(finding.site.path), finding.code, text)
    seen[what] += 1
    return hashlib.sha256("\0".join((*what, str(seen[what]))).encode("utf-8", "replace")).hexdigest()[:32]
