"""Which violations stand: those that every configuration of flags that reaches their place shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from accumlint.ledger import Ledger, Site, Spend, earlier, is_passing
from accumlint.rules import Violation, judge
from accumlint.rules.rows import after_each_clear
from accumlint.simulate.explore import Books, Exploration, Flags

SPENDS_NOTHING = frozenset({"ACC005", "ACC012"})
_OF_WINDOWS = frozenset({"ACC002", "ACC003", "ACC004", "ACC014", "ACC016"})
_OF_A_PHASE = _OF_WINDOWS | {"ACC001"}  # the others speak of the whole training
_Fired = list[tuple[Violation, Ledger]]


def standing(exploration: Exploration) -> Iterator[tuple[str, Violation, Ledger]]:
    """The violations of windows of several micro-batches; those of a single one where only such windows come."""
    several, single = _Tally(exploration.ledgers), _Tally(exploration.single)
    known = {site for site, _ in several.reached}
    trained = {optimizer for optimizer, _ in several.training | single.training}
    veiled = {site for sites in exploration.veiled.values() for site in sites}
    for tally, told in ((several, veiled), (single, veiled | known)):
        for optimizer, violation, ledger in tally.standing(told):
            untrained = violation.code == "ACC005" and optimizer not in trained  # what the step spends is deposited out of sight
            if not untrained and not (violation.regular and (exploration.gated or _is_held_back(ledger))):
                yield optimizer, violation, ledger


class _Tally:
    """What each configuration of flags says of each possible finding, and which configurations reach its place how often."""

    def __init__(self, ledgers: Mapping[Flags, list[Books]]) -> None:
        self.fired: dict[tuple[str, Site, str], dict[Flags, _Fired]] = defaultdict(lambda: defaultdict(list))
        self.reached: dict[tuple[Site, str], dict[Flags, int]] = defaultdict(lambda: defaultdict(int))
        self.training: set[tuple[str, Flags]] = set()  # the configurations in which an optimizer trains at all
        self.windowed: set[tuple[str, Flags]] = set()  # those in which it has a window
        self.unfed: set[str] = set()  # stepped without a backward in some configuration: it is out of sight
        for flags, runs in ledgers.items():
            for books in runs:
                for variants in books:
                    self._count(flags, variants)

    def _count(self, flags: Flags, variants: list[Ledger]) -> None:
        """A violation counts where every possible ownership of the backwards shows it."""
        if not variants:
            return
        judged = [{(found.code, found.site): found for found in judge(ledger)} for ledger in variants]
        optimizer = variants[0].optimizer
        if not _withheld(flags) and all(map(_is_fed_elsewhere, variants)):
            self.unfed.add(optimizer)
        if any(map(_trains, variants)):
            self.training.add((optimizer, flags))
        for site in {site for ledger in variants if any(True for _ in ledger.deposits) for site in ledger.sites()}:
            self.reached[site, optimizer][flags] += 1
        if any(ledger.declared is not None for ledger in variants):
            self.windowed.add((optimizer, flags))
        for (code, site), shown in _shown(judged, variants).items():
            self.fired[code, site, optimizer][flags].append(shown)

    def _by_the_way(self, optimizer: str, reached: Mapping[Flags, int]) -> bool:
        """Whether a place is come to only by what some turn computes, as where a gradient that is not finite is thrown away, and the
        turns that do not come there train all the same."""
        common = set.intersection(*map(set, reached)) if reached else set()
        training = [flags for trained, flags in self.training if trained == optimizer]
        return any(is_passing(key) and any((key, not value) in flags for flags in training) for key, value in common)

    def standing(self, told: set[Site]) -> Iterator[tuple[str, Violation, Ledger]]:
        """What every configuration that reaches its place shows; nothing at the places ``told``."""
        for (code, site, optimizer), by_flags in self.fired.items():
            if code == "ACC017" and all(map(_withheld, by_flags)):
                continue
            if code in SPENDS_NOTHING and all(
                _withheld(flags) and not any(map(_fills, fired)) for flags, fired in by_flags.items()
            ):
                continue
            if code in SPENDS_NOTHING and optimizer in self.unfed:
                continue
            reached = self.reached[site, optimizer]
            if code in ("ACC002", "ACC012") and self._by_the_way(optimizer, reached):
                continue
            violation, ledger = min((pair for fired in by_flags.values() for pair in fired), key=_preference)
            of_windows = code in _OF_WINDOWS and ledger.declared is not None
            concerned = self.training & self.windowed if of_windows else self.training
            everywhere = {
                flags: count
                for flags, count in reached.items()
                if (optimizer, flags) in concerned and not (code in _OF_A_PHASE and _shown_before(flags, by_flags))
            }
            if site in told or any(flags not in by_flags for flags in everywhere):
                continue
            if all(found.leading for fired in by_flags.values() for found, _ in fired):
                continue
            if violation.always and any(len(by_flags[flags]) < count for flags, count in everywhere.items()):
                continue
            yield optimizer, violation, ledger


def _shown_before(flags: Flags, by_flags: Mapping[Flags, object]) -> bool:
    """Whether a later phase of a training may keep silent: the phase before it, which every run comes through, has shown it."""
    before = set(earlier(flags))
    return before != set(flags) and flags not in by_flags and any(before.issuperset(shown) for shown in by_flags)


def _withheld(flags: Flags) -> bool:
    """Whether a condition that is computed anew in every turn is taken to be false for the whole run."""
    return any(is_passing(key) and not value for key, value in flags)


def _fills(fired: tuple[Violation, Ledger]) -> bool:
    """Whether any backward comes in the run that shows a violation."""
    return any(True for _ in fired[1].deposits)


def _shown(
    judged: list[dict[tuple[str, Site], Violation]], variants: list[Ledger]
) -> dict[tuple[str, Site], tuple[Violation, Ledger]]:
    """What every one of ``variants`` shows; a clear right before a step is what it is, whoever's the gradients are that it erases."""
    found = {key: (judged[0][key], variants[0]) for key in set(judged[0]).intersection(*judged[1:])}
    for told, ledger in zip(judged, variants, strict=True):
        for key in told.keys() - found.keys():
            if key[0] == "ACC012" and all(_is_right_before_steps(key[1], other) for other in variants):
                found[key] = told[key], ledger
    return found


def _is_right_before_steps(site: Site, ledger: Ledger) -> bool:
    """Whether what comes after each clear at ``site`` is a step that finds no gradient, whoever owns the backwards around."""
    after = [event for _, event in after_each_clear(ledger).get(site, ())]
    return any(isinstance(event, Spend) for event in after) and all(
        event is None or (isinstance(event, Spend) and not event.row) for event in after
    )


def _is_fed_elsewhere(ledger: Ledger) -> bool:
    """Whether a loop without windows steps though no backward is in sight."""
    return ledger.declared is None and any(True for _ in ledger.spends) and not any(True for _ in ledger.deposits)


def _trains(ledger: Ledger) -> bool:
    """Whether a run trains: it steps, and does not break off after one micro-batch as a dry run does."""
    return any(True for _ in ledger.spends) and len({deposit.turn for deposit in ledger.deposits}) > 1


def _is_held_back(ledger: Ledger) -> bool:
    """Whether the one place that steps stands under a condition, though no run has shown it false: its author has."""
    return len({(spend.site, spend.guard) for spend in ledger.spends}) == 1 and all(spend.guard for spend in ledger.spends)


def _preference(pair: tuple[Violation, Ledger]) -> tuple[int, int]:
    """The witness to show: the shortest run that has more than one window."""
    _, ledger = pair
    size = ledger.scenario.window or 1
    return (ledger.scenario.length <= size, ledger.scenario.length)
