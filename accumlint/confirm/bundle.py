"""Collects, before a replay, the project's modules that a file imports from: the fenced child can read no file."""

from __future__ import annotations

from accumlint.modules import ClassEntry, FunctionEntry, Module
from accumlint.outline import outline
from accumlint.project import Project

MOST_FILES = 16
MOST_TEXT = 1_000_000


def bundle(text: str, path: str) -> tuple[dict[str, str], dict[str, dict[str, tuple[str, str | None]]]]:
    """The texts by path, ``path``'s own first, and for each file the names it imports: from which file, and its name there.

    What only a newer Python than this one reads is blanked out of the texts.
    """
    project = Project()
    pending = [project.add(text, path)]
    texts: dict[str, str] = {}
    links: dict[str, dict[str, tuple[str, str | None]]] = {}
    size = 0
    while pending:
        module = pending.pop(0)
        if module.path in texts or len(texts) >= MOST_FILES or size + len(module.text) > MOST_TEXT:
            continue
        size += len(module.text)
        texts[module.path] = outline(module.text, module.path).older
        for name in module.imports:
            found = module.resolve(name)
            if isinstance(found, FunctionEntry | ClassEntry) and (found.module.path, found.name) != (module.path, name):
                links.setdefault(module.path, {})[name] = (found.module.path, found.name)
                pending.append(found.module)
            elif isinstance(found, Module):
                links.setdefault(module.path, {})[name] = (found.path, None)
                pending.append(found)
    return texts, links
