"""What can be gone through: ranges, data, zipped and numbered streams, the pieces of a batch; how long each is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import count

from accumlint.calls import HELD_OUT_NAME, Kind, kind_of_name, speaks_of_window
from accumlint.simulate.arithmetic import arithmetic, in_windows
from accumlint.simulate.attributes import whole_windows
from accumlint.simulate.run import Run, settled
from accumlint.simulate.state import Loop
from accumlint.simulate.values import BATCH_SIZE, NOTHING, Args, Dict, Known, Opaque, Seq, Stream, Value, taint_of

FIRM = 12
SPLITS = frozenset({"chunk", "split", "tensor_split", "unbind"})  # a tensor's methods that cut it into parts
_OTHER = 2  # what held-out data have more than the data that are trained on
_MANY = 64  # a longer list is not looked into
_PASS_THROUGH = re.compile(
    r"tqdm|track|progress|prange|pbar|log_every|Bar$|cycle$|^iter$|prefetch|auto\.tqdm|rank_zero", re.IGNORECASE
)

_ENDLESS = re.compile(r"infinit|endless|forever|(^|_)inf(_|$)", re.IGNORECASE)


@lru_cache(4096)
def passes_on(name: str) -> bool:
    """Whether a function or method of that name gives what it is given: once, and shows how far it has come, or over and over."""
    return _PASS_THROUGH.search(name) is not None or _ENDLESS.search(name) is not None


Generator = Callable[[Callable[[Value], None]], None]


def stream_call(run: Run, dotted: str, args: Args) -> Stream | None:
    """The stream that a call of Python's or itertools' makes, None when it makes none."""
    values = [value for keyword, value in args if keyword is None]
    last = dotted.rsplit(".", 1)[-1]
    if last in ("range", "trange", "arange", "prange") and values:
        return _range(run, values)
    if last == "enumerate" and values:
        start = next((value for keyword, value in args if keyword == "start"), values[1] if len(values) > 1 else Known(0))
        return _enumerate(run, to_stream(run, values[0]), start)
    if last in ("zip", "zip_longest") and args and args[0][0] == "*":
        return _transposed(run, to_stream(run, args[0][1]))
    if last in ("zip", "zip_longest") and values:
        return _zip([to_stream(run, value) for value in values])
    if last == "islice" and len(values) == 2:
        return _first_n(run, to_stream(run, values[0]), values[1])
    if last == "chain" and len(values) > 1 and all(_is_data(run, value) for value in values):
        return _chained(run, [to_stream(run, value) for value in values])
    if values and (last == "cycle" or (_ENDLESS.search(last) and isinstance(values[0], Opaque | Stream))):
        return _cycle(to_stream(run, values[0]))
    if (
        last in ("batched", "chunked", "grouper", "chunk", "split")
        and len(values) == 2
        and dotted.split(".")[0] in ("itertools", "more_itertools", "batched")
    ):
        return _batched(run, to_stream(run, values[0]), values[1])
    if last == "repeat" and len(values) == 2 and dotted.startswith("itertools"):
        return repeated(run, (values[0],), values[1])
    if last == "count" and dotted.startswith("itertools"):
        origin = run.number(values[0]) if values else Known(0)
        first = int(origin.number or 0) if origin is not None else 0
        return Stream(None, lambda k: Known(first + k, index=True), data=False)
    if passes_on(last):
        streams = [value for value in values if isinstance(value, (Stream, Seq))]
        if streams:
            return to_stream(run, streams[0])
        iterable = next((value for keyword, value in args if keyword in ("iterable", "total")), None)
        if isinstance(iterable, Stream) or (values and isinstance(values[0], Opaque)):
            return to_stream(run, iterable if isinstance(iterable, Stream) else values[0])
    return None


def _range(run: Run, values: list[Value]) -> Stream:
    start, stop, stride = (Known(0), *values, Known(1)) if len(values) < 2 else (*values, Known(1))[:3]
    numbers = [run.number(start, "bound"), run.number(stop, "bound") or in_windows(run, stop), run.number(stride, "threshold")]
    first, end, by = (None if number is None else int(number.number or 0) for number in numbers)
    step = 1 if by is None else by
    strides = taint_of(numbers[2]) if abs(step) > 1 else NOTHING
    taint = NOTHING.union(*map(taint_of, values))
    if isinstance(stop, Opaque) and stop.id == BATCH_SIZE and by != 1:
        return _cut(run, arithmetic(run, "//", stop, stride), f"{BATCH_SIZE}:")
    if by is None or isinstance(stride, Opaque):
        taint |= NOTHING.union(*map(setting_of, (start, stop, stride)))
    elif abs(by) == 1:
        taint |= setting_of(arithmetic(run, "-", stop, start) if step > 0 else arithmetic(run, "-", start, stop))
    resumed = isinstance(start, Opaque) and start.stable and end is None
    begin = 0 if resumed else first  # what a run is resumed from may as well be its beginning
    if isinstance(start, Opaque) and start.resumed and not run.in_loop:
        begin = start.offset
    counts = by or whole_windows(run, numbers[1])  # of what a micro-batch takes, where nothing says how much that is
    total = max(0, -(-(end - first) // step)) if first is not None and end is not None and counts else None
    whole = first is not None and end is not None
    length = any(name.startswith("len(") for name in taint)
    counted = numbers[1] if step > 0 else numbers[0]
    fixed = bool(strides - {run.plan.window}) and not any(map(speaks_of_window, strides))
    samples = fixed and first == 0 and length  # a micro-batch in each stride: there are any number of them
    firm = total is not None and not samples and (total <= FIRM or length or (counted is not None and counted.degree != 0))
    exact = whole and counted is not None and counted.taint <= {str(counted.value)} and len(values) < 3
    return Stream(
        total if firm else None,
        lambda k: Known(begin + k * step, strides, index=True) if begin is not None else Opaque("?", turn=run.turn),
        data=length,
        taint=taint,
        exact=exact,
        literal=total if exact else None,
        bounds=(start, stop, stride),
    )


def in_strides(run: Run, stream: Stream, *, cut: bool) -> Stream:
    """A range inside a turn: how far it goes at once is no number of its turns. Where it is ``cut`` into parts by one setting of as many
    samples as another one says, their quotient is."""
    assert stream.bounds is not None
    _, stop, stride = stream.bounds
    if cut and all(_is_setting(bound) for bound in (stop, stride)):
        over, under = setting_of(stop), setting_of(stride)
        whole = any(name.startswith("len(") for name in over)  # all the data, of which a pass takes any number of parts
        if len(over) == len(under) == 1 and over != under and not whole:
            names = frozenset({f"({min(over)}//{min(under)})"})
            return replace(stream, taint=names, split=True, count=run.plan.size if run.plan.window in names else stream.count)
    return replace(stream, taint=stream.taint - setting_of(stride))


def by_strides(run: Run, stream: Stream) -> tuple[Value, Known] | None:
    """Where a range from 0 ends that goes on by strides of a known size, and that size; None where it is known how many there are."""
    if stream.bounds is None or stream.count is not None:
        return None
    start, stop, stride = stream.bounds
    size = run.number(stride)
    plain = not isinstance(stop, Opaque) or (stop.stable and not stop.base)
    return (stop, size) if start == Known(0) and plain and size is not None and (size.number or 0) > 1 else None


def _is_setting(value: Value) -> bool:
    return value.stable if isinstance(value, Opaque) else isinstance(value, Known) and bool(value.taint) and not value.index


def _cut(run: Run, parts: Value, source: str) -> Stream:
    """Where the ``parts`` of a batch begin."""
    number = run.number(parts, "bound")
    return Stream(
        int(number.number or 0) if number is not None else None,
        lambda k: Known(k, index=True),
        source=source,
        data=True,
        taint=number.taint if number is not None else setting_of(parts),
        split=True,
    )


def _enumerate(run: Run, inner: Stream, start: Value) -> Stream:
    number = run.number(start)
    first = int(number.number or 0) if number is not None else 0
    return replace(
        inner,
        item=lambda k: Seq((Known(first + k, index=True), inner.item(k))),
        generator=_numbered(inner.generator, lambda k, value: Seq((Known(first + k, index=True), value))),
    )


def _numbered(generator: Generator | None, made: Callable[[int, Value], Value], limit: int | None = None) -> Generator | None:
    """A generator of what ``made`` makes of each value's number, from 0, and the value; of ``limit`` values at most."""
    if generator is None:
        return None

    def generate(sink: Callable[[Value], None]) -> None:
        numbers = count()

        def take(value: Value) -> None:
            number = next(numbers)
            if limit is None or number < limit:
                sink(made(number, value))

        generator(take)

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
        taint=NOTHING.union(*(inner.taint for inner in inners)),
        split=any(inner.split for inner in inners),
        beside=made is not None and any(inner.data for inner in inners if inner is not made),
        generator=_numbered(
            made.generator if made is not None else None,
            lambda k, value: Seq(tuple(value if inner is made else inner.item(k) for inner in inners)),
            min(counts) if counts else None,
        ),
    )


def _first_n(run: Run, inner: Stream, limit: Value) -> Stream:
    number = run.number(limit, "bound")
    taint = taint_of(limit) | ({limit.id} if isinstance(limit, Opaque) else frozenset())
    note_drawn(run, inner, taint)
    count = int(number.number or 0) if number is not None else None
    if count is not None and inner.source in run.taken:
        left = run.plan.length - run.taken[inner.source]
        if left < count:
            run.dry()
        count = max(0, min(count, left))
        run.taken[inner.source] += count
        return replace(inner, count=count, taint=taint, data=True)
    return replace(inner, count=count, taint=taint, data=inner.data and any(name.startswith("len(") for name in taint))


def _is_data(run: Run, value: Value) -> bool:
    """Whether ``value`` is gone through as data are, and not as a model's parameters: it is a loader, or its length was asked for."""
    return isinstance(value, Opaque) and (value.kind is Kind.LOADER or value.id in run.measured)


def _chained(run: Run, parts: list[Stream]) -> Stream:
    """Several data, one after the other."""
    places = [(part, k) for part in parts for k in range(run.plan.length if part.count is None else part.count)]
    taint = NOTHING.union(*(part.taint for part in parts))
    return replace(parts[0], count=len(places), item=lambda k: places[k][0].item(places[k][1]), taint=taint)


def _cycle(inner: Stream) -> Stream:
    if inner.count:
        return replace(inner, count=None, item=lambda k: inner.item(k % (inner.count or 1)), data=False)
    return replace(inner, count=None, data=False)


def _transposed(run: Run, inner: Stream) -> Stream:
    """``zip(*[iter(data)] * n)``: the data in groups of n."""
    size: Value
    if inner.count is None:
        size = Opaque(next(iter(sorted(inner.taint)), "?"), stable=bool(inner.taint))
    else:
        size = Known(inner.count, inner.taint, 1 if run.plan.window in inner.taint and inner.count == run.plan.size else 0)
    groups = _batched(run, to_stream(run, inner.item(0)), size)
    return replace(groups, count=run.plan.length // max(1, inner.count or 1))


def _batched(run: Run, inner: Stream, size: Value) -> Stream:
    number = run.number(size, "modulus") or run.modulus(size)
    width = max(1, int(number.number or 1)) if number is not None else 1
    total = inner.count if inner.count is not None else run.plan.length

    def group(k: int) -> Value:
        members = min(width, total - k * width)
        return Seq(tuple(inner.item(k * width + j) for j in range(max(0, members))), taint)

    taint = taint_of(number)
    note_drawn(run, inner, taint)
    return Stream(-(-total // width), group, source=inner.source, data=True, taint=taint)


def note_drawn(run: Run, inner: Stream, sizes: frozenset[str]) -> None:
    """Micro-batches are drawn from the data in groups of ``sizes``: a loop over such a group is a window by any name."""
    for name in sizes if inner.data else ():
        run.setting(name, "drawn")


def repeated(run: Run, items: tuple[Value, ...], times: Value) -> Stream:
    """``items`` over and over, ``times`` times."""
    number = run.number(times)
    count = len(items) * max(0, int(number.number or 0)) if number is not None else None
    taint = setting_of(times) if number is None else number.taint
    return Stream(count, Seq(items).round, data=False, taint=taint)


def setting_of(value: Value) -> frozenset[str]:
    """The setting that an unknown number is, but for what was added to it, or those that a known one hangs on."""
    value = settled(value)
    if not isinstance(value, Opaque) or not value.stable:
        return taint_of(value)
    return frozenset({value.base or value.id})


def to_stream(run: Run, value: Value) -> Stream:
    """``value`` as something to iterate over."""
    if isinstance(value, Stream):
        return value
    if isinstance(value, Seq) and value.open:
        return Stream(None, value.round, data=False)
    if isinstance(value, Seq):
        return Stream(len(value.items), lambda k: value.items[k], data=False, taint=value.taint, exact=not value.taint)
    if isinstance(value, Dict):
        keys = (*map(Known, value.items), *(() if value.rest is None else (Opaque("?"),)))
        return Stream(len(keys), lambda k: keys[k], data=False)
    if isinstance(value, Opaque) and value.kind in (Kind.PARAMETERS, Kind.PARAMETER, Kind.OPTIMIZER, Kind.GRADIENT):
        return Stream(1, lambda k: _parameter(value), source=value.id, data=False)
    if isinstance(value, Opaque):
        number = run.number(value.extent) if value.extent is not None else None
        return Stream(
            int(number.number or 0) if number is not None else None,
            lambda k: _batch(run, value),
            source=value.id,
            data=True,
            taint=number.taint if number is not None else setting_of(value.extent) if value.extent is not None else frozenset(),
            split=value.extent is not None and not value.stable,
        )
    return Stream(None, lambda k: Opaque("?", turn=run.turn, origins=run.origin), data=True)


def listed(value: Value) -> Value:
    """What is gone through, as a list, where its items and their number are known."""
    if not isinstance(value, Stream) or value.generator is not None or (value.data and value.bounds is None):
        return value
    if value.count is not None and value.count <= _MANY:
        return Seq(tuple(map(value.item, range(value.count))), value.taint)
    return value


def _parameter(value: Opaque) -> Opaque:
    kind = Kind.PARAMETER if value.kind is Kind.PARAMETERS and not value.id.endswith(".param_groups") else value.kind
    return value._replace(id=f"{value.id}[]", kind=kind, alias=value.alias)


def _batch(run: Run, value: Opaque) -> Opaque:
    if value.kind is not None and value.stable and value.kind is not Kind.LOADER:
        return value._replace(id=f"{value.id}[]", extent=None)
    name = f"{value.id}[]"
    if value.stable and value.cls is None and kind_of_name(name) is Kind.OPTIMIZER:
        return value._replace(id=name, alias=frozenset({name}), extent=None)  # it may hold optimizers
    if value.stable:
        return Opaque(name, alias=frozenset({name}), origins=run.origin, turn=run.turn)
    return value._replace(id=name, alias=frozenset({name}), cls=None, kind=None, origins=run.origin, turn=run.turn, extent=None)


def pieces(run: Run, tensor: Opaque, method: str, args: list[Value]) -> Stream:
    """The parts of a batch that is split: a window whose micro-batches are the parts."""
    size = args[0] if args else None
    counted = method in ("chunk", "tensor_split", "array_split")
    if isinstance(size, Opaque) and size.id in run.shares:
        size, counted = run.shares[size.id], True
    number = run.number(size, "bound") if size is not None and counted else None
    taint = taint_of(number or size) | ({size.id} if isinstance(size, Opaque) and size.stable and number is None else frozenset())
    count = int(number.number or 1) if number is not None and counted else None
    return Stream(
        count,
        lambda k: _batch(run, tensor._replace(stable=False)),
        source=f"{tensor.id}.{method}",
        data=True,
        taint=taint if counted else frozenset(),
        split=True,
    )


def length(run: Run, value: Value) -> Known | Opaque:
    """``len(value)``: of a window's chunks it is N, of the data it is the length of the epoch."""
    if isinstance(value, Opaque) and value.extent is not None:
        return run.number(value.extent) or value.extent
    source = value.source if isinstance(value, Stream) else value.id if isinstance(value, Opaque) else "?"
    if isinstance(value, Stream) and value.count is not None:
        degree: int | None = 1 if run.plan.window is not None and run.plan.window in value.taint else 0
        if degree and value.count != run.plan.size:
            degree = None  # a short window, counted as it is
        return Known(value.count, value.taint | {f"len({source})"}, degree)
    if isinstance(value, Stream) and (value.split or not value.data) and len(value.taint) == 1:
        setting = Opaque(next(iter(value.taint)), stable=True)
        return run.number(setting) or setting
    passed = any(_is_passed(loop, source) for loop in run.loops)
    if isinstance(value, Opaque) and not value.stable and not passed and f"len({source})" not in run.window_loops:
        if value.turn == run.turn:
            return Opaque(BATCH_SIZE, turn=run.turn)
        return Opaque(f"len({source})", weight=None, origins=value.origins, turn=value.turn)
    name = f"len({source})"
    if name == run.plan.window or name in run.window_loops:
        return Known(run.plan.size, frozenset({name}), 1 if name == run.plan.window else 0)
    run.measured.add(source)
    return Known(run.plan.length + (_OTHER if _is_other_data(run, source) else 0), frozenset({name}))


def _is_passed(loop: Loop, source: str) -> bool:
    """Whether ``source`` is data that ``loop`` goes over, as ``loaders[fold]``, or in each of its turns a whole training does."""
    return source != "?[]" and source == (
        f"{loop.source}[]" if loop.role == "epoch" else loop.source if loop.role == "batch" else ""
    )


def _is_other_data(run: Run, source: str) -> bool:
    """Whether ``source`` is held-out data and the innermost pass goes over other data: their lengths have nothing to do with each other."""
    passed = next((loop.source for loop in reversed(run.loops) if loop.role == "batch" and loop.data), "")
    return bool(passed) and HELD_OUT_NAME.search(_last(source)) is not None and HELD_OUT_NAME.search(_last(passed)) is None


def _last(source: str) -> str:
    return source.rsplit(".", 1)[-1]
