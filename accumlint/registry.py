"""The rules: what each is called, how bad it is, and which of them a selector such as ``ACC00`` or ``missing-flush`` means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accumlint.finding import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """``default`` is false for a rule that speaks only when it is selected by name."""

    code: str
    name: str
    severity: Severity
    summary: str
    default: bool = True


_ALL = (
    Rule("ACC001", "missing-zero-grad", Severity.ERROR, "a gradient is spent by two or more steps"),
    Rule("ACC002", "zero-grad-while-accumulating", Severity.ERROR, "a gradient is erased unspent while its window is still open"),
    Rule("ACC003", "unscaled-loss", Severity.WARNING, "a window of N losses weighs N, not 1"),
    Rule("ACC004", "missing-flush", Severity.WARNING, "the last, shorter window is dropped, leaked, lost or never stepped"),
    Rule("ACC005", "stray-step", Severity.ERROR, "a step spends nothing fresh, or comes every micro-batch of a declared window"),
    Rule("ACC011", "uncalled-method", Severity.ERROR, "zero_grad, step or backward is named and not called"),
    Rule("ACC012", "zero-grad-before-step", Severity.ERROR, "gradients are erased between backward and step: nothing is trained"),
    Rule(
        "ACC013", "running-total-backward", Severity.ERROR, "backward runs on a running total: earlier micro-batches count again"
    ),
    Rule("ACC014", "double-scaled-loss", Severity.WARNING, "a window's losses are divided by its length twice"),
    Rule("ACC015", "underscaled-flush", Severity.INFO, "the last, shorter window is divided by the full length", default=False),
    Rule("ACC016", "window-arithmetic", Severity.ERROR, "windows have another length than the one declared"),
    Rule("ACC017", "never-stepped", Severity.ERROR, "gradients are deposited and no step ever spends them"),
    Rule("ACC100", "unused-suppression", Severity.INFO, "a suppression comment silences nothing", default=False),
)

RULES: dict[str, Rule] = {rule.code: rule for rule in _ALL}

DEFAULT: frozenset[str] = frozenset(rule.code for rule in _ALL if rule.default)


class UnknownRule(ValueError):
    """A selector that means no rule; its text names the nearest right one."""


def resolve(selector: str) -> frozenset[str]:
    """The codes that ``selector`` means: a code, a prefix of codes, a name, or ``ALL``. Raises `UnknownRule`."""
    wanted = selector.strip()
    if wanted.upper() == "ALL":
        return frozenset(RULES)
    if wanted.upper().startswith("ACC") and (codes := frozenset(code for code in RULES if code.startswith(wanted.upper()))):
        return codes
    if named := frozenset(rule.code for rule in _ALL if rule.name == wanted.lower()):
        return named
    hint = nearest(wanted, [*RULES, *(rule.name for rule in _ALL), "ALL"]) or "; `accumlint rules` lists them all"
    raise UnknownRule(f"unknown rule `{wanted}`{hint}")


def weight(selector: str) -> int:
    """How narrow a selector is: the narrower of two that disagree about a rule wins."""
    wanted = selector.strip()
    if wanted.upper() == "ALL":
        return 0
    return len(wanted) if wanted.upper().startswith("ACC") else len("ACC000")


def nearest(word: str, choices: Iterable[str]) -> str:
    """``"; did you mean `...`?"`` for the choice most like ``word``, or nothing where none is."""
    from difflib import get_close_matches

    folded = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"; did you mean `{folded[close[0]]}`?" if close else ""
