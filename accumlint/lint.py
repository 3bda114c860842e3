"""One file's bytes in, its report out: decode, analyse, select, suppress. Command line, stdin and editor all call this."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from accumlint.analyse import analyse
from accumlint.config import Settings
from accumlint.exclusion import excludes
from accumlint.finding import Analysis, Finding
from accumlint.ledger import Site
from accumlint.problem import Problem, Unjudgeable, internal_error
from accumlint.registry import DEFAULT, resolve
from accumlint.source import Source, decode, read
from accumlint.suppress import report_unused, suppress
from accumlint.syntax import problem_of

if TYPE_CHECKING:
    from accumlint.cache import Cache


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of one file; ``notes`` say what was left unjudged, ``used`` are suppressions in other files that silenced something."""

    path: str
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    used: tuple[Site, ...] = ()


def lint_bytes(data: bytes, path: str, settings: Settings, cache: Cache | None = None) -> FileReport:
    """Judge a file's content; never raises for what the content is."""
    try:
        source = decode(data, path)
    except Unjudgeable as reason:
        return FileReport(path, problems=(reason.problem,))
    if cache is None:
        return lint_source(source, settings)
    key = cache.key(data, path, dict(settings.wrappers))
    analysis = cache.load(key)
    if analysis is not None:
        return _report(source, analysis, settings)
    outcome = _analysed(source, settings)
    if isinstance(outcome, Problem):
        return FileReport(path, problems=(*source.problems, outcome))
    cache.store(key, outcome, path, data)
    return _report(source, outcome, settings)


def lint_source(source: Source, settings: Settings) -> FileReport:
    """Judge a decoded text."""
    outcome = _analysed(source, settings)
    if isinstance(outcome, Problem):
        return FileReport(source.path, problems=(*source.problems, outcome))
    return _report(source, outcome, settings)


def _analysed(source: Source, settings: Settings) -> Analysis | Problem:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return analyse(source.text, source.path, wrappers=dict(settings.wrappers))
    except SyntaxError as error:
        return problem_of(error, source.path, source.text)
    except Exception as error:
        if os.environ.get("ACCUMLINT_DEBUG"):
            raise
        return Problem("internal-error", source.path, internal_error(error))


def _report(source: Source, analysis: Analysis, settings: Settings) -> FileReport:
    """Of all that was found, what the settings and the comments in the text let through."""
    spoken = DEFAULT if settings.rules is None else settings.rules
    found = [_shown(finding, source.path) for finding in analysis.findings]
    found = [one for one in found if one.site.path == source.path or not excludes(one.site.path, False, settings)]
    judged = suppress(found, source.text, source.path, _text)
    told = [*judged.kept, *report_unused(judged.unused, spoken)]
    kept = [one for one in told if one.code in spoken and one.code not in _ignored(one.site.path, settings)]
    used = tuple(comment.site for comment in judged.used if comment.site.path != source.path)
    return FileReport(source.path, tuple(sorted(kept, key=Finding.sort_key)), source.problems, analysis.notes, used)


def _shown(finding: Finding, path: str) -> Finding:
    """The finding with the places in other files named as ``path`` is: from the current folder, unless ``path`` is absolute."""
    if os.path.isabs(path):
        return finding
    related = tuple(replace(one, site=one.site.at(_relative(one.site.path))) for one in finding.related)
    return replace(finding, site=finding.site.at(_relative(finding.site.path)), related=related)


def _relative(path: str) -> str:
    if not os.path.isabs(path):
        return path
    inside = os.path.relpath(path)
    return path if inside.startswith("..") else inside


def _text(path: str) -> str:
    """The text of another file that a finding stands in; nothing where it cannot be read any more."""
    try:
        return decode(read(path), path).text
    except (OSError, Unjudgeable):
        return ""


def _ignored(path: str, settings: Settings) -> frozenset[str]:
    """The codes that ``per-file-ignores`` switches off in a file."""
    if not settings.per_file_ignores:
        return frozenset()
    from accumlint.gitignore import matcher

    inside = os.path.relpath(path, settings.root)
    selectors = [selector for pattern, some in settings.per_file_ignores if matcher([pattern])(inside) for selector in some]
    return frozenset().union(*(resolve(selector) for selector in selectors))
