"""Where each node of a libcst tree stands: what libcst's ``PositionProvider`` says, at half of its cost."""

from __future__ import annotations

from libcst import CSTNode, Module
from libcst._nodes.internal import CodegenState
from libcst.metadata.position_provider import NEWLINE_RE

Place = tuple[int, int]  # line, from 1, and column, from 0


def places(module: Module) -> dict[CSTNode, tuple[Place, Place]]:
    """The start and the end of every node, without the whitespace around it."""
    state = _Places(module.default_indent, module.default_newline)
    module._codegen(state)
    return state.found


class _Places(CodegenState):
    """Writes a tree as libcst's code generation does, and notes where each node comes to stand."""

    __slots__ = ("_starts", "column", "found", "line")

    def __init__(self, indent: str, newline: str) -> None:
        super().__init__(indent, newline)
        self.line = 1
        self.column = 0
        self.found: dict[CSTNode, tuple[Place, Place]] = {}
        self._starts: list[Place] = []

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        if "\n" not in value and "\r" not in value:
            self.column += len(value)
            return
        lines = NEWLINE_RE.split(value)
        self.line += len(lines) - 1
        self.column = len(lines[-1])

    def before_codegen(self, node: CSTNode) -> None:
        self._starts.append((self.line, self.column))

    def after_codegen(self, node: CSTNode) -> None:
        start = self._starts.pop()
        if node not in self.found:
            self.found[node] = (start, (self.line, self.column))

    def record_syntactic_position(  # type: ignore[override]
        self, node: CSTNode, *, start_node: CSTNode | None = None, end_node: CSTNode | None = None
    ) -> _Span:
        return _Span(self, node, start_node, end_node)


class _Span:
    """Notes where a node starts and ends while its own text is written."""

    __slots__ = ("_end_node", "_node", "_start", "_start_node", "_state")

    def __init__(self, state: _Places, node: CSTNode, start_node: CSTNode | None, end_node: CSTNode | None) -> None:
        self._state = state
        self._node = node
        self._start_node = start_node
        self._end_node = end_node

    def __enter__(self) -> None:
        self._start = (self._state.line, self._state.column)

    def __exit__(self, *_: object) -> None:
        state = self._state
        start = state.found[self._start_node][0] if self._start_node is not None else self._start
        end = state.found[self._end_node][1] if self._end_node is not None else (state.line, state.column)
        state.found[self._node] = (start, end)
