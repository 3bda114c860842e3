"""Running totals (ACC013): backward goes on the micro-batch's own loss, the total keeps its number and loses its graph."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix import pen
from accumlint.fix.code import Code, dotted, find, small_statements
from accumlint.fix.edit import Edit
from accumlint.fix.scaling import loss_of
from accumlint.fix.workspace import Place, Proposal, Workspace, deposit_sites, places

_NAMES = ("loss", "micro_loss", "batch_loss")


def running_total(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """For ``total = total + loss``, ``total += loss``, and ``losses.append(loss)`` with ``sum(losses).backward()``."""
    for call in places(workspace, [finding.site], cst.Call):
        loss = loss_of(call.node)
        name = dotted(_listed(loss) or loss)
        if name is None:
            continue
        for statement in small_statements(call.code.function(call.node)):
            own = _added(statement, name)
            if own is not None and call.code.line(statement) <= call.code.line(call.node):
                yield from _own_loss(call, loss, statement, own, alone=len(deposit_sites(finding)) == 1)


def _own_loss(
    call: Place[cst.Call], loss: cst.BaseExpression, statement: cst.BaseSmallStatement, own: cst.BaseExpression, *, alone: bool
) -> Iterator[Proposal]:
    code = call.code
    edits: list[Edit] = []
    if isinstance(own, cst.Name):
        name = own.value
    else:
        taken = {part.value for part in find(code.function(call.node), cst.Name)}
        name = next((one for one in _NAMES if one not in taken), "")
        if not name:
            return
        edits.append(pen.insert_before(code, statement, f"{name} = {code.source(own)}"))
    edits.append(pen.replace(code, own, f"{name}.detach()"))
    edits.append(pen.replace(code, loss, name))
    edits += _without_retained_graph(code, call.node) if alone else []
    yield Proposal(f"differentiate `{name}`, not the running total", tuple(edits))


def _listed(loss: cst.BaseExpression) -> cst.BaseExpression | None:
    """The list in ``sum(losses)``."""
    return loss.args[0].value if isinstance(loss, cst.Call) and dotted(loss.func) == "sum" and len(loss.args) == 1 else None


def _added(statement: cst.BaseSmallStatement, name: str) -> cst.BaseExpression | None:
    """What ``statement`` adds to the total called ``name``."""
    if isinstance(statement, cst.AugAssign):
        return statement.value if isinstance(statement.operator, cst.AddAssign) and dotted(statement.target) == name else None
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1 and dotted(statement.targets[0].target) == name:
        value = statement.value
        if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Add):
            return value.right if dotted(value.left) == name else value.left if dotted(value.right) == name else None
    if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Call) and len(statement.value.args) == 1:
        return statement.value.args[0].value if dotted(statement.value.func) == f"{name}.append" else None
    return None


def _without_retained_graph(code: Code, call: cst.Call) -> list[Edit]:
    """The graph was retained for the total's sake only."""
    if len(call.args) == 1 and call.args[0].keyword is not None and call.args[0].keyword.value == "retain_graph":
        return [pen.replace(code, call.args[0], "")]
    return []
