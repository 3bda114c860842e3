"""Clears that no run explains: of an object that the text does not name, or by a routine that another one may be handed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from accumlint.callees import targets
from accumlint.calls import Kind, kind_of_name
from accumlint.ledger import Site
from accumlint.modules import FunctionEntry, Module
from accumlint.outline import CLEARS
from accumlint.skeleton import Attr, Call, Const, Item, Name, dotted

_VALUE = re.compile(r"[(\[{,=:]\s*(\w+)(?=\s*[)\]},\n])")  # a bare name that something is given


def may_be_cleared(step: Site, ran: Collection[FunctionEntry]) -> bool:
    """Whether a clear that no run explains may empty what ``step`` spends, where the runs of ``ran`` came to none that does."""
    several = any(call.site == step and _is_of_any(call) for one in ran for call in _calls(one))
    if any(_is_of_any(clear) and (several or not _is_of_an_optimizer(clear)) for one in ran for clear in _clears(one)):
        return True
    if any(_may_run_a_clear(call, one.module, ran) for one in ran for call in _calls(one)):
        return True
    routines = (*ran, *_not_followed(ran))
    chosen = [one for one in routines if any(_is_method_by_name(call, one.module) for call in _calls(one))]
    return any(other.owner is not None for one in chosen for module in _knowing(one) for other in _clearing(module))


def _not_followed(ran: Collection[FunctionEntry]) -> Iterator[FunctionEntry]:
    """The routines of the project that those which ran call, and no run came through, as they seem to do nothing to gradients."""
    known = {one.code for one in ran}
    called = (other for one in ran for name in one.calls for other in targets(name, one))
    return (other for other in called if other.code not in known)


def _is_method_by_name(call: Call, module: Module) -> bool:
    """Whether a call gives a method of an object, and of no module, by a name that is chosen at run time, as one of callbacks."""
    match call:
        case Call(func=Name("getattr"), args=[owner, name, *_]):
            head = (dotted(owner.value) or "").partition(".")[0]
            return not isinstance(name.value, Const) and module.origin(head) is None
    return False


def _knowing(entry: FunctionEntry) -> Iterator[Module]:
    """The file of ``entry``, and those beside it that speak of it, or of its class."""
    known = entry.owner.name if entry.owner is not None else entry.name
    return (module for module in entry.module.project.beside(entry.module) if module is entry.module or known in module.text)


def _may_run_a_clear(call: Call, module: Module, ran: Collection[FunctionEntry]) -> bool:
    """Whether a call may run a routine that clears, does not step, and was not come through: it names a method of an object that the text
    does not know, or calls what it was handed, where the text hands on such a routine."""
    func = call.func
    while isinstance(func, Item):
        func = func.value
    come_through = [one.code for one in ran]
    match func:
        case Attr(value=owner, attr=name) if dotted(owner) != "self":
            others = [other for other in module.by_method.get(name, ()) if _only_clears(other)]
        case Name(name) if module.resolve(name) is None:
            others = [other for other in _clearing(module) if _is_handed_on(other)]
        case _:
            return False
    return any(other.code not in come_through for other in others)


def _is_handed_on(routine: FunctionEntry) -> bool:
    """Whether the text of its file gives the routine itself to something, rather than what it returns."""
    own = r"self\." if routine.owner is not None else ""
    return re.search(rf"[(\[{{,=:]\s*{own}{routine.name}\s*[)\]}},\n]", routine.module.text) is not None


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
    modules = list(_knowing(entry))
    clearing = {other.name for module in entry.module.project.beside(entry.module) for other in _clearing(module)}
    given = (_VALUE.findall(module.text) for module in modules if clearing)
    return any(not clearing.isdisjoint(names) for names in given)


def _clearing(module: Module) -> Iterator[FunctionEntry]:
    """The routines of ``module`` that clear and do not step."""
    module.index()
    return filter(_only_clears, module.entries())


def _only_clears(entry: FunctionEntry) -> bool:
    return "clear" in entry.effects and "spend" not in entry.effects
