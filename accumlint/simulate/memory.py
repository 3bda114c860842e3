"""What a function of the project that changes nothing has returned once: in a later turn that gives it the same, it is not run again."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, replace

from accumlint import skeleton as sk
from accumlint.callees import callee, implied, targets
from accumlint.calls import may
from accumlint.modules import ClassEntry, FunctionEntry
from accumlint.simulate.expressions import Closure
from accumlint.simulate.names import locals_of, lookup
from accumlint.simulate.run import Run
from accumlint.simulate.values import NOTHING, Args, Dict, Opaque, Routine, Seq, Stream, Value
from accumlint.slicing import GROWS, Slices

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Reads:
    """What the result of a function hangs on beside its arguments: attributes, of these too, names around it by their file, and those
    of the function that it stands in."""

    attributes: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    enclosing: tuple[str, ...] = ()


def key_of(run: Run, routine: Routine, args: Args) -> Key | None:
    """What the result of calling ``routine`` hangs on; None where it may change something, or is of other turns than this one."""
    owner = routine.owner
    reads = _reads_by(run, routine) if not run.fixed else None
    if reads is None:
        return None
    around = [(name, value) for path, name in reads.names if (value := _around(run, path, name)) is not None]
    enclosing = _enclosing(run, routine, reads)
    if any(isinstance(value, Routine) and value.entry is None for _, value in enclosing):
        return None  # what it hangs on in its turn is not known
    around += enclosing
    held = [*around, *_held(run, [owner, *(value for _, value in (*args, *around))], reads.attributes)]
    if any(_of_other_turns(run, value) for _, value in (*held, *args)):
        return None
    gated = NOTHING.union(*(gate.taint for gate in run.control))
    given, kept = (tuple((name, _shape(value)) for name, value in some) for some in (args, held))
    key = (
        id(routine.entry or routine.function),
        _shape(owner),
        given,
        kept,
        gated,
        bool(run.loops),
        run.no_grad > 0,
        frozenset(run.frozen),
    )
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _reads_by(run: Run, routine: Routine) -> Reads | None:
    """What ``routine`` reads, be it a function of a module, a method, or one that stands in another function; None where it may change something."""
    cls = routine.owner.cls if isinstance(routine.owner, Opaque) else None
    if routine.entry is not None:
        return None if run.effects.of_entry(routine.entry) else run.effects.remember(_reads, routine.entry, cls, run.slices)
    outer = routine.closure.frame.entry if isinstance(routine.closure, Closure) else None
    if outer is None or routine.function is None or run.effects.of_block(routine.function.body, outer):
        return None
    return run.effects.remember(_reads_inside, routine.function, outer, cls, run.slices)


def renewed(run: Run, value: Value) -> Value:
    """A remembered result, as of this micro-batch."""
    if isinstance(value, Opaque) and not value.stable:
        return value._replace(turn=run.turn, origins=run.origin if value.origins else value.origins)
    if isinstance(value, Seq):
        return replace(value, items=tuple(renewed(run, part) for part in value.items))
    if isinstance(value, Dict):
        return Dict({key: renewed(run, part) for key, part in value.items.items()}, value.rest and renewed(run, value.rest))
    return value


def _held(run: Run, objects: list[Value | None], attributes: tuple[str, ...]) -> list[tuple[str, Value]]:
    """What those of the ``attributes`` hold that the ``objects`` have, and those that they hold themselves."""
    found: list[tuple[str, Value]] = []
    seen: set[str] = set()
    while objects:
        one = objects.pop()
        if isinstance(one, Seq):
            objects += one.items
        elif isinstance(one, Dict):
            objects += one.values
        elif isinstance(one, Opaque) and one.place not in seen:
            seen.add(one.place)
            inner = [(name, value) for name in attributes if (value := run.heap.get((one.place, name))) is not None]
            found += inner
            objects += [value for _, value in inner]
    return found


def _enclosing(run: Run, routine: Routine, reads: Reads) -> list[tuple[str, Value]]:
    """What the names hold that ``routine`` reads of the function that it stands in."""
    frame = routine.closure.frame if isinstance(routine.closure, Closure) else None
    return [(name, lookup(run, frame, name)) for name in reads.enclosing] if frame is not None else []


def _around(run: Run, path: str, name: str) -> Value | None:
    """What a name stands for at the top of the module ``path``, as far as the run has come to it."""
    script = run.scripts.get(path)
    found = script.names.get(name) if script is not None else None
    return found if found is not None else run.globals.get((path, name))


def _shape(value: Value | None) -> object:
    """A value without the micro-batch that it belongs to."""
    if isinstance(value, Opaque):
        return value._replace(turn=0) if value.stable else value._replace(id="", turn=0, origins=frozenset(), alias=frozenset())
    if isinstance(value, Seq):
        return (*map(_shape, value.items), value.taint, value.open)
    if isinstance(value, Dict):
        return (*((key, _shape(part)) for key, part in value.items.items()), _shape(value.rest))
    return (value.count, value.source, value.taint) if isinstance(value, Stream) else value


def _of_other_turns(run: Run, value: Value) -> bool:
    """Whether ``value`` is a total of several turns, which is another one in each."""
    if isinstance(value, (Seq, Dict)):
        return any(_of_other_turns(run, part) for part in (value.items if isinstance(value, Seq) else value.values))
    return isinstance(value, Opaque) and not value.origins <= run.origin


def _reads(entry: FunctionEntry, cls: ClassEntry | None, slices: Slices) -> Reads | None:
    """What ``entry``, a method of ``cls``, and the functions that it calls read; None where one of them may change something."""
    found: dict[int, FunctionEntry] = {}
    attributes: set[str] = set()
    names: set[tuple[str, str]] = set()
    todo = [entry]
    while todo:
        one = todo.pop()
        if id(one) in found:
            continue
        found[id(one)] = one
        try:
            nodes = list(slices.of(one).walk())
        except (SyntaxError, RecursionError):
            return None
        if any(_changes(node, nodes) for node in nodes):
            return None
        attributes |= {node.attr for node in nodes if isinstance(node, sk.Attr)}
        names |= {(one.module.path, node.id) for node in nodes if isinstance(node, sk.Name) and _may_vary(node.id, one)}
        todo += (other for node in nodes for other in _runs(node, one, cls))
    return Reads(tuple(sorted(attributes)), tuple(sorted(names)))


def _reads_inside(function: sk.Function, outer: FunctionEntry, cls: ClassEntry | None, slices: Slices) -> Reads | None:
    """What ``function`` reads, which stands in ``outer``, a method of ``cls``; None where it, or one that it calls, may change something."""
    nodes = list(function.walk())
    called = [_reads(other, cls, slices) for node in nodes for other in _runs(node, outer, cls)]
    if None in called or any(_changes(node, nodes) for node in nodes):
        return None
    known = [reads for reads in called if reads is not None]
    own = locals_of(function).union(param.name for param in function.params)
    attributes = {node.attr for node in nodes if isinstance(node, sk.Attr)}.union(*(reads.attributes for reads in known))
    names = {name for reads in known for name in reads.names}
    enclosing = {node.id for node in nodes if isinstance(node, sk.Name) and _may_vary(node.id, outer)} - own
    return Reads(tuple(sorted(attributes)), tuple(sorted(names)), tuple(sorted(enclosing)))


def _may_vary(name: str, entry: FunctionEntry) -> bool:
    """Whether a name may stand for something that is bound at the top of the module, and is no function, class or import."""
    module = entry.module
    return not (name in module.functions or name in module.classes or name in module.imports or hasattr(builtins, name))


def _runs(node: sk.Node, entry: FunctionEntry, cls: ClassEntry | None) -> list[FunctionEntry]:
    """The functions of the project that ``node`` may run: a call, or a method or property of the object."""
    if isinstance(node, sk.Attr) and cls is not None and sk.dotted(node.value) == "self":
        method = cls.method(node.attr)
        return [method] if method is not None else []
    name = callee(node) if isinstance(node, sk.Call) else None
    return [*targets(name, entry), *implied(name, entry)] if name is not None else []


def _changes(node: sk.Node, nodes: list[sk.Node]) -> bool:
    """Whether ``node``, one of a function's ``nodes``, changes anything but the names and containers of that function."""
    if isinstance(node, sk.Function):
        return bool(node.outward)
    if isinstance(node, sk.Assign):
        return any(_is_kept(target, nodes) for target in node.targets)
    if isinstance(node, sk.AugAssign):
        return _is_kept(node.target, nodes)
    if not isinstance(node, sk.Call):
        return False
    told = may((callee(node) or "").rsplit(".", 1)[-1])
    if told.run_backward or told.write or told.undo:
        return True
    if isinstance(node.func, sk.Attr):
        in_place = node.func.attr in GROWS or (node.func.attr.endswith("_") and not node.func.attr.endswith("__"))
        return node.func.attr == "requires_grad_" or (in_place and isinstance(node.func.value, (sk.Attr, sk.Item)))
    taken = node.args[0].value if node.args and sk.dotted(node.func) in ("next", "setattr", "delattr") else None
    return taken is not None and not isinstance(taken, sk.Name)


def _is_kept(target: sk.Expr, nodes: list[sk.Node]) -> bool:
    """Whether assigning to ``target`` changes an object, and not merely a name, or a container or tensor that the function has made."""
    if isinstance(target, sk.Sequence):
        return any(_is_kept(part.value, nodes) for part in target.items)
    if not isinstance(target, sk.Item):
        return isinstance(target, sk.Attr)
    return not (isinstance(target.value, sk.Name) and _is_made_in(target.value.id, nodes))


def _is_made_in(name: str, nodes: list[sk.Node]) -> bool:
    """Whether ``name`` is assigned what calls and operators make, and never what another place holds too."""
    bound = [
        node.value
        for node in nodes
        if isinstance(node, sk.Assign)
        and any(isinstance(part, sk.Name) and part.id == name for target in node.targets for part in _bound(target))
    ]
    return bool(bound) and not any(isinstance(value, (sk.Name, sk.Attr, sk.Item)) for value in bound)


def _bound(target: sk.Expr) -> list[sk.Expr]:
    """The names and places that are bound by assigning to ``target``."""
    return [one for part in target.items for one in _bound(part.value)] if isinstance(target, sk.Sequence) else [target]
