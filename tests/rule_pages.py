"""The rules' pages in rules/: their sections, and the loops in their code blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

RULES_FOLDER = Path(__file__).resolve().parent.parent / "rules"
SECTIONS = (
    "What it does",
    "Why is this bad?",
    "Example",
    "Use instead",
    "When it stays silent",
    "How it is confirmed",
    "References",
)


@dataclass(frozen=True)
class Page:
    """One rule's page, read from its file."""

    path: Path

    @property
    def code(self) -> str:
        return self.path.name.partition("-")[0]

    @property
    def name(self) -> str:
        return self.path.stem.partition("-")[2]

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def headings(self) -> list[str]:
        return re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", self.text, flags=re.S), re.M)

    def section(self, heading: str) -> str:
        _, _, rest = self.text.partition(f"## {heading}\n")
        return rest.partition("\n## ")[0]

    def blocks(self, heading: str, language: str = "python") -> list[str]:
        """The code blocks of a section."""
        return re.findall(rf"^```{language}\n(.*?)^```$", self.section(heading), re.M | re.S)


def error_lines(block: str) -> list[int]:
    """The lines of a block that end with ``# error``."""
    return [number for number, line in enumerate(block.splitlines(), 1) if line.endswith("# error")]


PAGES = tuple(Page(path) for path in sorted(RULES_FOLDER.glob("*.md")))
