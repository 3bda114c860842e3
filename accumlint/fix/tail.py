"""The last, shorter window divided by its own length (ACC015)."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix import pen
from accumlint.fix.code import Code, Statement, assigned, dotted, find, small_statements
from accumlint.fix.edit import Edit
from accumlint.fix.lastbatch import LastBatch, last_batch
from accumlint.fix.scaling import divisions, is_window, loss_of, read_elsewhere
from accumlint.fix.workspace import Proposal, Workspace, deposit_sites, places


def short_window(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC015: divide by the number of micro-batches that the window really has, where the loop's index tells it."""
    for call in places(workspace, deposit_sites(finding), cst.Call):
        code, name = call.code, dotted(loss_of(call.node))
        loop, last = next(code.loops(call.node), None), last_batch(code, call.node)
        if loop is None or last is None:
            continue
        here = code.statement(call.node)
        others = (one for one in small_statements(code.function(call.node)) if code.inside(one, loop))
        before = [one for one in others if (target := assigned(one)) is not None and dotted(target) == name]
        for statement in [here, *reversed(before)]:
            doubt = last.doubt or ("" if statement is here else read_elsewhere(call, statement, loss_of(call.node)))
            for divisor in _divisors(code, statement, finding):
                edits = _by_its_length(code, statement, divisor, last)
                yield Proposal("divide by the window's own length", edits, doubt)


def _divisors(code: Code, statement: Statement, finding: Finding) -> Iterator[cst.BaseExpression]:
    """The window where ``statement`` divides by it."""
    if isinstance(statement, cst.AugAssign) and isinstance(statement.operator, cst.DivideAssign):
        yield from (part for part in (statement.value,) if is_window(code, part, finding))
    yield from (node.right for node in divisions(code, statement, finding) if isinstance(node.operator, cst.Divide))


def _by_its_length(code: Code, statement: Statement, divisor: cst.BaseExpression, last: LastBatch) -> tuple[Edit, ...]:
    """``window = min(n, what is left)`` before the statement, and ``window`` for ``n`` in it."""
    taken = {part.value for part in find(code.function(statement), cst.Name)}
    name = next((one for one in ("window", "window_length", "micro_batches") if one not in taken), "")
    size = code.source(divisor)
    length = f"{name} = min({size}, {last.length} - {last.before} // {size} * {size})"
    return (pen.insert_before(code, statement, length), pen.replace(code, divisor, name)) if name else ()
