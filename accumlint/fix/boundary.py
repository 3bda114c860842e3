"""What tells a loop that its window is full: a guard's test, what a fused call is told, and the same test wherever else it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix.code import Code, dotted, find, walk
from accumlint.fix.declared import fused, plain
from accumlint.fix.workspace import Workspace, erase_sites, places, step_sites
from accumlint.ledger import Site

# what decides whether processes exchange gradients
SYNCHRONISE = ("no_sync", "require_backward_grad_sync", "set_requires_gradient_sync", "set_gradient_accumulation_boundary")


@dataclass(frozen=True, slots=True)
class Boundary:
    """What tells that a window is full: the test of a guard, or what a fused call is told. ``steps``: the optimizer steps where it is true."""

    holder: cst.If | cst.Call
    test: cst.BaseExpression
    steps: bool


def boundary_at(code: Code, site: Site, steps: Sequence[cst.Call]) -> Boundary | None:
    """The guard, or the fused call, that a finding of ACC004 is at."""
    guard = code.guard(site)
    if guard is not None:
        return Boundary(guard, guard.test, any(code.inside(step, guard.body) for step in steps))
    call = code.at(site, cst.Call)
    told = fused(call) if call is not None else None
    return Boundary(call, told, True) if call is not None and told is not None else None


def twins(
    workspace: Workspace, finding: Finding, code: Code, holder: cst.CSTNode, test: cst.BaseExpression
) -> Iterator[cst.BaseExpression]:
    """The same test as that of ``holder`` where it decides about something else of the step: the clear, the scheduler, a call that is told."""
    loop = next(code.loops(holder), None)
    text = plain(code, test)
    events = [place.node for place in places(workspace, [*erase_sites(finding), *step_sites(finding)], cst.Call)]
    for other in walk(loop) if loop is not None else ():
        for told in _told(other) if other is not holder else ():
            if plain(code, told) == text and (
                not isinstance(other, cst.If) or any(code.inside(event, other.body) for event in events) or _steps(other.body)
            ):
                yield told


def _told(holder: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """What may decide about a guard, a call that steps, or whether processes exchange gradients."""
    if isinstance(holder, cst.Assign):
        target = holder.targets[0].target
        if isinstance(target, cst.Attribute) and target.attr.value in SYNCHRONISE:
            yield holder.value
    elif isinstance(holder, cst.If):
        yield holder.test
    elif isinstance(holder, cst.Call):
        tests = cst.Comparison | cst.BooleanOperation | cst.UnaryOperation
        yield from (arg.value for arg in holder.args if isinstance(arg.value, tests) or arg.value is fused(holder))


def _steps(block: cst.BaseSuite) -> bool:
    """Whether a block calls ``step`` on anything, as on a scheduler."""
    return any((dotted(call.func) or "").endswith(".step") for call in find(block, cst.Call))
