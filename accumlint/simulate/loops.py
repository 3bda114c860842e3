"""Runs loops over a few turns."""

from __future__ import annotations

from collections.abc import Callable

from accumlint import skeleton as sk
from accumlint.effects import DEPOSIT, LOOP, stepped_by_item
from accumlint.simulate.conditions import note_wait
from accumlint.simulate.expressions import evaluate
from accumlint.simulate.follow import follow
from accumlint.simulate.parts import loops_on_its_clock, loops_on_one_batch
from accumlint.simulate.roles import are_losses, role_of, trips
from accumlint.simulate.run import Run, settled
from accumlint.simulate.state import COUNTER, Enough, Frame, Leave, Loop
from accumlint.simulate.streams import by_strides, in_strides, setting_of, to_stream
from accumlint.simulate.trace import Backward, DataEnd
from accumlint.simulate.values import (
    NOTHING,
    Known,
    Opaque,
    Routine,
    Seq,
    Stream,
    Value,
    is_wide,
    taint_of,
)
from accumlint.simulate.wording import bound_names, bounds_another, counters, ending, exhausts, indexes, slices, strides

_MORE = 2  # turns that a loop may take beyond a window before its own guard ends it
_TELLING = 2  # turns in which a training loop has come to most of what is in it


def run_for(run: Run, frame: Frame, loop: sk.For, body: Callable[[], str | None], bind: Callable[[Value], None]) -> str | None:
    """Run a ``for`` loop; returns how it was left, None when it came to its end."""
    items = iterated(run, frame, evaluate(run, frame, loop.iterable), f"{loop.site.line}:{loop.site.column}")
    stream = to_stream(run, items)
    if stream.generator is not None:
        return _run_generated(run, frame, loop, stream, body, bind)
    role, deposits = role_of(run, frame, loop, stream)
    once = run.effects.picks_optimizer(loop, run.effects.of_block(loop.body, frame.entry))
    if once:
        role, deposits = "other", False
    if role == "window" and stream.bounds is not None:
        stream = in_strides(run, stream, cut=run.effects.remember(slices, loop))
    data = stream.data or (stream.bounds is not None and run.effects.remember(indexes, loop))
    data = data or (role == "batch" and _leaves_a_tail(run, stream))
    several = run.plan.window is not None or isinstance(items, Seq)  # without a window nobody counts what a stream gives
    parts = (several and are_losses(stream)) or run.accelerate.inside > 0  # of one micro-batch
    repeats = role == "window" and (any(id(loop) in outer.repeating for outer in run.loops) or parts)
    settings = (
        _note_window(run, stream, _gathered_by(run, items), repeats=repeats)
        if role == "window"
        else stream.taint
        if role == "other"
        else NOTHING
    )
    if role == "other" and run.in_loop:
        for name in stream.taint:
            run.setting(name, "gather")
    once = once or (role == "window" and _across(run, frame, loop, stream, settings))
    turns = 1 if once and stream.count != 0 and not _each_its_own(run, frame, loop, stream) else trips(run, role, stream)
    if role == "batch" and stream.count is not None and stream.exact:
        run.exact_lengths.add(stream.count)
    if not run.effects.remember(bounds_another, loop):
        _bind_bound(run, stream, turns)
    state = Loop(role, deposits and not repeats, data, id(loop), depth=run.depth, began=len(run.trace))
    state.repeating, state.clocked = loops_on_one_batch(run, frame, loop, stream), loops_on_its_clock(run, loop)
    state.settings = settings
    state.strided = by_strides(run, stream)
    state.uncounted = role == "other" and stream.count is None and not stream.taint
    state.names, state.source = run.effects.remember(bound_names, loop), stream.source
    _start_counters(run, frame, loop)
    run.enter(state)
    left: str | None = None
    try:
        for number in range(max(turns + _MORE, run.plan.length)):
            if number >= _limit(run, role, stream, turns, waits=run.plan.window in state.settings - settings):
                break
            if role == "outer" and not stream.taint.isdisjoint(run.lengths) and _is_short(run):
                break  # whoever chose how many windows there are knew how many the data have
            _turn(run, state, number, number == turns - 1)
            bind(stream.item(number))
            left = body()
            if left in ("break", "return", "raise"):
                state.data = state.data or _ran_dry(state, left)
                break
    finally:
        run.loops.pop()
        if role == "window" and _ran_dry(state, left):
            run.dry()
        _close(run, state, loop)
    measured = stream.count is not None or stream.source in run.measured
    if role == "outer" and ((stream.data and measured) or _ran_dry(state, left) or state.dry):
        _end(run, state, loop)
    return left if left in ("break", "return", "raise") else None


def _limit(run: Run, role: str, stream: Stream, turns: int, *, waits: bool) -> int:
    """How many turns a loop takes, as far as is known by now: as many as the data where something in it has asked for their length, and
    a few more where it ``waits`` for a window's end."""
    if stream.count is not None or turns == 1:
        return turns
    if role == "outer":
        return trips(run, role, stream)
    return turns + _MORE if role == "window" and waits else turns


def _is_short(run: Run) -> bool:
    """Whether an iterator has fewer micro-batches left than a window takes."""
    return any(run.plan.length - run.plan.size < taken < run.plan.length for taken in run.taken.values())


def _each_its_own(run: Run, frame: Frame, loop: sk.For, stream: Stream) -> bool:
    """Whether each turn steps an optimizer of its own, each of them one that the run knows."""
    lists = run.effects.remember(stepped_by_item, loop)
    known = [evaluate(run, frame, expr) for expr in lists] if stream.count is not None else []
    return bool(known) and all(isinstance(items, Seq) and not items.open and len(items.items) == stream.count for items in known)


def iterated(run: Run, frame: Frame, value: Value, site_id: str) -> Value:
    """What a loop over ``value`` gets: an object of the project has its own ``__iter__``, or is an iterator by its ``__next__``."""
    cls = value.cls if isinstance(value, Opaque) else None
    start, step = (cls.method("__iter__"), cls.method("__next__")) if cls is not None else (None, None)
    if step is not None:
        return Stream(None, lambda k: follow(run, frame, Routine(step, owner=value), [], site_id), source="?", data=True)
    if start is not None:
        made = follow(run, frame, Routine(start, owner=value), [], site_id)
        return made if isinstance(made, (Stream, Seq)) else value
    return value


def _run_generated(
    run: Run, frame: Frame, loop: sk.For, stream: Stream, body: Callable[[], str | None], bind: Callable[[Value], None]
) -> str | None:
    """A ``for`` loop over a generator of the project: the loops in there are the ones that turn."""
    role, deposits = role_of(run, frame, loop)
    state = Loop(
        "outer" if role != "epoch" else role, deposits, True, id(loop), depth=run.depth, began=len(run.trace), takes=True
    )

    def take(value: Value) -> None:
        _turn(run, state, state.number + 1, False)
        bind(value)
        left = body()
        if left in ("break", "return", "raise"):
            raise Leave(left)

    assert stream.generator is not None
    left = None
    before, run.open_ended = run.open_ended, False
    run.enter(state)
    run.taking.append(role)
    try:
        stream.generator(take)
    except Leave as leave:
        left = leave.how
    finally:
        run.taking.pop()
        run.loops.pop()
        endless = run.open_ended and left is None and not stream.beside
        run.open_ended |= before
        run.endless |= endless
    if role != "epoch" and deposits and not endless:
        _end(run, state, loop)
    return left


def _turn(run: Run, state: Loop, number: int, last: bool) -> None:
    run.spend_work()
    if number == _TELLING and run.enough is not None and _is_outermost(run, state) and run.enough(run):
        raise Enough
    run.serial += 1
    state.turns(run.serial)
    state.number = number
    state.last = last
    state.turned = len(run.trace)
    state.undone = frozenset()
    state.picking = False
    state.skipped = frozenset()
    state.skipped_at = None


def _is_outermost(run: Run, state: Loop) -> bool:
    """Whether ``state`` is the loop over the data, or over windows of them, of those that deposit."""
    return state.deposits and [loop for loop in run.loops if loop.deposits and loop.role != "epoch"] == [state]


def _ran_dry(state: Loop, left: str | None) -> bool:
    """Whether the loop was left in the midst of a turn because the data had come to its end in it."""
    return left in ("break", "return") and state.dry == state.serial


def _close(run: Run, state: Loop, loop: sk.For | sk.While) -> None:
    if state.role == "batch":
        if not state.data:
            run.open_ended = True
        if not state.unsure and not any(outer.role in ("batch", "window", "outer") for outer in _around(run)):
            _end(run, state, loop, data=state.data)


def _around(run: Run) -> list[Loop]:
    """The loops that the run is in; of those in a generator that has epochs of its own, these alone."""
    place = next((place for place in range(len(run.loops), 0, -1) if run.loops[place - 1].takes), 0)
    inner = run.loops[place:]
    return inner if any(loop.role == "epoch" for loop in inner) else run.loops


def _end(run: Run, state: Loop, loop: sk.For | sk.While, *, data: bool = True) -> None:
    """The data of ``loop`` came to its end."""
    feeds = frozenset(event.feed for event in run.trace[state.began :] if isinstance(event, Backward))
    run.trace.append(DataEnd(loop.site, data, feeds))


def _across(run: Run, frame: Frame, loop: sk.For, stream: Stream, settings: frozenset[str]) -> bool:
    """Whether ``loop`` lies across the window, as one over tasks of which each has a window: of the two, only the window is played."""
    window = run.plan.window
    if window is None or window in settings:
        return False
    around = LOOP in run.effects.of_block(loop.body, frame.entry) and not loops_on_one_batch(run, frame, loop, stream)
    return around or any(window in outer.settings for outer in run.loops)


def _gathered_by(run: Run, items: Value) -> frozenset[str]:
    """What says how many micro-batches a list has gathered, turn by turn, when it is gone through: the guards that wait for them."""
    if not isinstance(items, Seq) or not is_wide(items):
        return frozenset()
    awaited = NOTHING.union(*(gate.taint for gate in run.control), *(loop.skipped for loop in run.loops)) - {COUNTER}
    return frozenset(name for name in awaited if not name.startswith("len("))  # their end may let go of fewer


def _note_window(run: Run, stream: Stream, gathered: frozenset[str], *, repeats: bool) -> frozenset[str]:
    """What says how many turns a loop inside a micro-batch's turn takes: no window's size where each ``repeats`` the same micro-batch."""
    names = stream.taint or gathered or frozenset({f"len({stream.source})"})
    for name in names:
        run.setting(name, None if repeats else "inner")
        if stream.split:
            run.setting(name, "drawn")
        if name.startswith("len("):
            run.window_loops.add(name)
    return names


def note_bound(run: Run, names: frozenset[str]) -> None:
    """Settings that end the innermost loop, inside a turn, may give its window."""
    run.loops[-1].settings |= names
    for name in names - {COUNTER}:
        run.setting(name, "inner")


def _bind_bound(run: Run, stream: Stream, count: int) -> None:
    """A setting that bounds a loop has, in this run, the value of the turns taken, or of what these take of it."""
    if stream.count is not None:
        return
    strided = by_strides(run, stream)
    if strided is not None and isinstance(strided[0], Opaque):
        run.lengths.setdefault(strided[0].id, count * int(strided[1].number or 1))
    elif len(stream.taint) == 1:
        name = next(iter(stream.taint))
        if name != run.plan.window and not name.isdigit():
            run.lengths.setdefault(name, count)


def _leaves_a_tail(run: Run, stream: Stream) -> bool:
    """Whether the source says how many items there are, and how many a window holds, and the one is no multiple of the other."""
    size = run.settings_default(run.plan.window) if run.plan.window is not None else None
    return bool(size and stream.literal and stream.literal % size)


def _start_counters(run: Run, frame: Frame, loop: sk.For | sk.While) -> None:
    """A counter that the loop advances and whose start is unknown (resumed, or handed in) starts at 0."""
    from accumlint.simulate.statements import assign

    for target in run.effects.remember(counters, loop):
        value = settled(evaluate(run, frame, target))
        if not isinstance(value, Opaque) or (value.reach and value.origins) or value.kind is not None:
            continue
        if value.base or run.number(value) is None:
            assign(run, frame, target, None, Known(value.offset, index=True))


def _dry_turn(run: Run, frame: Frame, loop: sk.While, turns: int) -> int | None:
    """In which turn an iterator is found to have come to its end, where that does something to gradients: the last of ``turns``, where
    the next micro-batch is asked for behind the training, or the one after."""
    for place, statement in enumerate(loop.body):
        if isinstance(statement, sk.Try) and run.effects.of_block(ending(statement), frame.entry):
            return turns - (DEPOSIT in run.effects.of_block(loop.body[:place], frame.entry))
    return None


def _strides(run: Run, frame: Frame, loop: sk.While) -> frozenset[str]:
    """The settings that say how far a turn goes, and not how many there are."""
    return NOTHING.union(*(setting_of(evaluate(run, frame, expr)) for expr in run.effects.remember(strides, loop)))


def _asks_for_length(run: Run, frame: Frame, test: sk.Expr) -> bool:
    """Whether a position in the data, which grows by something unknown, is held against the length of the data."""
    if not isinstance(test, sk.Compare) or [op for op, _ in test.rest] not in (["<"], ["<="]):
        return False
    return any(name.startswith("len(") for name in taint_of(evaluate(run, frame, test.rest[0][1])))


def run_while(run: Run, frame: Frame, loop: sk.While, body: Callable[[], str | None]) -> str | None:
    """Run a ``while`` loop until its test fails or the run has seen enough turns."""
    role, deposits = role_of(run, frame, loop)
    state = Loop(role, deposits, run.effects.remember(exhausts, loop), id(loop), depth=run.depth, began=len(run.trace))
    state.uncounted = role == "other"
    limit = trips(run, role, None)
    over = _dry_turn(run, frame, loop, limit) if role == "batch" else None
    _start_counters(run, frame, loop)
    run.enter(state)
    left: str | None = None
    try:
        for number in range(limit + 1):
            _turn(run, state, number, False)
            state.over = number == over
            run.goes_on = True
            value = evaluate(run, frame, loop.test)
            run.goes_on = False
            note_wait(run, value)
            if (isinstance(value, Known) and not value.value) or (isinstance(value, Stream) and value.count == 0):
                state.data = state.data or state.dry == state.serial or any(name.startswith("len(") for name in taint_of(value))
                if role == "outer" and isinstance(value, Stream):
                    _end(run, state, loop)
                break
            if number == limit and not state.over and run.plan.length not in run.taken.values():
                break
            if role == "window":
                known = value.taint - _strides(run, frame, loop) if isinstance(value, Known) else None
                note_bound(run, known or frozenset({f"while:{loop.site.line}"}))
            if role == "batch" and _asks_for_length(run, frame, loop.test):
                state.data = True
            elif isinstance(value, Opaque) and not isinstance(loop.test, sk.Const):
                run.open_ended = state.unsure = True
                if number >= run.plan.length - run.plan.length % run.plan.size:
                    break  # where it ends cannot be told: let that be a window's end
            left = body()
            if left in ("break", "return", "raise"):
                state.data = state.data or _ran_dry(state, left)
                break
    finally:
        run.loops.pop()
        if isinstance(loop.test, sk.Const) and not state.data:
            run.open_ended = True  # something inside ends it, and not the data
        _close(run, state, loop)
    if role == "outer" and _ran_dry(state, left):
        _end(run, state, loop)
    return left if left in ("break", "return", "raise") else None
