"""Where gradients are cleared: ACC001 (never, or too late), ACC002 (too often), ACC012 (before the step)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix import pen
from accumlint.fix.code import Code, Statement, called, dotted, find, roots, statements
from accumlint.fix.declared import fused
from accumlint.fix.edit import Edit
from accumlint.fix.workspace import (
    Place,
    Proposal,
    Workspace,
    calls_and_assignments,
    deposit_sites,
    erase_sites,
    places,
    step_sites,
)
from accumlint.rules.rows import amid_turns

_SCALER = re.compile(r"scal", re.IGNORECASE)
_FINITE = re.compile(r"finite|isnan|isinf|overflow|\bnan\b", re.IGNORECASE)
_OPTIMIZER = re.compile(r"opt", re.IGNORECASE)


def missing_clear(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC001: clear right after the step."""
    here = list(places(workspace, [finding.site], cst.Call))
    open_ended = [step for step in places(workspace, step_sites(finding), cst.Call) if not _is_followed_by_clear(step)]
    for step in open_ended:
        yield from _from_before_the_backward(step)
    # what another step leaves behind is cleared there
    for steps in (here, *([step] for step in open_ended), open_ended):
        edits = [clear_after(step.code, step.node) for step in steps]
        if not steps or None in edits or any(_is_followed_by_clear(step) for step in steps):
            continue
        optimizer = optimizer_of(steps[0].code, steps[0].node)
        doubt = _clears_elsewhere(workspace, finding, steps[0]) or _reads_gradients(steps[0]) or _fills_again(finding, steps)
        yield Proposal(f"add `{optimizer}.zero_grad()` after the step", tuple(edit for edit in edits if edit is not None), doubt)


def _from_before_the_backward(step: Place[cst.Call]) -> Iterator[Proposal]:
    """The clear that opens the body of the step's loop, put behind the step: nothing is left there for another loop."""
    code, statement = step.code, step.code.statement(step.node)
    if not isinstance(statement, cst.BaseSmallStatement):
        return
    name = f"{optimizer_of(code, step.node)}.zero_grad"
    block = code.block(statement)
    for clear in block[: block.index(statement)]:
        if called(clear) == name:
            put = pen.insert_after(code, _end_of_step(code, statement), pen.moved_text(code, clear))
            yield Proposal(f"move `{name}()` after the step", (*pen.remove(code, clear).edits, put), _reads_gradients(step))


def _is_followed_by_clear(step: Place[cst.Call]) -> bool:
    """Whether a clear follows that is not just another optimizer's."""
    code, optimizer = step.code, optimizer_of(step.code, step.node)
    after = code.following(_end_of_step(code, code.statement(step.node)))
    while after is not None and (name := called(after) or "").endswith(".zero_grad"):
        owner = name.removesuffix(".zero_grad")
        if owner == optimizer or not _OPTIMIZER.search(owner):
            return True
        after = code.following(after)
    return False


def misplaced_clear(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC002, ACC012: take the clear out where each step is followed by one, else put it after the step."""
    between = finding.code == "ACC002" and (
        finding.ledger.declared is None or any(erase.site == finding.site for erase in amid_turns(finding.ledger))
    )
    doubt = "whether the first loss is left over, or is meant to train with the second, only its author knows" if between else ""
    for proposal in _put_elsewhere(workspace, finding):
        yield replace(proposal, doubt=proposal.doubt or doubt)


def _put_elsewhere(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    for clear in calls_and_assignments(workspace, [finding.site]):
        statement = _whole(clear.code, clear.code.statement(clear.node))
        removal = pen.remove(clear.code, statement)
        name = (
            " ".join(clear.code.source(statement).split("\n")[0].split())
            if isinstance(statement, cst.For)
            else clear.code.source(clear.node)
        )
        yield Proposal(f"remove `{name}`: the gradients are cleared elsewhere", removal.edits, removal.doubt)
        yield from _guarded(clear.code, statement)
        yield from _of_the_optimizer(workspace, finding, clear)
        steps = list(places(workspace, step_sites(finding), cst.Call))
        inner = [step for step in steps if any(True for _ in step.code.loops(step.node))]
        for group in (steps, inner):
            if not group:
                continue
            title = f"move `{name}` after the step"
            moved = [_put_after(clear, statement, step) for step in group]
            if None not in moved:
                # its comments move along
                doubt = "" if removal.doubt.startswith("a comment") else removal.doubt
                yield Proposal(title, (*removal.edits, *(edit for edit in moved if edit is not None)), doubt)
            optimizer = optimizer_of(group[0].code, group[0].node)
            call = clear.node if isinstance(clear.node, cst.Call) else None
            same = call is not None and dotted(call.func) == f"{optimizer}.zero_grad"
            made = [clear_after(step.code, step.node, clear.code.source(clear.node) if same else "") for step in group]
            if None not in made:
                alike = same or (call is not None and not call.args)
                doubt = removal.doubt or ("" if alike else f"`{name}` is not the same call")
                title = title if same else f"replace `{name}` by `{optimizer}.zero_grad()` after the step"
                yield Proposal(title, (*removal.edits, *(edit for edit in made if edit is not None)), doubt)


def _of_the_optimizer(workspace: Workspace, finding: Finding, clear: Place[cst.Call | cst.Assign]) -> Iterator[Proposal]:
    """A clear that follows the step, of a model: the optimizer's own, which a framework may defer, for it."""
    for step in places(workspace, step_sites(finding), cst.Call):
        code, optimizer = step.code, optimizer_of(step.code, step.node)
        if optimizer is None or clear.code is not code or not isinstance(clear.node, cst.Call) or clear.node.args:
            continue
        statement = code.statement(clear.node)
        block = code.block(statement)
        if isinstance(statement, cst.Expr) and code.statement(step.node) in block[: block.index(statement)]:
            edit = pen.replace(code, statement, f"{optimizer}.zero_grad()")
            yield Proposal(f"replace `{code.source(clear.node)}` by `{optimizer}.zero_grad()`", (edit,))


def _guarded(code: Code, statement: Statement) -> Iterator[Proposal]:
    """Clear when the fused call beside it steps: ``loss_scaler(loss, optimizer, update_grad=last)``."""
    for call in find(code.function(statement), cst.Call, into_functions=False):
        told = fused(call)
        if told is not None and code.statement(call) in code.block(statement) and code.line(call) < code.line(statement):
            guard = code.source(told)
            body = pen.indented(code.source(statement), "    ")
            edit = pen.replace(code, statement, pen.indented(f"if {guard}:\n{body}", code.indent(statement)).lstrip())
            yield Proposal(f"clear only when the call steps: `if {guard}`", (edit,))


def clear_after(code: Code, step: cst.Call, clear: str = "") -> Edit | None:
    """A ``clear`` of the stepped optimizer behind ``step``; at the head of its closure where it has one."""
    optimizer = optimizer_of(code, step)
    if optimizer is None:
        return None
    content = clear or f"{optimizer}.zero_grad()"
    if closure := _closure(code, step):
        return pen.insert_before(code, pen.body_of(closure)[0], content)
    statement = code.statement(step)
    if not isinstance(statement, cst.BaseSmallStatement):
        return None
    around = _all_of_the_step(code, step, optimizer)
    if around is not statement:
        return pen.insert_after(code, around, content)
    if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.ListComp) and statement.value.elt is step:
        content = code.source(statement).replace(code.source(step), content, 1)
    return pen.insert_after(code, _end_of_step(code, statement), content)


def optimizer_of(code: Code, step: cst.Call) -> str | None:
    """The text of the optimizer that a step call steps: what it is called on, or the argument of a scaler or a wrapper."""
    arguments = [arg.value for arg in step.args if arg.keyword is None and not arg.star]
    owner = step.func.value if isinstance(step.func, cst.Attribute) else None
    named = next((argument for argument in arguments if _OPTIMIZER.search(dotted(argument) or "")), None)
    if (
        owner is None
        or _SCALER.search(dotted(owner) or "")
        or (isinstance(step.func, cst.Attribute) and step.func.attr.value != "step")
    ):
        return None if named is None and not arguments else code.source(named or arguments[0])
    return code.source(owner)


def _closure(code: Code, step: cst.Call) -> cst.FunctionDef | None:
    name = next((arg.value.value for arg in step.args if isinstance(arg.value, cst.Name)), None)
    functions = find(code.function(step), cst.FunctionDef)
    return next((one for one in functions if one.name.value == name and one is not code.function(step)), None)


def _end_of_step(code: Code, statement: Statement) -> Statement:
    """The last statement that belongs to the step: ``scaler.update()`` does, and the other optimizers' steps right behind it.

    A scheduler's step may stand between.
    """
    end, current = statement, code.following(statement)
    while current is not None and (called(current) or "").endswith((".step", ".update")):
        owner, _, method = (called(current) or "").rpartition(".")
        stepped = optimizer_of(code, next(find(current, cst.Call))) if method == "step" else None
        if _OPTIMIZER.search(stepped or "") or (method == "update" and _SCALER.search(owner)):
            end = current
        current = code.following(current)
    return end


def _all_of_the_step(code: Code, step: cst.Call, optimizer: str) -> Statement:
    """The step with the ``if`` around it, where its other branches step too, or where it asks whether the gradients are finite.

    Gradients that are not finite must be cleared all the same.
    """
    statement = code.statement(step)
    for holder in code.around(statement):
        if isinstance(holder, cst.For | cst.While | cst.FunctionDef | cst.ClassDef):
            break
        if isinstance(holder, cst.If) and (_FINITE.search(code.source(holder.test)) or _always_steps(code, holder, optimizer)):
            statement = holder
    return statement


def _always_steps(code: Code, holder: cst.If, optimizer: str) -> bool:
    """Whether every branch steps ``optimizer``, and none clears it."""
    branches = [holder.body]
    other = holder.orelse
    while isinstance(other, cst.If):
        branches.append(other.body)
        other = other.orelse
    if not isinstance(other, cst.Else):
        return False
    branches.append(other.body)
    clears = any(called(one) == f"{optimizer}.zero_grad" for branch in branches for one in statements(branch))
    return not clears and all(_steps(code, branch, optimizer) for branch in branches)


def _steps(code: Code, block: cst.BaseSuite, optimizer: str) -> bool:
    return any(
        (called(one) or "").endswith(".step") and optimizer_of(code, call) == optimizer
        for one in statements(block)
        for call in find(one, cst.Call)
        if code.statement(call) is one
    )


def _whole(code: Code, statement: Statement) -> Statement:
    """The clear with the loop over parameters or optimizers that does nothing else."""
    current = statement
    for holder in list(code.around(statement)):
        if isinstance(holder, cst.For) and len(pen.body_of(holder)) == 1 and roots(holder.target) & roots(statement):
            current = holder
        elif isinstance(holder, cst.FunctionDef | cst.While):
            break
    return current


def _put_after(clear: Place[cst.Call | cst.Assign], statement: Statement, step: Place[cst.Call]) -> Edit | None:
    """The clear's own text behind the step, where its names mean the same there."""
    after = step.code.statement(step.node)
    if not isinstance(after, cst.BaseSmallStatement) or clear.code is not step.code:
        return None
    free = roots(statement.iter) if isinstance(statement, cst.For) else roots(statement)
    same_function = clear.code.function(statement) is step.code.function(step.node)
    if not same_function and not clear.code.visible(clear.node, step.node, found=clear.node):
        return None
    if any(
        isinstance(loop, cst.For) and roots(loop.target) & free and not step.code.inside(step.node, loop)
        for loop in clear.code.loops(statement)
    ):
        return None
    return pen.insert_after(step.code, _end_of_step(step.code, after), pen.moved_text(clear.code, statement))


def _clears_elsewhere(workspace: Workspace, finding: Finding, step: Place[cst.Call]) -> str:
    """A clear in the same loop, on another clock: the step may belong there."""
    loop = next(step.code.loops(step.node), None)
    for clear in calls_and_assignments(workspace, erase_sites(finding)):
        if loop is None or clear.code is not step.code or not step.code.inside(clear.node, loop):
            continue
        if step.code.statement(step.node) not in step.code.block(step.code.statement(clear.node)):
            return f"line {clear.code.line(clear.node)} clears on another clock: the step may belong there"
    return ""


def _fills_again(finding: Finding, steps: list[Place[cst.Call]]) -> str:
    """A later backward of the turn that fills the same gradients, as a generator's does the discriminator's, and that no step of the
    optimizer's own follows: what it leaves is spent with the next turn's."""
    first, last = steps[0].code.line(steps[0].node), max(step.code.line(step.node) for step in steps)
    lines = sorted({site.line for site in deposit_sites(finding) if site.path == finding.site.path})
    if any(line < first for line in lines) and lines[-1] > last:
        return f"line {lines[-1]} fills the gradients again after the step: they had better be cleared before their own backward"
    return ""


def _reads_gradients(step: Place[cst.Call]) -> str:
    """Gradients that are looked at after the step would be gone."""
    loop = next(step.code.loops(step.node), None) or step.code.function(step.node)
    line = step.code.line(step.node)
    for node in find(loop, cst.Attribute):
        if node.attr.value == "grad" and step.code.line(node) > line:
            return f"line {step.code.line(node)} reads the gradients after the step"
    return ""
