"""The rules: small pure functions of a `Ledger`. They know neither libcst nor torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from accumlint.ledger import Ledger, Site
from accumlint.rules.clearing import missing_zero_grad, zero_grad_before_step, zero_grad_while_accumulating
from accumlint.rules.stepping import never_stepped, stray_step, uncalled_method
from accumlint.rules.violation import Violation
from accumlint.rules.weighing import double_scaled_loss, running_total_backward, unscaled_loss
from accumlint.rules.windows import missing_flush, underscaled_flush, window_arithmetic

__all__ = ["COVERED", "Violation", "judge"]

_RULES: dict[str, Callable[[Ledger], Iterator[Violation]]] = {
    "ACC011": uncalled_method,
    "ACC012": zero_grad_before_step,
    "ACC005": stray_step,
    "ACC001": missing_zero_grad,
    "ACC002": zero_grad_while_accumulating,
    "ACC016": window_arithmetic,
    "ACC013": running_total_backward,
    "ACC003": unscaled_loss,
    "ACC014": double_scaled_loss,
    "ACC004": missing_flush,
    "ACC015": underscaled_flush,
    "ACC017": never_stepped,
}


# One slip is credited to one rule: a rule is not asked where an earlier one has spoken.
COVERED: dict[str, tuple[str, ...]] = {
    "ACC005": ("ACC011", "ACC012"),
    "ACC001": ("ACC011", "ACC012", "ACC005"),
    "ACC002": ("ACC012", "ACC001"),
    "ACC016": ("ACC011", "ACC012", "ACC005", "ACC001", "ACC002"),
    "ACC003": ("ACC013", "ACC012"),
    "ACC004": ("ACC011", "ACC012", "ACC005", "ACC001", "ACC002", "ACC016"),
    "ACC015": ("ACC011", "ACC012", "ACC005", "ACC001", "ACC002", "ACC016"),
    "ACC017": ("ACC011", "ACC012"),
}


def judge(ledger: Ledger) -> list[Violation]:
    """Every rule that ``ledger`` breaks, one slip credited to one rule."""
    found: dict[str, list[Violation]] = {}
    for code, rule in _RULES.items():
        if any(earlier in found for earlier in COVERED.get(code, ())):
            continue
        violations = _first_per_site(rule(ledger))
        if violations:
            found[code] = violations
    return [violation for violations in found.values() for violation in violations]


def _first_per_site(violations: Iterator[Violation]) -> list[Violation]:
    seen: dict[Site, Violation] = {}
    for violation in violations:
        seen.setdefault(violation.site, violation)
    return list(seen.values())
