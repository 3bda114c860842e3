"""Chooses the bounded runs of a routine: finds its window, sweeps the data's lengths, and tries every choice of unknown flags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from accumlint.calls import Kind, kind_of_name
from accumlint.ledger import Ledger, Scenario, Site, is_of_a_time
from accumlint.modules import FunctionEntry
from accumlint.project import Project
from accumlint.simulate.booking import Window, book, veiled
from accumlint.simulate.candidates import candidates
from accumlint.simulate.ownership import Parts, akin, all_names, held_by, optimizers, ownership, tokens
from accumlint.simulate.plans import LONG, SHORT, SIZE, comes_later, other_moduli, shows_more, shrunk, sweep_plans, waits_beside
from accumlint.simulate.root import Root
from accumlint.simulate.run import Run
from accumlint.simulate.state import GiveUp, Infeasible, Plan
from accumlint.simulate.trace import Backward, Built, Clear, Composed, Step, plainly
from accumlint.slicing import Slices

Flags = tuple[tuple[str, bool], ...]
Books = list[list[Ledger]]  # by optimizer, by who may own the backwards

CHOICES, FEW = 12, 4
MAX_WORK = 120_000


@dataclass(slots=True)
class Watched:
    """One finished run and what it assumed."""

    run: Run
    plan: Plan
    ended: bool

    @property
    def choice(self) -> Flags:
        """The flags that it was told to choose."""
        return tuple(sorted(self.plan.flags.items()))

    @property
    def met(self) -> Flags:
        """All that it has come to choose."""
        return tuple(sorted(self.run.flags.items()))

    def happens_as(self, other: Watched) -> bool:
        """Whether the same things happen in both runs, and hang on the same."""
        return self.run.trace == other.run.trace and self.ended == other.ended

    def comes_to_the_same(self, other: Watched) -> bool:
        """Whether the same happens to gradients in both runs, whatever it hangs on."""
        mine, theirs = ([event for event in run.trace if not isinstance(event, Composed)] for run in (self.run, other.run))
        return len(mine) == len(theirs) and all(
            one == another or plainly(one) == plainly(another) for one, another in zip(mine, theirs, strict=True)
        )


@dataclass(slots=True)
class Swept:
    """A choice of flags, and the ledgers that it comes to by the numbers of the plans that it was run with; those of another, which it
    goes ``like``, but for whether training ends with them."""

    choice: Watched
    books: dict[int, Books] = field(default_factory=dict)
    like: Swept | None = None

    def shows_as(self, other: Swept) -> bool:
        """Whether the ledgers are those of ``other``, and the flags that hold for a turn or a phase alone its too."""
        return self.goes_as(other) and self.ends == other.ends

    def goes_as(self, other: Swept) -> bool:
        """Whether it shows as ``other``, but for whether training ends."""
        return self._timed == other._timed and self._told == other._told

    @property
    def ends(self) -> set[bool]:
        """Whether training ends with its runs, or goes on."""
        return {ledger.ended for books in self.books.values() for variants in books for ledger in variants}

    def follow(self, other: Swept, number: int) -> None:
        """Come to what ``other``, which it goes like, has come to with the plan of that ``number``."""
        (ended,) = self.ends
        if number in other.books:
            self.books[number] = [
                [replace(ledger, ended=ended, scenario=replace(ledger.scenario, flags=self.choice.met)) for ledger in variants]
                for variants in other.books[number]
            ]

    @property
    def _timed(self) -> list[tuple[str, bool]]:
        return [(flag, value) for flag, value in self.choice.met if is_of_a_time(flag)]

    @property
    def _told(self) -> dict[int, list[tuple[object, ...]]]:
        return {number: [ledger.told for variants in books for ledger in variants] for number, books in self.books.items()}


@dataclass(slots=True)
class Exploration:
    """Every ledger of a routine, by the flags that its runs chose: with windows of several micro-batches, and of a ``single`` one."""

    ledgers: dict[Flags, list[Books]] = field(default_factory=dict)
    single: dict[Flags, list[Books]] = field(default_factory=dict)
    veiled: dict[Flags, set[Site]] = field(default_factory=lambda: defaultdict(set))
    entered: dict[int, FunctionEntry] = field(default_factory=dict)  # the routines that the runs came through
    handed: set[str] = field(default_factory=set)
    built: set[str] = field(default_factory=set)
    lent: set[tuple[Site, str]] = field(
        default_factory=set
    )  # the backwards whose loss somebody unknown computes, handed whose network
    served: dict[Site, set[str]] = field(default_factory=lambda: defaultdict(set))  # whose step comes next after a backward
    deep: set[Site] = field(default_factory=set)  # the steps that spend what loops inside their own loop have deposited,
    level: set[Site] = field(default_factory=set)  # and what their own loop has
    gated: bool = False  # under some configuration gradients are deposited and no step ever comes
    sized: bool = False  # under some configuration a condition hangs on nothing but the window's size
    notes: list[str] = field(default_factory=list)
    window: Window | None = None


def explore(
    project: Project,
    slices: Slices,
    entry: FunctionEntry,
    behaves: dict[str, set[str]],
    told: Callable[[Exploration], Iterator[object]] | None = None,
    *,
    choices: int = CHOICES,
    few: bool = False,
) -> Exploration:
    """Run ``entry`` in every scenario that matters, with as many ``choices`` of flags at most; with a ``few`` first, and no more where
    nothing is ``told`` of these. Where nothing counts, and nothing is told of the first runs, these are all; else shorter ones show it."""
    root = Root(project, slices, entry, behaves, FEW if few else choices, {} if few else None)
    result = _explored(root, told)
    if few and root.choices < choices and (told is None or any(told(result))):
        root.choices, root.work = choices, 0
        return _explored(root, told)
    return result


def _explored(root: Root, told: Callable[[Exploration], Iterator[object]] | None) -> Exploration:
    result = Exploration()
    try:
        seen = _discover(root, result)
        windows = candidates(_runs(seen), SIZE)
        if not windows and not other_moduli(None, _runs(seen)):
            plain = _plain(seen, result)
            if told is not None and not any(told(plain)):
                return plain
        _sweep_windows(root, windows, seen, result)
    except GiveUp:
        result.ledgers.clear()
        entry = root.entry
        result.notes.append(f"{entry.module.path}:{entry.line}: `{entry.qualified}` is too large to judge")
    return result


def _flag_runs(root: Root, plan: Plan, result: Exploration, enough: Callable[[Run], bool] | None = None) -> Iterator[Watched]:
    """Runs of ``plan`` under every choice of the flags that they meet, within a bound; the first is left off as soon as it is ``enough``.

    A flag that changes nothing is not combined with the other flags of the run that it was tried beside.
    """
    todo: list[tuple[dict[str, bool], Watched | None]] = [(dict(plan.flags), None)]
    tried = 0
    while todo and tried < root.choices and (not tried or root.work < MAX_WORK // 2):
        flags, beside = todo.pop(0)
        tried += 1
        watched = _watch(root, plan, flags, result, None if tried > 1 else enough)
        if watched is None:
            continue
        run = watched.run
        tried_already = beside.run.flags.keys() if beside is not None and watched.comes_to_the_same(beside) else flags.keys()
        met = list(run.flags)
        for position, key in enumerate(met):
            if key not in flags and key not in run.pinned and key not in tried_already:
                fixed = {earlier: run.flags[earlier] for earlier in met[:position]}
                todo.append(({**flags, **fixed, key: True}, watched))
        yield watched


def _watch(
    root: Root, plan: Plan, flags: dict[str, bool], result: Exploration, enough: Callable[[Run], bool] | None = None
) -> Watched | None:
    """One run of ``plan``; None for a choice of flags that no run can have."""
    own = replace(plan, bindings=dict(plan.bindings), flags=dict(flags))
    try:
        run, ended = root.run(own, enough)
    except Infeasible:
        return None
    result.entered |= run.entered
    return Watched(run, run.plan, ended)


def _discover(root: Root, result: Exploration) -> list[Watched]:
    """The first runs: short ones, or long ones where these do not come to all that the source holds its counters against."""
    seen = _first_runs(root, SHORT, result)
    longer = (LONG, 12, 5) if not seen or any(map(comes_later, _runs(seen))) else ()
    return next((found for length in longer if (found := _first_runs(root, length, result))), seen)


def _first_runs(root: Root, length: int, result: Exploration) -> list[Watched]:
    """Runs of that ``length`` under every choice of flags, with small primes for large numbers; one run, where longer ones are needed."""
    plan = Plan(length=length)
    while True:
        runs = _flag_runs(root, plan, result, partial(shows_more, plan.bindings))
        first = list(islice(runs, 1))
        if not shows_more(plan.bindings, *_runs(first)):
            if length == SHORT and any(map(comes_later, _runs(first))):
                return first
            seen = [*first, *runs] if first or not plan.bindings else list(_flag_runs(root, Plan(length=length), result))
            if not first or not shows_more(plan.bindings, *_runs(seen)):
                return seen
            first = seen
        plan = Plan(length=length, bindings=shrunk(_runs(first)))


def _plain(seen: list[Watched], result: Exploration) -> Exploration:
    """What the first runs have come to, of a routine in which nothing counts."""
    plain = Exploration(entered=result.entered)
    for watched in seen:
        watched = replace(watched, plan=replace(watched.plan, flags=dict(watched.run.flags)))
        _note(watched, plain)
        plain.ledgers.setdefault(watched.choice, []).append(_ledgers(watched, None, watched))
    return plain


def _sweep_windows(root: Root, windows: list[Window], seen: list[Watched], result: Exploration) -> None:
    """The ledgers of the best window, or of none; and those of a further window for the optimizers that are governed by that one."""
    done = False
    for window in (*windows, None):
        if not done:
            ledgers = _sweep(root, window, seen, result)
            if ledgers is not None:
                result.ledgers, result.window, done = ledgers, window, True
                if window is not None and (result.sized or waits_beside(window, _runs(seen))):
                    _sweep_single(root, window, seen, result)
        elif window is not None and (others := _left_out(window, seen, result.ledgers)):
            ledgers = _sweep(root, window, seen, result) or {}
            if any(ledger.declared and ledger.optimizer in others for ledger in _all(ledgers)):
                result.ledgers = _exchanged(result.ledgers, ledgers, others)


def _sweep(root: Root, window: Window | None, seen: list[Watched], result: Exploration) -> dict[Flags, list[Books]] | None:
    """The ledgers of every length for ``window``; None when the window turns out to be none.

    A tail of one micro-batch and an epoch shorter than a window show which flags make a difference; the others are run no further.
    """
    plans = list(sweep_plans(window, _runs(seen)))
    rows = [Swept(choice) for choice in _affordable(root, _told_apart(seen), plans)]
    telling = (1, len(plans) - 1)
    for number in sorted(range(len(plans)), key=lambda number: number not in telling):
        if number not in telling:
            rows = _different(rows)
        for row in rows:
            if row.like is not None:
                row.follow(row.like, number)
            elif (watched := _noted(root, plans[number], row.choice, result)) is not None:
                row.books[number] = _ledgers(watched, window, row.choice)
    doubtful = window is not None and window.origin == "threshold" and not window.meant
    if doubtful and not any(_regular(books, window) for row in rows for books in row.books.values()):
        return None
    return {row.choice.met: [row.books[number] for number in sorted(row.books)] for row in rows if row.books}


def _different(rows: list[Swept]) -> list[Swept]:
    """``rows`` without those that show what an earlier one does; such as show it but for how training ends go like that one."""
    kept: list[Swept] = []
    for row in rows:
        if not any(row.shows_as(other) for other in kept):
            alike = (other for other in kept if other.like is None and row.goes_as(other))
            row.like = next(alike, None) if len(row.ends) == 1 else None
            kept.append(row)
    return kept


def _sweep_single(root: Root, window: Window, seen: list[Watched], result: Exploration) -> None:
    """Runs with windows of one micro-batch, for what only they come to: the branch of ``if N > 1`` that is not taken else, where other
    flags may make a difference, or a step that waits for another clock too."""
    plan = replace(next(sweep_plans(window, _runs(seen))), size=1, length=2 * SIZE)
    known = {site for ledger in _all(result.ledgers) for site in ledger.sites()}
    for choice in _affordable(root, [one for one in seen if result.sized or one.met in result.ledgers], [plan]):
        watched = _noted(root, plan, choice, result)
        books = _ledgers(watched, window, choice) if watched is not None else []
        if watched is not None and any(site not in known for ledgers in books for ledger in ledgers for site in ledger.sites()):
            result.single[watched.choice] = [books]


def _runs(seen: Sequence[Watched]) -> list[Run]:
    return [watched.run for watched in seen]


def _affordable(root: Root, choices: list[Watched], plans: Sequence[Plan]) -> list[Watched]:
    """As many of ``choices`` as there is work left to run ``plans`` with, the long ones among them as so many first runs."""
    runs = sum(max(1, plan.length // SHORT) for plan in plans)
    return choices[: max(1, (MAX_WORK - root.work) // max(1, runs * root.work // max(1, len(choices))))]


def _told_apart(runs: list[Watched]) -> list[Watched]:
    """``runs`` without those whose flags make no difference to an earlier one."""
    kept: list[Watched] = []
    for watched in runs:
        if not any(watched.happens_as(other) for other in kept):
            kept.append(watched)
    return kept


def _noted(root: Root, plan: Plan, choice: Watched, result: Exploration) -> Watched | None:
    """A run of ``plan`` with the flags of ``choice``, and what it adds to ``result``."""
    watched = _watch(root, plan, choice.run.flags, result)
    if watched is not None:
        _note(watched, result)
    return watched


def _note(watched: Watched, result: Exploration) -> None:
    """Add to ``result`` what a run shows beside its ledgers."""
    run = watched.run
    result.handed |= run.handed
    result.built |= {event.optimizer for event in run.trace if isinstance(event, Built)}
    result.veiled[watched.choice] |= veiled(run.trace)
    result.gated |= _starves(run)
    result.sized |= run.sized
    result.lent |= set(_lent(run))
    for backward, step in _next_steps(run):
        result.served[backward.site].add(step.optimizer)
        (result.level if step.loops == backward.loops else result.deep).add(step.site)


def _left_out(window: Window, seen: list[Watched], ledgers: dict[Flags, list[Books]]) -> set[str]:
    """The optimizers that have no window in ``ledgers``, though ``window`` gates or holds something that concerns them."""
    places = {
        event.site
        for watched in seen
        for event in watched.run.trace
        if (isinstance(event, Backward) and window.setting in event.inner)
        or (isinstance(event, (Step, Clear)) and window.setting in event.control)
    }
    concerned = {ledger.optimizer for ledger in _all(ledgers) if any(entry.site in places for entry in ledger.entries)}
    return concerned - {ledger.optimizer for ledger in _all(ledgers) if ledger.declared is not None}


def _exchanged(ledgers: dict[Flags, list[Books]], new: dict[Flags, list[Books]], names: set[str]) -> dict[Flags, list[Books]]:
    """``ledgers`` with those of the optimizers ``names`` taken from ``new``."""
    return {
        flags: [
            *([variants for variants in books if variants[0].optimizer not in names] for books in runs),
            *([variants for variants in books if variants[0].optimizer in names] for books in new.get(flags, ())),
        ]
        for flags, runs in ledgers.items()
    }


def _all(ledgers: dict[Flags, list[Books]]) -> Iterator[Ledger]:
    return (ledger for runs in ledgers.values() for books in runs for variants in books for ledger in variants)


def _lent(run: Run) -> Iterator[tuple[Site, str]]:
    """Each backward on what a function that was given computes, with the optimizers of the networks that this is handed."""
    if not run.lent:
        return
    holders, parts, names = held_by(run.trace), Parts(run.trace), optimizers(run.trace)
    for site, flows in {event.feed for event in run.trace if isinstance(event, Backward)}:
        handed = frozenset[str]().union(*(run.lent.get(flow, ()) for flow in flows))
        for name in names if handed else ():
            held = holders.get(name)
            if parts.overlap(handed, held) if held else any(_is_network(part, name) for part in handed):
                yield site, name


def _is_network(part: str, optimizer: str) -> bool:
    """Whether ``part`` goes by a network's name, or one like that of its ``optimizer``, of which more is not known."""
    return kind_of_name(part) is Kind.MODULE or akin(tokens(optimizer), tokens(part))


def _next_steps(run: Run) -> Iterator[tuple[Backward, Step]]:
    """Each backward with the step that comes next after it, where each of them stands taken once."""
    waiting: dict[Site, Backward] = {}
    for event in run.trace:
        if isinstance(event, Backward):
            waiting[event.site] = event
        elif isinstance(event, Step):
            yield from ((backward, event) for backward in waiting.values())
            waiting.clear()


def _starves(run: Run) -> bool:
    """Whether gradients were deposited and nothing stepped."""
    return any(isinstance(event, Backward) for event in run.trace) and not any(isinstance(event, Step) for event in run.trace)


def _regular(books: Books, window: Window | None) -> int:
    """How many ledgers step about every N micro-batches: a threshold that does so is a window, not the data's length."""
    if window is None:
        return 0
    count = 0
    for variants in books:
        for ledger in variants:
            sizes = [len({share.turn for share in spend.fresh}) for spend in ledger.spends if spend.fresh]
            count += sizes.count(window.size) >= 2
    return count


def _ledgers(watched: Watched, window: Window | None, choice: Watched) -> Books:
    """One list a judged optimizer: its ledgers under each ownership that is possible.

    An epoch may be too short for a step of an optimizer that the first run of the same ``choice`` of flags has.
    """
    plan, trace = watched.plan, watched.run.trace
    others = frozenset(all_names(choice.run.trace))
    scenario = Scenario(plan.size if window is not None else None, plan.length, plan.epochs, watched.choice)
    return [
        [book(trace, name, feeding, scenario, window, others, ended=watched.ended) for feeding in owner.variants()]
        for name, owner in ownership(trace, others).items()
    ]
