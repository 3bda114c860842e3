from __future__ import annotations

import pytest

from accumlint.problem import Unjudgeable
from accumlint.source import LARGEST, Place, decode


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param("é = 1\n".encode(), "é = 1\n", id="utf-8"),
        pytest.param(b"\xef\xbb\xbfx = 1\n", "x = 1\n", id="byte order mark"),
        pytest.param(b"# -*- coding: latin-1 -*-\n# \xe9\n", "# -*- coding: latin-1 -*-\n# é\n", id="PEP 263"),
        pytest.param(b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n# \x80\n", None, id="PEP 263 in the second line"),
        pytest.param(b"x = 1\r\ny = 2\rz = 3\n", "x = 1\ny = 2\nz = 3\n", id="line ends"),
        pytest.param(b"", "", id="empty"),
    ],
)
def test_decode(data: bytes, text: str | None) -> None:
    assert decode(data, "a.py").text == (
        text if text is not None else "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n# €\n"
    )


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        pytest.param(b"x = 1\ny = '\xff'\n", 2, "byte 0xff is not utf-8", id="not utf-8"),
        pytest.param(b"# coding: klingon\n", 1, "unknown encoding", id="unknown encoding"),
        pytest.param(b"x = 1\n\0", 2, "holds a null byte: not Python source", id="null byte"),
        pytest.param(b"\xff\xfex\0", 1, "byte 0xff is not utf-8", id="utf-16"),
        pytest.param(b"#" * (LARGEST + 1), 1, "not judged: 2.0 MB of source, more than 2 MB", id="too large"),
    ],
)
def test_what_cannot_be_judged_is_told_in_a_line(data: bytes, line: int, message: str) -> None:
    with pytest.raises(Unjudgeable) as caught:
        decode(data, "a.py")
    problem = caught.value.problem
    assert (problem.path, problem.line, problem.fatal) == ("a.py", line, False)
    assert message in problem.message


def test_a_file_is_where_it_says() -> None:
    assert decode(b"x = 1\n", "a.py").place(1) == Place(None, 1)
