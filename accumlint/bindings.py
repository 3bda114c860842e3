"""Which attributes of ``self`` the methods of a class bind, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from accumlint import skeleton as sk
from accumlint.callees import targets
from accumlint.modules import ClassEntry, FunctionEntry

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OfClass:
    """The attributes that the methods of one class, and of those it inherits from, bind.

    ``counted`` are changed as a counter is (``self.step += 1``), ``later`` bound by another method than the constructor, and ``plain``
    by assignments in one such method only: the method with these.
    """

    bound: frozenset[str]
    counted: frozenset[str]
    later: frozenset[str]
    plain: dict[str, tuple[FunctionEntry, list[sk.Assign]]]


@dataclass
class Bindings:
    """Answers which attributes a class or a method binds; answers are remembered."""

    _classes: dict[ClassEntry, OfClass] = field(default_factory=dict)
    _methods: dict[FunctionEntry, frozenset[str]] = field(default_factory=dict)

    def of_class(self, cls: ClassEntry) -> OfClass:
        """What the methods of ``cls`` bind."""
        if cls not in self._classes:
            self._classes[cls] = _of_class(cls)
        return self._classes[cls]

    def of_method(self, method: FunctionEntry) -> frozenset[str]:
        """The attributes that calling ``method`` binds, in the methods of the object that it calls too."""
        if method not in self._methods:
            self._methods[method] = NOTHING
            found = {name for name, _ in bound_attributes(method)}
            for name in method.calls:
                if name.startswith(("self.", "super.")):
                    for target in targets(name, method):
                        found |= self.of_method(target)
            self._methods[method] = frozenset(found)
        return self._methods[method]


def _of_class(cls: ClassEntry) -> OfClass:
    found: dict[str, list[tuple[FunctionEntry, sk.Assign | None]]] = {}
    for owner in cls.lineage:
        for method in owner.methods.values():
            for name, statement in bound_attributes(method):
                found.setdefault(name, []).append((method, statement))
    plain = {}
    for name, bound in found.items():
        method = bound[0][0]
        statements = [statement for by, statement in bound if statement is not None and by is method]
        if len(statements) == len(bound) and method.name != "__init__":
            plain[name] = (method, statements)
    return OfClass(
        frozenset(found),
        frozenset(name for name, bound in found.items() if any(statement is None for _, statement in bound)),
        frozenset(name for name, bound in found.items() if any(method.name != "__init__" for method, _ in bound)),
        plain,
    )


def bound_attributes(method: FunctionEntry) -> Iterator[tuple[str, sk.Assign | None]]:
    """The attributes of ``self`` that ``method`` binds; None beside those that it changes in another way."""
    if "self." not in method.source or not re.search(r"self\.\w+[\w, .()]*(=|\+=)", method.source):
        return
    try:
        skeleton = method.skeleton
    except (SyntaxError, RecursionError):
        return
    for node in skeleton.walk():
        targets = node.targets if isinstance(node, sk.Assign) else (node.target,) if isinstance(node, sk.AugAssign) else ()
        for target in targets:
            for name in _own_attributes(target):
                yield name, node if isinstance(node, sk.Assign) and len(node.targets) == 1 else None


def _own_attributes(target: sk.Expr) -> Iterator[str]:
    """The attributes of ``self`` that assigning to ``target`` binds, or items of them; ``self.a.b = x`` changes another object."""
    if isinstance(target, sk.Sequence):
        for part in target.items:
            yield from _own_attributes(part.value)
    elif isinstance(target, sk.Item):
        yield from _own_attributes(target.value)
    elif isinstance(target, sk.Attr) and isinstance(target.value, sk.Name) and target.value.id == "self":
        yield target.attr
