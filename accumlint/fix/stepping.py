"""Steps that are out of place or missing: ACC005 (a stray step), ACC017 (none at all), ACC011 (a method that is named and not called)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix import pen
from accumlint.fix.clearing import optimizer_of
from accumlint.fix.code import Code, Loop, Statement, called, dotted, expressions, find, statements
from accumlint.fix.declared import plain, windows
from accumlint.fix.edit import Edit
from accumlint.fix.lastbatch import last_batch
from accumlint.fix.scaling import is_backward
from accumlint.fix.workspace import Place, Proposal, Workspace, deposit_sites, erase_sites, places
from accumlint.ledger import Site

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


def uncalled(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC011: add the parentheses."""
    for place in places(workspace, [finding.site], cst.Attribute):
        where = place.code.site(place.node)
        point = Site(where.path, where.end_line, where.end_column, where.end_line, where.end_column)
        yield Proposal(f"call it: `{plain(place.code, place.node)}()`", (Edit(point, "()"),))


def stray_step(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC005: take out a step that finds nothing fresh; put one that comes every micro-batch where the window closes."""
    loose = list(_outside_the_guard(workspace, finding))
    yield from loose
    yield from _backward_for_every_window(workspace, finding)
    if not any(spend.row for spend in finding.ledger.spends):
        yield from _behind_the_backward(workspace, finding)
        return
    for step in places(workspace, [finding.site], cst.Call):
        statement = step.code.statement(step.node)
        if not isinstance(statement, cst.BaseSmallStatement):
            continue
        removal = pen.remove(step.code, statement)
        if not loose and _another_is_spent(finding):
            yield Proposal(f"remove the stray `{plain(step.code, step.node)}`", removal.edits, removal.doubt)
        text = pen.moved_text(step.code, statement)
        for clear in places(workspace, erase_sites(finding), cst.Call):
            if clear.code is step.code and clear.code.function(clear.node) is step.code.function(step.node):
                edit = pen.insert_before(clear.code, clear.code.statement(clear.node), text)
                yield Proposal("move the step to where the window's gradients are cleared", (*removal.edits, edit))
        yield from _behind_the_window(workspace, finding, step)
        yield from _guarded(workspace, finding, step)


def _backward_for_every_window(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """``if n > 1: loss = loss / n`` with the backward in its ``else``: there is none where the window is more than one."""
    if any(True for _ in finding.ledger.deposits):
        return
    for step in places(workspace, [finding.site], cst.Call):
        for call in find(next(step.code.loops(step.node), step.code.function(step.node)), cst.Call):
            other = next((one for one in step.code.around(call) if isinstance(one, cst.Else)), None)
            holder = step.code.parent(other) if other is not None else None
            block = list(statements(other.body)) if other is not None else []
            if isinstance(holder, cst.If) and len(block) == 1 and is_backward(call):
                edit = pen.dedent_tail(step.code, holder, block[0])
                yield Proposal(f"call `{plain(step.code, call)}` whether or not the loss is divided", (edit,))


def _behind_the_backward(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """A step that stands before its backward, in the same block."""
    doubt = "whether this is the backward that the step is meant for, only its author knows"
    backwards = list(places(workspace, deposit_sites(finding), cst.Call))
    for step in places(workspace, [finding.site], cst.Call):
        code, statement = step.code, step.code.statement(step.node)
        if not isinstance(statement, cst.BaseSmallStatement):
            continue
        removal, text = pen.remove(code, statement), pen.moved_text(code, statement)
        for backward in backwards:
            if backward.code is code and code.block(behind := code.statement(backward.node)) is code.block(statement):
                yield Proposal(
                    "move the step behind the backward",
                    (*removal.edits, pen.insert_after(code, behind, text)),
                    removal.doubt or doubt,
                )


def _outside_the_guard(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """Where one step stands in the window's guard and another comes every micro-batch, the other is the stray one."""
    guarded = {spend.site for spend in finding.ledger.spends if spend.guard is not None}
    loose = {spend.site for spend in finding.ledger.spends if spend.guard is None and spend.in_loop} - guarded
    if finding.ledger.declared is None or not guarded:
        return
    for step in places(workspace, sorted(loose), cst.Call):
        statement = step.code.statement(step.node)
        if isinstance(statement, cst.BaseSmallStatement):
            removal = pen.remove(step.code, statement)
            yield Proposal(
                f"remove the `{plain(step.code, step.node)}` that comes every micro-batch", removal.edits, removal.doubt
            )


def never_stepped(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """ACC017: step before the clear that follows the backward, else behind the backward and the clipping."""
    doubt = "whether the step belongs here, only its author knows"
    clears = list(places(workspace, erase_sites(finding), cst.Call))
    for backward in places(workspace, deposit_sites(finding), cst.Call):
        code, text = backward.code, _step_of(backward, _named(finding, clears))
        if text is None:
            continue
        loop, line = next(code.loops(backward.node), None), code.line(backward.node)
        title = f"add `{text.split(chr(10))[0]}`"
        for clear in clears:
            if clear.code is code and next(code.loops(clear.node), None) is loop and code.line(clear.node) > line:
                place = _before_schedulers(code, code.statement(clear.node))
                yield Proposal(f"{title} before the clear", (pen.insert_before(code, place, text),), doubt)
        statement = code.statement(backward.node)
        while (after := code.following(statement)) is not None and prepares(code.source(after)):
            statement = after
        yield Proposal(f"{title} after the backward", (pen.insert_after(code, statement, text),), doubt)


def _named(finding: Finding, clears: Sequence[Place[cst.Call]]) -> str:
    """The optimizer as its clear calls it, else as the ledger does."""
    name = finding.ledger.optimizer
    for clear in clears:
        owner = (dotted(clear.node.func) or "").rpartition(".")[0]
        if owner.rpartition(".")[2] == name.rpartition(".")[2]:
            return owner
    return name


def _before_schedulers(code: Code, statement: Statement) -> Statement:
    """The first of the calls of ``step`` that stand right before ``statement``: schedulers step after their optimizer."""
    block = code.block(statement)
    place = block.index(statement)
    while place and (name := called(block[place - 1])) is not None and name.endswith(".step"):
        place -= 1
    return block[place]


def _step_of(backward: Place[cst.Call], optimizer: str) -> str | None:
    """The statements that step ``optimizer``; through the scaler that has scaled the loss."""
    if not _DOTTED.fullmatch(optimizer) or not backward.code.visible(cst.parse_expression(optimizer), backward.node):
        return None
    scaled = backward.node.func.value if isinstance(backward.node.func, cst.Attribute) else None
    if isinstance(scaled, cst.Call) and isinstance(scaled.func, cst.Attribute) and scaled.func.attr.value == "scale":
        scaler = backward.code.source(scaled.func.value)
        return f"{scaler}.step({optimizer})\n{scaler}.update()"
    return f"{optimizer}.step()"


def _is_window(code: Code, loop: Loop, finding: Finding) -> bool:
    """Whether a loop runs over one window: its head names the window's length."""
    head = loop.iter if isinstance(loop, cst.For) else loop.test
    return any(plain(code, part) == finding.ledger.declared for part in expressions(head))


def _another_is_spent(finding: Finding) -> bool:
    """Whether another step spends what this one does not."""
    return any(spend.fresh and spend.site != finding.site for spend in finding.ledger.spends)


def _behind_the_window(workspace: Workspace, finding: Finding, step: Place[cst.Call]) -> Iterator[Proposal]:
    """What a step is, up to the clear, behind the inner loop that is the window; else the step alone."""
    code, statement = step.code, step.code.statement(step.node)
    loop = next(code.loops(step.node), None)
    if loop is None or not _is_window(code, loop, finding):
        return
    title = "move the step behind the window's loop"
    for block in filter(None, (_whole_step(workspace, finding, step), [statement])):
        if block[-1] is pen.body_of(loop)[-1] and loop.orelse is None:
            yield Proposal(title, (pen.dedent_tail(code, loop, block[0]),))
        else:
            removed = [edit for one in block for edit in pen.remove(code, one).edits]
            text = "\n".join(pen.moved_text(code, one) for one in block)
            yield Proposal(title, (*removed, pen.insert_after(code, loop, text)))


def _whole_step(workspace: Workspace, finding: Finding, step: Place[cst.Call]) -> list[Statement]:
    """The statements from what prepares the step up to the clear; none where no clear follows, or where they share a line with others."""
    code = step.code
    statement = code.statement(step.node)
    block = code.block(statement)
    clears = {code.statement(clear.node) for clear in places(workspace, erase_sites(finding), cst.Call) if clear.code is code}
    backwards = {code.statement(one.node) for one in places(workspace, deposit_sites(finding), cst.Call) if one.code is code}
    start = next((place for place, one in enumerate(block) if one is statement), 0)
    while start and block[start - 1] not in backwards and prepares(code.source(block[start - 1]), optimizer_of(code, step.node)):
        start -= 1
    end = next((place for place, one in enumerate(block) if place >= start and one in clears), None)
    if end is None or any(pen.shares_line(code, one) for one in block[start : end + 1]):
        return []
    return block[start : end + 1]


def _guarded(workspace: Workspace, finding: Finding, step: Place[cst.Call]) -> Iterator[Proposal]:
    """Put the step and what follows up to the clear under a guard of the window."""
    code, block = step.code, _whole_step(workspace, finding, step)
    last = last_batch(code, step.node)
    if not block or last is None:
        return
    first, final = code.line(block[0]), code.last_line(block[-1])
    body = pen.indented("\n".join(code.lines[first - 1 : final]), "    ")
    site = Site(code.path, first, 1, final, len(code.lines[final - 1]) + 1)
    for window in windows(workspace, finding, code, step.node):
        guard = f"{code.indent(block[0])}if {last.count} % {window} == 0 or {last.test}:\n"
        doubt = last.doubt or f"perhaps a step every micro-batch is meant, and `{window}` is what is left over"
        yield Proposal(f"step once in `{window}` micro-batches", (Edit(site, guard + body),), doubt)


def prepares(text: str, optimizer: str | None = None) -> bool:
    """Whether a statement gets gradients ready for the step, of ``optimizer`` if it is known."""
    return "clip_grad" in text or (".unscale_(" in text and (optimizer or "") in text)
