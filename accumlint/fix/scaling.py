"""How much a micro-batch weighs: ACC003 (the loss is not divided by the window) and ACC014 (it is divided twice)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix import pen
from accumlint.fix.code import Code, Statement, assigned, dotted, expressions, find, roots, small_statements
from accumlint.fix.declared import divisor, flag_values, plain, windows
from accumlint.fix.edit import Edit
from accumlint.fix.workspace import Place, Proposal, Workspace, places, step_sites
from accumlint.rules import judge


def missing_division(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC003: divide where backward is called, so that the loss that is logged stays what it was; in all branches that call it."""
    for call in places(workspace, [finding.site], cst.Call):
        code, loss = call.code, _differentiated(call.code, call.node)
        doubt = _several_clocks(workspace, finding) or _erased(finding)
        losses = list(dict.fromkeys([loss, *_in_other_branches(call, loss)]))
        for name in windows(workspace, finding, code, call.node):
            window = divisor(code, name)
            if _multiplied_back(call, loss, name):
                edit = pen.insert_before(code, _before_all(call, losses), f"{code.source(loss)} = {code.source(loss)} / {window}")
                yield Proposal(f"divide the loss by `{window}` before the backward", (edit,), doubt)
            edits = tuple(_divided(code, one, window) for one in losses)
            yield Proposal(f"divide the loss by `{window}` at the backward", edits, doubt)


def _several_clocks(workspace: Workspace, finding: Finding) -> str:
    """Where the step comes by two remainders at once, as inside the guard of a log: the window may be either, or their product."""
    for step in places(workspace, step_sites(finding), cst.Call):
        around = [one for one in step.code.around(step.node) if isinstance(one, cst.If)]
        found = {
            plain(step.code, part.right) for one in around for part in find(one.test, cst.BinaryOperation) if _is_remainder(part)
        }
        if len(found) > 1:
            return f"the step hangs on {' and '.join(f'`{one}`' for one in sorted(found))}: which is the window, only its author knows"
    return ""


def _erased(finding: Finding) -> str:
    """Where a clear erases the window on the way: divided, a step would spend a part of a single micro-batch."""
    erased = any(violation.code == "ACC002" for violation in judge(finding.ledger))
    return "as long as a clear erases the window, a step would spend a part of one micro-batch" if erased else ""


def _is_remainder(part: cst.BinaryOperation) -> bool:
    return isinstance(part.operator, cst.Modulo)


def _before_all(call: Place[cst.Call], losses: Sequence[cst.BaseExpression]) -> Statement:
    """The call's statement, or the ``if`` whose branches hold all the ``losses``."""
    holders = [call.code.statement(call.node), *(one for one in call.code.around(call.node) if isinstance(one, cst.If))]
    return next(one for one in holders if all(call.code.inside(loss, one) for loss in losses))


def _divided(code: Code, loss: cst.BaseExpression, window: str) -> Edit:
    quotient = f"{_operand(code, loss)} / {window}"
    return pen.replace(code, loss, f"({quotient})" if isinstance(code.parent(loss), cst.Attribute) else quotient)


def _in_other_branches(call: Place[cst.Call], loss: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The same loss where another branch of an ``if`` around the call calls backward: with a scaler, say, or without."""
    code = call.code
    for holder in code.around(call.node):
        if isinstance(holder, cst.For | cst.While | cst.FunctionDef):
            return
        for other in find(holder, cst.Call) if isinstance(holder, cst.If) else ():
            if is_backward(other):
                found = _differentiated(code, other)
                if plain(code, found) == plain(code, loss):
                    yield found


def _multiplied_back(call: Place[cst.Call], loss: cst.BaseExpression, window: str) -> bool:
    """Whether what follows the backward multiplies the loss by the window: then it is meant to be divided for good."""
    code, name, last = call.code, dotted(loss), window.rpartition(".")[2]
    for node in find(code.function(call.node), cst.BinaryOperation):
        if isinstance(node.operator, cst.Multiply) and code.line(node) > code.line(call.node):
            sides = (node.left, node.right)
            if any((dotted(side) or "").rpartition(".")[2] == last for side in sides):
                return any(dotted(part) == name for side in sides for part in expressions(side))
    return False


def _differentiated(code: Code, call: cst.Call) -> cst.BaseExpression:
    """The loss as it is before a scaler takes it."""
    return _unscaled(code, call, loss_of(call))


def is_backward(call: cst.Call) -> bool:
    return isinstance(call.func, cst.Attribute) and call.func.attr.value == "backward"


def loss_of(call: cst.Call) -> cst.BaseExpression:
    """The loss that a backward call differentiates: its argument, that of the scaler, or what it is called on."""
    if isinstance(call.func, cst.Attribute) and is_backward(call):
        scaled = call.func.value
        if (
            isinstance(scaled, cst.Call)
            and isinstance(scaled.func, cst.Attribute)
            and scaled.func.attr.value == "scale"
            and scaled.args
        ):
            return scaled.args[0].value
        first = next((arg for arg in call.args if arg.keyword is None and not arg.star), None)
        return scaled if first is None else first.value
    return call.args[0].value if call.args else call


def _unscaled(code: Code, call: cst.Call, loss: cst.BaseExpression) -> cst.BaseExpression:
    """The loss before apex scales it: ``x`` for the name in ``with amp.scale_loss(x, optimizer) as name``."""
    for holder in code.around(call):
        for item in holder.items if isinstance(holder, cst.With) else ():
            scaled = item.item
            if (
                item.asname is not None
                and dotted(item.asname.name) == dotted(loss)
                and isinstance(scaled, cst.Call)
                and (dotted(scaled.func) or "").endswith("scale_loss")
                and scaled.args
            ):
                return scaled.args[0].value
    return loss


def _operand(code: Code, node: cst.BaseExpression) -> str:
    """The node's text as the left side of a division."""
    text = code.source(node)
    loose = isinstance(
        node, cst.BooleanOperation | cst.Comparison | cst.IfExp | cst.Lambda | cst.NamedExpr | cst.UnaryOperation | cst.Await
    ) or (isinstance(node, cst.BinaryOperation) and not isinstance(node.operator, cst.Multiply | cst.Divide))
    return f"({text})" if loose and not node.lpar else text


def second_division(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC014: take one division out: the one at the backward, that of the gradients, or one on the loss's way."""
    for call in places(workspace, [finding.site], cst.Call):
        loss = loss_of(call.node)
        yield from (
            Proposal(f"divide the loss by `{plain(call.code, by)}` once", (edit,))
            for edit, by in _undivided(call.code, loss, finding)
        )
        yield from _of_gradients(workspace, finding, call)
        yield from _on_the_way(finding, call, loss)


def _undivided(code: Code, holder: cst.CSTNode, finding: Finding) -> Iterator[tuple[Edit, cst.CSTNode]]:
    """Each division by the window below ``holder``, taken out."""
    for node in divisions(code, holder, finding):
        left = code.source(node.left)
        # the parentheses that the division needed go with it, unless what is left needs them too
        needed = (
            node.lpar and not isinstance(node.left, cst.Name | cst.Attribute | cst.Call | cst.Subscript) and not node.left.lpar
        )
        yield pen.replace(code, node, f"({left})" if needed else left), node.right


def divisions(code: Code, holder: cst.CSTNode, finding: Finding) -> Iterator[cst.BinaryOperation]:
    """The divisions by the window below ``holder``; multiplications by its reciprocal too."""
    return (
        node
        for node in find(holder, cst.BinaryOperation)
        if isinstance(node.operator, cst.Divide | cst.Multiply) and is_window(code, node.right, finding)
    )


def is_window(code: Code, node: cst.CSTNode, finding: Finding) -> bool:
    """Whether an expression is the window, or a reciprocal of it."""
    last = plain(code, node).rpartition(".")[2]
    if last in ((finding.ledger.declared or "").rpartition(".")[2], "gradient_accumulation_steps"):
        return True
    if isinstance(node, cst.Name):
        values = list(flag_values(code, node, node))
        return len(values) == 1 and isinstance(values[0], cst.Name | cst.Attribute) and is_window(code, values[0], finding)
    return (
        isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide) and is_window(code, node.right, finding)
    )


def _of_gradients(workspace: Workspace, finding: Finding, call: Place[cst.Call]) -> Iterator[Proposal]:
    for step in places(workspace, step_sites(finding), cst.Call):
        for loop in find(step.code.function(step.node), cst.For, into_functions=False):
            body = pen.body_of(loop)
            if len(body) == 1 and ".grad" in step.code.source(body[0]) and _names_window(step.code, body[0], finding):
                removal = pen.remove(step.code, loop)
                yield Proposal("divide the loss, not the gradients too", removal.edits, removal.doubt)


def _names_window(code: Code, holder: cst.CSTNode, finding: Finding) -> bool:
    return any(is_window(code, part, finding) for part in expressions(holder))


def _on_the_way(finding: Finding, call: Place[cst.Call], loss: cst.BaseExpression) -> Iterator[Proposal]:
    """Statements that divide the loss and no more, then divisions within others; what reads the loss sees another number."""
    code, name = call.code, dotted(loss)
    function = code.function(call.node)
    for statement in reversed(list(small_statements(function))):
        target = assigned(statement)
        if target is None or name is None or dotted(target) != name:
            continue
        doubt = read_elsewhere(call, statement, target)
        if _only_divides(code, statement, finding):
            removal = pen.remove(code, statement)
            yield Proposal(f"remove the second division: `{plain(code, statement)}`", removal.edits, doubt or removal.doubt)
        else:
            for edit, by in _undivided(code, statement, finding):
                yield Proposal(f"divide the loss by `{plain(code, by)}` once", (edit,), doubt)


def _only_divides(code: Code, statement: Statement, finding: Finding) -> bool:
    """``loss = loss / N`` or ``loss /= N``, or the same with the reciprocal."""
    if isinstance(statement, cst.AugAssign):
        return isinstance(statement.operator, cst.DivideAssign | cst.MultiplyAssign) and is_window(code, statement.value, finding)
    value = statement.value if isinstance(statement, cst.Assign) else None
    if not isinstance(value, cst.BinaryOperation) or not isinstance(value.operator, cst.Divide | cst.Multiply):
        return False
    return dotted(value.left) == dotted(assigned(statement) or value) and is_window(code, value.right, finding)


def read_elsewhere(call: Place[cst.Call], statement: Statement, target: cst.BaseExpression) -> str:
    """Where the divided loss is read by anything but the backward and what leads to it."""
    code, names = call.code, roots(target)
    loop = next(code.loops(call.node), None) or code.function(call.node)
    on_the_way = names | roots(loss_of(call.node))
    for name in find(loop, cst.Name):
        if name.value in names and code.line(name) > code.line(statement):
            around = code.statement(name)
            written = assigned(around)
            if around is not code.statement(call.node) and (written is None or not roots(written) & on_the_way):
                return f"line {code.line(name)} reads the loss: it will see it undivided"
    return ""
