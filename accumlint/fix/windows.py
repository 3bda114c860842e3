"""Windows of another size than declared (ACC016): the guard's arithmetic, its counter or its range, put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix import pen
from accumlint.fix.boundary import opposite, twins
from accumlint.fix.code import Code, Statement, dotted, expressions, find, is_number, terms, without_one
from accumlint.fix.declared import flag_values, plain
from accumlint.fix.edit import Edit
from accumlint.fix.lastbatch import last_batch
from accumlint.fix.stepping import prepares
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
        others = dict(twins(workspace, finding, code, guard, guard.test))
        for test in [guard.test, *flag_values(code, guard, guard.test)]:
            alike = others if test is guard.test else {}
            for node, content in _moduli(code, test):
                yield Proposal(_title(content), _everywhere(code, test, node, content, alike))
        yield from _thresholds(code, guard.test, finding.ledger.declared or "")
        yield from _counters(workspace, finding, code, guard)
        yield from _anew_in_each_epoch(code, guard, others)
        yield from _out_of_the_log(workspace, finding, code, guard)
    yield from _ranges(workspace, finding)


def _moduli(code: Code, test: cst.BaseExpression) -> Iterator[tuple[cst.BaseExpression, str]]:
    """What to write for which part of ``test``."""
    for node in find(test, cst.BinaryOperation):
        if not isinstance(node.operator, cst.Modulo):
            continue
        left, right = code.source(node.left), code.source(node.right)
        if isinstance(node.left, cst.Name | cst.Attribute):
            counted = f"({left} + 1) % {right}"
            # counted from 1, the first batch needs no exception
            for both, kept in _with_exceptions(code, test, node):
                yield both, code.source(kept).replace(code.source(node), counted, 1)
            yield node, counted
        if (inner := without_one(node.left)) is not None:
            yield node, f"{code.source(inner)} % {right}"
        if (inner := without_one(node.right)) is not None:
            yield node, f"{left} % {code.source(inner)}"
        if isinstance(node.left, cst.Name | cst.Attribute) and node.right.lpar:
            yield node, f"{right} % {left}"


def _with_exceptions(
    code: Code, test: cst.BaseExpression, node: cst.BinaryOperation
) -> Iterator[tuple[cst.BooleanOperation, cst.BaseExpression]]:
    """Where ``test`` asks for ``node``, a counter's remainder, *and* for something of the counter alone; and the side with ``node``."""
    for both in find(test, cst.BooleanOperation):
        for kept, other in ((both.left, both.right), (both.right, both.left)):
            if isinstance(both.operator, cst.And) and code.inside(node, kept) and terms(other) == terms(node.left):
                yield both, kept


def _anew_in_each_epoch(code: Code, guard: cst.If, others: Mapping[cst.BaseExpression, bool]) -> Iterator[Proposal]:
    """The loop's own index for a counter that runs on over the epochs."""
    last = last_batch(code, guard)
    for node in find(guard.test, cst.BinaryOperation):
        if isinstance(node.operator, cst.Modulo) and last is not None and last.count:
            content = f"{last.count} % {code.source(node.right)}"
            yield Proposal(
                _title(content),
                _everywhere(code, guard.test, node, content, others),
                "windows are then counted in each epoch anew",
            )


def _everywhere(
    code: Code, test: cst.BaseExpression, node: cst.BaseExpression, content: str, others: Mapping[cst.BaseExpression, bool]
) -> tuple[Edit, ...]:
    """``content`` for ``node`` in ``test``, and the same in ``others``, which are ``test`` or its opposite."""
    edit, whole, text = pen.replace(code, node, content), code.site(test), code.source(test)
    if "\n" in text:
        return (edit,)
    becomes = text[: edit.site.column - whole.column] + content + text[edit.site.end_column - whole.column :]
    return (edit, *(pen.replace(code, other, becomes if alike else opposite(becomes)) for other, alike in others.items()))


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


def _counters(workspace: Workspace, finding: Finding, code: Code, guard: cst.If) -> Iterator[Proposal]:
    """A counter that is never set back to 0, or to 1; not even where what it has counted is flushed."""
    names = {name for part in find(guard.test, cst.Comparison) if (name := dotted(part.left)) is not None}
    body = pen.body_of(guard)
    for name in sorted(names):
        resets = [one for one in body if isinstance(one, cst.Assign) and dotted(one.targets[0].target) == name]
        if not resets and body:
            yield _reset_behind(code, body[-1], name, _read_elsewhere(code, name, [guard]))
        for reset in resets:
            if isinstance(reset.value, cst.Integer) and reset.value.value != "0":
                edits = (pen.replace(code, reset.value, "0"), *_pending_from_zero(code, guard, name, reset.value.value))
                yield Proposal(f"count the next window from 0: `{name} = 0`", edits)
    steps = [place.node for place in places(workspace, step_sites(finding), cst.Call) if place.code is code]
    for flush in find(code.function(guard), cst.If, into_functions=False):
        if flush is not guard and any(code.inside(step, flush.body) for step in steps) and (body := pen.body_of(flush)):
            for name in sorted(_raised(code, guard) & _raised(code, flush)):
                yield _reset_behind(code, body[-1], name, _read_elsewhere(code, name, (guard, flush)))


def _reset_behind(code: Code, statement: Statement, name: str, doubt: str = "") -> Proposal:
    return Proposal(f"count the next window from 0: `{name} = 0`", (pen.insert_after(code, statement, f"{name} = 0"),), doubt)


def _raised(code: Code, guard: cst.If) -> set[str]:
    """The counters that the test of ``guard`` reads: what is added to in its function."""
    added = {dotted(one.target) for one in find(code.function(guard), cst.AugAssign) if isinstance(one.operator, cst.AddAssign)}
    return {name for part in expressions(guard.test) if (name := dotted(part)) is not None and name in added}


def _read_elsewhere(code: Code, name: str, guards: Sequence[cst.If]) -> str:
    """Where a counter is read for anything but to know when a window is full."""
    tests = [guard.test for guard in guards]
    for part in expressions(code.function(guards[0])):
        holder = code.parent(part)
        counts = isinstance(holder, cst.AugAssign | cst.AssignTarget) or any(
            part is test or code.inside(part, test) for test in tests
        )
        if dotted(part) == name and not counts:
            return f"line {code.line(part)} reads `{name}`: it will see it counted from 0 again"
    return ""


def _pending_from_zero(code: Code, guard: cst.If, name: str, start: str) -> Iterator[Edit]:
    """The flush that asks whether the counter is past its old start."""
    for other in find(code.function(guard), cst.If, into_functions=False):
        test = other.test
        if (
            other is not guard
            and isinstance(test, cst.Comparison)
            and dotted(test.left) == name
            and is_number(test.comparisons[0].comparator, start)
        ):
            yield pen.replace(code, test.comparisons[0].comparator, "0")


def _out_of_the_log(workspace: Workspace, finding: Finding, code: Code, guard: cst.If) -> Iterator[Proposal]:
    """The step and the clear that end the body of a guard for something else, set behind it."""
    body = pen.body_of(guard)
    sites = [*step_sites(finding), *erase_sites(finding)]
    events = {one.node for one in places(workspace, sites, cst.Call) if one.code is code}
    tail = len(body)
    while tail and any(call in events or (dotted(call.func) or "").endswith(".step") for call in find(body[tail - 1], cst.Call)):
        tail -= 1
    # a guard that only gets the gradients ready is the step's own
    of_something_else = any(not prepares(code.source(one)) for one in body[:tail])
    if of_something_else and tail < len(body) and guard.orelse is None:
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
    return Proposal(_title(content), (pen.replace(code, node, content),))


def _title(content: str) -> str:
    return f"close the window where it ends: `{' '.join(content.split())}`"
