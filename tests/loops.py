"""The loops in fixtures/ and the verdicts that stand on their lines.

``# expect: ACC003`` ends the line that gets the finding (several: ``# expect: ACC003, ACC004``). ``# allow: ACC004`` on
the line above accepts that finding too. Comments before the docstring speak of the whole loop: ``# needs: accelerate`` names
the framework it runs in, ``# by design: erased`` the odd things that torch will measure and that are meant. A folder is a loop
in several modules, run from its ``train.py``. ``acc015_*`` is judged by that opt-in rule alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
OPT_IN = "ACC015"


@dataclass(frozen=True, order=True)
class Mark:
    """A finding that is expected, or accepted, at a line."""

    file: str
    line: int
    code: str


@dataclass(frozen=True)
class Loop:
    """A fixture: one file, or a folder of modules."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(FIXTURES).with_suffix(""))

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(sorted(self.path.glob("*.py"))) if self.path.is_dir() else (self.path,)

    @property
    def entry(self) -> Path:
        return self.path / "train.py" if self.path.is_dir() else self.path

    @property
    def opt_in(self) -> bool:
        return self.path.name.startswith(OPT_IN.lower())

    @property
    def expected(self) -> frozenset[Mark]:
        return frozenset(mark for file in self.files for mark in marks(file, "expect", 0))

    @property
    def allowed(self) -> frozenset[Mark]:
        return frozenset(mark for file in self.files for mark in marks(file, "allow", 1))

    @property
    def needs(self) -> str | None:
        found = self.header("needs")
        return found[0] if found else None

    @property
    def by_design(self) -> frozenset[str]:
        return frozenset(self.header("by design"))

    def header(self, key: str) -> list[str]:
        """What the comments before the docstring say under ``key``; reasons stand in parentheses."""
        top = self.entry.read_text(encoding="utf-8").split('"""')[0]
        return [word.strip() for line in re.findall(rf"^# {key}: ([^(\n]*)", top, re.M) for word in line.split(",")]


def marks(file: Path, key: str, below: int) -> list[Mark]:
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if mark := re.search(rf"# {key}: (.*)$", line):
            found += [Mark(file.name, number + below, code.strip()) for code in mark[1].split(",")]
    return found


def loops(*folders: str) -> list[Loop]:
    """Every fixture under ``folders``, in order."""
    return [Loop(p) for folder in folders for p in sorted((FIXTURES / folder).iterdir()) if p.suffix == ".py" or is_package(p)]


def is_package(path: Path) -> bool:
    return path.is_dir() and (path / "train.py").exists()
