"""What the tests of fixes share: a loop from fixtures/wrong without its marks, and what becomes of it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from loops import Loop
from pyflakes.api import check
from pyflakes.reporter import Reporter

from accumlint.analyse import analyse
from accumlint.finding import Finding
from accumlint.fix import Edit, Fix, fixes_for
from accumlint.fix.edit import apply
from accumlint.ledger import Site
from accumlint.registry import DEFAULT

# where the loops are copied to; it goes when the tests end
_COPIES = TemporaryDirectory()

# what has no fix, and why
UNFIXED = {
    "wrong/several_files_unscaled": "the window has no name in the module that calls backward",
}


def without_marks(text: str) -> str:
    """The text as its author wrote it: a comment that is lost with its line makes a fix unsafe."""
    return re.sub(r"  # expect: .*$", "", text, flags=re.MULTILINE)


def copied(loop: Loop, folder: Path) -> list[Path]:
    """The loop's files without marks, in ``folder``."""
    made = []
    for file in loop.files:
        made.append(folder / file.name)
        made[-1].write_text(without_marks(file.read_text(encoding="utf-8")), encoding="utf-8")
    return made


def findings(path: Path) -> list[Finding]:
    return [one for one in analyse(path.read_text(encoding="utf-8"), str(path)).findings if one.code in DEFAULT]


@cache
def fixes(loop: Loop) -> tuple[tuple[Path, Finding, Fix | None], ...]:
    """The fix of each finding that the loop's marks ask for, and the file from which it is found; the files are shared."""
    folder = Path(mkdtemp(dir=_COPIES.name))
    expected = {mark.code for mark in loop.expected}
    done: dict[tuple[str, Site], tuple[Path, Finding, Fix | None]] = {}
    for path in copied(loop, folder):
        found = [one for one in findings(path) if one.code in expected and (one.code, one.site) not in done]
        made = fixes_for(path.read_text(encoding="utf-8"), str(path), found)
        done |= {(finding.code, finding.site): (path, finding, fix) for finding, fix in zip(found, made, strict=True)}
    return tuple(done.values())


@contextmanager
def applied(edits: Sequence[Edit]) -> Iterator[dict[Path, str]]:
    """The files with the edits made, for as long as it lasts; gives their texts as they were."""
    before = {Path(edit.site.path): Path(edit.site.path).read_text(encoding="utf-8") for edit in edits}
    for path, text in before.items():
        path.write_text(apply(text, [edit for edit in edits if edit.site.path == str(path)]), encoding="utf-8")
    yield before
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")


def complaints(text: str) -> list[str]:
    """What pyflakes says, without the lines."""
    out = io.StringIO()
    check(text, "x", Reporter(out, out))
    return sorted(re.sub(r"^x:\d+:\d+:? ", "", line) for line in out.getvalue().splitlines())
