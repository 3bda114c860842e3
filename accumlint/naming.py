"""How the file that a finding stands in writes the window that its ledger names, perhaps by what another file calls it."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d]\w*")


def as_written(declared: str, text: str, line: int) -> str:
    """The expression of ``text`` that ends in the last name of ``declared``, the nearest to ``line``; ``declared`` if there is none.

    ``args.n`` for ``self.config.n``, ``config["n"]`` for ``config[n]``.
    """
    words = _WORD.findall(declared)
    if not words or "(" in declared or " " in declared:
        return declared
    last = re.escape(words[-1])
    part = r"[^\W\d]\w*"
    keys = rf"(?:\[[\"']{part}[\"']\])*"
    here = re.compile(rf"(?<![\w.\"'-])(?:{part}{keys}\.)*(?:{last}\b(?!\s*=[^=])|{part}{keys}\[[\"']{last}[\"']\])")
    lines = ((number, one.partition("#")[0]) for number, one in enumerate(text.split("\n"), 1))
    found = [(abs(number - line), match.group()) for number, one in lines for match in here.finditer(one)]
    return min(found, key=lambda one: (one[0], one[1] != declared))[1] if found else declared
