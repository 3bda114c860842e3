"""Windows of another size than declared (ACC016): the guard's arithmetic, its counter or its range, put right."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix import pen
from accumlint.fix.code import Code, dotted, find
from accumlint.fix.declared import flag_values, plain
from accumlint.fix.edit import Edit
from accumlint.fix.workspace import Proposal, Workspace, deposit_sites, erase_sites, places, step_sites

_ADJACENT: dict[type[cst.BaseCompOp], str] = {
    cst.GreaterThan: ">=",
    cst.GreaterThanEqual: ">",
    cst.NotEqual: "==",
    cst.Equal: "!=",
}


def arithmetic(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC016: the slips that people make, the commonest first."""
    code = workspace.code(finding.site.path)
    guard = code.guard(finding.site) if code is not None else None
    if code is not None and guard is not None:
        yield from _inverted(code, guard)
        for test in [guard.test, *(assign.value for assign in flag_values(code, guard, guard.test))]:
            yield from _moduli(code, test)
        yield from _thresholds(code, guard.test, finding.ledger.declared or "")
        yield from _counters(code, guard)
        yield from _out_of_the_log(workspace, finding, code, guard)
    yield from _ranges(workspace, finding)


def _moduli(code: Code, test: cst.BaseExpression) -> Iterator[Proposal]:
    for node in find(test, cst.BinaryOperation):
        if not isinstance(node.operator, cst.Modulo):
            continue
        left, right = code.source(node.left), code.source(node.right)
        if isinstance(node.left, cst.Name | cst.Attribute):
            counted = f"({left} + 1) % {right}"
            if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And) and code.parent(node) is test.right:
                # counted from 1, the first batch needs no exception
                yield _proposal(code, test, f"{counted} == 0")
            yield _proposal(code, node, counted)
        if (inner := without_one(node.left)) is not None:
            yield _proposal(code, node, f"{code.source(inner)} % {right}")
        if (inner := without_one(node.right)) is not None:
            yield _proposal(code, node, f"{left} % {code.source(inner)}")
        if isinstance(node.left, cst.Name | cst.Attribute) and node.right.lpar:
            yield _proposal(code, node, f"{right} % {left}")


def without_one(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """``x`` for ``x + 1`` and ``x - 1``."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add | cst.Subtract) and _is(node.right, "1"):
        return node.left
    return None


def _is(node: cst.BaseExpression, number: str) -> bool:
    return isinstance(node, cst.Integer) and node.value == number


def _inverted(code: Code, guard: cst.If) -> Iterator[Proposal]:
    """The truth of the guard is the wrong way round."""
    test = guard.test
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        yield _proposal(code, test, code.source(test.expression))
    if isinstance(test, cst.BinaryOperation) and isinstance(test.operator, cst.Modulo):
        yield _proposal(code, test, f"{code.source(test)} == 0")
    if isinstance(test, cst.Name):
        yield _proposal(code, test, f"not {test.value}")


def _thresholds(code: Code, test: cst.BaseExpression, declared: str) -> Iterator[Proposal]:
    for node in find(test, cst.Comparison):
        if declared in code.source(node) and len(node.comparisons) == 1 and type(node.comparisons[0].operator) in _ADJACENT:
            part = node.comparisons[0]
            sign = _ADJACENT[type(part.operator)]
            yield _proposal(code, node, f"{code.source(node.left)} {sign} {code.source(part.comparator)}")


def _counters(code: Code, guard: cst.If) -> Iterator[Proposal]:
    """A counter that is never set back to 0, or to 1."""
    names = {name for part in find(guard.test, cst.Comparison) if (name := dotted(part.left)) is not None}
    body = pen.body_of(guard)
    for name in sorted(names):
        resets = [one for one in body if isinstance(one, cst.Assign) and dotted(one.targets[0].target) == name]
        if not resets and body:
            yield Proposal(f"count the next window from 0: `{name} = 0`", (pen.insert_after(code, body[-1], f"{name} = 0"),))
        for reset in resets:
            if isinstance(reset.value, cst.Integer) and reset.value.value != "0":
                edits = (pen.replace(code, reset.value, "0"), *_pending_from_zero(code, guard, name, reset.value.value))
                yield Proposal(f"count the next window from 0: `{name} = 0`", edits)


def _pending_from_zero(code: Code, guard: cst.If, name: str, start: str) -> Iterator[Edit]:
    """The flush that asks whether the counter is past its old start."""
    for other in find(code.function(guard), cst.If, into_functions=False):
        test = other.test
        if (
            other is not guard
            and isinstance(test, cst.Comparison)
            and dotted(test.left) == name
            and _is(test.comparisons[0].comparator, start)
        ):
            yield pen.replace(code, test.comparisons[0].comparator, "0")


def _out_of_the_log(workspace: Workspace, finding: Finding, code: Code, guard: cst.If) -> Iterator[Proposal]:
    """The step and the clear that end the body of a guard for something else, set behind it."""
    body = pen.body_of(guard)
    sites = [*step_sites(finding), *erase_sites(finding)]
    own = [code.statement(one.node) for one in places(workspace, sites, cst.Call) if one.code is code]
    tail = len(body)
    while tail and body[tail - 1] in own:
        tail -= 1
    if 0 < tail < len(body) and guard.orelse is None:
        title = f"step whenever the window is full, not only `if {plain(code, guard.test)}`"
        yield Proposal(title, (pen.dedent_tail(code, guard, body[tail]),))


def _ranges(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """An inner window of ``range(1, N)``, ``range(N - 1)`` or ``range(N + 1)``."""
    for backward in places(workspace, deposit_sites(finding), cst.Call):
        for loop in backward.code.loops(backward.node):
            if not isinstance(loop, cst.For) or not isinstance(loop.iter, cst.Call) or dotted(loop.iter.func) != "range":
                continue
            arguments = [arg.value for arg in loop.iter.args]
            end = without_one(arguments[-1]) or arguments[-1]
            if backward.code.source(end) == finding.ledger.declared:
                yield _proposal(backward.code, loop.iter, f"range({backward.code.source(end)})")


def _proposal(code: Code, node: cst.CSTNode, content: str) -> Proposal:
    return Proposal(f"close the window where it ends: `{' '.join(content.split())}`", (pen.replace(code, node, content),))
