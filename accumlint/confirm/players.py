"""Who takes part in a routine's training: the optimizers it steps, the models it calls, and whether they can be taken as one each."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass

from accumlint.confirm.nodes import last_name
from accumlint.confirm.roles import NAMED, NO_STEP, SCALER

_ALGORITHMS = ("Adam", "AdamW", "SGD", "RMSprop", "Adagrad", "Adamax", "NAdam", "RAdam", "LBFGS")


@dataclass(frozen=True, slots=True)
class Players:
    """``receivers`` are the objects stepped as optimizers, ``holders`` those that may have parameters.

    ``single`` where there is one optimizer and nothing else that is cleared: then all parameters are its own, whatever they are.
    """

    receivers: tuple[str, ...]
    holders: tuple[str, ...]
    single: bool


def _is_backward(node: ast.AST) -> bool:
    """A call such as ``engine.backward(loss)``: what is stepped then is an engine."""
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "backward" and bool(node.args)
    )


def _may_compute(func: ast.expr) -> bool:
    """Whether ``func`` may have parameters: not Python's own functions, methods of a text, or those by which a module computes nothing."""
    if isinstance(func, ast.Name):
        return not hasattr(builtins, func.id)
    if not isinstance(func, ast.Attribute) or isinstance(func.value, ast.Constant | ast.JoinedStr):
        return False
    return func.attr not in ("to", "requires_grad_", "load_state_dict")


def players(trees: Iterable[ast.AST]) -> Players:
    """The players in ``trees``, by the words that the source has for them."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    stepped: dict[str, None] = {}
    holders: dict[str, None] = {}
    built: dict[str, None] = {}
    models: dict[str, None] = {}
    cleared: dict[str, None] = {}
    assigned = {id(node.value): ast.unparse(node.targets[0]) for node in nodes if isinstance(node, ast.Assign)}
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        func = ast.unparse(node.func)
        if ("optim." in func and "lr_scheduler" not in func) or func in _ALGORITHMS:
            built[assigned.get(id(node), f"{func} at {node.lineno}:{node.col_offset}")] = None
        if node.args and _may_compute(node.func):
            holders[func] = None
        if SCALER.search(last_name(node.func)) and len(node.args) > 1:
            stepped[ast.unparse(node.args[1])] = None
        if not isinstance(node.func, ast.Attribute):
            continue
        owner = ast.unparse(node.func.value)
        if node.func.attr == "step" and not NO_STEP.search(last_name(node.func.value)):
            scaled = (
                bool(node.args) and not isinstance(node.args[0], ast.Lambda) and "scaler" in last_name(node.func.value).lower()
            )
            stepped[ast.unparse(node.args[0]) if scaled else owner] = None
        elif node.func.attr == "zero_grad":
            cleared[owner] = None
        elif node.func.attr == "parameters":
            models[owner] = holders[owner] = None
    engines = {ast.unparse(node.func.value) for node in nodes if _is_backward(node)}  # type: ignore[attr-defined]
    receivers = [name for name in stepped if NAMED.search(name) or name not in engines]
    receivers = [name for name in receivers if NAMED.search(name) or name in cleared or name in built]
    others = {name for name in cleared if name not in receivers and name not in built}
    single = len(receivers) <= 1 and len(built) <= 1 and (not others or len(others | set(models)) <= 1)
    return Players(tuple(receivers), tuple(holders), single)
