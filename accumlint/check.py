"""``accumlint check``: from the request to the exit code."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import fields
from io import TextIOWrapper

from accumlint.config import Settings
from accumlint.discover import discover
from accumlint.interrupt import INTERRUPTED, interrupted_once
from accumlint.problem import UsageError, internal_error
from accumlint.request import CLEAN, FAILED, Request
from accumlint.run import Run, resolver_of, say


def check(request: Request) -> int:
    """Lint, print, and return the exit code."""
    # skeletons and values are many and live as long as their file is judged: looking through them frees little. Rarer still saves no
    # time, and keeps what has been judged so long that many files take twice the memory
    gc.set_threshold(50_000, 5, 5)
    if isinstance(sys.stdout, TextIOWrapper):
        # file names and source may hold what the terminal cannot
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        if request.watch:
            from accumlint.watch import watch

            return watch(request, _check)
        with interrupted_once():
            return _check(request)
    except UsageError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        _fail("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get("ACCUMLINT_DEBUG"):
            raise
        return _fail(f"{internal_error(error)} (ACCUMLINT_DEBUG=1 shows where)")


def _check(request: Request) -> int:
    resolver = resolver_of(request)
    paths = request.paths or (".",)
    if request.show_settings:
        return _print_settings(resolver.settings(paths[0] if os.path.isdir(paths[0]) else os.path.dirname(paths[0])))
    found = discover(paths, resolver.settings)
    if request.show_files:
        print("\n".join(file.path for file in found.files))
        return CLEAN
    run = Run(request, resolver, found)
    run.judge()
    if request.repairs:
        run.repair()
    if run.baselines and not request.diff:
        run.hide()
    run.tell()
    if request.confirm:
        run.replay()
    if request.reports:
        run.report()
    return run.code


def _print_settings(settings: Settings) -> int:
    """The settings as JSON, a line a key."""
    from json import dumps

    from accumlint.registry import DEFAULT

    rules = sorted(DEFAULT if settings.rules is None else settings.rules)
    values = {setting.name: getattr(settings, setting.name) for setting in fields(settings)} | {"rules": rules}
    print("\n".join(f"{name.replace('_', '-')} = {dumps(value)}" for name, value in values.items()))
    return CLEAN


def _fail(message: str) -> int:
    say(f"error: {message}")
    return FAILED
