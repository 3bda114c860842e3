"""From a file's bytes to the one text that is judged, and from its lines back to where the user sees them."""

from __future__ import annotations

from dataclasses import dataclass

from accumlint.problem import Problem, Unjudgeable

# far above hand-written code; parsing more takes minutes and gigabytes
LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell of a notebook.

    ``number`` counts all cells from 1. ``first`` is the cell's first line in the joined text, ``starts`` where each of its lines
    begins in the notebook's JSON.
    """

    number: int
    first: int
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a user sees a line: the row in ``cell`` for notebooks."""

    cell: int | None
    row: int


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text with ``\\n`` line ends; for a notebook the code cells joined, magics made harmless, line for line.

    ``raw`` is a notebook's JSON.
    """

    path: str
    text: str
    cells: tuple[Cell, ...] = ()
    problems: tuple[Problem, ...] = ()
    raw: str = ""

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def place(self, line: int) -> Place:
        """Where the user sees ``line`` of the text."""
        cell = self._cell(line)
        return Place(None, line) if cell is None else Place(cell.number, line - cell.first + 1)

    def physical(self, line: int, column: int) -> tuple[int, int]:
        """The line and column of the file itself; a notebook's are those of its JSON."""
        cell = self._cell(line)
        if cell is None:
            return line, column
        from accumlint.notebook import character_at

        at = character_at(self.raw, cell.starts[line - cell.first], column)
        return self.raw.count("\n", 0, at) + 1, at - self.raw.rfind("\n", 0, at)

    def _cell(self, line: int) -> Cell | None:
        return next((cell for cell in self.cells if cell.first <= line < cell.first + len(cell.starts)), None)


def read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()


def decode(data: bytes, path: str) -> Source:
    """The text of a Python file or, by its name, of a notebook. Raises `Unjudgeable` with the reason."""
    if path.endswith(".ipynb"):
        from accumlint.notebook import decode_notebook

        return decode_notebook(data, path)
    if len(data) > LARGEST:
        raise Unjudgeable(too_large(len(data), path))
    text = universal_newlines(_text(data, path))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unjudgeable(Problem("undecodable", path, "holds a null byte: not Python source", line))
    return Source(path, text)


def too_large(size: int, path: str) -> Problem:
    return Problem("too-large", path, f"not judged: {size / 1e6:.1f} MB of source, more than {LARGEST / 1e6:.0f} MB")


def universal_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _text(data: bytes, path: str) -> str:
    """Decoded as Python would: a byte order mark, a PEP 263 comment in the first two lines, else UTF-8."""
    encoding = "utf-8-sig"
    if b"coding" in b"\n".join(data[:1000].splitlines()[:2]):
        encoding = _declared(data, path)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name = encoding.removesuffix("-sig")
        problem = Problem("undecodable", path, f"byte 0x{data[error.start]:02x} is not {name}", line)
        raise Unjudgeable(problem) from None


def _declared(data: bytes, path: str) -> str:
    import io
    from tokenize import detect_encoding

    try:
        return detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        raise Unjudgeable(Problem("undecodable", path, str(error.msg))) from None
