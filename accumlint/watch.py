"""``--watch``: lints again whenever a file changes. What did not change comes from the cache."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

from accumlint.cache import FOLDER
from accumlint.config import CONFIGURATIONS, EXCLUDED
from accumlint.discover import SUFFIXES
from accumlint.problem import UsageError
from accumlint.request import FAILED, Request

# how often, in milliseconds, an interrupt is looked for
_TICK = 200
_WAITING = "watching for changes, Ctrl-C ends it"
# folders in which nothing that matters changes
_ELSEWHERE = frozenset({FOLDER, *EXCLUDED})


def watch(request: Request, lint: Callable[[Request], int]) -> int:
    """Lint at once and after every change below the paths, until Ctrl-C; returns the exit code of the last time.

    Raises `UsageError` for what is wrong from the start; what goes wrong later, as in a configuration half written, is only told.
    """
    with ExitStack() as stack:
        if not request.cached:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="accumlint-"))
            request = replace(request, cached=True, overrides=replace(request.overrides, cache_dir=folder))
        changes = _changes(request)
        # the first tick begins the watch: no change is missed from now on
        next(changes)
        code = FAILED
        try:
            code = lint(request)
            _say(_WAITING)
            for changed in filter(None, changes):
                _clear()
                _say(f"changed: {', '.join(sorted(changed))}")
                try:
                    code = lint(request)
                except UsageError as error:
                    code = FAILED
                    _say(f"error: {error}")
                _say(_WAITING)
        except KeyboardInterrupt:
            _say("")
        return code


def _changes(request: Request) -> Iterator[set[str]]:
    """The files that changed, from the current folder; an empty set after a while without any. Raises `UsageError`."""
    try:
        import watchfiles
    except ModuleNotFoundError:
        raise UsageError("--watch needs watchfiles: pip install 'accumlint[watch]'") from None
    named = {os.path.abspath(path) for path in (request.config, request.overrides.baseline) if path}
    roots = {os.path.abspath(path) for path in request.paths or (".",)}
    # a file is watched with its folder: editors replace it, and its helpers lie there
    folders = {path if os.path.isdir(path) else os.path.dirname(path) for path in roots} | {
        os.path.dirname(path) for path in named
    }
    for path in sorted(folders):
        if not os.path.isdir(path):
            raise UsageError(f"{os.path.relpath(path)}: no such folder to watch")

    def matters(_: watchfiles.Change, path: str) -> bool:
        if not _ELSEWHERE.isdisjoint(os.path.relpath(path).split(os.sep)):
            return False
        return path.endswith(SUFFIXES) or os.path.basename(path) in (*CONFIGURATIONS, ".gitignore") or path in named

    lost: set[str] = set()
    try:
        while True:
            known = {path: _identity(path) for path in folders}
            for changed in watchfiles.watch(
                *sorted(folders), watch_filter=matters, rust_timeout=_TICK, yield_on_timeout=True, ignore_permission_denied=True
            ):
                gone = _replaced(known)  # now, for one that is made anew meanwhile may get the same number
                yield {os.path.relpath(path) for _, path in changed} | lost
                if lost := gone | _replaced(known):
                    break
            # a folder that was deleted, as by a checkout, is another one when it is there again
            yield lost
            while not all(map(os.path.isdir, folders)):
                time.sleep(_TICK / 1000)
                yield set()
    except OSError as error:
        raise UsageError(f"cannot watch for changes: {error}") from None


def _replaced(known: dict[str, tuple[int, int] | None]) -> set[str]:
    """The folders, from the current one, that are not there any more, or are others than the ``known`` ones."""
    return {os.path.relpath(path) for path, own in known.items() if _identity(path) != own}


def _identity(folder: str) -> tuple[int, int] | None:
    """What tells a folder from another of the same name; None where there is none."""
    try:
        found = os.stat(folder)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _clear() -> None:
    """A fresh screen for a fresh report, on a terminal only."""
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        print("\x1b[H\x1b[2J\x1b[3J", end="", flush=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
