"""Which functions of the project a call may run: named ones, methods of objects whose making is seen, and those that run unnamed."""

from __future__ import annotations

from accumlint import skeleton as sk
from accumlint.modules import COMMON, ClassEntry, FunctionEntry

PROTOCOL = ("__call__", "forward", "__enter__", "__exit__")  # run without being named
_WHOLE = frozenset({"train", "fit", "run", "main"})  # a whole training, which is judged where it stands


def callee(call: sk.Call) -> str | None:
    """The dotted name that ``call`` calls; ``super.x`` for ``super().x``."""
    name = sk.dotted(call.func)
    if name is None and isinstance(call.func, sk.Attr):
        inner = call.func.value
        if isinstance(inner, sk.Call) and sk.dotted(inner.func) == "super":
            return f"super.{call.func.attr}"
        return f"?.{call.func.attr}"
    return name


def targets(name: str, entry: FunctionEntry | None) -> list[FunctionEntry]:
    """The project's functions that calling ``name`` inside ``entry`` may run."""
    if entry is None:
        return []
    head, _, rest = name.partition(".")
    if head in ("self", "cls", "super") and entry.owner is not None and rest and "." not in rest:
        method = entry.owner.method(rest) if head != "super" else entry.owner.above(entry, rest)
        return [method] if method is not None else implied(name, entry)[:1]
    if name == "self" and entry.owner is not None:
        method = entry.owner.method("__call__")
        return [method] if method is not None else []
    found = entry.module.trains(name)
    if isinstance(found, FunctionEntry):
        return [found]
    if isinstance(found, ClassEntry):
        method = found.method("__init__")
        return [method] if method is not None else []
    maker = _maker(head, rest, entry)
    if maker is not None:
        method = maker.method(name.rsplit(".", 1)[-1])
        return [method] if method is not None else []
    last = name.rsplit(".", 1)[-1]
    if not rest or last in COMMON:
        return []
    return entry.module.by_method.get(last, [])[:2]


def method_of_plain(name: str, entry: FunctionEntry | None) -> FunctionEntry | None:
    """The method that calling ``name`` in ``entry`` runs, where the object's class is seen and has nothing but what the project says."""
    head, _, rest = name.partition(".")
    made = _made(head, rest, entry) if entry is not None else None
    found = entry.module.resolve(made) if entry is not None and made is not None else None
    return found.method(name.rsplit(".", 1)[-1]) if isinstance(found, ClassEntry) and found.is_plain else None


def _maker(head: str, rest: str, entry: FunctionEntry) -> ClassEntry | None:
    """The project's class of the object whose method ``head.rest`` is, where ``entry`` or its class makes that object."""
    made = _made(head, rest, entry) if rest.rsplit(".", 1)[-1] not in _WHOLE else None
    found = entry.module.trains(made) if made is not None else None
    return found if isinstance(found, ClassEntry) else None


def _made(head: str, rest: str, entry: FunctionEntry) -> str | None:
    """What ``entry``, its class or its module calls to make the object whose method ``head.rest`` is."""
    part, _, method = rest.partition(".")
    if head == "self" and method and "." not in method and entry.owner is not None:
        return entry.owner.parts.get(part)
    top = entry.module.top
    return None if method or not rest else entry.made.get(head) or (top.made.get(head) if top is not None else None)


def implied(name: str, entry: FunctionEntry | None) -> list[FunctionEntry]:
    """The methods that run unnamed when an object is called or entered: one that calling ``name`` makes, or that ``self.x`` holds."""
    if entry is None:
        return []
    head, _, rest = name.partition(".")
    part = entry.owner.parts.get(rest) if head == "self" and entry.owner is not None else None
    found = entry.module.trains(part or name)
    if not isinstance(found, ClassEntry):
        return []
    return [method for method in map(found.method, PROTOCOL) if method is not None]
