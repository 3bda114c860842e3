"""Steps and calls that are out of place: ACC005 (a stray step) and ACC011 (a method that is named and not called)."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from accumlint.finding import Finding
from accumlint.fix import pen
from accumlint.fix.clearing import optimizer_of
from accumlint.fix.code import Code, Loop, expressions
from accumlint.fix.declared import plain, windows
from accumlint.fix.edit import Edit
from accumlint.fix.flushing import is_last, length_doubt
from accumlint.fix.workspace import Place, Proposal, Workspace, deposit_sites, erase_sites, places
from accumlint.ledger import Site


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
        loop = next(step.code.loops(step.node), None)
        if loop is not None and _is_window(step.code, loop, finding):
            edit = pen.insert_after(step.code, loop, text)
            yield Proposal("move the step behind the window's loop", (*removal.edits, edit))
        yield from _guarded(workspace, finding, step)


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


def _is_window(code: Code, loop: Loop, finding: Finding) -> bool:
    """Whether a loop runs over one window: its head names the window's length."""
    head = loop.iter if isinstance(loop, cst.For) else loop.test
    return any(plain(code, part) == finding.ledger.declared for part in expressions(head))


def _another_is_spent(finding: Finding) -> bool:
    """Whether another step spends what this one does not."""
    return any(spend.fresh and spend.site != finding.site for spend in finding.ledger.spends)


def _guarded(workspace: Workspace, finding: Finding, step: Place[cst.Call]) -> Iterator[Proposal]:
    """Put the step and what follows up to the clear under a guard of the window."""
    code = step.code
    statement = code.statement(step.node)
    block = code.block(statement)
    clears = {code.statement(clear.node) for clear in places(workspace, erase_sites(finding), cst.Call) if clear.code is code}
    backwards = {code.statement(one.node) for one in places(workspace, deposit_sites(finding), cst.Call) if one.code is code}
    start = next((place for place, one in enumerate(block) if one is statement), 0)
    while start and block[start - 1] not in backwards and _prepares(code.source(block[start - 1]), optimizer_of(code, step.node)):
        start -= 1
    end = next((place for place, one in enumerate(block) if place >= start and one in clears), None)
    loop = next(code.loops(step.node), None)
    last = is_last(code, loop) if isinstance(loop, cst.For) else None
    if (
        end is None
        or last is None
        or not isinstance(loop, cst.For)
        or any(code.line(one) == code.line(block[start - 1]) for one in block[start : end + 1])
    ):
        return
    first, final = code.line(block[start]), code.last_line(block[end])
    body = pen.indented("\n".join(code.lines[first - 1 : final]), "    ")
    site = Site(code.path, first, 1, final, len(code.lines[final - 1]) + 1)
    for window in windows(workspace, finding, code, step.node):
        guard = f"{code.indent(block[start])}if {last.count} % {window} == 0 or {last.test}:\n"
        doubt = length_doubt(code, loop) or f"perhaps a step every micro-batch is meant, and `{window}` is what is left over"
        yield Proposal(f"step once in `{window}` micro-batches", (Edit(site, guard + body),), doubt)


def _prepares(text: str, optimizer: str | None) -> bool:
    """Whether a statement gets gradients ready for the step."""
    return "clip_grad" in text or (".unscale_(" in text and (optimizer or "") in text)
