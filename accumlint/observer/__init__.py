"""The observer: watches a real training in torch and tells, line by line, which step spends which micro-batch.

``with accumlint.observe(optimizer) as seen: train()`` watches a block, ``accumlint run train.py`` a script, the pytest fixture
``gradient_ledger`` a test.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch.optim import Optimizer

    from accumlint.finding import Finding
    from accumlint.ledger import Ledger


class GradientAccumulationWarning(UserWarning):
    """A training that was observed misspent gradients."""


class GradientsMisspent(AssertionError):
    """Raised at the end of an observed block that misspent gradients; its text names the lines."""


@dataclass(slots=True)
class Observation:
    """What was seen; filled when the observed block ends."""

    ledgers: tuple[Ledger, ...] = ()
    findings: tuple[Finding, ...] = ()
    unjudged: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join(
            f"{finding.site.path}:{finding.site.line}:{finding.site.column}: {finding.code} {finding.name} {finding.message}"
            for finding in self.findings
        )


@contextmanager
def observe(*optimizers: Optimizer, on_finding: Literal["warn", "raise", "ignore"] = "warn") -> Iterator[Observation]:
    """Watches what happens to the gradients of ``optimizers`` (of all, where none is named) until the block ends.

    Then the `Observation` holds their ledgers and findings, and each finding is warned about; with ``on_finding="raise"`` they
    are raised together as `GradientsMisspent`. Weights, gradients and random numbers are those of an unobserved run, bit for bit.
    """
    from accumlint.observer.patches import patched
    from accumlint.observer.tell import tell
    from accumlint.observer.watch import Watch

    watch = Watch(only=optimizers)
    for optimizer in optimizers:
        watch.tale(optimizer)
    seen = Observation()
    ended = False
    try:
        with patched(watch):
            yield seen
        ended = True
    finally:
        told = tell(watch, ended=ended)
        seen.ledgers, seen.unjudged = told.ledgers, told.unjudged
    from accumlint.observer.judge import findings

    seen.findings = findings(seen.ledgers, "<observed>")
    if seen.findings and on_finding == "raise":
        raise GradientsMisspent(str(seen))
    if on_finding == "warn":
        for finding in seen.findings:
            warnings.warn_explicit(
                f"{finding.code} {finding.name}: {finding.message}",
                GradientAccumulationWarning,
                finding.site.path,
                finding.site.line,
            )
