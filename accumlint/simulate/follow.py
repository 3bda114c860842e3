"""Follows a call into a function of the project: parameters are bound, the body is run, what it returns comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from accumlint import skeleton as sk
from accumlint.calls import ANY_OPTIMIZER, is_optimizer, kind_of_name
from accumlint.effects import DEPOSIT, SPEND
from accumlint.modules import FunctionEntry
from accumlint.simulate.block import execute
from accumlint.simulate.classes import annotated, as_object
from accumlint.simulate.expressions import Closure, compose, evaluate, fresh
from accumlint.simulate.memory import key_of, renewed
from accumlint.simulate.names import lookup
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame
from accumlint.simulate.trace import Hidden
from accumlint.simulate.values import NONE, NOTHING, Args, Dict, Known, Namespace, Opaque, Routine, Seq, Stream, Value, flows_of
from accumlint.skeleton import Function, Param

MAX_DEPTH = 12
SMALL = 900


def follow(run: Run, frame: Frame, routine: Routine, args: Args, site_id: str) -> Value:
    """Call ``routine`` with ``args``; where it is not worth following, an opaque result that its arguments flow into."""
    entry = routine.entry
    if routine.given:
        args = [*(arg for arg in routine.given if arg[0] is None), *args, *(arg for arg in routine.given if arg[0] is not None)]
    if entry is not None and not _worth(run, routine):
        made = fresh(run, site_id, *(value for _, value in args), routine.owner)
        compose(run, made, args)
        return made
    try:
        function = routine.function if routine.function is not None else run.slices.of(entry) if entry is not None else None
    except (SyntaxError, RecursionError):
        function = None
    if function is None or run.depth >= MAX_DEPTH or run.stack.count(id(function)) > 1:
        return fresh(run, site_id, *(value for _, value in args))
    if function.decorators and not routine.bare:
        outer = decorator(run, frame, entry, function)
        if outer is not None:
            return _decorated(run, frame, routine, outer, args, site_id)
    if run.effects.remember(yields, function):
        if len(run.effects.remember(_yielding_loops, function)) > 1:
            return fresh(run, site_id, *(value for _, value in args))  # how long each of them is cannot be told
        return _generated(run, frame, routine, function, args)
    if run.effects.remember(is_abstract, function):
        return fresh(run, site_id, *(value for _, value in args), routine.owner)._replace(weight=None)
    key = key_of(run, routine, args)
    if key is not None and key in run.memo:
        return renewed(run, run.memo[key])
    run.path.append(site_id)
    try:
        result = _followed(run, frame, routine, function, args)
    finally:
        run.path.pop()
    if isinstance(result, Opaque) and _wrapped(run, frame, function):
        result = result._replace(weight=None)
    if key is not None:
        run.memo[key] = result
    return result


def _generated(run: Run, frame: Frame, routine: Routine, function: Function, args: Args) -> Stream:
    """What a generator function returns: its body runs when somebody takes its values."""

    def generate(sink: Callable[[Value], None]) -> None:
        control = run.control

        def take(value: Value) -> None:
            inner, run.control = run.control, control  # its own guards do not gate what is done with its values
            gated = NOTHING.union(*(gate.taint for gate in inner[len(control) :]))
            try:
                sink(_group(value, gated) if isinstance(value, Seq) and gated else value)
            finally:
                run.control = inner

        run.control = list(control)
        try:
            _followed(run, frame, routine, function, args, take)
        finally:
            run.control = control

    flows = flows_of(*(value for _, value in args))
    unknown_item = Opaque(f"{function.name}()[]", reach=flows, weight=None)
    return Stream(
        None, lambda k: unknown_item._replace(origins=run.origin, turn=run.turn), source=f"{function.name}()", generator=generate
    )


def _group(value: Seq, taint: frozenset[str]) -> Stream:
    """Values that a generator has gathered until its guards let them go: what these depend on says how many."""
    return Stream(len(value.items), lambda k: value.items[k], taint=taint)


def _followed(
    run: Run, frame: Frame, routine: Routine, function: Function, args: Args, sink: Callable[[Value], None] | None = None
) -> Value:
    entry = routine.entry
    outer = routine.closure.frame if isinstance(routine.closure, Closure) else None
    module = entry.module if entry is not None else outer.module if outer is not None else frame.module
    inner = Frame(
        entry or (outer.entry if outer else frame.entry),
        module,
        function,
        outer=outer,
        owner=routine.owner,
        depth=frame.depth + 1,
        called=run.current,
        sink=sink,
    )
    bind(run, inner, function, args, routine.owner if entry is not None and entry.owner is not None else None)
    if entry is not None:
        run.entered[id(entry)] = entry
    return _run_body(run, inner, function)


def decorator(run: Run, frame: Frame, entry: FunctionEntry | None, function: Function) -> Routine | None:
    """The project's decorator of ``function`` that has to do with gradients; one that is called itself, or one of several, hides them."""
    home = Frame(entry, entry.module, function) if entry is not None else frame
    made = [(text, lookup(run, home, name)) for text in function.decorators if (name := text.partition("(")[0]).isidentifier()]
    acting = [
        (text, maker)
        for text, maker in made
        if isinstance(maker, Routine) and maker.entry is not None and maker.entry.effects - {"gradient"}
    ]
    if len(acting) == 1 and acting[0][0].isidentifier():
        return acting[0][1]
    if acting:
        run.trace.append(Hidden(None, "a decorator may do something to gradients"))
    return None


def _decorated(run: Run, frame: Frame, routine: Routine, outer: Routine, args: Args, site_id: str) -> Value:
    """Call what the decorator ``outer`` makes of ``routine``."""
    inner = follow(run, frame, outer, [(None, replace(routine, owner=None, bare=True))], site_id)
    own: Args = [(None, routine.owner)] if routine.owner is not None else []
    if isinstance(inner, Routine):
        return follow(run, frame, inner, [*own, *args], site_id)
    run.trace.append(Hidden(None, "a decorator may do something to gradients"))
    return fresh(run, site_id, *(value for _, value in args))


def _wrapped(run: Run, frame: Frame, function: Function) -> bool:
    """Whether a function of the project, which was given something, decorates ``function``: it may scale what that returns."""
    makers = (decorator.partition("(")[0] for decorator in function.decorators if "(" in decorator)
    return any(name.isidentifier() and isinstance(lookup(run, frame, name), Routine) for name in makers)


def yields(node: sk.Node) -> bool:
    """Whether ``node`` yields values itself, and not in a function inside it."""
    return isinstance(node, sk.Yield) or any(
        yields(child) for child in node.children() if not isinstance(child, (sk.Define, sk.Lambda))
    )


def _yielding_loops(node: sk.Node) -> list[sk.Node]:
    """The outermost loops in ``node`` that yield."""
    if isinstance(node, (sk.For, sk.While)):
        return [node] if yields(node) else []
    return [loop for child in node.children() if not isinstance(child, (sk.Define, sk.Lambda)) for loop in _yielding_loops(child)]


def is_abstract(function: Function) -> bool:
    """Whether a subclass has to say what ``function`` does: all that it does is raise."""
    raises = [statement for statement in function.body if isinstance(statement, sk.Exit) and statement.kind == "raise"]
    return "abstractmethod" in " ".join(function.decorators) or (bool(raises) and len(raises) == len(function.body))


def _run_body(run: Run, inner: Frame, function: Function) -> Value:
    quiet = any("no_grad" in decorator or "inference_mode" in decorator for decorator in function.decorators)
    run.no_grad += quiet
    run.depth += 1
    run.stack.append(id(function))
    loop = run.loops[-1] if run.loops else None
    skipped = (loop.skipped, loop.skipped_at) if loop is not None else None
    try:
        execute(run, inner, function.body)
    finally:
        if loop is not None and skipped is not None:
            loop.skipped, loop.skipped_at = skipped  # what a function leaves is the function, and not the turn
        run.stack.pop()
        run.depth -= 1
        run.no_grad -= quiet
    return inner.result if inner.result is not None else NONE


def _worth(run: Run, routine: Routine) -> bool:
    entry = routine.entry
    assert entry is not None
    if entry.name == "__init__" or run.effects.of_entry(entry):
        return True
    return len(entry.source) < (SMALL if "yield" in entry.source else SMALL * 4)


def bind(run: Run, inner: Frame, function: Function, args: Args, owner: Value | None) -> None:
    """Give ``function``'s parameters their values: arguments, defaults, or an unknown that goes by the parameter's name."""
    params = list(function.params)
    if owner is not None and params and "staticmethod" not in function.decorators:
        inner.names[params.pop(0).name] = owner
    positional = [value for keyword, value in args if keyword is None]
    keywords = {keyword: value for keyword, value in args if keyword is not None}
    unpacked = keywords.get("**")
    for param in params:
        if param.kind == "*":
            inner.names[param.name] = Seq(tuple(positional))
            positional = []
        elif param.kind == "**":
            inner.names[param.name] = _keywords(run, inner, param, keywords)
        elif param.name in keywords:
            inner.names[param.name] = keywords.pop(param.name)
        elif positional and param.kind != "keyword":
            inner.names[param.name] = positional.pop(0)
        elif isinstance(unpacked, Opaque) and not unpacked.stable and param.default is None:
            inner.names[param.name] = unpacked  # whichever of them it is
        else:
            inner.names[param.name] = unbound(run, inner, param, called=inner.depth > 0 and not function.decorators)


def _keywords(run: Run, inner: Frame, param: Param, given: dict[str, Value]) -> Value:
    """What ``**kwargs`` holds: what is given, all of an unknown dict, or something unknown where no caller is seen."""
    unpacked = given.pop("**", None)
    if not given and isinstance(unpacked, Opaque):
        return unpacked
    if not given and not inner.depth:
        return unknown(run, param.name)
    return Dict(given, Opaque("?", turn=run.turn) if unpacked is not None else None)


def unbound(run: Run, inner: Frame, param: Param, *, called: bool = False) -> Value:
    """A parameter that no argument was seen for; its default holds where the function is ``called`` in view."""
    if param.default is not None:
        value = evaluate(run, inner, param.default)
        if called and value == Known(1) and not _trains(run, inner):
            return value  # it stays 1 for who leaves it out
        if isinstance(value, Known) and isinstance(value.value, int) and not isinstance(value.value, bool):
            if value.value > 0:
                return run.literal(int(value.value), param.name)
            made = inner.function.name == "__init__" and not called  # who makes the object may say otherwise
            return Opaque(param.name, stable=True) if made else value
        if called or run.depth:
            return value
        if isinstance(value, Known) and isinstance(value.value, str):
            return Opaque(param.name, stable=True)
        if isinstance(value, Known) and isinstance(value.value, Fraction) and value.value.numerator != 1:
            run.coefficients.add(param.name)
        if isinstance(value, Namespace) and is_optimizer(value.dotted):
            return Namespace(ANY_OPTIMIZER)  # the caller may give another one
    value = unknown(run, param.name, param.annotation)
    own = annotated(inner.module, param.annotation)
    return as_object(value, own) if own is not None else value


def _trains(run: Run, inner: Frame) -> bool:
    """Whether a function both deposits and steps: what it takes for the window's size is its own."""
    return run.effects.of_block(inner.function.body, inner.entry) >= {DEPOSIT, SPEND}


def unknown(run: Run, name: str, annotation: str = "") -> Opaque:
    """An object from outside, known by its name only."""
    kind = run.kind_of(name)
    last = annotation.strip("'\"").split("[")[0].rsplit(".", 1)[-1]
    if "Scheduler" in annotation or last.endswith("LR"):
        kind = kind_of_name("scheduler")
    elif last.endswith("Optimizer"):
        kind = kind_of_name("optimizer")
    elif last == "Module":
        kind = kind_of_name("model")
    return Opaque(name, alias=frozenset({name}), kind=kind, stable=True)
