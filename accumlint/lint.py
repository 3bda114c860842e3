"""One file's bytes in, its report out: decode, analyse, select, suppress. Command line, stdin and editor all call this."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass

from accumlint.analyse import analyse
from accumlint.cache import Cache
from accumlint.config import Settings
from accumlint.finding import Analysis, Finding
from accumlint.problem import Problem, Unjudgeable, internal_error
from accumlint.registry import DEFAULT, resolve
from accumlint.source import Source, decode
from accumlint.suppress import report_unused, suppress
from accumlint.syntax import problem_of


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of one file; ``notes`` say what was left unjudged."""

    path: str
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


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
    cache.store(key, outcome)
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
    spoken = (DEFAULT if settings.rules is None else settings.rules) - _ignored_here(source.path, settings)
    judged = suppress(analysis.findings, source.text, source.path)
    findings = [finding for finding in judged.kept if finding.code in spoken]
    if "ACC100" in spoken:
        findings += report_unused(judged.unused, spoken)
    return FileReport(source.path, tuple(sorted(findings, key=Finding.sort_key)), source.problems, analysis.notes)


def _ignored_here(path: str, settings: Settings) -> frozenset[str]:
    """The codes that ``per-file-ignores`` switches off in this file."""
    if not settings.per_file_ignores:
        return frozenset()
    from accumlint.gitignore import matcher

    inside = os.path.relpath(path, settings.root)
    selectors = [selector for pattern, some in settings.per_file_ignores if matcher([pattern])(inside) for selector in some]
    return frozenset().union(*(resolve(selector) for selector in selectors))
