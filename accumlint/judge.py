"""From a module to its findings: which of its routines train, and what the runs of each show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from accumlint.callees import implied, targets
from accumlint.effects import CLEAR, DEPOSIT, LOOP, SPEND, Effects
from accumlint.finding import Finding
from accumlint.ledger import Site
from accumlint.modules import ClassEntry, FunctionEntry, Module
from accumlint.project import Project
from accumlint.simulate.explore import CHOICES, Exploration, explore
from accumlint.simulate.follow import is_abstract
from accumlint.slicing import Slices
from accumlint.verdicts import findings

MAX_HEIRS = 6
_OTHERS = frozenset({"paddle", "mindspore", "tensorflow", "mxnet", "oneflow", "tinygrad", "jittor", "megengine"})


@dataclass(frozen=True, slots=True)
class Routine:
    """One routine that was run: its runs, and what they show. An ``implicit`` one is a turn of a loop that is not known."""

    entry: FunctionEntry
    exploration: Exploration
    findings: tuple[Finding, ...]
    implicit: bool = False


def judge_module(project: Project, module: Module) -> tuple[list[Finding], list[str]]:
    """The findings in ``module``, and notes on what could not be judged."""
    findings: dict[tuple[str, Site], Finding] = {}
    notes: list[str] = []
    for routine in judge_routines(project, module):
        notes += routine.exploration.notes
        for finding in routine.findings:
            findings.setdefault((finding.code, finding.site), finding)
    return list(findings.values()), notes


def judge_routines(project: Project, module: Module, *, whole: bool = False, choices: int = CHOICES) -> Iterator[Routine]:
    """The routines of ``module`` that train, one after the other; one that another has entered is not run by itself.

    ``whole``: also where nothing is found in one that has no window it is run with as short an epoch as where something is. ``choices``
    bounds how many choices of unknown flags are tried.
    """
    if _other_framework(module):
        return
    slices = Slices(Effects())
    effects = slices.effects
    behaves = behaviour(module)
    covered: set[int] = set()
    for entry in roots(module, effects):
        if id(entry) in covered:
            continue
        known = behaves if entry.module is module else {**behaviour(entry.module), **behaves}
        implicit = not effects.trains_alone(entry) and entry.name != "training_step"
        told = partial(findings, entry=entry, implicit=implicit)
        inherited = entry.module is not module  # and judged in full where it stands
        exploration = explore(project, slices, entry, known, None if whole else told, choices=choices, few=inherited)
        covered |= exploration.entered.keys()
        yield Routine(entry, exploration, tuple(told(exploration)), implicit)
    for entry, heirs in _abstract(project, module, effects):
        yield from _by_heirs(project, slices, entry, heirs, behaves, choices)


def _abstract(project: Project, module: Module, effects: Effects) -> Iterator[tuple[FunctionEntry, list[ClassEntry]]]:
    """The routines of ``module`` that leave a part of the training to subclasses, with the subclasses in the files beside it."""
    for cls in module.classes.values():
        open_parts = {f"self.{name}" for name, method in cls.methods.items() if _is_abstract(method)}
        entries = [entry for entry in cls.methods.values() if open_parts & entry.calls and _trains(entry, effects)]
        heirs = project.heirs(cls) if entries else []
        if 0 < len(heirs) <= MAX_HEIRS:  # of more it could not be told what each of them does
            yield from ((entry, heirs) for entry in entries)


def _is_abstract(method: FunctionEntry) -> bool:
    source = method.source
    return ("NotImplementedError" in source or "abstractmethod" in source) and is_abstract(method.skeleton)


def _by_heirs(
    project: Project, slices: Slices, entry: FunctionEntry, heirs: list[ClassEntry], behaves: dict[str, set[str]], choices: int
) -> Iterator[Routine]:
    """``entry`` as each subclass completes it: a finding stands where each of them shows it."""
    shown: list[dict[tuple[str, Site], Finding]] = []
    exploration = Exploration()
    for heir in heirs:
        completed = FunctionEntry(entry.module, entry.code, heir)
        exploration = explore(project, slices, completed, {**behaves, **behaviour(heir.module)}, choices=choices)
        shown.append({(found.code, found.site): found for found in findings(exploration, completed)})
    common = set(shown[0]).intersection(*shown[1:])
    yield Routine(entry, exploration, tuple(found for key, found in shown[0].items() if key in common))


def _other_framework(module: Module) -> bool:
    """Whether the module trains with a framework whose optimizers are not torch's."""
    packages = {dotted.split(".")[0] for dotted, _ in module.imports.values()}
    return bool(packages & _OTHERS) and "torch" not in packages


def roots(module: Module, effects: Effects) -> Iterator[FunctionEntry]:
    """The routines to run: those that deposit and nobody in the module calls first, then those that no run has entered."""
    training = [entry for entry in module.entries() if _trains(entry, effects)]
    called: set[int] = set()
    for entry in module.entries():
        for name in entry.calls:
            for target in (*targets(name, entry), *implied(name, entry)):
                if target is not entry:
                    called.add(id(target))
    completed = [entry for cls in module.classes.values() for entry in cls.completed.values() if _trains(entry, effects)]
    inner = {id(part) for entry in completed for name in entry.calls for part in targets(name, entry)}
    called |= inner  # what completes an inherited routine runs there, and not by itself
    tops = [entry for entry in training if id(entry) not in called]
    yield from sorted(tops, key=lambda entry: (entry.name != "<module>", entry.line))
    yield from sorted(completed, key=lambda entry: id(entry) in inner)
    looping = [entry for entry in training if id(entry) in called and LOOP in effects.of_entry(entry)]
    yield from looping
    yield from (entry for entry in training if id(entry) in called and entry not in looping)


def _trains(entry: FunctionEntry, effects: Effects) -> bool:
    """Whether running ``entry`` deposits gradients and does something with them."""
    words = effects.reaches(entry)
    if "deposit" not in words or not words & {"spend", "clear"}:
        return False
    found = effects.of_entry(entry)
    return DEPOSIT in found and bool(found & {SPEND, CLEAR})


def behaviour(module: Module) -> dict[str, set[str]]:
    """By an object's last name, which of ``step`` and ``zero_grad`` are called on it: both make an optimizer."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in module.entries():
        for name in entry.calls:
            owner, _, method = name.rpartition(".")
            if method in ("step", "zero_grad") and owner:
                found[owner.rsplit(".", 1)[-1]].add(method)
    return found
