"""What tells a loop that its window is full: a guard's test, what a fused call is told, and the same test wherever else it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix.code import Code, Loop, assigned, dotted, expressions, find, walk
from accumlint.fix.declared import fused
from accumlint.fix.workspace import Workspace, deposit_sites, erase_sites, places, step_sites
from accumlint.ledger import Site

# what decides whether processes exchange gradients
_EXCHANGE = re.compile(r"no_sync|^(require_backward_grad_sync|set_requires_gradient_sync|set_gradient_accumulation_boundary)$")
_EQUALITY = re.compile(r"[=!]=")


@dataclass(frozen=True, slots=True)
class Boundary:
    """What tells that a window is full: the test of a guard, or what a fused call is told. ``steps``: the optimizer steps where it is true."""

    holder: cst.If | cst.Call
    test: cst.BaseExpression
    steps: bool


def boundary_at(code: Code, site: Site, steps: Sequence[cst.Call]) -> Boundary | None:
    """The guard, or the fused call, that a finding of ACC004 is at."""
    call = code.at(site, cst.Call)
    told = fused(call) if call is not None else None
    if call is not None and told is not None:
        return Boundary(call, told, True)
    guard = code.guard(site)
    return Boundary(guard, guard.test, any(code.inside(step, guard.body) for step in steps)) if guard is not None else None


def twins(
    workspace: Workspace, finding: Finding, code: Code, holder: cst.CSTNode, test: cst.BaseExpression
) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """The test of ``holder`` where it decides about something else of the step: the clear, a flag, a call that is told; True where it is
    the same, False where it is the opposite.
    """
    loop = next(code.loops(holder), None)
    texts = {_bare(code.source(test)): True, opposite(_bare(code.source(test))): False}
    sites = [*erase_sites(finding), *step_sites(finding), *deposit_sites(finding)]
    events = [place.node for place in places(workspace, sites, cst.Call)]
    for other in walk(loop) if loop is not None else ():
        for told in _told(other) if other is not holder else ():
            alike = texts.get(_bare(code.source(told)))
            of_the_step = (
                not isinstance(other, cst.If) or any(code.inside(event, other) for event in events) or _steps(other.body)
            )
            if alike is not None and of_the_step:
                yield told, alike


def opposite(test: str) -> str:
    """The text of the negated comparison with ``==`` or ``!=``; nothing for another test."""
    found = _EQUALITY.findall(test)
    return test.replace(found[0], {"==": "!=", "!=": "=="}[found[0]]) if len(found) == 1 else ""


def _bare(test: str) -> str:
    return "".join(test.split())


def _told(holder: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """What may decide about a guard, a flag, or a call that steps."""
    if isinstance(holder, cst.Assign | cst.AnnAssign) and holder.value is not None:
        yield holder.value
    elif isinstance(holder, cst.If) or (isinstance(holder, cst.IfExp) and _about_exchange(holder)):
        yield holder.test
    elif isinstance(holder, cst.Call):
        tests = cst.Comparison | cst.BooleanOperation | cst.UnaryOperation
        yield from (arg.value for arg in holder.args if isinstance(arg.value, tests) or arg.value is fused(holder))


def _about_exchange(node: cst.CSTNode) -> bool:
    return any(_EXCHANGE.search(name.value) for name in find(node, cst.Name))


def exchange_without(code: Code, loop: Loop | None, told: Collection[cst.BaseExpression]) -> cst.Name | None:
    """Where the loop decides whether processes exchange gradients by another test than those that are ``told``, or a flag of theirs."""
    if loop is None:
        return None
    flags = {dotted(target) for test in told if (target := assigned(code.statement(test))) is not None}
    for part in find(loop, cst.Name):
        if _EXCHANGE.search(part.value):
            around = [one for one in code.around(part) if code.inside(one, loop)]
            tests = [test for one in around for test in _deciding(one)]
            if not any(test in told or {dotted(one) for one in expressions(test)} & flags for test in tests):
                return part
    return None


def _deciding(holder: cst.CSTNode) -> list[cst.BaseExpression]:
    if isinstance(holder, cst.With):
        return [item.item for item in holder.items]
    return [holder.test] if isinstance(holder, cst.If | cst.IfExp) else [holder.value] if isinstance(holder, cst.Assign) else []


def _steps(block: cst.BaseSuite) -> bool:
    """Whether a block calls ``step`` on anything, as on a scheduler, or clears."""
    return any((dotted(call.func) or "").endswith((".step", ".zero_grad")) for call in find(block, cst.Call))
