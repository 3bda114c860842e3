"""How the source writes the window that a ledger names: as which expression near a finding, and as which number."""

from __future__ import annotations

import re

from accumlint.modules import ClassEntry, Module

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


def number_of(declared: str, module: Module) -> int | None:
    """The number that the project gives the setting ``declared`` of ``module``: a constant of a class or a module, or the default of a
    command line's option; None where neither is found."""
    head, _, last = declared.rpartition(".")
    holder = module.resolve(head) if head else module
    if isinstance(holder, ClassEntry):
        told = next((cls.constants[last] for cls in holder.lineage if last in cls.constants), None)
        return int(told) if told is not None and told.isdigit() else None
    if isinstance(holder, Module):
        constant = rf"^{re.escape(last)}\s*(?::[^=\n]+)?=\s*(\d+)\s*(?:#.*)?$"
        found = re.search(constant, holder.text, re.MULTILINE)
    else:
        option = re.escape(last).replace("_", "[-_]")
        found = re.search(rf"[\"']--{option}[\"'][^()]*\bdefault\s*=\s*(\d+)\b", module.text)
    return int(found[1]) if found else None
