"""The last, shorter window (ACC004): the guard learns of the data's last batch, or a flush follows the loop."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from textwrap import dedent

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix import pen
from accumlint.fix.boundary import Boundary, boundary_at, exchange_without, twins
from accumlint.fix.code import Code, Loop, Statement, called, dotted, find, statements, terms, walk, without_one
from accumlint.fix.declared import flag_values, limits, plain
from accumlint.fix.edit import Edit
from accumlint.fix.lastbatch import LastBatch, last_batch
from accumlint.fix.lengths import counted_down, made_in
from accumlint.fix.workspace import Proposal, Workspace, dropping_sites, places, step_sites
from accumlint.ledger import Site

_SCHEDULER = re.compile(r"(sched\w*|lr)$", re.IGNORECASE)
# what belongs to a step; the rest of a guard's body (logs, evaluation) is not repeated in a flush
_OF_A_STEP = re.compile(r"(^|\.)(step|update|zero_grad|unscale_|clip_grad_norm_?|clip_grad_value_?|clip_gradients)$")


def missing_flush(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC004, by preference: the flag that the guard reads, the guard itself, a flush behind the loop; or what drops the tail goes."""
    code = workspace.code(finding.site.path)
    calls = [step.node for step in places(workspace, step_sites(finding), cst.Call) if step.code is code]
    boundary = boundary_at(code, finding.site, calls) if code is not None else None
    if code is None or boundary is None:
        return
    loop, last = next(code.loops(boundary.holder), None), last_batch(code, boundary.holder)
    if last is not None:
        doubt = last.doubt or _scheduled(code, boundary, finding)
        title = f"step on the last batch too: `{last.test}`"
        for edits in _mended(code, boundary, last):
            yield Proposal(title, edits, doubt)
        for holder, test, steps in _asked(code, boundary):
            others = twins(workspace, finding, code, holder, test)
            told = {test: steps} | {other: steps is alike for other, alike in others}
            declared = finding.ledger.declared or ""
            edits = tuple(_joined(code, one, last, declared, either=told[one]) for one in told)
            yield Proposal(title, edits, doubt or _exchanged(code, loop, told))
    if loop is not None and isinstance(boundary.holder, cst.If):
        yield from _behind(code, boundary.holder, loop)
    yield from _carried_over(workspace, finding)


def _scheduled(code: Code, boundary: Boundary, finding: Finding) -> str:
    """Where something is made for as many steps as there are full windows, or where a scheduler is that steps with the optimizer."""
    line = counted_down(code.text, {finding.ledger.declared or "", *(plain(code, one) for one in limits(boundary.test))})
    if line is not None:
        return f"line {line} counts the steps without the last window: a schedule for so many ends too early"
    owners = ((dotted(call.func) or "").rpartition(".")[0] for call in find(boundary.holder, cst.Call))
    unknown = next((owner for owner in owners if _SCHEDULER.search(owner) and not made_in(code.text, owner)), None)
    return f"`{unknown}` is made elsewhere: it may count the steps without the last window" if unknown else ""


def _exchanged(code: Code, loop: Loop | None, told: Collection[cst.BaseExpression]) -> str:
    """Where processes must exchange gradients on the last batch too, and are not ``told``."""
    part = exchange_without(code, loop, told)
    where = f"line {code.line(part)} decides about `{part.value}`" if part is not None else ""
    return f"{where}: on the last batch gradients must be exchanged too" if where else ""


def _carried_over(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """Where the window is counted over the epochs, the clear that drops the tail goes."""
    for clear in places(workspace, dropping_sites(finding), cst.Call):
        removal = pen.remove(clear.code, clear.code.statement(clear.node))
        doubt = removal.doubt or "a window then runs on over the end of the epoch"
        yield Proposal(f"remove `{plain(clear.code, clear.node)}`: it drops what the counter still counts", removal.edits, doubt)


def _mended(code: Code, boundary: Boundary, last: LastBatch) -> Iterator[tuple[Edit, ...]]:
    """A question for the last batch that misses it by one, or that asks for more, put right."""
    if not boundary.steps:
        return
    missed = last.test.replace(" + 1", "") if " + 1" in last.test else last.test.replace(" ==", " + 1 ==")
    for part in find(boundary.test, cst.Comparison):
        if code.source(part) == missed:
            yield (pen.replace(code, part, last.test),)
    # what else is asked may only be of the data's length and the window
    known = {"len"}.union(*(terms(part) for part in [cst.parse_expression(last.test), *limits(boundary.test)]))
    for both in find(boundary.test, cst.BooleanOperation):
        asks_more = isinstance(both.operator, cst.And) and _squeezed(code.source(both.right)) == _squeezed(last.test)
        if asks_more and terms(both.left) <= known:
            begin, end = code.site(both.left), code.site(both.right)
            yield (Edit(Site(begin.path, begin.line, begin.column, end.line, end.column), ""),)


def _asked(code: Code, boundary: Boundary) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression, bool]]:
    """The flags that the test reads, where they are computed in the loop, then the test; and whether the step comes where it is true."""
    loop = next(code.loops(boundary.holder), None)
    negated = isinstance(boundary.test, cst.UnaryOperation)
    for value in flag_values(code, boundary.holder, boundary.test):
        computed = isinstance(value, cst.Comparison | cst.BooleanOperation | cst.UnaryOperation)
        if computed and (loop is None or code.inside(value, loop)):
            yield code.statement(value), value, boundary.steps is not negated
    yield boundary.holder, boundary.test, boundary.steps


def _squeezed(test: str) -> str:
    """A test without blanks and parentheses."""
    return re.sub(r"[\s()]", "", test)


def _joined(code: Code, test: cst.BaseExpression, last: LastBatch, declared: str, *, either: bool) -> Edit:
    """The part of ``test`` that asks about the window, with the question for the last batch; what else is asked still is."""
    part, either = _about_window(test, declared, either)
    text, added = code.source(part), f"or {last.test}" if either else f"and {last.otherwise}"
    if part is not test:
        return pen.replace(code, part, f"({text} {added})")
    loose = isinstance(test, cst.IfExp | cst.Lambda | cst.NamedExpr) or (
        not either and isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.Or)
    )
    if loose and not test.lpar:
        return pen.replace(code, test, f"({text}) {added}")
    where = code.site(test)
    return Edit(Site(where.path, where.end_line, where.end_column, where.end_line, where.end_column), f" {added}")


def _about_window(test: cst.BaseExpression, declared: str, either: bool) -> tuple[cst.BaseExpression, bool]:
    """The side that asks about the window where ``test`` asks for more: of an ``and`` if it is to be true, of an ``or`` if it is to be false."""
    inner = test.expression if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not) else None
    if isinstance(inner, cst.BooleanOperation):
        part, true = _about_window(inner, declared, not either)
        return (part, true) if part is not inner else (test, either)
    if not isinstance(test, cst.BooleanOperation) or not isinstance(test.operator, cst.And if either else cst.Or):
        return test, either
    for asks in (
        _has_remainder,
        lambda side: bool(declared) and declared in terms(side),
        lambda side: any(True for _ in limits(side)),
    ):
        sides = [side for side in (test.left, test.right) if asks(side)]
        if len(sides) == 1:
            return _about_window(sides[0], declared, either)
    return test, either


def _has_remainder(test: cst.BaseExpression) -> bool:
    return any(isinstance(part.operator, cst.Modulo) for part in find(test, cst.BinaryOperation))


def _behind(code: Code, guard: cst.If, loop: Loop) -> Iterator[Proposal]:
    """The step again behind the loop, where something is pending."""
    kept = [statement for statement in pen.body_of(guard) if _of_step(statement)]
    if not kept or guard.orelse is not None:
        return
    body = "\n".join(pen.indented(dedent(_lines(code, one)), "    ") for one in kept)
    if "step" not in body:
        return
    skipped = "" if len(kept) == len(pen.body_of(guard)) else "what else the guard does is not repeated"
    skipped = skipped or _exchanged(code, loop, ())
    around = _conditions(code, guard, loop)
    for pending, doubt in _pending(code, guard, loop) if around is not None else ():
        condition = " and ".join([*(around or ()), pending])
        content = f"if {condition}:\n{body}"
        yield Proposal(f"flush behind the loop: `if {condition}`", (pen.insert_after(code, loop, content),), doubt or skipped)


def _conditions(code: Code, guard: cst.If, loop: Loop) -> list[str] | None:
    """The tests around the guard in the loop's body, such as ``training``; None where one may be another behind the loop."""
    found: list[str] = []
    targets = (part.target for part in walk(loop) if isinstance(part, cst.AssignTarget | cst.AugAssign | cst.For))
    assigned = {name.value for target in targets for name in find(target, cst.Name)}
    for holder in code.around(guard):
        if holder is loop:
            break
        if isinstance(holder, cst.If):
            if {name.value for name in find(holder.test, cst.Name)} & assigned:
                return None
            loose = isinstance(holder.test, cst.BooleanOperation | cst.IfExp | cst.NamedExpr) and not holder.test.lpar
            test = f"({plain(code, holder.test)})" if loose else plain(code, holder.test)
            found.insert(0, test if code.inside(guard, holder.body) else f"not {test}")
    return found


def _lines(code: Code, statement: Statement) -> str:
    return code.indent(statement) + code.source(statement)


def _of_step(statement: Statement) -> bool:
    """Whether a statement is part of taking a step, or counts."""
    if (name := called(statement)) is not None:
        return bool(_OF_A_STEP.search(name))
    if isinstance(statement, cst.If):
        other = statement.orelse
        rest = [other] if isinstance(other, cst.If) else list(statements(other.body)) if other is not None else []
        return all(_of_step(one) for one in [*pen.body_of(statement), *rest])
    if isinstance(statement, cst.For):
        return any(part.attr.value in ("grad", "step", "zero_grad") for part in find(statement, cst.Attribute))
    return isinstance(statement, cst.Assign | cst.AugAssign) and isinstance(statement.value, cst.Integer)


def _pending(code: Code, guard: cst.If, loop: Loop) -> Iterator[tuple[str, str]]:
    """Tests behind the loop that tell whether a tail is pending, each with what is doubtful about it."""
    index = {name.value for name in find(loop.target, cst.Name)} if isinstance(loop, cst.For) else set()
    for name in _reset(guard):
        yield f"{name} > 0", ""
    test = guard.test
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1 and isinstance(test.comparisons[0].operator, cst.Equal):
        left, right = test.left, code.source(test.comparisons[0].comparator)
        unbound = bool({name.value for name in find(test, cst.Name)} & index)
        yield f"{code.source(left)} != {right}", "the index is unbound where the data is empty" if unbound else ""
        if not unbound and isinstance(left, cst.BinaryOperation) and (counted := without_one(left.left)) is not None:
            # a counter that is raised at the end of the body
            yield f"{code.source(counted)} % {code.source(left.right)} != {right}", ""


def _reset(guard: cst.If) -> Iterator[str]:
    """The counters that the guard's body sets to 0."""
    for statement in pen.body_of(guard):
        if isinstance(statement, cst.Assign) and isinstance(statement.value, cst.Integer) and statement.value.value == "0":
            yield from (name for name in (dotted(target.target) for target in statement.targets) if name is not None)
