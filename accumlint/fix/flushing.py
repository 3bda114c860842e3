"""The last, shorter window (ACC004): the guard learns of the data's last batch, or a flush follows the loop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix import pen
from accumlint.fix.code import Code, Loop, Statement, dotted, find, statements
from accumlint.fix.declared import flag_values
from accumlint.fix.edit import Edit
from accumlint.fix.lengths import BAR, has_length
from accumlint.fix.workspace import Proposal, Workspace, places, step_sites
from accumlint.ledger import Site

_LIGHTNING = re.compile(r"Lightning|pl\.")
# what belongs to a step; the rest of a guard's body (logs, evaluation) is not repeated in a flush
_OF_A_STEP = re.compile(r"(^|\.)(step|update|zero_grad|unscale_|clip_grad_norm_?|clip_grad_value_?|clip_gradients)$")


@dataclass(frozen=True, slots=True)
class LastBatch:
    """How a loop's index tells its last batch: ``test`` is true on it, ``otherwise`` before; ``count`` is the number of batches so far."""

    test: str
    otherwise: str
    count: str


def missing_flush(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC004, by preference: the flag that the guard reads, the guard itself, a flush behind the loop."""
    code = workspace.code(finding.site.path)
    guard = code.guard(finding.site) if code is not None else None
    if code is None or guard is None:
        return
    steps = [step.node for step in places(workspace, step_sites(finding), cst.Call) if step.code is code]
    loop = next(code.loops(guard), None)
    last = is_last(code, loop) if isinstance(loop, cst.For) else _lightning(code, guard)
    if last is not None:
        doubt = length_doubt(code, loop) if isinstance(loop, cst.For) else ""
        for edit in _extended(code, guard, steps, last):
            yield Proposal(f"step on the last batch too: `{last.test}`", (edit,), doubt)
    if loop is not None:
        yield from _behind(code, guard, loop)


def is_last(code: Code, loop: cst.For) -> LastBatch | None:
    """For ``for i, batch in enumerate(loader)``; a progress bar around either is looked through."""
    counted = _inner(loop.iter)
    if not isinstance(counted, cst.Call) or dotted(counted.func) != "enumerate" or not counted.args:
        return None
    target = loop.target.elements[0].value if isinstance(loop.target, cst.Tuple) and loop.target.elements else None
    data = _inner(counted.args[0].value)
    start = counted.args[1].value if len(counted.args) > 1 else None
    if not isinstance(target, cst.Name) or dotted(data) is None or not (start is None or isinstance(start, cst.Integer)):
        return None
    first = int(start.value) if isinstance(start, cst.Integer) else 0
    if first not in (0, 1):
        return None
    number = target.value if first else f"{target.value} + 1"
    length = f"len({code.source(data)})"
    return LastBatch(f"{number} == {length}", f"{number} != {length}", number if first else f"({number})")


def length_doubt(code: Code, loop: cst.For) -> str:
    """Why the data may have no length: nothing in the file takes it, and nothing shows where the data comes from."""
    counted = _inner(loop.iter)
    data = _inner(counted.args[0].value) if isinstance(counted, cst.Call) and counted.args else loop.iter
    name = dotted(data) or ""
    return "" if has_length(code.text, name) else f"`{name}` may have no length"


def _inner(node: cst.BaseExpression) -> cst.BaseExpression:
    while isinstance(node, cst.Call) and node.args and BAR.search(dotted(node.func) or ""):
        node = node.args[0].value
    return node


def _lightning(code: Code, guard: cst.If) -> LastBatch | None:
    """In a Lightning module's ``training_step`` the trainer knows."""
    function, owner = code.function(guard), code.owner(guard)
    if not isinstance(function, cst.FunctionDef) or function.name.value != "training_step" or owner is None:
        return None
    if not any(_LIGHTNING.search(code.source(base)) for base in owner.bases):
        return None
    return LastBatch("self.trainer.is_last_batch", "not self.trainer.is_last_batch", "")


def _extended(code: Code, guard: cst.If, steps: list[cst.Call], last: LastBatch) -> Iterator[Edit]:
    """The flag's assignment or the guard's test with the last batch in it."""
    inside = any(code.inside(step, guard.body) for step in steps)
    loop = next(code.loops(guard), None)
    if inside:
        # the last batch is asked for, and missed by one
        missed = last.test.replace(" + 1", "") if " + 1" in last.test else last.test.replace(" ==", " + 1 ==")
        yield from (
            pen.replace(code, part, last.test) for part in find(guard.test, cst.Comparison) if code.source(part) == missed
        )
    for assign in flag_values(code, guard):
        if isinstance(assign.value, cst.Comparison | cst.BooleanOperation | cst.UnaryOperation) and (
            loop is None or code.inside(assign, loop)
        ):
            negated = isinstance(guard.test, cst.UnaryOperation)
            yield _joined(code, assign.value, last, either=inside is not negated)
    yield _joined(code, guard.test, last, either=inside)


def _joined(code: Code, test: cst.BaseExpression, last: LastBatch, *, either: bool) -> Edit:
    text = code.source(test)
    loose = isinstance(test, cst.IfExp | cst.Lambda | cst.NamedExpr) or (
        not either and isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.Or)
    )
    if loose and not test.lpar:
        return pen.replace(code, test, f"({text}) {'or' if either else 'and'} {last.test if either else last.otherwise}")
    where = code.site(test)
    point = Site(where.path, where.end_line, where.end_column, where.end_line, where.end_column)
    return Edit(point, f" or {last.test}" if either else f" and {last.otherwise}")


def _behind(code: Code, guard: cst.If, loop: Loop) -> Iterator[Proposal]:
    """The step again behind the loop, where something is pending."""
    kept = [statement for statement in pen.body_of(guard) if _of_step(statement)]
    if not kept or guard.orelse is not None:
        return
    body = "\n".join(pen.indented(dedent(_lines(code, one)), "    ") for one in kept)
    if "step" not in body:
        return
    skipped = "" if len(kept) == len(pen.body_of(guard)) else "what else the guard does is not repeated"
    for condition, doubt in _pending(code, guard, loop):
        content = f"if {condition}:\n{body}"
        yield Proposal(f"flush behind the loop: `if {condition}`", (pen.insert_after(code, loop, content),), doubt or skipped)


def _lines(code: Code, statement: Statement) -> str:
    return code.indent(statement) + code.source(statement)


def _of_step(statement: Statement) -> bool:
    """Whether a statement is part of taking a step, or counts."""
    if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Call):
        return bool(_OF_A_STEP.search(dotted(statement.value.func) or ""))
    if isinstance(statement, cst.If):
        other = statement.orelse
        rest = [other] if isinstance(other, cst.If) else list(statements(other.body)) if other is not None else []
        return all(_of_step(one) for one in [*pen.body_of(statement), *rest])
    if isinstance(statement, cst.For):
        return any(part.attr.value in ("grad", "step", "zero_grad") for part in find(statement, cst.Attribute))
    return isinstance(statement, cst.AugAssign) or (
        isinstance(statement, cst.Assign) and isinstance(statement.value, cst.Integer)
    )


def _pending(code: Code, guard: cst.If, loop: Loop) -> Iterator[tuple[str, str]]:
    """Tests behind the loop that tell whether a tail is pending, each with what is doubtful about it."""
    index = {name.value for name in find(loop.target, cst.Name)} if isinstance(loop, cst.For) else set()
    for name in _reset(guard):
        yield f"{name} > 0", ""
    test = guard.test
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1 and isinstance(test.comparisons[0].operator, cst.Equal):
        left, right = code.source(test.left), code.source(test.comparisons[0].comparator)
        unbound = bool({name.value for name in find(test, cst.Name)} & index)
        yield f"{left} != {right}", "the index is unbound where the data is empty" if unbound else ""


def _reset(guard: cst.If) -> Iterator[str]:
    """The counters that the guard's body sets to 0."""
    for statement in pen.body_of(guard):
        if isinstance(statement, cst.Assign) and isinstance(statement.value, cst.Integer) and statement.value.value == "0":
            yield from (name for name in (dotted(target.target) for target in statement.targets) if name is not None)
