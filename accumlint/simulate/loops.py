"""Runs loops over a few turns: how many, what each turn's item is, and what part the loop plays in training."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from accumlint import skeleton as sk
from accumlint.calls import Kind
from accumlint.effects import CLEAR, DEPOSIT, FULL_LOOP, LOOP, SPEND
from accumlint.simulate.attributes import item
from accumlint.simulate.conditions import truth_of
from accumlint.simulate.expressions import evaluate
from accumlint.simulate.follow import Args, yields
from accumlint.simulate.run import COUNTER, NOWHERE, Frame, Leave, Loop, Run, settled
from accumlint.simulate.trace import DataEnd
from accumlint.simulate.values import BATCH_SIZE, NONE, ONE, Dict, Known, Opaque, Seq, Stream, Value, flows_of, taint_of
from accumlint.slicing import reads

FIRM = 12
_PASS_THROUGH = re.compile(
    r"tqdm|track|progress|prange|pbar|log_every|Bar$|cycle$|^iter$|prefetch|auto\.tqdm|rank_zero", re.IGNORECASE
)


def stream_call(run: Run, dotted: str, args: Args) -> Stream | None:
    """The stream that a call of Python's or itertools' makes, None when it makes none."""
    values = [value for keyword, value in args if keyword is None]
    last = dotted.rsplit(".", 1)[-1]
    if last in ("range", "trange", "arange", "prange"):
        return _range(run, values)
    if last == "enumerate" and values:
        start = next((value for keyword, value in args if keyword == "start"), values[1] if len(values) > 1 else Known(0))
        return _enumerate(run, to_stream(run, values[0]), start)
    if last in ("zip", "zip_longest") and values:
        return _zip([to_stream(run, value) for value in values])
    if last == "islice" and len(values) == 2:
        return _first_n(run, to_stream(run, values[0]), values[1])
    if last == "cycle" and values:
        return _cycle(to_stream(run, values[0]))
    if (
        last in ("batched", "chunked", "grouper", "chunk", "split")
        and len(values) == 2
        and dotted.split(".")[0] in ("itertools", "more_itertools", "batched")
    ):
        return _batched(run, to_stream(run, values[0]), values[1])
    if last == "count" and dotted.startswith("itertools"):
        origin = run.number(values[0]) if values else Known(0)
        first = int(origin.number or 0) if origin is not None else 0
        return Stream(None, lambda k: Known(first + k, index=True), data=False)
    if _PASS_THROUGH.search(last):
        streams = [value for value in values if isinstance(value, Stream | Seq)]
        if streams:
            return to_stream(run, streams[0])
        iterable = next((value for keyword, value in args if keyword in ("iterable", "total")), None)
        if isinstance(iterable, Stream) or (values and isinstance(values[0], Opaque)):
            return to_stream(run, iterable if isinstance(iterable, Stream) else values[0])
    return None


def _range(run: Run, values: list[Value]) -> Stream:
    numbers = [run.number(value, "bound") for value in values]
    start = numbers[0] if len(values) > 1 else Known(0)
    if start is None:
        return _counting_from(run, values)
    stop = (numbers[1] if len(values) > 1 else numbers[0]) if values else None
    stride = numbers[2] if len(values) > 2 else Known(1)
    first = int(start.number or 0)
    by = int(stride.number or 1) if stride is not None else 1
    total = None
    taint = frozenset[str]().union(
        *(taint_of(value) for value in values),
        *({v.base if v.base and v.offset == first else v.id} for v in values if isinstance(v, Opaque) and v.stable and by == 1),
    )
    exact = False
    if stop is not None and stop.number is not None and stride is not None and by:
        total = max(0, -(-(int(stop.number) - first) // by))
        exact = stop.taint <= {str(stop.value)} and len(values) < 3
    length = any(name.startswith("len(") for name in taint)
    firm = total is not None and (total <= FIRM or length or (stop is not None and stop.degree != 0))
    return Stream(
        total if firm else None, lambda k: Known(first + k * by, index=True), data=length, taint=taint, exact=exact, ranged=True
    )


def _counting_from(run: Run, values: list[Value]) -> Stream:
    """A range from an unknown number: down to 0, as ``range(N - 1, -1, -1)``, it is as long as a range up."""
    first, stop = values[0], values[1]
    down = (
        len(values) > 2
        and values[2] in (Known(-1), Known(-1, frozenset({"-1"})))
        and isinstance(stop, Known)
        and stop.number == -1
    )
    names = {first.base} if down and isinstance(first, Opaque) and first.base and first.offset == -1 else set()
    return Stream(None, lambda k: Opaque("?", turn=run.turn), data=False, taint=frozenset(names), ranged=True)


def _enumerate(run: Run, inner: Stream, start: Value) -> Stream:
    number = run.number(start)
    first = int(number.number or 0) if number is not None else 0
    return replace(
        inner,
        item=lambda k: Seq((Known(first + k, index=True), inner.item(k))),
        generator=_numbered(inner.generator, lambda k, value: Seq((Known(first + k, index=True), value))),
    )


def _repeating(loop: sk.For | sk.While) -> frozenset[int]:
    """The loops inside ``loop`` that go over settings: nothing that a turn of ``loop`` binds is in what they go over."""
    if not isinstance(loop, sk.For) or any(_is_range(part) for part in loop.iterable.walk()):
        return frozenset()
    inside = [node for statement in loop.body for node in statement.walk()]
    bound = set(reads(loop.target))
    for node in inside:
        for target in (
            node.targets if isinstance(node, sk.Assign) else (node.target,) if isinstance(node, sk.AugAssign | sk.For) else ()
        ):
            bound |= set(reads(target))
    return frozenset(
        id(node)
        for node in inside
        if isinstance(node, sk.For)
        and isinstance(node.target, sk.Name)
        and not any(_is_range(part) for part in node.iterable.walk())
        and not bound & set(reads(node.iterable))
    )


def _are_losses(value: Value) -> bool:
    """Whether a list holds what one micro-batch's forward gave, term by term."""
    return isinstance(value, Seq) and bool(value.items) and all(isinstance(part, Opaque) and part.reach for part in value.items)


def _is_range(node: sk.Node) -> bool:
    return isinstance(node, sk.Call) and "range" in (sk.dotted(node.func) or "").rsplit(".", 1)[-1]


Generator = Callable[[Callable[[Value], None]], None]


def _numbered(generator: Generator | None, made: Callable[[int, Value], Value]) -> Generator | None:
    """A generator of what ``made`` makes of each value's number, from 0, and the value."""
    if generator is None:
        return None

    def generate(sink: Callable[[Value], None]) -> None:
        numbers = count()
        generator(lambda value: sink(made(next(numbers), value)))

    return generate


def _zip(inners: list[Stream]) -> Stream:
    counts = [inner.count for inner in inners if inner.count is not None]
    data = [inner for inner in inners if inner.data]
    source = (data or inners)[0]
    made = next((inner for inner in inners if inner.generator is not None), None)
    return Stream(
        min(counts) if counts else None,
        lambda k: Seq(tuple(inner.item(k) for inner in inners)),
        source=source.source,
        data=bool(data),
        taint=frozenset[str]().union(*(inner.taint for inner in inners)),
        split=any(inner.split for inner in inners),
        generator=_numbered(
            made.generator if made is not None else None,
            lambda k, value: Seq(tuple(value if inner is made else inner.item(k) for inner in inners)),
        ),
    )


def _first_n(run: Run, inner: Stream, limit: Value) -> Stream:
    number = run.number(limit, "bound")
    taint = taint_of(limit) | ({limit.id} if isinstance(limit, Opaque) else frozenset())
    count = int(number.number or 0) if number is not None else None
    if count is not None and inner.source in run.taken:
        count = max(0, min(count, run.plan.length - run.taken[inner.source]))
        run.taken[inner.source] += count
        return replace(inner, count=count, taint=taint, data=True)
    return replace(inner, count=count, taint=taint, data=False)


def _cycle(inner: Stream) -> Stream:
    if inner.count:
        return replace(inner, count=None, item=lambda k: inner.item(k % (inner.count or 1)), data=False)
    return replace(inner, count=None, data=False)


def _batched(run: Run, inner: Stream, size: Value) -> Stream:
    number = run.number(size, "modulus") or run.modulus(size)
    width = max(1, int(number.number or 1)) if number is not None else 1
    total = inner.count if inner.count is not None else run.plan.length

    def group(k: int) -> Value:
        members = min(width, total - k * width)
        return Seq(tuple(inner.item(k * width + j) for j in range(max(0, members))))

    return Stream(-(-total // width), group, source=inner.source, data=True, taint=taint_of(number))


def to_stream(run: Run, value: Value) -> Stream:
    """``value`` as something to iterate over."""
    if isinstance(value, Stream):
        return value
    if isinstance(value, Seq):
        return Stream(len(value.items), lambda k: value.items[k], data=False, exact=True)
    if isinstance(value, Dict):
        keys = tuple(value.items)
        return Stream(len(keys), lambda k: Known(keys[k]), data=False)
    if isinstance(value, Opaque) and value.kind in (Kind.PARAMETERS, Kind.PARAMETER, Kind.OPTIMIZER, Kind.GRADIENT):
        return Stream(1, lambda k: _parameter(value), source=value.id, data=False)
    if isinstance(value, Opaque):
        return Stream(None, lambda k: _batch(run, value), source=value.id, data=True)
    return Stream(None, lambda k: Opaque("?", turn=run.turn, origins=run.origin), data=True)


def _parameter(value: Opaque) -> Opaque:
    kind = Kind.PARAMETER if value.kind is Kind.PARAMETERS and not value.id.endswith(".param_groups") else value.kind
    return replace(value, id=f"{value.id}[]", kind=kind, alias=value.alias)


def _batch(run: Run, value: Opaque) -> Opaque:
    if value.kind is not None and value.stable and value.kind is not Kind.LOADER:
        return replace(value, id=f"{value.id}[]")
    name = f"{value.id}[]"
    if value.stable:
        return Opaque(name, alias=frozenset({name}), origins=run.origin, turn=run.turn)
    return replace(value, id=name, alias=frozenset({name}), cls=None, kind=None, origins=run.origin, turn=run.turn)


def pieces(run: Run, tensor: Opaque, method: str, args: list[Value]) -> Stream:
    """The parts of a batch that is split: a window whose micro-batches are the parts."""
    size = args[0] if args else None
    number = run.number(size, "bound") if size is not None and method in ("chunk", "tensor_split", "array_split") else None
    taint = taint_of(number or size) | ({size.id} if isinstance(size, Opaque) and size.stable and number is None else frozenset())
    counted = method in ("chunk", "tensor_split", "array_split")
    count = int(number.number or 1) if number is not None and counted else None
    return Stream(
        count,
        lambda k: _batch(run, replace(tensor, stable=False)),
        source=f"{tensor.id}.{method}",
        data=True,
        taint=taint if counted else frozenset(),
        split=True,
    )


def length(run: Run, value: Value) -> Known | Opaque:
    """``len(value)``: of a window's chunks it is N, of the data it is the length of the epoch."""
    source = value.source if isinstance(value, Stream) else value.id if isinstance(value, Opaque) else "?"
    if isinstance(value, Stream) and value.count is not None:
        degree: int | None = 1 if run.plan.window is not None and run.plan.window in value.taint else 0
        if degree and value.count != run.plan.size:
            degree = None  # a short window, counted as it is
        return Known(value.count, value.taint | {f"len({source})"}, degree)
    if isinstance(value, Stream) and value.split and len(value.taint) == 1:
        setting = Opaque(next(iter(value.taint)), stable=True)
        return run.number(setting) or setting
    if isinstance(value, Opaque) and not value.stable and f"len({source})" not in run.window_loops:
        if value.turn == run.turn:
            return Opaque(BATCH_SIZE, turn=run.turn)
        return Opaque(f"len({source})", weight=None, origins=value.origins, turn=value.turn)
    name = f"len({source})"
    if name == run.plan.window or name in run.window_loops:
        return Known(run.plan.size, frozenset({name}), 1 if name == run.plan.window else 0)
    run.measured.add(source)
    return Known(run.plan.length, frozenset({name}))


# Roles


def role_of(run: Run, frame: Frame, loop: sk.For | sk.While) -> tuple[str, bool]:
    """The part that ``loop`` plays, and whether it deposits: ``epoch``, ``batch``, ``window``, ``outer`` or ``other``."""
    inside = _effects_inside(run, frame, loop)
    if frame.sink is not None and run.effects.remember(yields, loop):
        nested = any(isinstance(node, sk.For | sk.While) and yields(node) for part in loop.body for node in part.walk())
        return "epoch" if nested or run.taking[-1:] == ["epoch"] else "batch", True
    if DEPOSIT not in inside:
        return "other", False
    enclosed = any(outer.role in ("outer", "batch") for outer in run.loops)
    if FULL_LOOP in inside:
        return ("batch" if DEPOSIT in _direct(run, frame, loop.body) else "epoch"), True
    if SPEND in inside:
        return ("outer" if LOOP in inside else "batch"), True
    if enclosed:
        return "window", True
    return ("epoch" if LOOP in inside else "batch"), True


def _effects_inside(run: Run, frame: Frame, loop: sk.For | sk.While) -> frozenset[str]:
    """The effects of a turn of ``loop``; a loop in it that uses the same micro-batch each time is none."""
    inside = run.effects.of_block(loop.body, frame.entry)
    repeating = run.effects.remember(_repeating, loop)
    loops = [
        node
        for statement in loop.body
        for node in statement.walk()
        if isinstance(node, sk.For | sk.While) and DEPOSIT in run.effects.of_node(node, frame.entry)
    ]
    if LOOP in inside and loops and all(id(node) in repeating for node in loops):
        return inside - {LOOP}
    return inside


def _direct(run: Run, frame: Frame, block: tuple[sk.Stmt, ...]) -> frozenset[str]:
    """The effects of ``block`` outside its inner loops that deposit."""
    found = frozenset[str]()
    for statement in block:
        if isinstance(statement, sk.For | sk.While):
            if DEPOSIT not in run.effects.of_node(statement, frame.entry):
                found |= run.effects.of_node(statement, frame.entry)
        elif isinstance(statement, sk.If | sk.With | sk.Try):
            if LOOP in run.effects.of_node(statement, frame.entry):
                for inner in _blocks(statement):
                    found |= _direct(run, frame, inner)
            else:
                found |= run.effects.of_node(statement, frame.entry)
        else:
            effects = run.effects.of_node(statement, frame.entry)
            found |= effects - {DEPOSIT, SPEND, CLEAR} if LOOP in effects else effects
    return found


def _blocks(statement: sk.Stmt) -> tuple[tuple[sk.Stmt, ...], ...]:
    if isinstance(statement, sk.If):
        return (statement.body, statement.orelse)
    if isinstance(statement, sk.With):
        return (statement.body,)
    assert isinstance(statement, sk.Try)
    return (statement.body, statement.orelse, statement.final)


def trips(run: Run, role: str, stream: Stream | None) -> int:
    """How many turns a loop takes in this run."""
    plan = run.plan
    if stream is not None and stream.count is not None and (role != "epoch" or stream.exact is False or stream.count <= 3):
        count = min(stream.count, 60)
        if role == "epoch":
            return min(count, max(2, plan.epochs)) if not stream.exact or stream.count > 3 else count
        return count
    if role == "batch":
        return plan.length
    if role == "window":
        return plan.size
    if role == "outer":
        return plan.length if stream is not None and stream.data and stream.source in run.measured else 4
    return plan.epochs if role == "epoch" else 1


# Running


def run_for(run: Run, frame: Frame, loop: sk.For, body: Callable[[], str | None], bind: Callable[[Value], None]) -> str | None:
    """Run a ``for`` loop; returns how it was left when that concerns what is around it."""
    items = evaluate(run, frame, loop.iterable)
    stream = to_stream(run, items)
    if stream.generator is not None:
        return _run_generated(run, frame, loop, stream.generator, body, bind)
    role, deposits = role_of(run, frame, loop)
    data = stream.data or (stream.ranged and run.effects.remember(_indexes, loop))
    if role == "window":
        _note_window(run, stream)
    turns = trips(run, role, stream)
    if role == "batch" and stream.count is not None and stream.exact:
        run.exact_lengths.add(stream.count)
    _bind_bound(run, stream, turns)
    repeats = role == "window" and (any(id(loop) in outer.repeating for outer in run.loops) or _are_losses(items))
    state = Loop(role, deposits and not repeats, data, id(loop), repeating=run.effects.remember(_repeating, loop))
    _start_counters(run, frame, loop)
    run.loops.append(state)
    left: str | None = None
    try:
        for number in range(turns):
            _turn(run, state, number, number == turns - 1)
            bind(stream.item(number))
            left = body()
            if left in ("break", "return", "raise"):
                break
    finally:
        run.loops.pop()
        _close(run, state, loop)
    return left if left in ("return", "raise") else None


def _run_generated(
    run: Run, frame: Frame, loop: sk.For, generator: Generator, body: Callable[[], str | None], bind: Callable[[Value], None]
) -> str | None:
    """A ``for`` loop over a generator of the project: the loops in there are the ones that turn."""
    role, deposits = role_of(run, frame, loop)
    state = Loop("outer" if role != "epoch" else role, deposits, True, id(loop))

    def take(value: Value) -> None:
        _turn(run, state, state.number + 1, False)
        bind(value)
        left = body()
        if left in ("break", "return", "raise"):
            raise Leave(left)

    left = None
    run.loops.append(state)
    run.taking.append(role)
    try:
        generator(take)
    except Leave as leave:
        left = leave.how
    finally:
        run.taking.pop()
        run.loops.pop()
    if role != "epoch" and deposits:
        run.trace.append(DataEnd(loop.site))
    return left if left != "break" else None


def _turn(run: Run, state: Loop, number: int, last: bool) -> None:
    run.spend_work()
    run.serial += 1
    state.serial = run.serial
    state.number = number
    state.last = last
    state.skipped = frozenset()
    state.skipped_at = None


def _close(run: Run, state: Loop, loop: sk.For | sk.While) -> None:
    if state.role == "batch":
        if not state.data:
            run.open_ended = True
        if not state.unsure and not any(outer.role in ("batch", "window", "outer") for outer in run.loops):
            run.trace.append(DataEnd(loop.site, state.data))


def _note_window(run: Run, stream: Stream) -> None:
    names = set(stream.taint) or {f"len({stream.source})"}
    for name in names:
        run.setting(name, "inner")
        if stream.split:
            run.setting(name, "split")
        if name.startswith("len("):
            run.window_loops.add(name)


def note_bound(run: Run, names: frozenset[str]) -> None:
    """Settings that end a loop inside a turn may give its window."""
    for name in names - {COUNTER}:
        run.setting(name, "inner")


def _bind_bound(run: Run, stream: Stream, count: int) -> None:
    """A setting that bounds a loop has, in this run, the value of the turns taken."""
    if stream.count is None and len(stream.taint) == 1:
        name = next(iter(stream.taint))
        if name != run.plan.window and not name.isdigit():
            run.lengths.setdefault(name, count)


def _indexes(loop: sk.For) -> bool:
    """Whether the loop's variable picks items of a sequence: ``data[i]``."""
    if not isinstance(loop.target, sk.Name):
        return False
    name = loop.target.id
    return any(
        isinstance(node, sk.Item) and any(isinstance(part, sk.Name) and part.id == name for part in node.index.walk())
        for statement in loop.body
        for node in statement.walk()
    )


def _start_counters(run: Run, frame: Frame, loop: sk.For | sk.While) -> None:
    """A counter that the loop advances and whose start is unknown (resumed, or handed in) starts at 0."""
    from accumlint.simulate.statements import assign

    for target in run.effects.remember(_counters, loop):
        value = settled(evaluate(run, frame, target))
        if isinstance(value, Opaque) and not value.reach and value.kind is None and run.number(value) is None:
            assign(run, frame, target, None, Known(value.offset, index=True))


def _counters(loop: sk.For | sk.While) -> list[sk.Expr]:
    """The names that ``loop`` advances by a literal: ``step += 1``."""
    return [
        node.target
        for statement in loop.body
        for node in statement.walk()
        if isinstance(node, sk.AugAssign)
        and node.op == "+"
        and isinstance(node.value, sk.Const)
        and isinstance(node.target, sk.Name | sk.Attr)
    ]


def _exhausts(loop: sk.While) -> bool:
    """Whether the loop ends when an iterator does: ``except StopIteration: break``."""
    return any(
        isinstance(node, sk.Try)
        and any(isinstance(left, sk.Exit) and left.kind == "break" for handler in node.handlers for left in handler)
        for statement in loop.body
        for node in statement.walk()
    )


def run_while(run: Run, frame: Frame, loop: sk.While, body: Callable[[], str | None]) -> str | None:
    """Run a ``while`` loop until its test fails or the run has seen enough turns."""
    role, deposits = role_of(run, frame, loop)
    state = Loop(role, deposits, run.effects.remember(_exhausts, loop), id(loop))
    limit = trips(run, role, None)
    _start_counters(run, frame, loop)
    run.loops.append(state)
    if isinstance(loop.test, sk.Const) and not state.data:
        run.open_ended = True  # something inside ends it, and not the data
    left: str | None = None
    try:
        for number in range(limit):
            _turn(run, state, number, False)
            run.goes_on = True
            value = evaluate(run, frame, loop.test)
            run.goes_on = False
            if (isinstance(value, Known) and not value.value) or (isinstance(value, Stream) and value.count == 0):
                if role == "outer" and isinstance(value, Stream):
                    run.trace.append(DataEnd(loop.site))
                break
            if role == "window" and isinstance(value, Known):
                note_bound(run, value.taint)
            if isinstance(value, Opaque) and not isinstance(loop.test, sk.Const):
                run.open_ended = state.unsure = True
                if number >= run.plan.length - run.plan.length % run.plan.size:
                    break  # where it ends cannot be told: let that be a window's end
            left = body()
            if left in ("break", "return", "raise"):
                break
    finally:
        run.loops.pop()
        _close(run, state, loop)
    return left if left in ("return", "raise") else None


def comprehend(run: Run, frame: Frame, expr: sk.Comprehension) -> Value:
    """A comprehension: its element for each item, with the effects that calls in it have."""
    from accumlint.simulate.statements import assign

    made: list[Value] = []
    if DEPOSIT in run.effects.of_node(expr.element, frame.entry):
        run_for(
            run,
            frame,
            run.effects.remember(_as_loop, expr),
            lambda: made.append(evaluate(run, frame, expr.element)),
            lambda value: assign(run, frame, expr.target, None, value),
        )
        return Seq(tuple(made))
    stream = to_stream(run, evaluate(run, frame, expr.iterable))
    count = stream.count if stream.count is not None else 1
    for number in range(min(count, 2 * FIRM)):
        run.spend_work()
        assign(run, frame, expr.target, None, stream.item(number))
        if all(truth_of(run, evaluate(run, frame, test), f"{id(test)}") is not False for test in expr.conditions):
            made.append(evaluate(run, frame, expr.element))
    if stream.count is None:
        flows = flows_of(*made)
        kind = made[0].kind if made and isinstance(made[0], Opaque) else None
        alias = frozenset[str]().union(*(part.alias for part in made if isinstance(part, Opaque)))
        weight = made[0].weight if made and isinstance(made[0], Opaque) else ONE
        summed = bool(made) and isinstance(made[0], Opaque) and made[0].summed
        return Opaque("?[]", alias, flows, weight, run.origin, kind, turn=run.turn, summed=summed)
    return Seq(tuple(made))


def _as_loop(expr: sk.Comprehension) -> sk.For:
    """A comprehension that trains, as the loop that it is."""
    site = next((node.site for node in expr.element.walk() if isinstance(node, sk.Call)), NOWHERE)
    return sk.For(expr.target, expr.iterable, (sk.Do(expr.element, site),), (), site)


__all__ = ["NONE", "comprehend", "item", "length", "run_for", "run_while", "stream_call", "to_stream"]
