"""The fast positions are libcst's own, node by node."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from accumlint.places import places

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").rglob("*.py"))
ODD = 'x = (\n    1 +\\\n  2)\r\nif x:\r\n\tf(\n"""a\nb""", *y)\n\n\n# end\n@d\nasync def g(a, /, *, b: int = 1): return [i async for i in a if (b)]'


@pytest.mark.parametrize("text", [ODD, *(path.read_text(encoding="utf-8") for path in FIXTURES[::12])])
def test_positions_are_those_of_libcst(text: str) -> None:
    module = cst.parse_module(text)
    theirs = PositionProvider()._gen(MetadataWrapper(module, unsafe_skip_copy=True))
    ours = places(module)
    assert theirs
    for node, place in theirs.items():
        assert ours[node] == ((place.start.line, place.start.column), (place.end.line, place.end.column))
