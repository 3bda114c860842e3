"""One finding to confirm: what a worker is asked, and the verdict on its answer. A task is plain data that can go to any executor."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accumlint.confirm import wire
from accumlint.confirm.bundle import bundle
from accumlint.confirm.fence import Limits
from accumlint.confirm.remember import Memory
from accumlint.confirm.verdict import Outcome, Verdict, weigh, with_fix
from accumlint.confirm.ways import ways
from accumlint.confirm.worker import NoWorker, Worker
from accumlint.finding import Finding
from accumlint.ledger import Ledger, Scenario
from accumlint.parsing import parsed

_OWN = threading.local()
_ALL: list[Worker] = []
_PLAIN_LENGTHS = (3, 4, 6, 7)
_EPHEMERAL = ("it did not end", "it brought its worker down", "no worker")
"""Troubles that another attempt may not have."""


@dataclass(frozen=True, slots=True)
class Task:
    """``texts`` are the sources by path, the linted file's first; ``fixed`` the same with the fix applied, where there is one.

    It runs on the first of the ``devices`` that a worker comes up on.
    """

    finding: Finding
    path: str
    texts: Mapping[str, str]
    links: Mapping[str, Mapping[str, tuple[str, str | None]]]
    fixed: Mapping[str, str] | None = None
    devices: tuple[str, ...] = ("cpu",)
    limits: Limits = field(default_factory=Limits)
    memory: Memory | None = None


def task(finding: Finding, text: str, path: str, *, fixed: Mapping[str, str] | None = None, **options: Any) -> Task:
    """The task of confirming ``finding``, which linting ``text`` as ``path`` gave. ``fixed`` are the texts that its fix changes."""
    texts, links = bundle(text, path)
    mended = {**texts, **{changed: parsed(now)[1] for changed, now in fixed.items()}} if fixed else None
    return Task(finding, path, texts, links, mended, **options)


def confirm(job: Task) -> Verdict:
    """Replay the finding's routine, and its fixed form, in this thread's own worker. Never raises for what the code does."""
    started = time.monotonic()
    verdict = _verdict(job)
    return replace(verdict, seconds=time.monotonic() - started)


def _verdict(job: Task) -> Verdict:
    verdict = _at_some_length(job)
    if job.fixed is None or verdict.outcome is not Outcome.CONFIRMED or verdict.ledger is None:
        return verdict
    scenario = verdict.ledger.scenario
    try:
        return with_fix(verdict, job.finding, _ledgers(_replayed(job, job.fixed, scenario), scenario))
    except wire.Malformed:
        return verdict


def _at_some_length(job: Task) -> Verdict:
    """A finding holds where it holds for some length of the data: one that the witness has wrong is tried at others.

    Where conditions that nobody can tell keep the replay from what the finding is about, they are what leads there.
    """
    first = job.finding.ledger.scenario
    verdict = _weighed(job, first)
    for scenario in (*_ways(job, verdict), *_others(first)):
        if verdict.outcome is Outcome.CONFIRMED or verdict.ledger is None:
            break
        again = _weighed(job, scenario)
        if again.outcome is Outcome.CONFIRMED:
            verdict = again
    return verdict


def _weighed(job: Task, scenario: Scenario) -> Verdict:
    """The verdict in ``scenario``."""
    answer = _replayed(job, job.texts, scenario)
    try:
        verdict = _judged(job.finding, answer, scenario)
    except wire.Malformed:
        verdict = Verdict(Outcome.INCONCLUSIVE, "its answer is no ledger")
    return replace(verdict, fences=tuple(answer.get("fences", ())), torch=str(answer.get("torch", "")))


def _judged(finding: Finding, answer: Mapping[str, Any], scenario: Scenario) -> Verdict:
    """What an answer says of ``finding``. Raises `wire.Malformed`."""
    if "trouble" in answer:
        return Verdict(Outcome.INCONCLUSIVE, wire.words(answer["trouble"]))
    ledgers = _ledgers(answer, scenario)
    try:
        lines = {(str(path), wire.count(line)) for path, line in answer["lines"]}
        standins = tuple(map(wire.words, answer["standins"]))
        unseen = [(wire.count(line), wire.words(words), wire.count(times)) for line, words, times in answer.get("unseen", ())]
    except (KeyError, TypeError, ValueError) as error:
        raise wire.Malformed(str(error)) from error
    return replace(weigh(finding, ledgers, lines, unseen), standins=standins)


def _ledgers(answer: Mapping[str, Any], scenario: Scenario) -> list[Ledger]:
    """The ledgers in the answer to a question about ``scenario``. Raises `wire.Malformed`."""
    ledgers = answer.get("ledgers")
    made = [wire.unpack(one) for one in ledgers] if isinstance(ledgers, list) else []
    if any(one.scenario != scenario for one in made):
        raise wire.Malformed("another scenario")
    return made


def _ways(job: Task, verdict: Verdict) -> Iterator[Scenario]:
    """The witness's scenario with what leads to the places that were not reached."""
    scenario = job.finding.ledger.scenario
    for path in dict.fromkeys(site.path for site in verdict.unreached):
        way = ways(job.texts.get(path, ""), (site.line for site in verdict.unreached if site.path == path))
        known = {name for name, _ in scenario.flags}
        scenario = replace(scenario, flags=(*scenario.flags, *(one for one in way if one[0] not in known)))
    if scenario != job.finding.ledger.scenario:
        yield scenario


def _others(scenario: Scenario) -> Iterator[Scenario]:
    """The same with other lengths of the data, and without a flag that says where it ends."""
    size = scenario.window
    plain = tuple((name, value) for name, value in scenario.flags if not name.endswith("is where the data ends"))
    for flags in dict.fromkeys((scenario.flags, plain)):
        for length in (*range(2 * size, 3 * size), size - 1) if size is not None and size > 1 else _PLAIN_LENGTHS:
            if (length, flags) != (scenario.length, scenario.flags):
                yield replace(scenario, length=length, flags=flags)


def _replayed(job: Task, texts: Mapping[str, str], scenario: Scenario) -> dict[str, Any]:
    """The worker's answer, or the one remembered."""
    finding = job.finding
    question = {
        "texts": dict(texts),
        "links": {path: dict(names) for path, names in job.links.items()},
        "path": job.path,
        "routine": finding.routine,
        "line": finding.routine_line,
        "scenario": wire.pack_scenario(scenario),
        "declared": finding.ledger.declared,
    }
    refusals = []
    for device in job.devices:
        try:
            return _asked({**question, "device": device}, job)
        except NoWorker as reason:
            refusals.append(str(reason))
    return {"trouble": f"no worker: {'; '.join(refusals)}"}


def _asked(question: Mapping[str, Any], job: Task) -> dict[str, Any]:
    """The answer on one device. Raises `NoWorker`."""
    if job.memory is not None and (known := job.memory.recall(question)) is not None:
        return known
    worker = own_worker(str(question["device"]), job.limits)
    answer = {**worker.do(question), "torch": worker.torch}
    if job.memory is not None and not str(answer.get("trouble", "")).startswith(_EPHEMERAL):
        job.memory.keep(question, answer)
    return answer


def serve_until(over: threading.Event) -> None:
    """This thread asks no worker for anything once all is ``over``."""
    _OWN.over = over


def own_worker(device: str, limits: Limits) -> Worker:
    """The worker of this thread, kept warm from one task to the next; it ends with this process. Raises `NoWorker`."""
    over: threading.Event | None = _OWN.__dict__.get("over")
    if over is not None and over.is_set():
        raise NoWorker("all is over")
    workers: dict[tuple[str, Limits], Worker] = _OWN.__dict__.setdefault("workers", {})
    if (device, limits) not in workers:
        workers[device, limits] = Worker(device=device, limits=limits)
        _ALL.append(workers[device, limits])
    return workers[device, limits]


def close_workers() -> None:
    """End every worker of this process; one that is needed again is started again."""
    for worker in _ALL:
        worker.close()
