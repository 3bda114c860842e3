"""What the server knows of each open script: its text now, the last text judged, and the one judgement under way."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lsprotocol import types
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument, Workspace

from accumlint.config import CONFIGURATIONS, Settings
from accumlint.exclusion import excludes
from accumlint.finding import Finding
from accumlint.lint import FileReport
from accumlint.problem import UsageError
from accumlint.server import judging, script, show
from accumlint.server.script import Script
from accumlint.server.settings import Configured
from accumlint.source import Source

if TYPE_CHECKING:
    from accumlint.fix import Fix

_log = logging.getLogger(__name__)
# An edit waits for the next one, so that a burst of typing is judged once: as long as judging takes. Where judging is quick the wait
# is short, and the first edit after a rest waits for nothing.
SHORTEST, LONGEST = 0.02, 0.5
QUICK, REST = 0.25, 0.05


@dataclass(slots=True)
class Known:
    """One open file or notebook: ``text`` was judged last, ``judged`` is what came of it, ``stale`` if anything else may change that."""

    text: Script | None = None
    judged: judging.Judged | None = None
    # what the baseline knows of these findings
    hidden: frozenset[Finding] = frozenset()
    stale: bool = False
    seconds: float = 0.0
    edited: float = 0.0
    waiting: asyncio.Task[None] | None = None
    readying: asyncio.Future[None] | None = None
    fixes: dict[tuple[Source, Finding], Fix | None] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of ``judged`` that are new to the project."""
        found = self.judged.report.findings if self.judged else ()
        return tuple(finding for finding in found if finding not in self.hidden)


@dataclass(slots=True)
class State:
    """All open scripts by URI. Judging happens in a thread: it shares the texts, and a hover need not wait for it."""

    workspace: Workspace
    configured: Configured = field(default_factory=Configured)
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "accumlint-judge"))
    known: dict[str, Known] = field(default_factory=dict)
    judgements: int = 0

    def script_uri(self, uri: str) -> str:
        """The URI of the notebook that a cell belongs to; a file's own."""
        notebook = self.workspace.get_notebook_document(cell_uri=uri)
        return notebook.uri if notebook else uri

    def now(self, uri: str) -> Script | None:
        """The script ``uri`` as it is at this moment; None if it is not open, or no Python."""
        notebook = self.workspace.get_notebook_document(notebook_uri=uri)
        if notebook is not None:
            cells = [self.document(cell.document) for cell in notebook.cells if cell.kind == types.NotebookCellKind.Code]
            python = [(one.uri, one.version, one.source) for one in cells if one is not None and _speaks_python(one)]
            known = self.known.get(uri)
            return script.of_cells(uri, path_of(uri), python, known.text if known else None)
        document = self.document(uri)
        if document is None or not _speaks_python(document):
            return None
        return script.of_file(uri, path_of(uri), document.version, document.source)

    def document(self, uri: str) -> TextDocument | None:
        """An open document; never one from disk."""
        found: TextDocument | None = self.workspace.text_documents.get(unquote(uri))
        return found

    def settings(self, path: str) -> Settings:
        folder = os.path.dirname(path) if os.path.isabs(path) else self.workspace.root_path or os.getcwd()
        return self.configured.settings(folder)

    async def judge(self, uri: str) -> bool:
        """Bring what is known of ``uri`` up to its text; False where it is not open any more. One text is judged once."""
        known = self.known.setdefault(uri, Known())
        async with known.lock:
            now = self.now(uri)
            if now is None:
                return False
            settings = self.settings(now.path)
            before = None if known.stale else known.judged
            if before and known.text and before.settings == settings and known.text == now:
                return True
            if known.readying is not None:
                # it takes less time than it saves
                await known.readying
                before = before and known.judged
            known.stale = False
            began = time.perf_counter()
            loop = asyncio.get_running_loop()
            done = await loop.run_in_executor(self.threads, _judge, now, settings, before)
            known.seconds = time.perf_counter() - began
            self.judgements += 1
            if done.broken and known.judged is not None:
                # half typed: what was known of the last whole text is still shown
                return True
            known.text, known.judged = now, done
            known.hidden = await loop.run_in_executor(self.threads, self._hidden, done) if done.settings.baseline else frozenset()
            known.readying = loop.run_in_executor(self.threads, _outline, known, done)
        return True

    def shown(self, uri: str) -> list[show.Shown]:
        """The findings last known, where they stand now."""
        known, now = self.known.get(uri), self.now(uri)
        if known is None or known.judged is None or known.text is None or now is None:
            return []
        told = {(finding.code, finding.site) for finding in self._told_at_home(known)}
        findings = (finding for finding in known.findings if (finding.code, finding.site) not in told)
        return show.shown(tuple(findings), known.text, now)

    def _told_at_home(self, but: Known) -> Iterator[Finding]:
        """The findings that other open scripts show in their own text."""
        for known in self.known.values():
            if known is not but and known.judged is not None and known.text is not None:
                yield from (finding for finding in known.judged.report.findings if finding.site.path == known.text.path)

    def _hidden(self, done: judging.Judged) -> frozenset[Finding]:
        """The findings that the configured baseline knows; none where it cannot be read, which is complained of."""
        from accumlint.baseline import Baselines

        try:
            baselines = Baselines(lambda _: done.settings, [done.source.path])
        except UsageError as error:
            self.configured.complaints.append(str(error))
            return frozenset()
        return frozenset(done.report.findings).difference(baselines.unknown(done.report, done.source))

    def forget_judgements(self) -> None:
        """After a change outside of the open texts; what is shown stays until it is judged anew."""
        for known in self.known.values():
            known.stale = True

    def delay(self, uri: str) -> float:
        """How long an edit of now waits for the next one before it is judged."""
        known = self.known.setdefault(uri, Known())
        before, known.edited = known.edited, time.monotonic()
        if self.configured.wishes.delay is not None:
            return self.configured.wishes.delay
        if known.edited - before > max(REST, known.seconds):
            return 0
        return SHORTEST if known.seconds < QUICK else min(known.seconds, LONGEST)

    def depends_on(self, path: str) -> bool:
        """Whether what a file on disk says may change the findings in an open script: a module, a configuration, a baseline."""
        if path.endswith(".py") or os.path.basename(path) in CONFIGURATIONS:
            return True
        settings = [known.judged.settings for known in self.known.values() if known.judged is not None]
        return path in (self.configured.wishes.configuration, *(one.baseline for one in settings))


def path_of(uri: str) -> str:
    """The file's path, or for a text that is no file its name in brackets."""
    path = to_fs_path(uri)
    return os.path.normpath(path) if path else f"<{uri}>"


def _speaks_python(document: TextDocument) -> bool:
    return document.language_id in (None, "", "python")


def _judge(now: Script, settings: Settings, before: judging.Judged | None) -> judging.Judged:
    """The judgement of a text; one that the settings exclude has no findings."""
    source = now.source
    if os.path.isabs(now.path) and excludes(now.path, False, settings):
        return judging.Judged(source, settings, FileReport(now.path))
    return judging.judge(source, settings, before)


def _outline(known: Known, done: judging.Judged) -> None:
    """Get ready for the next edit; where that fails it is judged in full."""
    try:
        outlined = judging.outlined(done)
    except Exception as error:
        _log.error("%s", error)
        return
    if known.judged is done:
        known.judged = outlined


def warm() -> None:
    """Import what the first judgement and the first hover need, before anybody waits for it."""
    for name in ("judge", "lower", "report.ledger_table"):
        import_module(f"accumlint.{name}")
    # what is imported stays; and a judgement makes many small things that soon go all at once
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
