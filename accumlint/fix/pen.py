"""Writes edits of statements: put one after or before another, take one out, move it, with its comment and indentation."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from textwrap import dedent

import libcst as cst

from accumlint.fix.code import Code, Loop, Statement, find, statements
from accumlint.fix.edit import Edit
from accumlint.ledger import Site

# a comment that speaks to a tool, not to people
_PRAGMA = re.compile(r"#\s*(noqa|type:|fmt:|pragma|pylint|accumlint|ruff|nosec)", re.IGNORECASE)
# a comment that goes well with the statement that it describes
_SAYS_WHAT_IS_DONE = re.compile(r"#+\s*(zero|clear|reset)(ing|s)?\b.{0,40}\bgrad(s|ients?)?\W*$", re.IGNORECASE)
_SPEAKS_OF_IT = re.compile(r"zero|clear|reset|gradient|\bgrads?\b|optimi[sz]|\bstep", re.IGNORECASE)
# a comment that speaks of the lines after a clear too
_SPEAKS_OF_MORE = re.compile(r"\bback-?(ward|prop)|\bBP\b|\boptimi[sz](e|ing|ation)\b|\bstep|\bupdat|\bforward", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Removal:
    """The edits that take a statement out; ``doubt`` says what else goes, or stays, that a person should look at."""

    edits: tuple[Edit, ...]
    doubt: str = ""


def replace(code: Code, node: cst.CSTNode, content: str) -> Edit:
    return Edit(code.site(node), content)


def insert_after(code: Code, statement: Statement, content: str) -> Edit:
    """A new statement on the lines after ``statement``, or behind a semicolon where that shares its line."""
    if shares_line(code, statement):
        where = code.site(statement)
        return Edit(_point(code, where.end_line, where.end_column), f"; {content}")
    line = _end_of_comments(code, statement)
    return Edit(_point(code, line, len(code.lines[line - 1]) + 1), "\n" + indented(content, code.indent(statement)))


def _end_of_comments(code: Code, statement: Statement) -> int:
    """The last line of a statement or, where a block ends it, of the comments that end the block."""
    last = code.last_line(statement)
    if isinstance(statement, cst.BaseCompoundStatement):
        inside = len(code.indent(statement)) + 1
        for number, line in enumerate(code.lines[last:], start=last + 1):
            if line[:inside].strip() or (line.strip() and not line.lstrip().startswith("#")):
                break
            last = number if line.strip() else last
    return last


def insert_before(code: Code, statement: Statement, content: str) -> Edit:
    where = code.site(statement)
    if shares_line(code, statement):
        return Edit(_point(code, where.line, where.column), f"{content}; ")
    return Edit(_point(code, where.line, 1), indented(content, code.indent(statement)) + "\n")


def remove(code: Code, statement: Statement) -> Removal:
    """Take a statement out, and the block around it where nothing is left in it."""
    holder = code.parent(statement)
    if isinstance(holder, cst.SimpleStatementLine | cst.SimpleStatementSuite) and len(holder.body) > 1:
        return Removal((_out_of_line(code, statement, list(holder.body)),))
    block = code.block(statement)
    if len(block) > 1:
        return _without_lines(code, code.line(statement), code.last_line(statement))
    return _with_its_block(code, statement)


def dedent_tail(code: Code, holder: cst.If | Loop, first: Statement) -> Edit:
    """Set what ends the block of ``holder`` out of it, from ``first`` on; with its ``else:`` where nothing else is behind that."""
    begin, end = code.line(first), code.last_line(holder)
    lines = [code.source(first)] if shares_line(code, first) else code.lines[begin - 1 : end]
    if isinstance(holder.orelse, cst.Else):
        head, begin = code.line(holder.orelse), begin - 1
        # the comments between belong to the statement
        lines, begin = [*code.lines[head:begin], *lines], head
    text = indented(dedent("\n".join(lines)), code.indent(holder))
    return Edit(Site(code.path, begin, 1, end, len(code.lines[end - 1]) + 1), text)


def moved_text(code: Code, statement: Statement) -> str:
    """The statement with the comments that are its own, without indentation."""
    if shares_line(code, statement):
        return code.source(statement)
    first = _first_line(code, code.line(statement), code.last_line(statement))
    return dedent("\n".join(code.lines[first - 1 : code.last_line(statement)]))


def indented(content: str, indent: str) -> str:
    return "\n".join(indent + line if line.strip() else line for line in content.split("\n"))


def _point(code: Code, line: int, column: int) -> Site:
    return Site(code.path, line, column, line, column)


def shares_line(code: Code, statement: Statement) -> bool:
    """Whether the statement stands on one line with others, or behind the colon of its block."""
    holder = code.parent(statement)
    return isinstance(holder, cst.SimpleStatementSuite) or (isinstance(holder, cst.SimpleStatementLine) and len(holder.body) > 1)


def _out_of_line(code: Code, statement: Statement, line: list[cst.BaseSmallStatement]) -> Edit:
    place = next(index for index, one in enumerate(line) if one is statement)
    here = code.site(statement)
    if place + 1 < len(line):
        after = code.site(line[place + 1])
        return Edit(Site(code.path, here.line, here.column, after.line, after.column), "")
    before = code.site(line[place - 1])
    # a separating semicolon belongs to the statement before it
    end = re.compile(r"\s*(;|$)").match(code.lines[before.end_line - 1], before.end_column - 1)
    column = before.end_column if end is None or before.end_line != here.line else min(before.end_column, end.start() + 1)
    return Edit(Site(code.path, before.end_line, column, here.end_line, here.end_column), "")


def _without_lines(code: Code, first: int, last: int) -> Removal:
    begin = _first_line(code, first, last)
    comments = [line.strip() for line in code.lines[begin - 1 : first - 1]]
    comments += [comment for comment in (_trailing_comment(code.lines[last - 1]),) if comment and not _PRAGMA.match(comment)]
    comments = [comment for comment in comments if not _SAYS_WHAT_IS_DONE.match(comment)]
    last += _blank_after(code, begin, last)
    doubt = f"a comment goes with it: {comments[0]}" if comments else ""
    if last < len(code.lines):
        return Removal((Edit(Site(code.path, begin, 1, last + 1, 1), ""),), doubt)
    start = _point(code, begin - 1, len(code.lines[begin - 2]) + 1) if begin > 1 else _point(code, 1, 1)
    return Removal((Edit(Site(code.path, start.line, start.column, last, len(code.lines[last - 1]) + 1), ""),), doubt)


def _blank_after(code: Code, first: int, last: int) -> int:
    """1 for a blank line that would be left at the head of the block, or as the second of two."""
    above = code.lines[first - 2].strip() if first > 1 else ""
    below = code.lines[last].strip() if last + 1 < len(code.lines) else "-"
    return int(not below and (not above or above.endswith(":")))


def _first_line(code: Code, first: int, last: int) -> int:
    """The line of the first comment above that speaks of nothing but the lines from ``first`` to ``last``."""
    begin = first
    indent = len(code.lines[first - 1]) - len(code.lines[first - 1].lstrip())
    while begin > 1 and code.lines[begin - 2][indent:].startswith("#") and not code.lines[begin - 2][:indent].strip():
        if _is_code(code.lines[begin - 2]):
            break
        begin -= 1
    above = code.lines[begin - 1 : first - 1]
    below = code.lines[last].strip() if last < len(code.lines) else ""
    alone = not below or below.startswith("#") or len(code.lines[last]) - len(code.lines[last].lstrip()) < indent
    own = _SPEAKS_OF_IT.search(" ".join(above)) and not (
        "grad" in code.lines[first - 1] and _SPEAKS_OF_MORE.search(" ".join(above))
    )
    return begin if above and (alone or own) else first


def _is_code(comment: str) -> bool:
    """Whether a comment is a statement that was taken out; a word or two are none."""
    try:
        body = ast.parse(comment.strip().lstrip("# ")).body
    except (SyntaxError, ValueError):
        return False
    return any(not isinstance(one, ast.Expr) or isinstance(one.value, ast.Call | ast.Await) for one in body)


def _trailing_comment(line: str) -> str:
    """The comment that ends a line of code; a ``#`` in a string is taken for one only where no quote follows it."""
    _, mark, comment = line.rpartition("#")
    return f"#{comment.rstrip()}" if mark and not set(comment) & {'"', "'"} else ""


def _with_its_block(code: Code, statement: Statement) -> Removal:
    """The statement is all that its block holds: the block goes too where it can, else ``pass`` stays."""
    block = code.parent(statement)
    if isinstance(block, cst.SimpleStatementLine):
        block = code.parent(block)
    holder = code.parent(block) if block is not None else None
    if (
        isinstance(holder, cst.If)
        and holder.orelse is None
        and not _calls(holder.test)
        and not isinstance(code.parent(holder), cst.If)
    ):
        return remove(code, holder)
    if isinstance(holder, cst.For) and holder.orelse is None:
        return remove(code, holder)
    if isinstance(holder, cst.Else) and block is holder.body:
        return _without_lines(code, code.line(holder), code.last_line(holder))
    return Removal((replace(code, statement, "pass"),), "an empty block is left")


def _calls(test: cst.BaseExpression) -> bool:
    """Whether a test may do more than look."""
    return any(not (isinstance(call.func, cst.Name) and call.func.value == "len") for call in find(test, cst.Call)) or any(
        True for _ in find(test, cst.NamedExpr)
    )


def body_of(holder: cst.CSTNode) -> list[Statement]:
    """The statements of a compound statement's first block."""
    return list(statements(holder.body)) if isinstance(holder, cst.If | cst.For | cst.While | cst.With | cst.FunctionDef) else []
