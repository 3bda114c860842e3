"""Clears that no run explains: of an object that the text does not name, or by a routine that another one may be handed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from accumlint.calls import Kind, kind_of_name
from accumlint.ledger import Site
from accumlint.modules import FunctionEntry, Module
from accumlint.outline import CLEARS
from accumlint.skeleton import Attr, Call, Const, Item, Name, dotted

_VALUE = re.compile(r"[(\[{,=:]\s*(\w+)(?=\s*[)\]},\n])")  # a bare name that something is given


def may_be_cleared(step: Site, ran: Collection[FunctionEntry]) -> bool:
    """Whether a clear that no run explains may empty what ``step`` spends, where the runs of ``ran`` came to none that does."""
    several = any(call.site == step and _is_of_any(call) for one in ran for call in _calls(one))
    return any(_is_of_any(clear) and (several or not _is_of_an_optimizer(clear)) for one in ran for clear in _clears(one))


def _clears(entry: FunctionEntry) -> Iterator[Call]:
    """The calls in the text of ``entry`` that clear."""
    return (call for call in _calls(entry) if isinstance(call.func, Attr) and call.func.attr in CLEARS)


def _calls(entry: FunctionEntry) -> Iterator[Call]:
    return (node for node in entry.skeleton.walk() if isinstance(node, Call))


def _is_of_any(call: Call) -> bool:
    """Whether a method is called of one of several objects, which one the text does not say."""
    owner = call.func
    while isinstance(owner, Attr) or (isinstance(owner, Item) and isinstance(owner.index, Const)):
        owner = owner.value
    return not isinstance(owner, Name)


def _is_of_an_optimizer(call: Call) -> bool:
    owner = call.func.value if isinstance(call.func, Attr) else call.func
    while isinstance(owner, Item):
        owner = owner.value
    return kind_of_name(dotted(owner) or "") is Kind.OPTIMIZER


def may_be_given_a_clear(entry: FunctionEntry) -> bool:
    """Whether a file beside that of ``entry`` speaks of it, or of its class, and hands on a routine that clears and leaves the step to
    others."""
    modules = list(entry.module.project.beside(entry.module))
    known = entry.owner.name if entry.owner is not None else entry.name
    clearing = {other.name for module in modules for other in _clearing(module)}
    given = (_VALUE.findall(module.text) for module in modules if clearing and known in module.text)
    return any(not clearing.isdisjoint(names) for names in given)


def _clearing(module: Module) -> Iterator[FunctionEntry]:
    """The routines of ``module`` that clear and do not step."""
    module.index()
    return (entry for entry in module.entries() if "clear" in entry.effects and "spend" not in entry.effects)
