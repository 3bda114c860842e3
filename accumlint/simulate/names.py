"""Names: local ones, those around, a module's globals, and what an import brings in."""

from __future__ import annotations

import builtins

from accumlint import skeleton as sk
from accumlint.modules import ClassEntry, FunctionEntry, Module
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame
from accumlint.simulate.values import (
    ClassValue,
    Namespace,
    Opaque,
    Routine,
    Value,
)


def lookup(run: Run, frame: Frame, name: str) -> Value:
    scope: Frame | None = frame
    while scope is not None:
        if name in scope.names:
            return scope.names[name]
        scope = scope.outer
    found = module_name(run, frame, name)
    return _unbound(run, frame, found, name) if frame.depth and isinstance(found, Opaque) and found.kind is not None else found


def _unbound(run: Run, frame: Frame, found: Opaque, name: str) -> Opaque:
    """``found``, or where ``name`` is a local that no branch has bound an object of this call alone: it is the name of none outside."""
    if name not in run.effects.remember(locals_of, frame.function):
        return found
    own = f"{name}'{frame.called.line}:{frame.called.column}"
    return found._replace(id=own, alias=frozenset({own}), leaf=False)


def locals_of(function: sk.Function) -> frozenset[str]:
    """The names that ``function`` binds by assigning to them."""
    assigned = (node for node in function.walk() if isinstance(node, sk.Assign))
    return frozenset(
        part.id for node in assigned for target in node.targets for part in target.walk() if isinstance(part, sk.Name)
    )


def module_name(run: Run, frame: Frame, name: str) -> Value:
    module = frame.module
    script = run.scripts.get(module.path)
    if script is not None and name in script.names:
        return script.names[name]
    key = (module.path, name)
    if key not in run.globals:
        found = module.resolve(name)
        run.globals[key] = resolved(found, module.dotted(name))
        if found is None and module.origin(name) is None:
            from accumlint.simulate.follow import unknown

            value = _global_binding(run, frame, name)
            if value is not None:
                run.globals[key] = value
            elif not hasattr(builtins, name):
                run.globals[key] = unknown(run, name)
    return run.globals[key]


def resolved(found: FunctionEntry | ClassEntry | Module | None, dotted: str) -> Routine | ClassValue | Namespace:
    """What the project defines, as a value; where it defines nothing, a name of another library's, called ``dotted``."""
    if isinstance(found, FunctionEntry):
        return Routine(found)
    return ClassValue(found) if isinstance(found, ClassEntry) else Namespace(dotted, found)


def _global_binding(run: Run, frame: Frame, name: str) -> Value | None:
    """The value that the module's top level binds ``name`` to, by its last plain assignment."""
    top = frame.module.top
    if top is None or frame.function.name == "<module>":
        return None
    binding = top_bindings(top).get(name)
    if binding is None:
        return None
    outside = Frame(top, frame.module, top.skeleton, depth=frame.depth + 1)
    loops, run.loops = run.loops, []
    try:
        from accumlint.simulate.expressions import evaluate
        from accumlint.simulate.statements import assign

        for target in binding.targets:
            assign(run, outside, target, binding.value, evaluate(run, outside, binding.value))
    finally:
        run.loops = loops
    return outside.names.get(name)


def top_bindings(top: object) -> dict[str, sk.Assign]:
    """The module's top-level assignments by the names that they bind."""
    cached: dict[str, sk.Assign] | None = top.__dict__.get("bindings")
    if cached is None:
        cached = {}
        for statement in _flat(top.skeleton.body):  # type: ignore[attr-defined]
            for target in statement.targets:
                for part in target.walk():
                    if isinstance(part, sk.Name) and not _refers_to(statement.value, part.id):
                        cached[part.id] = statement
        top.__dict__["bindings"] = cached
    return cached


def _refers_to(expr: sk.Expr, name: str) -> bool:
    """Whether ``expr`` reads ``name``, as in ``model = DataParallel(model)``."""
    return any(isinstance(part, sk.Name) and part.id == name for part in expr.walk())


def _flat(block: tuple[sk.Stmt, ...]) -> list[sk.Assign]:
    found = []
    for statement in block:
        if isinstance(statement, sk.Assign):
            found.append(statement)
        elif isinstance(statement, sk.If):
            found += _flat(statement.body) + _flat(statement.orelse)
        elif isinstance(statement, (sk.Try, sk.With)):
            found += _flat(statement.body)
    return found
