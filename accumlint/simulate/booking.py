"""Books a trace to the optimizers it concerns: one ledger for each."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from accumlint.ledger import Account, Ledger, Scenario, Site
from accumlint.simulate.ownership import Parts, akin, all_names, covers, held_by, in_turns_of_others, tokens
from accumlint.simulate.trace import (
    Backward,
    Built,
    Clear,
    Clip,
    DataEnd,
    Event,
    Feed,
    Hidden,
    Hooked,
    NotCalled,
    Rescale,
    Step,
    together,
)
from accumlint.simulate.values import NOTHING, Weight

_INPUT_NAME = re.compile(r"^(x|data|delta|input|img|image|adv|noise|perturb|z$|sample)", re.IGNORECASE)
_INNER = ("inner", "cleared")  # windows that are loops inside a turn: such as are meant, and such as only clear what they deposit
_PLAIN_SGD = frozenset({"SGD", "ASGD", "Rprop"})


@dataclass(frozen=True, slots=True)
class Window:
    """The setting that a loop's window hangs on, how that was found, and N in this run. One that is ``grown`` in a warm-up is a nominal
    batch in micro-batches, whose loss may be scaled by their size; ``default`` is what the source sets it to, where that is known."""

    setting: str
    origin: str
    size: int
    meant: bool = False
    written: str = ""
    grown: bool = False
    default: int | None = None

    @property
    def label(self) -> str:
        """The setting as a message names it: by its name in the source, or as the product that it is; ``N`` for one that is computed
        on the way in another manner."""
        name = re.sub(r"'[\d:]+", "", self.written or self.setting)
        if re.fullmatch(r"\([\w.*\[\]]+\)", name):
            name = name[1:-1].replace("*", " * ")
        return name if re.fullmatch(r"(len\()?[\w.*\[\] ]+\)?", name) and "[]" not in name else "N"


def veiled(trace: list[Event]) -> set[Site]:
    """The places at which something happened to optimizers that the trace says too little about to judge them."""
    hidden = {event.optimizer for event in trace if isinstance(event, Hidden)}
    if not hidden:
        return set()
    found = set()
    for event in trace:
        if isinstance(event, (Step, Clear, Backward, NotCalled)):
            owner = None if isinstance(event, Backward) else event.optimizer
            if None in hidden or (owner is not None and any(other is not None and covers(other, owner) for other in hidden)):
                found.add(event.site)
                if isinstance(event, Step) and event.guard is not None:
                    found.add(event.guard)
    return found


def weight_of(weight: Weight | None, size: int) -> Fraction | None:
    """The weight without constant factors: 1/N for a loss divided by the window, 1 for one that is not."""
    if weight is None:
        return None
    if weight.degree is None:
        return weight.value
    return Fraction(size) ** weight.degree


def book(
    trace: list[Event],
    name: str,
    feeding: frozenset[Feed],
    scenario: Scenario,
    window: Window | None,
    others: frozenset[str],
    *,
    ended: bool,
) -> Ledger:
    """One optimizer's ledger, fed by the backwards in ``feeding``; ``others`` are the optimizers that longer runs have."""
    account = Account(name)
    alone, parts = len(all_names(trace, others)) == 1, Parts(trace)
    holders = held_by(trace).get(name)
    size = window.size if window is not None else 1
    unsized = window is not None and (window.origin == "cleared" or window.grown)  # perhaps the terms of a sum
    twins = _twins(trace, name)
    governed = _governed(trace, window)
    adopted = _adopted(feeding, holders, parts)
    clears = {
        event
        for event in trace
        if isinstance(event, Clear)
        and (
            _clears(event, name, holders, parts, alone=alone)
            or (event.optimizer is None and event.holders & adopted)
            or event.loops[:1] in twins.get(event.optimizer, ())
        )
    }
    reached = NOTHING.union(*(flows for _, flows in feeding))
    changed = _changed_on_the_way(trace, name, holders, parts, alone=alone)
    ordinals: dict[int, int] = {}
    epoch, widest = 1, 0
    since: set[int] = set()
    held: set[Site] = set()
    spent: set[Site] = set()
    awaited: set[Site] = set()  # what is spent by the steps that the window's setting gates
    scaled: frozenset[str] = frozenset()
    sensitive = any(isinstance(event, Built) and event.optimizer == name and event.algorithm in _PLAIN_SGD for event in trace)
    life = trace[_life(trace, name, parts)]
    nested = _is_of_two_levels(life, name, feeding)
    elsewhere = in_turns_of_others(life, name, clears, feeding, parts)
    for place, event in enumerate(life):
        if place in elsewhere:
            continue
        if isinstance(event, Backward) and event.feed in feeding:
            for origin in sorted(event.origins) if len(event.origins) > 1 else ():
                ordinals.setdefault(origin, len(ordinals) + 1)
            turn = ordinals.setdefault(event.turn, len(ordinals) + 1)
            since.add(turn)
            held.add(event.site)
            widest = max(widest, len(since))
            origins = tuple(sorted(ordinals[origin] for origin in event.origins)) if len(event.origins) > 1 else ()
            known = not changed and not unsized and not _of_another(window, event) and not _by_a_part(window, event)
            account.deposit(turn, epoch, weight_of(event.weight, size) if known else None, event.site, origins, event.factors)
        elif isinstance(event, Clear):
            if event in clears:
                partly = _is_of_a_part(event, holders or reached)
                if not partly:
                    held.clear()
                account.erase(epoch, event.site, partly=partly)
        elif isinstance(event, Step) and covers(event.optimizer, name):
            spent |= held
            if window is not None and window.setting in event.control:
                awaited |= held
            held.clear()
            since.clear()
            scaled = frozenset()
            account.spend(
                epoch,
                event.site,
                event.guard,
                in_loop=event.in_loop,
                windowed=not nested and any(together(event.loops, loops) for loops in governed),
            )
        elif isinstance(event, Rescale) and (alone or holders is None or parts.overlap(event.holders, holders | {name})):
            if not scaled or event.holders <= scaled:
                account.rescale(weight_of(event.factor, size))
            elif parts.overlap(scaled, event.holders):
                account.rescale(None)  # perhaps the same parameters once more, perhaps others beside them
            scaled |= event.holders
        elif isinstance(event, DataEnd) and not (event.feeds and event.feeds.isdisjoint(feeding)):
            account.end_epoch(epoch, event.site, data=event.data)
            epoch += 1
        elif isinstance(event, NotCalled) and (event.optimizer == name or alone or event.method == "backward"):
            account.uncalled(event.method, event.site)
        elif isinstance(event, Clip):
            sensitive = True
    own = [event for event in life if event in clears or (isinstance(event, Step) and event.optimizer == name)]
    declared = _declared(life, own, feeding, window, awaited or spent)
    if window is not None and window.origin in _INNER and widest < 2:
        declared = None
    scenario = Scenario(scenario.window if declared else None, scenario.length, scenario.epochs, scenario.flags)
    return account.close(scenario, ended=ended, declared=declared, sensitive=sensitive)


def _life(trace: list[Event], name: str, parts: Parts) -> slice:
    """The stretch of ``trace`` in which an optimizer's parameters are its own: not the passes over the data that were over when it was
    made; and others that are not known to hold different ones may have retired before it began, or begin when it has retired, as those
    of other stages or folds do."""
    helds = held_by(trace)
    acts: dict[str, list[int]] = defaultdict(list)
    for place, event in enumerate(trace):
        if isinstance(event, (Step, Clear)) and event.optimizer is not None:
            acts[event.optimizer].append(place)
    own, mine = acts.get(name), helds.get(name)
    begin, end = _made_after(trace, name), len(trace)
    if not own:
        return slice(begin, end)
    for other, places in acts.items():
        held = helds.get(other)
        if other == name or (held and mine and not parts.overlap(held, mine)):
            continue
        if places[-1] < own[0]:
            begin = max(begin, _end_of_pass(trace, places[-1], own[0]))
        elif own[-1] < places[0]:
            end = min(end, _end_of_pass(trace, own[-1], places[0]))
    return slice(begin, end)


def _made_after(trace: list[Event], name: str) -> int:
    """Where the last pass over the data was over that came before the optimizer was made."""
    made = next((place for place, event in enumerate(trace) if isinstance(event, Built) and event.optimizer == name), 0)
    return max((place + 1 for place in range(made) if isinstance(trace[place], DataEnd)), default=0)


def _end_of_pass(trace: list[Event], last: int, before: int) -> int:
    """Where the pass over the data is over in which the event at ``last`` stands: at its end, if that comes ``before``."""
    return next((place + 1 for place in range(last, before) if isinstance(trace[place], DataEnd)), last + 1)


def _adopted(feeding: frozenset[Feed], holders: frozenset[str] | None, parts: Parts) -> frozenset[str]:
    """What the losses reach that are taken to feed the optimizer though nothing tells that they reach its parameters: a clear of that
    clears these too."""
    if not holders or any(parts.overlap(flows, holders) for _, flows in feeding):
        return frozenset()
    return NOTHING.union(*(flows for _, flows in feeding))


def _of_another(window: Window | None, event: Backward) -> bool:
    """Whether a backward runs in another loop of windows than the one that is judged."""
    return window is not None and window.origin in _INNER and bool(event.inner) and window.setting not in event.inner


def _by_a_part(window: Window | None, event: Backward) -> bool:
    """Whether a loss is divided by what the window's size was computed from: ``loss * micro_batch / batch``."""
    if window is None or "//" not in window.setting:
        return False
    return not event.divided_by.isdisjoint(re.findall(r"[\w.]+", window.setting))


def _changed_on_the_way(trace: list[Event], name: str, holders: frozenset[str] | None, parts: Parts, *, alone: bool) -> bool:
    """Whether more than the loss decides how large a step is: hooks on the gradients, a learning rate divided by the window."""
    return any(
        (isinstance(event, Built) and event.optimizer == name and event.folded)
        or (isinstance(event, Hooked) and (alone or holders is None or parts.overlap(event.holders, holders | {name})))
        for event in trace
    )


def _twins(trace: list[Event], name: str) -> dict[str | None, set[tuple[int, ...]]]:
    """Optimizers of unknown making that are only cleared where ``name``, of unknown making too, is only stepped: perhaps the same object."""
    built = {event.optimizer for event in trace if isinstance(event, Built)}
    stepped: dict[str | None, set[tuple[int, ...]]] = defaultdict(set)
    cleared: dict[str | None, set[tuple[int, ...]]] = defaultdict(set)
    for event in trace:
        if isinstance(event, Step):
            stepped[event.optimizer].add(event.loops[:1])
        elif isinstance(event, Clear):
            cleared[event.optimizer].add(event.loops[:1])
    if name in built:
        return {}
    alone = stepped[name] - cleared[name]
    others = {
        other: (loops - stepped[other]) & alone
        for other, loops in cleared.items()
        if other is not None and other != name and other not in built
    }
    return {other: loops for other, loops in others.items() if loops}


def _clears(event: Clear, name: str, holders: frozenset[str] | None, parts: Parts, *, alone: bool) -> bool:
    if event.optimizer is not None:
        return covers(event.optimizer, name)
    if name in event.holders or (holders and parts.overlap(event.holders, holders)):
        return True
    if holders:
        return False
    if not alone:
        return any(not tokens(holder) or akin(tokens(name), tokens(holder)) for holder in event.holders)
    return not all(_INPUT_NAME.search(holder) or holder.startswith("@") for holder in event.holders)


def _is_of_a_part(event: Clear, whole: frozenset[str]) -> bool:
    """Whether a clear is of parts of what ``whole`` names, and leaves out the rest, as where the gradients of some layers are thrown away."""
    return event.optimizer is None and all(
        any(part.startswith((f"{one}.", f"{one}[")) and part != f"{one}.module" for one in whole) for part in event.holders
    )


def _governed(trace: list[Event], window: Window | None) -> set[tuple[int, ...]]:
    """The training loops that the window's setting has a part in; all of them where it has none in any."""
    loops = {event.loops for event in trace if isinstance(event, (Backward, Step, Clear))}
    own = {
        event.loops
        for event in trace
        if window is not None
        and isinstance(event, (Backward, Step, Clear))
        and (
            window.setting in event.control or (isinstance(event, Backward) and window.setting in event.inner | event.divided_by)
        )
    }
    return own or loops


def _declared(
    trace: list[Event], own: list[Step | Clear], feeding: frozenset[Feed], window: Window | None, spent: set[Site]
) -> str | None:
    """The window's setting, where it is the window of the optimizer whose steps and clears are ``own``: one routine may have several."""
    if window is None:
        return None
    backwards = [event for event in trace if isinstance(event, Backward) and event.feed in feeding]
    useful = [event for event in backwards if event.site in spent] or backwards
    if window.origin == "divisor" and useful and not any(window.setting in event.divided_by for event in useful):
        return None
    if window.origin in _INNER and useful and not any(window.setting in event.inner | event.divided_by for event in useful):
        return None
    if window.origin in ("guard", "threshold") and not _gates(window, own, trace, backwards, useful):
        return None
    return window.label


def _is_of_two_levels(life: list[Event], name: str, feeding: frozenset[Feed]) -> bool:
    """Whether the losses are divided by what bounds the loop inside a turn and by what the steps wait for: a window is the product of the
    two, and of another length than each."""
    gates = [event.control for event in life if isinstance(event, Step) and covers(event.optimizer, name)]
    outer = frozenset.intersection(*gates) if gates else NOTHING
    losses = [event for event in life if isinstance(event, Backward) and event.feed in feeding]
    levels = [(event.inner & event.divided_by, outer & event.divided_by) for event in losses]
    return bool(levels) and all(inner and waited and inner != waited for inner, waited in levels)


def _divided_on_both_ways(setting: str, backwards: list[Backward]) -> bool:
    """Whether a guard that hangs on ``setting`` has a loss of the same networks that is divided by it on each of its ways."""
    divided = [event for event in backwards if setting in event.divided_by]
    ways = {(event.flows, way) for event in divided for way in event.ways if way[0] == setting}
    return any((flows, (name, site, not truth)) in ways for flows, (name, site, truth) in ways)


def _on_one_way(event: Backward, setting: str, gone: frozenset[tuple[str, Site, bool]]) -> bool:
    """Whether a guard that hangs on ``setting`` has ``event`` on one of its ways, and nothing of what went the ways ``gone`` on the other."""
    return any(name == setting and (name, site, not truth) not in gone for name, site, truth in event.ways)


def _takes_turns(own: list[Step | Clear], trace: list[Event]) -> bool:
    """Whether another optimizer steps on the other way of each guard that the own steps stand under: they take turns, and wait for nothing."""
    steps = [event for event in own if isinstance(event, Step)]
    mine = {event.optimizer for event in steps}
    others = {
        (event.guard, event.way)
        for event in trace
        if isinstance(event, Step) and event.guard is not None and event.optimizer not in mine
    }
    return bool(steps) and all((event.guard, not event.way) in others for event in steps)


def _gates(
    window: Window, own: list[Step | Clear], trace: list[Event], backwards: list[Backward], useful: list[Backward]
) -> bool:
    """Whether the setting gates the optimizer's steps or all of its clears, or divides its losses, and does not gate every ``useful`` backward,
    one whose gradient is ever spent, too: then nothing accumulates, unless it divides what is deposited instead as well."""
    if not backwards:
        return not any(isinstance(event, Backward) for event in trace)
    if _divided_on_both_ways(window.setting, backwards):
        return True
    gone = frozenset[tuple[str, Site, bool]]().union(*(event.ways for event in useful))
    if all(window.setting in event.control or _on_one_way(event, window.setting, gone) for event in useful):
        return False
    if any(window.setting in event.divided_by for event in useful):
        return True
    if _takes_turns(own, trace):
        return False
    clears = [event for event in own if isinstance(event, Clear)]
    gated = [event for event in own if window.setting in event.control]
    return any(isinstance(event, Step) for event in gated) or (bool(clears) and all(event in gated for event in clears))
