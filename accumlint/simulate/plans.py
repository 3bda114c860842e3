"""What the runs of a routine assume: how long an epoch and a window are, and which numbers stand for settings, by how earlier runs used them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from accumlint.calls import speaks_of_window
from accumlint.ledger import Site
from accumlint.simulate.booking import Window
from accumlint.simulate.candidates import dividends
from accumlint.simulate.run import Run
from accumlint.simulate.state import PRIMES, Plan
from accumlint.simulate.trace import Backward, Step
from accumlint.simulate.values import NOTHING

SIZE = 3
LARGE = 3  # two windows of this size are the most that a first run of `SHORT` turns sees
SHORT, LONG = 7, 13


def sweep_plans(window: Window | None, seen: Sequence[Run]) -> Iterator[Plan]:
    """For every remainder of the data's length by the window's, and for an epoch that is shorter than it; without a window, for one length."""
    if window is None:
        bindings = other_moduli(None, seen)
        yield Plan(length=max(5, 2 * _stretch(bindings, seen)), bindings=bindings)
        return
    alternatives = _alternatives(window, seen)
    bindings = {name: value for name, value in other_moduli(window, seen).items() if name not in alternatives}
    stretch, size = _stretch(bindings, seen), window.size
    lengths = [2 * size * stretch + rest for rest in range(size)]
    if any(run.exact_lengths for run in seen):
        lengths = [2 * size + rest for rest in range(size)]
    lengths.append(size - 1)
    for length in lengths:
        yield Plan(window.setting, size, _stride(window, seen), length, bindings=bindings | dict.fromkeys(alternatives, length))


def _alternatives(window: Window, seen: Sequence[Run]) -> set[str]:
    """Other moduli that let the same step through, as in ``i % N == 0 or i % steps_per_epoch == 0``: how the data's end is told."""
    controls: dict[Site, set[frozenset[str]]] = defaultdict(set)
    for run in seen:
        for event in run.trace:
            if isinstance(event, Step):
                controls[event.site].add(event.control & frozenset(run.settings))
    return {
        name
        for gates in controls.values()
        if any(window.setting in gate for gate in gates)
        for name in NOTHING.union(*gates) - {window.setting}
        if any("modulus" in run.settings[name].uses for run in seen if name in run.settings)
        and any((name in gate) != (window.setting in gate) for gate in gates)
    }


def _stretch(bindings: dict[str, int], seen: Sequence[Run]) -> int:
    """Of how many turns one steps: the product of the moduli that gate a step, within a bound."""
    stretch = 1
    for name, value in bindings.items():
        if any(name in event.control for run in seen for event in run.trace if isinstance(event, Step)):
            stretch *= value
    return min(stretch, 15)


def _stride(window: Window, seen: Sequence[Run]) -> int:
    """What the counter that is held against the window's setting grows by in a turn: 1, or a number of samples."""
    for run in seen:
        found = run.strides.get(window.setting)
        if found is not None:
            return found
    return 1


def other_moduli(window: Window | None, seen: Sequence[Run]) -> dict[str, int]:
    """Every other modulus gets a prime of its own."""
    found: dict[str, int] = {}
    primes = iter(PRIMES)
    for run in seen:
        for name, setting in run.settings.items():
            if (
                "modulus" in setting.uses
                and name not in found
                and (window is None or name != window.setting)
                and not name.startswith("len(")
            ):
                found[name] = next(primes, 19)
    return found


def waits_beside(window: Window, seen: Sequence[Run]) -> bool:
    """Whether what happens to gradients waits for another clock too."""
    return any(
        "awaited" in run.settings[name].uses for name in other_moduli(window, seen) for run in seen if name in run.settings
    )


def shows_more(bound: Mapping[str, int], *runs: Run) -> bool:
    """Whether ``runs`` have come to large numbers beside those that are ``bound``."""
    return shrunk(runs).keys() > bound.keys()


def comes_later(run: Run) -> bool:
    """Whether only a longer run comes to a number that what happens to gradients waits for: one in the source, or one that stands for a setting."""
    bound = run.plan.bindings
    numbers = (bound.get(name, setting.default) for name, setting in run.settings.items() if "awaited" in setting.uses)
    return any(number is not None and SHORT <= number <= LONG for number in numbers)


def shrunk(seen: Sequence[Run]) -> dict[str, int]:
    """Small primes for the numbers in the source that a run of this length would never come to, as 16 in ``% 16``."""
    divisors = {
        name for run in seen for event in run.trace if isinstance(event, Backward) for name in dividends(event.divided_by)
    }
    found: dict[str, int] = {}
    primes = iter((3, *PRIMES))
    for run in seen:
        for name, setting in run.settings.items():
            window = name in divisors or speaks_of_window(name) or "drawn" in setting.uses
            held = "modulus" in setting.uses or (window and "threshold" in setting.uses)
            far = setting.default > LARGE if setting.default is not None else window and "modulus" not in setting.uses
            far = far or (
                window and setting.default == 1 and "modulus" not in setting.uses
            )  # nor with 1, as ``N <= 1 or i % N == 0``
            if held and far and name not in found and not name.startswith("len("):
                found[name] = next(primes, 19) * run.strides.get(name, 1)
    return found
