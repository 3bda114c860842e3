"""Which settings may be the window of a routine: what gates its steps and clears, bounds its inner loops, or divides its losses."""

from __future__ import annotations

from collections import Counter, defaultdict

from accumlint.calls import OTHER_CLOCK, speaks_of_window
from accumlint.simulate.arithmetic import QUOTIENT, counts_others
from accumlint.simulate.booking import Window
from accumlint.simulate.run import Run, together
from accumlint.simulate.state import Setting
from accumlint.simulate.trace import Backward, Clear, Rescale, Step
from accumlint.simulate.values import Opaque, taint_of


def dividends(names: frozenset[str]) -> frozenset[str]:
    """``names``, and what the quotients among them divide: a number of samples, of which a micro-batch has so many; and all as one."""
    return names | {QUOTIENT.sub(r"\1", name) for name in names} | {name for name in (together(names),) if name is not None}


def candidates(runs: list[Run], size: int) -> list[Window]:
    """The settings that may give the window in ``runs``, best first, each a window of ``size`` micro-batches."""
    votes: Counter[tuple[int, str, str]] = Counter()
    uses: dict[str, set[str]] = defaultdict(set)
    for run in runs:
        for name, setting in run.settings.items():
            for use in setting.uses:
                uses[use].add(name)
    moduli, thresholds, gather, divisors = uses["modulus"], uses["threshold"], uses["gather"], set[str]()
    for run in runs:
        for event in run.trace:
            if isinstance(event, Backward):
                divisors |= dividends(event.divided_by)
            elif isinstance(event, Rescale) and event.factor is not None:
                divisors |= event.factor.by
    for run in runs:
        steps = run.accelerate.steps
        if run.accelerate.used and steps is not None:
            told = steps.id if isinstance(steps, Opaque) else next(iter(taint_of(steps)), None)
            if told is not None:
                votes[0, told, "framework"] += 1
        backwards = [event.control for event in run.trace if isinstance(event, Backward)]
        free = _stepped_each_turn(run, moduli | thresholds)
        spent: list[Backward] = []  # by the next step
        for event in run.trace:
            if isinstance(event, Backward):
                spent.append(event)
            elif isinstance(event, (Step, Clear)):
                around = _around_all(spent) if isinstance(event, Step) else frozenset()
                spent = [] if isinstance(event, Step) else spent
                for name in event.control - around:
                    if event.optimizer in free and name not in divisors and not speaks_of_window(name):
                        continue
                    if backwards and all(name in control for control in backwards):
                        continue
                    rank = _rank(name, isinstance(event, Step), name in moduli, name in thresholds, name in divisors)
                    if rank:
                        votes[rank, name, "guard" if name in moduli else "threshold"] += 1
    for name in uses["inner"]:
        if name in divisors | uses["drawn"] | uses["named"] or speaks_of_window(name):
            votes[1, name, "inner"] += 1
        elif name in uses["cleared"]:
            votes[8, name, "cleared"] += 1
    for name in divisors - gather:  # else N losses are summed up before one backward
        meant = speaks_of_window(name) or (name in uses["remainder"] and not counts_others(name.lower()))
        if meant and not name.isdigit():
            votes[9, name, "divisor"] += 1
    ordered = sorted(votes, key=lambda vote: (vote[0], vote[1].startswith("len("), -votes[vote], vote[1]))
    unique: dict[str, Window] = {}
    for _, name, origin in ordered:
        meant = name in divisors or speaks_of_window(name)
        known = next((run.settings[name] for run in runs if name in run.settings), Setting())
        length, grown = size + _counted_twice(runs, origin), name in uses["grown"]
        unique.setdefault(name, Window(name, origin, length, meant, known.written, grown, known.default))
    return list(unique.values())[:3]


def _around_all(losses: list[Backward]) -> frozenset[str]:
    """What the guards around each of ``losses`` hang on: such a guard is around a whole pass, and gates no step of it."""
    return frozenset[str].intersection(*(loss.control for loss in losses)) if losses else frozenset()


def _counted_twice(runs: list[Run], origin: str) -> bool:
    """Whether a framework counts each micro-batch twice: of an odd number of them that comes to the right windows, of an even one not."""
    return origin == "framework" and any(run.accelerate.doubled for run in runs)


def _stepped_each_turn(run: Run, gates: set[str]) -> set[str]:
    """The optimizers that step in most turns whatever the ``gates`` say; a flush behind the loop is no such step."""
    turns = {event.turn for event in run.trace if isinstance(event, Backward)}
    steps = (event for event in run.trace if isinstance(event, Step) and event.in_loop and not event.control & gates)
    return {name for name, count in Counter(event.optimizer for event in steps).items() if 2 * count > len(turns)}


def _rank(name: str, step: bool, modulus: bool, threshold: bool, divisor: bool) -> int:
    """How well a setting that gates a step or a clear serves as the window; 0 when it does not."""
    last = name.rsplit(".", 1)[-1]
    family = speaks_of_window(name)
    if name.startswith("len("):
        return 0
    if not step:
        return (7 if family or divisor else 0) if modulus or threshold else 0
    if OTHER_CLOCK.search(last) and not divisor and not family:
        return 0
    if modulus:
        return 2 if family or divisor else 3
    if threshold:
        return 4 if family or divisor else 6
    return 0
