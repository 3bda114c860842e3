"""From the runs of one routine to its findings: the violations that hold for every configuration that reaches their place."""

from __future__ import annotations

from collections.abc import Iterator

from accumlint.excuses import is_excused
from accumlint.finding import Finding
from accumlint.ledger import Ledger, Site
from accumlint.modules import FunctionEntry
from accumlint.naming import as_written, number_of
from accumlint.registry import RULES
from accumlint.rules import COVERED, Violation
from accumlint.simulate.explore import Exploration
from accumlint.tally import standing

Found = tuple[str, Violation, Ledger]  # in the books of which optimizer
_OF_SEVERAL = frozenset({"ACC002", "ACC003", "ACC004", "ACC014", "ACC015"})  # these take windows of several micro-batches


def findings(exploration: Exploration, entry: FunctionEntry, *, implicit: bool = False) -> Iterator[Finding]:
    """The violations that hold for some length of the data and for every configuration of flags that reaches their place.

    ``implicit`` marks a routine without a loop of its own: what its unknown caller clears or steps cannot be seen.
    """
    found = [
        (optimizer, violation, ledger)
        for optimizer, violation, ledger in standing(exploration)
        if not is_excused(optimizer, violation, ledger, entry, exploration, implicit=implicit)
    ]
    found = [one for one in found if not any(_is_turned_round(one, other) for other in found)]
    spoken = {(optimizer, violation.code) for optimizer, violation, _ in found}
    for optimizer, violation, ledger in found:
        alone = violation.beside and (optimizer, violation.beside) not in spoken
        if not alone and not any((optimizer, earlier) in spoken for earlier in COVERED.get(violation.code, ())):
            yield _finding(violation, ledger, entry, latent=_is_latent(violation, ledger, entry, exploration))


def _is_turned_round(one: Found, other: Found) -> bool:
    """Whether ``one`` is a flush that comes where there is no tail, and ``other`` the tail where it does not come: its guard is the slip."""
    (optimizer, stray, ledger), (its, tail, unflushed) = one, other
    return (
        (stray.code, tail.code, its) == ("ACC005", "ACC004", optimizer)
        and not any(spend.row for spend in ledger.spends if spend.site == stray.site)
        and stray.site not in unflushed.sites()
        and ledger.scenario.flags == unflushed.scenario.flags
    )


def _is_latent(violation: Violation, ledger: Ledger, entry: FunctionEntry, exploration: Exploration) -> bool:
    """Whether nothing goes wrong as the source stands, where the window holds one micro-batch."""
    window, declared = exploration.window, ledger.declared
    if violation.code not in _OF_SEVERAL or declared is None or window is None:
        return False
    default = window.default if window.label == declared else None
    return (number_of(declared, entry.module) if default is None else default) == 1


def _finding(violation: Violation, ledger: Ledger, entry: FunctionEntry, *, latent: bool) -> Finding:
    rule = RULES[violation.code]
    severity = violation.severity or rule.severity
    return Finding(
        violation.code,
        rule.name,
        severity,
        _as_written(
            violation.message + (f" (latent: `{ledger.declared}` is 1 here)" if latent else ""), violation.site, ledger, entry
        ),
        violation.site,
        violation.related,
        violation.witness,
        ledger,
        entry.qualified,
        entry.line,
    )


def _as_written(message: str, site: Site, ledger: Ledger, entry: FunctionEntry) -> str:
    """The message, with the window as the file that it is told of writes it."""
    declared, text = ledger.declared, entry.module.project.text(site.path)
    if declared is None or text is None or f"`{declared}`" not in message:
        return message
    return message.replace(f"`{declared}`", f"`{as_written(declared, text, site.line)}`")
