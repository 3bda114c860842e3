"""The loops inside a micro-batch's turn that go on with its batch: what their turns deposit are parts of one micro-batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accumlint import skeleton as sk
from accumlint.callees import callee, targets
from accumlint.calls import speaks_of_window
from accumlint.effects import DEPOSIT, LOOP
from accumlint.modules import FunctionEntry
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame
from accumlint.simulate.values import Stream
from accumlint.slicing import Slices, reads

_DEPTH = 3  # of the calls in a turn that are looked into


def loops_on_one_batch(run: Run, frame: Frame, loop: sk.For | sk.While, stream: Stream | None) -> frozenset[int]:
    """The loops in ``loop``, which goes over ``stream``, that use the same micro-batch in each of their turns."""
    if not isinstance(loop, sk.For) or is_counted(loop.iterable):
        return frozenset()
    found = run.effects.remember(_over_settings, loop)
    if stream is None or stream.bounds is None:
        found |= run.effects.remember(_with_the_batch, loop)
        if frame.entry is not None:
            found |= run.effects.remember(_in_helpers, loop, frame.entry, run.slices)
    return found


def depositing_loops(run: Run, frame: Frame, loop: sk.For | sk.While) -> Iterator[sk.For | sk.While]:
    """The loops that deposit which a turn of ``loop`` comes to: its own, and those of the functions that it calls."""
    todo = [(loop.body, frame.entry, 0)]
    while todo:
        body, entry, depth = todo.pop()
        for node in _walk(body):
            if isinstance(node, (sk.For, sk.While)) and DEPOSIT in run.effects.of_node(node, entry):
                yield node
            elif isinstance(node, sk.Call) and depth < _DEPTH:
                called = (target for target in targets(callee(node) or "", entry) if LOOP in run.effects.of_entry(target))
                todo += [(run.slices.of(target).body, target, depth + 1) for target in called]


def loops_on_its_clock(run: Run, loop: sk.For | sk.While) -> frozenset[int]:
    """The loops in ``loop`` under whose guards its own turns are counted, and not theirs: a step in one waits for micro-batches of ``loop``."""
    return run.effects.remember(_on_its_clock, loop) if isinstance(loop, sk.For) else frozenset()


def is_counted(iterable: sk.Expr) -> bool:
    """Whether a loop over ``iterable`` counts."""
    return any(
        isinstance(part, sk.Call) and "range" in (sk.dotted(part.func) or "").rsplit(".", 1)[-1] for part in iterable.walk()
    )


def _over_settings(loop: sk.For) -> frozenset[int]:
    """The loops in ``loop`` that go over settings: nothing that its turn binds is in what they go over."""
    bound = set(reads(loop.target)) | bound_in(loop.body)
    return frozenset(
        id(node)
        for node in _loops_in(loop)
        if isinstance(node.target, sk.Name) and not is_counted(node.iterable) and bound.isdisjoint(reads(node.iterable))
    )


def _with_the_batch(loop: sk.For) -> frozenset[int]:
    """The loops in ``loop`` that hand on the whole of what its turn goes over, and no piece of it that is their turn's own. One that
    divides by the number of its turns is a window all the same: each turn draws anew."""
    batch = _of_the_batch(loop)
    return frozenset(id(node) for node in _loops_in(loop) if _goes_on_with(node, batch))


def _goes_on_with(loop: sk.For, batch: set[str]) -> bool:
    """Whether each turn of ``loop`` hands on what goes by a name of ``batch`` as a whole."""
    return batch.isdisjoint(reads(loop.iterable)) and _uses_whole(loop, batch) and not _divides_by_its_turns(loop)


def _in_helpers(loop: sk.For, entry: FunctionEntry, slices: Slices) -> frozenset[int]:
    """Those loops of the functions that a turn of ``loop``, in ``entry``, hands its batch to."""
    found = set()
    todo = [(loop.body, entry, _of_the_batch(loop), 0)]
    while todo:
        body, caller, batch, depth = todo.pop()
        for call, target in _calls(body, caller, slices):
            given = _given(call, slices.of(target), batch)
            if given and depth < _DEPTH:
                own = slices.of(target).body
                given = _computed_from(given, own)
                loops = (node for node in _walk(own) if isinstance(node, sk.For) and not _counts_a_window(node))
                found |= {id(node) for node in loops if _goes_on_with(node, given)}
                todo.append((own, target, given, depth + 1))
    return frozenset(found)


def _calls(body: Iterable[sk.Stmt], entry: FunctionEntry, slices: Slices) -> Iterator[tuple[sk.Call, FunctionEntry]]:
    """The calls in ``body``, in ``entry``, of functions that deposit in a loop."""
    for node in _walk(body):
        if isinstance(node, sk.Call):
            for target in targets(callee(node) or "", entry):
                if LOOP in slices.effects.of_entry(target):
                    yield node, target


def _given(call: sk.Call, function: sk.Function, batch: set[str]) -> set[str]:
    """The parameters of ``function`` that ``call`` gives something that goes by a name of ``batch``."""
    names = [param.name for param in function.params if param.name not in ("self", "cls")]
    positional = (arg for arg in call.args if arg.keyword is None)
    bound = [*zip(names, positional, strict=False), *((arg.keyword, arg) for arg in call.args if arg.keyword in names)]
    return {name for name, arg in bound if name is not None and not batch.isdisjoint(_handed(arg.value))}


def _counts_a_window(loop: sk.For) -> bool:
    """Whether a loop counts to a setting by whose name a window goes."""
    parts = loop.iterable.walk()
    names = (part.attr if isinstance(part, sk.Attr) else part.id for part in parts if isinstance(part, (sk.Attr, sk.Name)))
    return is_counted(loop.iterable) and any(map(speaks_of_window, names))


def _divides_by_its_turns(loop: sk.For) -> bool:
    """Whether a loop that counts divides by what it counts to."""
    if not is_counted(loop.iterable):
        return False
    counts = {_said(arg.value) for part in loop.iterable.walk() if isinstance(part, sk.Call) for arg in part.args}
    divided = (node for node in _walk(loop.body) if isinstance(node, (sk.Bin, sk.AugAssign)) and node.op == "/")
    divisors = (part for node in divided for part in _factors(node.right if isinstance(node, sk.Bin) else node.value))
    return not (counts - {None}).isdisjoint(map(_said, divisors))


def _factors(expr: sk.Expr) -> Iterator[sk.Expr]:
    """What ``expr`` is the product of."""
    if isinstance(expr, sk.Bin) and expr.op == "*":
        yield from (*_factors(expr.left), *_factors(expr.right))
    else:
        yield expr


def _said(expr: sk.Expr) -> str | None:
    """A setting or a literal, as text."""
    if isinstance(expr, sk.Const):
        return str(expr.value)
    return sk.dotted(expr) if isinstance(expr, (sk.Name, sk.Attr)) else None


def _on_its_clock(loop: sk.For) -> frozenset[int]:
    found = set()
    for node in _loops_in(loop) if _with_the_batch(loop) else ():
        ticks = _counted_in(node) | set(reads(node.target))
        clock = (_counted_in(loop) | _index(loop)) - ticks
        tests = [part.test for part in _walk(node.body) if isinstance(part, sk.If)]
        if any(not clock.isdisjoint(reads(test)) for test in tests):
            found.add(id(node))
    return frozenset(found)


def _of_the_batch(loop: sk.For) -> set[str]:
    """The names of what a turn of ``loop`` goes over, and of what was computed from it."""
    return _computed_from(set(reads(loop.target)) - _index(loop), loop.body)


def _computed_from(names: set[str], body: Iterable[sk.Stmt]) -> set[str]:
    """``names``, and those of what ``body`` computes from them."""
    found = set(names)
    assigned = [node for node in _walk(body) if isinstance(node, sk.Assign)]
    for _ in range(2):  # what stands further down may come round again
        for node in assigned:
            if not found.isdisjoint(reads(node.value)):
                found |= {name for target in node.targets for name in reads(target)}
    return found


def _uses_whole(loop: sk.For, batch: set[str]) -> bool:
    """Whether ``loop`` hands on what goes by a name of ``batch`` in each of its turns, as it came."""
    own = bound_in(loop.body) | set(reads(loop.target))
    place = _places(loop)
    kept, used = batch - own, False
    for node in _walk(loop.body):
        if isinstance(node, sk.Call):
            given = {name for arg in node.args for name in _handed(arg.value)}
            if (sk.dotted(node.func) or "").rpartition(".")[2] == "next" or _is_cut(node, kept, given, place):
                return False
            used = used or not kept.isdisjoint(given)
        elif isinstance(node, sk.Item) and not kept.isdisjoint(reads(node.value)) and not own.isdisjoint(reads(node.index)):
            return False
    return used


def _handed(expr: sk.Node) -> Iterator[str]:
    """The names that ``expr`` reads, but for those that a call in it is given."""
    if isinstance(expr, sk.Name):
        yield expr.id
    elif not isinstance(expr, sk.Call):
        for part in expr.children():
            yield from _handed(part)


def _is_cut(call: sk.Call, kept: set[str], given: set[str], place: set[str]) -> bool:
    """Whether ``call`` may take a piece of the batch: it is told a place in it."""
    return not kept.isdisjoint({*given, *reads(call.func)}) and not place.isdisjoint(given)


def _places(loop: sk.For) -> set[str]:
    """The names of what may be a place in a batch: the number of the turn, and what is reckoned from it."""
    found = set(reads(loop.target)) if is_counted(loop.iterable) else _index(loop)
    found |= _counted_in(loop)
    for node in _walk(loop.body):
        reckons = isinstance(node, sk.Assign) and not any(isinstance(part, sk.Call) for part in node.value.walk())
        if isinstance(node, sk.Assign) and reckons and not found.isdisjoint(reads(node.value)):
            found |= {name for target in node.targets for name in reads(target)}
    return found


def _index(loop: sk.For) -> set[str]:
    """What ``enumerate`` numbers the turns with."""
    numbered = isinstance(loop.iterable, sk.Call) and (sk.dotted(loop.iterable.func) or "").rpartition(".")[2] == "enumerate"
    first = loop.target.items[0].value if isinstance(loop.target, sk.Sequence) and loop.target.items else None
    return set(reads(first)) if numbered and first is not None else set()


def _counted_in(loop: sk.For) -> set[str]:
    """The counters that a turn of ``loop`` advances, in the loops in it too."""
    return {name for node in _walk(loop.body) if isinstance(node, sk.AugAssign) for name in reads(node.target)}


def bound_in(body: Iterable[sk.Stmt]) -> set[str]:
    """The names that ``body`` binds."""
    found = set()
    for node in _walk(body):
        targets = (
            node.targets if isinstance(node, sk.Assign) else (node.target,) if isinstance(node, (sk.AugAssign, sk.For)) else ()
        )
        found |= {name for target in targets for name in reads(target)}
    return found


def _loops_in(loop: sk.For) -> Iterator[sk.For]:
    return (node for node in _walk(loop.body) if isinstance(node, sk.For))


def _walk(body: Iterable[sk.Stmt]) -> Iterator[sk.Node]:
    return (node for statement in body for node in statement.walk())
