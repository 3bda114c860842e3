"""The window's expression as it stands in the source: what the ledger names, or what the guards of the steps compare with."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix.code import Code, Scope, dotted, expressions, find, walk
from accumlint.fix.workspace import Workspace, guard_sites, step_sites

# keywords that a call which does backward and step at once is told with
_TOLD = ("update_grad", "need_update")


def divisor(code: Code, window: str) -> str:
    """The text of ``window`` to divide by; 1 for it where the code asks whether there is one."""
    return f"({window} or 1)" if any(plain(code, part) == window for part in _asked_for(code)) else window


def _asked_for(code: Code) -> Iterator[cst.CSTNode]:
    """What the code takes for true or false, or asks whether it is None."""
    for node in walk(code.module):
        if isinstance(node, cst.If | cst.IfExp):
            yield node.test
        elif isinstance(node, cst.BooleanOperation):
            yield from (node.left, node.right)
        elif isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
            yield node.expression
        elif isinstance(node, cst.Comparison) and isinstance(node.comparisons[0].operator, cst.Is | cst.IsNot):
            yield node.left


def windows(workspace: Workspace, finding: Finding, code: Code, node: cst.CSTNode) -> Iterator[str]:
    """Texts of expressions for the window that mean something where ``node`` stands, the likeliest first."""
    seen: set[str] = set()
    for text, found in _candidates(workspace, finding, code, node):
        if text not in seen and code.visible(found, node, found=found):
            seen.add(text)
            yield text


def _candidates(workspace: Workspace, finding: Finding, code: Code, node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    declared = finding.ledger.declared or ""
    for scope in scopes(code, node, finding):
        for part in expressions(scope):
            if (
                isinstance(part, cst.Name | cst.Attribute | cst.Subscript | cst.Integer)
                and plain(code, part) == declared
                and (not declared.isdigit() or _is_limit(code, part))
            ):
                yield declared, part
                break
    for test in guard_tests(workspace, finding, code):
        for part in limits(test):
            loose = isinstance(part, cst.BinaryOperation) and not part.lpar
            yield f"({plain(code, part)})" if loose else plain(code, part), part


def scopes(code: Code, node: cst.CSTNode, finding: Finding) -> list[Scope]:
    """The functions that hold ``node`` and the steps."""
    found: list[Scope] = [code.function(node)]
    for site in step_sites(finding):
        step = code.at(site, cst.Call) if site.path == code.path else None
        if step is not None:
            found.append(code.function(step))
    return list(dict.fromkeys(found))


def guard_tests(workspace: Workspace, finding: Finding, code: Code) -> Iterator[cst.BaseExpression]:
    """The tests that decide when to step; for a flag, what is assigned to it."""
    for site in guard_sites(finding):
        guard = code.guard(site) if workspace.code(site.path) is code else None
        if guard is None:
            continue
        yield guard.test
        yield from flag_values(code, guard, guard.test)


def flag_values(code: Code, holder: cst.CSTNode, test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What is assigned to the flags that ``test`` reads, in the function of ``holder``."""
    names = {dotted(part) for part in expressions(test) if isinstance(part, cst.Name | cst.Attribute)} - {None}
    for assign in find(code.function(holder), cst.Assign, into_functions=False):
        if len(assign.targets) == 1 and dotted(assign.targets[0].target) in names:
            yield assign.value
    for annotated in find(code.function(holder), cst.AnnAssign, into_functions=False):
        if annotated.value is not None and dotted(annotated.target) in names:
            yield annotated.value


def limits(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What a guard measures by: right sides of ``%`` and of comparisons."""
    for part in find(test, cst.BinaryOperation):
        if isinstance(part.operator, cst.Modulo) and _computed(part.right):
            yield part.right
    for compared in find(test, cst.Comparison):
        for one in compared.comparisons:
            if _simple(one.comparator) and not (isinstance(one.comparator, cst.Integer) and one.comparator.value in ("0", "1")):
                yield one.comparator
    for call in find(test, cst.Call):
        if dotted(call.func) == "divmod" and len(call.args) == 2 and _computed(call.args[1].value):
            yield call.args[1].value


def _simple(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name | cst.Attribute | cst.Subscript | cst.Integer)


def _computed(node: cst.BaseExpression) -> bool:
    """Whether an expression is simple, or arithmetic of such."""
    return _simple(node) or (isinstance(node, cst.BinaryOperation) and _computed(node.left) and _computed(node.right))


def _is_limit(code: Code, node: cst.CSTNode) -> bool:
    """Whether a number is the window: a right side of ``%``, or of ``range``."""
    holder = code.parent(node)
    if isinstance(holder, cst.BinaryOperation):
        return isinstance(holder.operator, cst.Modulo) and holder.right is node
    return isinstance(holder, cst.Arg) and dotted(getattr(code.parent(holder), "func", holder)) == "range"


def plain(code: Code, node: cst.CSTNode) -> str:
    """The node's source on one line."""
    return " ".join(code.source(node).split())


def fused(call: cst.Call) -> cst.BaseExpression | None:
    """What a call that does backward and step at once is told of the boundary: ``loss_scaler(loss, optimizer, update_grad=last)``."""
    return next((arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value in _TOLD), None)
