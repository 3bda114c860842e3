"""``with``: generators and objects of the project that are entered and left, gradients that are off, errors that a test expects."""

from __future__ import annotations

from accumlint import skeleton as sk
from accumlint.calls import Kind
from accumlint.simulate.block import execute
from accumlint.simulate.expressions import evaluate
from accumlint.simulate.follow import follow
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame
from accumlint.simulate.streams import Generator
from accumlint.simulate.values import Opaque, Routine, Stream, Value


def run_with(run: Run, frame: Frame, node: sk.With) -> str | None:
    return _inside(run, frame, node, 0)


def _inside(run: Run, frame: Frame, node: sk.With, entered: int) -> str | None:
    """Enter the items of ``node`` from number ``entered`` on, then run its body."""
    from accumlint.simulate.statements import assign

    quiet = accumulating = 0
    for number, (expr, target) in enumerate(node.items[entered:], entered):
        run.current = node.site
        value = evaluate(run, frame, expr)
        if isinstance(value, Stream) and value.generator is not None:
            run.no_grad += quiet
            try:
                return _around(run, frame, node, number, value.generator)
            finally:
                run.no_grad -= quiet
        if isinstance(value, Opaque) and value.cls is not None and value.cls.method("__exit__") is not None:
            run.no_grad += quiet
            try:
                return _entered(run, frame, node, number, value)
            finally:
                run.no_grad -= quiet
        if isinstance(value, Opaque) and value.kind is Kind.CONTEXT and value.id == "no_grad":
            quiet += 1
        if isinstance(value, Opaque) and value.kind is Kind.CONTEXT and value.id == "accumulate":
            accumulating += 1
        if target is not None:
            assign(run, frame, target, expr, value)
    run.no_grad += quiet
    run.accelerate.inside += accumulating
    raising = any(_expects_an_error(expr) for expr, _ in node.items)
    try:
        return execute(run, frame, node.body[:-1] if raising else node.body)
    finally:
        run.no_grad -= quiet
        run.accelerate.inside -= accumulating


def _expects_an_error(expr: sk.Expr) -> bool:
    """Whether a ``with`` is left by an exception, as a test's is whose last statement must raise."""
    name = (sk.dotted(expr.func) or "") if isinstance(expr, sk.Call) else ""
    return name.rsplit(".", 1)[-1] in ("raises", "assertRaises", "assertRaisesRegex")


def _entered(run: Run, frame: Frame, node: sk.With, number: int, manager: Opaque) -> str | None:
    """The rest of ``node`` runs between the ``__enter__`` and ``__exit__`` of an object of the project."""
    from accumlint.simulate.statements import assign

    value = _protocol(run, frame, node, manager, "__enter__")
    target = node.items[number][1]
    if target is not None:
        assign(run, frame, target, None, value)
    left = _inside(run, frame, node, number + 1)
    _protocol(run, frame, node, manager, "__exit__")
    return left


def _protocol(run: Run, frame: Frame, node: sk.With, manager: Opaque, name: str) -> Value:
    assert manager.cls is not None
    method = manager.cls.method(name)
    return follow(run, frame, Routine(method, owner=manager), [], f"{node.site.line}:{name}") if method is not None else manager


def _around(run: Run, frame: Frame, node: sk.With, number: int, generator: Generator) -> str | None:
    """The rest of ``node`` runs where the generator, a context manager of the project, yields."""
    from accumlint.simulate.statements import assign

    left: list[str | None] = []

    def take(value: Value) -> None:
        target = node.items[number][1]
        if target is not None:
            assign(run, frame, target, node.items[number][0], value)
        left.append(_inside(run, frame, node, number + 1))

    generator(take)
    return left[-1] if left else _inside(run, frame, node, number + 1)
