"""What can be gone through: ranges, data, zipped and numbered streams, the pieces of a batch; how long each is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from accumlint.calls import Kind
from accumlint.simulate.follow import Args
from accumlint.simulate.run import Run
from accumlint.simulate.values import BATCH_SIZE, Dict, Known, Opaque, Seq, Stream, Value, taint_of

FIRM = 12
SPLITS = frozenset({"chunk", "split", "tensor_split", "unbind"})  # a tensor's methods that cut it into parts
_PASS_THROUGH = re.compile(
    r"tqdm|track|progress|prange|pbar|log_every|Bar$|cycle$|^iter$|prefetch|auto\.tqdm|rank_zero", re.IGNORECASE
)


Generator = Callable[[Callable[[Value], None]], None]


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
        *(
            {v.base if v.base and v.offset == first else v.id}
            for v in values
            if isinstance(v, Opaque) and v.stable and (by == 1 or v is values[-1])
        ),
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
