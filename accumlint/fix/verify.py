"""Re-analyses the edited source: is the finding gone, and is there any that was not there before?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from accumlint.finding import Finding
from accumlint.fix.edit import Edit, apply, line_origins
from accumlint.fix.workspace import Workspace
from accumlint.ledger import Ledger, Scenario, Site
from accumlint.modules import Module
from accumlint.project import Project
from accumlint.registry import DEFAULT, RULES
from accumlint.rules import COVERED
from accumlint.simulate.explore import CHOICES, FEW

if TYPE_CHECKING:
    from accumlint.judge import Routine

# Moving a clear cannot make these: where one shows after a fix, the finding that was fixed had hidden it.
_HIDDEN_BEFORE = {
    code: frozenset(later for later, earlier in COVERED.items() if code in earlier and later in ("ACC003", "ACC004", "ACC016"))
    for code in RULES
} | {"ACC005": frozenset({"ACC003"})}

_MADE_AT = re.compile(r"@[\d:]+")

Key = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``gone``: the finding is. ``new`` are codes of findings that the fix brings; not of those that the fixed one had hidden.

    ``after`` is what the finding's routine comes to with the edits made, ``origins`` the lines that its lines had before them.
    """

    gone: bool
    new: tuple[str, ...] = ()
    after: tuple[Routine, ...] = ()
    origins: Mapping[str, Sequence[int | None]] = field(default_factory=dict)

    @property
    def is_called_by_unknown(self) -> bool:
        """Whether the finding's routine is one turn of a loop that is not known."""
        return any(one.implicit for one in self.after)

    def leaves(self, code: str) -> bool:
        """Whether the finding's routine has one with ``code``."""
        return any(one.code == code for routine in self.after for one in routine.findings)

    def other_backwards(self, finding: Finding) -> list[int]:
        """The lines that fill the gradients of other optimizers than that of ``finding``, and of this one as far as is seen not."""
        own = {deposit.site for ledger in _ledgers(finding, self.after) for deposit in ledger.deposits}
        others = {deposit.site for routine in self.after for ledger in _runs(routine) for deposit in ledger.deposits} - own
        return sorted(line for site in others if (line := _line(site, self.origins)[1]) is not None)


class Verifier:
    """Judges edits of one workspace; what the unedited source gets is found out once."""

    def __init__(self, workspace: Workspace, findings: Sequence[Finding]) -> None:
        self._workspace = workspace
        self._asked = {self._key(one, {}) for one in findings}

    def judge(self, finding: Finding, edits: Sequence[Edit]) -> Verdict:
        """A few choices of flags show what most edits do; where these show something new, others may say that it is none."""
        verdict = self._judge(finding, edits, FEW)
        return self._judge(finding, edits, CHOICES) if verdict.new else verdict

    def _judge(self, finding: Finding, edits: Sequence[Edit], choices: int) -> Verdict:
        texts, origins = self._edited(edits)
        own = self._key(finding, {})
        after: list[Routine] = []
        keys: set[Key] = set()
        try:
            for routine in self._run(texts, choices=choices):
                after.append(routine)
                keys |= {self._key(one, origins) for one in routine.findings}
                if own in keys:
                    return Verdict(False)
        except Exception:
            return Verdict(False)
        keys = {key for key in keys - self._asked if key[0] in DEFAULT or key[0] == finding.code}
        notes = _notes(after)
        if not _trains(finding, after) or _revives(finding, after, origins):
            return Verdict(False)
        hidden = _hidden_by(finding, edits)
        if notes or any(code not in hidden for code, _, _ in keys):
            # more is said than of the findings that were asked about: was it before?
            keys -= {self._key(one, {}) for routine in self._before for one in routine.findings}
            if notes > _notes(self._before):
                # silent because it can no longer be followed is not clean
                return Verdict(False)
        codes = {code for code, _, _ in keys}
        own_routine = tuple(one for one in after if one.entry.qualified == finding.routine)
        return Verdict(finding.code not in codes, tuple(sorted(codes - hidden)), own_routine, origins)

    def ledger(self, finding: Finding, edits: Sequence[Edit]) -> Ledger | None:
        """What the finding's scenario comes to with the edits made; None where it cannot be shown."""
        try:
            found = list(_ledgers(finding, list(self._run(self._edited(edits)[0], whole=True))))
        except Exception:
            return None
        alike = [ledger for ledger in found if _alike(ledger.scenario, finding.ledger.scenario)]
        # an epoch of the same length, if there is one
        alike.sort(key=lambda ledger: ledger.scenario.length != finding.ledger.scenario.length)
        return alike[0] if alike else None

    @cached_property
    def _before(self) -> list[Routine]:
        return list(self._run({}))

    def _edited(self, edits: Sequence[Edit]) -> tuple[dict[str, str], dict[str, list[int | None]]]:
        texts: dict[str, str] = {}
        origins: dict[str, list[int | None]] = {}
        for path in {os.path.abspath(edit.site.path) for edit in edits}:
            mine = [edit for edit in edits if os.path.abspath(edit.site.path) == path]
            text = self._workspace.text(path) or ""
            texts[path], origins[path] = apply(text, mine), line_origins(text, mine)
        return texts, origins

    def _run(self, texts: dict[str, str], *, whole: bool = False, choices: int = CHOICES) -> Iterator[Routine]:
        """The routines of the file with some files' texts replaced."""
        from accumlint.judge import judge_routines

        return judge_routines(*self._project(texts), whole=whole, choices=choices)

    def _project(self, texts: dict[str, str]) -> tuple[Project, Module]:
        own = os.path.abspath(self._workspace.path)
        project = Project(self._workspace.wrappers)
        for name, text in (self._workspace.texts | texts).items():
            if name != own:
                project.add(text, name)
        return project, project.add(texts.get(own, self._workspace.texts[own]), self._workspace.path)

    @staticmethod
    def _key(finding: Finding, origins: dict[str, list[int | None]]) -> Key:
        """What tells a finding apart: its rule, its file, and the line on which it stood before the edits."""
        return finding.code, *_line(finding.site, origins)


def _hidden_by(finding: Finding, edits: Sequence[Edit]) -> frozenset[str]:
    """The codes of findings that were there before and could not show."""
    if not any(finding.ledger.deposits):
        return frozenset(RULES) - {finding.code}
    # taking something out leaves no tail behind that was not there, and does not change what a guard counts
    taken_out = frozenset() if any(edit.content for edit in edits) else frozenset({"ACC004", "ACC016"})
    return (_HIDDEN_BEFORE.get(finding.code, frozenset()) | taken_out) - {finding.code}


def _notes(routines: Sequence[Routine]) -> int:
    """How much could not be judged."""
    return sum(len(routine.exploration.notes) for routine in routines)


def _trains(finding: Finding, routines: Sequence[Routine]) -> bool:
    """Whether the finding's routine can be followed, its optimizer spends fresh gradients and its window is still one.

    Silence alone proves nothing: a loop that does not accumulate any more has no bug of accumulation either.
    """
    windowed = finding.ledger.scenario.window is not None
    return any(
        spend.fresh and (ledger.scenario.window is not None) >= windowed
        for ledger in _ledgers(finding, routines)
        for spend in ledger.spends
    )


def _revives(finding: Finding, routines: Sequence[Routine], origins: Mapping[str, Sequence[int | None]]) -> bool:
    """Whether a step now spends what another optimizer's backward leaves in its gradients, as a generator's does in the discriminator's,
    and what was cleared away before every step.
    """
    spent = {share.site for spend in finding.ledger.spends for share in spend.row}
    thrown = {_line(deposit.site, {}) for deposit in finding.ledger.deposits if spent and deposit.site not in spent}
    ledgers = [ledger for one in routines if one.entry.qualified == finding.routine for ledger in _runs(one)] if thrown else []
    own = list(_ledgers(finding, routines)) if thrown else []
    others = {_line(deposit.site, origins) for ledger in ledgers if ledger not in own for deposit in ledger.deposits}
    now_spent = {_line(share.site, origins) for ledger in own for spend in ledger.spends for share in spend.row}
    return not thrown.isdisjoint(others & now_spent)


def _line(site: Site, origins: Mapping[str, Sequence[int | None]]) -> tuple[str, int | None]:
    """The file and the line of a site, as it was before the edits."""
    path = os.path.abspath(site.path)
    lines = origins.get(path)
    return path, site.line if lines is None else lines[site.line - 1] if site.line <= len(lines) else None


def _alike(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios have the same window, tail and flags; of the flags those count that both know.

    The edit may have rewritten the condition that a flag is of, or taken out what asked for longer epochs.
    """
    chosen, known = dict(one.flags), dict(other.flags)
    same = all(chosen[name] == known[name] for name in chosen.keys() & known.keys())
    return same and (one.window, one.epochs, _tail(one)) == (other.window, other.epochs, _tail(other))


def _tail(scenario: Scenario) -> int:
    """What an epoch leaves over after its last full window; of an epoch that is shorter than a window, a number of its own."""
    if scenario.window is None:
        return scenario.length
    return scenario.length % scenario.window - scenario.window * (scenario.length < scenario.window)


def _ledgers(finding: Finding, routines: Sequence[Routine]) -> Iterator[Ledger]:
    """The ledgers of the finding's routine and optimizer, of every scenario."""
    own = _name(finding.ledger.optimizer)
    return (
        ledger
        for routine in routines
        if routine.entry.qualified == finding.routine
        for ledger in _runs(routine)
        if _name(ledger.optimizer) == own
    )


def _runs(routine: Routine) -> Iterator[Ledger]:
    """All ledgers of a routine."""
    explored = routine.exploration.ledgers.values()
    return (ledger for runs in explored for run in runs for variants in run for ledger in variants)


def _name(optimizer: str) -> str:
    """An optimizer's last name; one that is named by the place where it is made has none, for that moves."""
    return _MADE_AT.sub("@", optimizer).rpartition(".")[2]
