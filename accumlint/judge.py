"""From a module to its findings: which routines train, what their runs show, and which verdicts hold for every configuration."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from accumlint.effects import CLEAR, DEPOSIT, FULL_LOOP, LOOP, SPEND, Effects, targets
from accumlint.finding import Finding
from accumlint.ledger import Erase, Ledger, Site
from accumlint.project import ClassEntry, FunctionEntry, Module, Project
from accumlint.registry import RULES
from accumlint.rules import COVERED, Violation, judge
from accumlint.simulate.explore import Exploration, explore

_OTHERS = frozenset({"paddle", "mindspore", "tensorflow", "mxnet", "oneflow", "tinygrad", "jittor", "megengine"})

# Tests compare gradients, step twice and clear nothing on purpose.
_LOUD_IN_TESTS = frozenset({"ACC001", "ACC005", "ACC012", "ACC017"})
_TEST_FILE = re.compile(r"(^|[/\\])(test_[^/\\]*|[^/\\]*_test|conftest)\.py$")

Flags = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Routine:
    """One routine that was run: its runs, and what they show."""

    entry: FunctionEntry
    exploration: Exploration
    findings: tuple[Finding, ...]


def judge_module(project: Project, module: Module) -> tuple[list[Finding], list[str]]:
    """The findings in ``module``, and notes on what could not be judged."""
    findings: dict[tuple[str, Site], Finding] = {}
    notes: list[str] = []
    for routine in judge_routines(project, module):
        notes += routine.exploration.notes
        for finding in routine.findings:
            findings.setdefault((finding.code, finding.site), finding)
    return list(findings.values()), notes


def judge_routines(project: Project, module: Module) -> Iterator[Routine]:
    """The routines of ``module`` that train, one after the other; one that another has entered is not run by itself."""
    if _other_framework(module):
        return
    effects = Effects()
    behaves = _behaviour(module)
    covered: set[int] = set()
    for entry in _roots(module, effects):
        if id(entry) in covered:
            continue
        known = behaves if entry.module is module else {**_behaviour(entry.module), **behaves}
        exploration = explore(project, effects, entry, known)
        covered |= exploration.entered
        implicit = FULL_LOOP not in effects.of_entry(entry) and entry.name not in ("<module>", "training_step")
        yield Routine(entry, exploration, tuple(verdicts(exploration, entry, implicit=implicit)))


def _other_framework(module: Module) -> bool:
    """Whether the module trains with a framework whose optimizers are not torch's."""
    roots = {dotted.split(".")[0] for dotted, _ in module.imports.values()}
    return bool(roots & _OTHERS) and "torch" not in roots


def _roots(module: Module, effects: Effects) -> Iterator[FunctionEntry]:
    """The routines to run: those that deposit and nobody in the module calls first, then those that no run has entered."""
    training = [entry for entry in module.entries() if _trains(entry, effects)]
    called: set[int] = set()
    for entry in module.entries():
        for name in entry.calls:
            for target in targets(name, entry):
                if target is not entry:
                    called.add(id(target))
    tops = [entry for entry in training if id(entry) not in called]
    yield from sorted(tops, key=lambda entry: (entry.name != "<module>", entry.line))
    looping = [entry for entry in training if id(entry) in called and LOOP in effects.of_entry(entry)]
    yield from looping
    yield from (entry for entry in training if id(entry) in called and entry not in looping)
    yield from (entry for cls in module.classes.values() for entry in _completed(cls) if _trains(entry, effects))


def _completed(cls: ClassEntry) -> Iterator[FunctionEntry]:
    """The routines that ``cls`` inherits from another module and completes: they call a method that it defines itself."""
    for base in cls.lineage:
        if base.module is cls.module:
            continue
        for name, method in base.methods.items():
            own = {called.removeprefix("self.") for called in method.calls if called.startswith("self.")} & cls.methods.keys()
            if own and cls.method(name) is method and name != "__init__":
                yield FunctionEntry(method.module, method.code, cls)


def _trains(entry: FunctionEntry, effects: Effects) -> bool:
    """Whether running ``entry`` deposits gradients and does something with them."""
    words = effects.reaches(entry)
    if "deposit" not in words or not words & {"spend", "clear"}:
        return False
    found = effects.of_entry(entry)
    return DEPOSIT in found and bool(found & {SPEND, CLEAR})


def _behaviour(module: Module) -> dict[str, set[str]]:
    """By an object's last name, which of ``step`` and ``zero_grad`` are called on it: both make an optimizer."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in module.entries():
        for name in entry.calls:
            owner, _, method = name.rpartition(".")
            if method in ("step", "zero_grad") and owner:
                found[owner.rsplit(".", 1)[-1]].add(method)
    return found


@dataclass
class _Case:
    """What one configuration of flags says of one possible finding."""

    fired: list[tuple[Violation, Ledger]] = field(default_factory=list)


def verdicts(exploration: Exploration, entry: FunctionEntry, *, implicit: bool = False) -> Iterator[Finding]:
    """The violations that hold for some length of the data and for every configuration of flags that reaches their place.

    ``implicit`` marks a routine without a loop of its own: what its unknown caller clears or steps cannot be seen.
    """
    cases: dict[tuple[str, Site, str], dict[Flags, _Case]] = defaultdict(dict)
    reached: dict[tuple[Site, str], dict[Flags, int]] = defaultdict(lambda: defaultdict(int))
    for flags, runs in exploration.ledgers.items():
        for books in runs:
            for variants in books:
                _judge_variants(flags, variants, cases, reached)
    found: list[tuple[str, Violation, Ledger]] = []
    for (code, site, optimizer), by_flags in cases.items():
        everywhere = reached[site, optimizer]
        if any(site in sites for sites in exploration.veiled.values()):
            continue
        if any(flags not in by_flags or not by_flags[flags].fired for flags in everywhere):
            continue
        fired = [case for case in by_flags.values() if case.fired]
        violation, ledger = min((pair for case in fired for pair in case.fired), key=_preference)
        if violation.always and any(len(by_flags[flags].fired) < count for flags, count in everywhere.items()):
            continue
        in_test = entry.name.startswith("test_") or _TEST_FILE.search(entry.module.path) is not None
        if in_test and (site.path != entry.module.path or (code in _LOUD_IN_TESTS and not _trains_in_earnest(ledger))):
            continue
        if code == "ACC017" and _stepped_elsewhere(optimizer, entry.module):
            continue
        if implicit and (code == "ACC017" or (code == "ACC001" and not _alone_responsible(optimizer, entry, exploration))):
            continue
        found.append((optimizer, violation, ledger))
    spoken = {(optimizer, violation.code) for optimizer, violation, _ in found}
    for optimizer, violation, ledger in found:
        if not any((optimizer, earlier) in spoken for earlier in COVERED.get(violation.code, ())):
            yield _finding(violation, ledger, entry)


def _trains_in_earnest(ledger: Ledger) -> bool:
    """Whether a test's loop clears and steps again and again, as training does."""
    erased = sum(bool(erase.lost) for erase in ledger.entries if isinstance(erase, Erase))
    return erased > 1 and sum(bool(spend.fresh) for spend in ledger.spends) > 1


def _stepped_elsewhere(optimizer: str, module: Module) -> bool:
    """Whether the module's text steps an optimizer of that name after all, in a place that no run came to."""
    last = re.escape(re.split(r"[.\[]", optimizer.split("'")[0])[-1])
    return re.search(rf"\b{last}\.step\(|\.step\(\s*(self\.)?{last}\b", module.text) is not None


def _alone_responsible(optimizer: str, entry: FunctionEntry, exploration: Exploration) -> bool:
    """Whether nobody but ``entry`` and what it calls can clear ``optimizer``: its class made it, and no other method clears anything."""
    if entry.owner is None or not optimizer.startswith("self."):
        return False
    others = [method for cls in entry.owner.lineage for method in cls.methods.values() if id(method) not in exploration.entered]
    return not entry.owner.foreign_bases - {"object", "ABC", "Module"} and not any("clear" in method.effects for method in others)


def _preference(pair: tuple[Violation, Ledger]) -> tuple[int, int]:
    """The witness to show: the shortest run that has more than one window."""
    _, ledger = pair
    size = ledger.scenario.window or 1
    return (ledger.scenario.length <= size, ledger.scenario.length)


def _judge_variants(
    flags: Flags,
    variants: list[Ledger],
    cases: dict[tuple[str, Site, str], dict[Flags, _Case]],
    reached: dict[tuple[Site, str], dict[Flags, int]],
) -> None:
    """A violation counts where every possible ownership of the backwards shows it."""
    judged = [{(found.code, found.site): found for found in judge(ledger)} for ledger in variants]
    if not judged:
        return
    optimizer = variants[0].optimizer
    for site in {site for ledger in variants if any(True for _ in ledger.deposits) for site in _sites(ledger)}:
        reached[site, optimizer][flags] += 1
    shared = set(judged[0]).intersection(*judged[1:])
    for code, site in shared:
        case = cases[code, site, optimizer].setdefault(flags, _Case())
        case.fired.append((judged[0][code, site], variants[0]))


def _sites(ledger: Ledger) -> Iterator[Site]:
    for entry in ledger.entries:
        yield entry.site
        guard = getattr(entry, "guard", None)
        if guard is not None:
            yield guard


def _finding(violation: Violation, ledger: Ledger, entry: FunctionEntry) -> Finding:
    rule = RULES[violation.code]
    severity = violation.severity or rule.severity
    return Finding(
        violation.code,
        rule.name,
        severity,
        violation.message,
        violation.site,
        violation.related,
        violation.witness,
        ledger,
        entry.qualified,
        entry.line,
    )
