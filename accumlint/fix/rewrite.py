"""From edits of a decoded text to a file's new bytes: line ends, byte order mark and encoding stay, in notebooks all but the cells' source."""

from __future__ import annotations

import io
from collections.abc import Sequence
from tokenize import detect_encoding

from accumlint.fix.cells import rewritten_notebook
from accumlint.fix.edit import Edit
from accumlint.fix.verbatim import edited
from accumlint.source import Source


def rewritten(data: bytes, source: Source, edits: Sequence[Edit]) -> bytes | None:
    """``data``, which reads as ``source``, with ``edits`` made; None where they cannot be made without touching anything else."""
    if source.path.endswith(".ipynb"):
        return rewritten_notebook(data, source, edits)
    try:
        encoding = detect_encoding(io.BytesIO(data).readline)[0]
        text = data.decode(encoding)
        return edited(text, edits).encode(encoding) if text.encode(encoding) == data else None
    except (UnicodeError, SyntaxError):
        return None
