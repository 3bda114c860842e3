"""How often each rule fired, most often first."""

from __future__ import annotations

import json
from collections import Counter
from typing import TextIO

from accumlint.report.outcome import Outcome


def write(outcome: Outcome, out: TextIO) -> None:
    for (code, name), count in _counted(outcome):
        out.write(f"{count}\t{code}\t{name}\n")
    out.write(outcome.closing)


def write_json(outcome: Outcome, out: TextIO) -> None:
    json.dump([{"code": code, "name": name, "count": count} for (code, name), count in _counted(outcome)], out, indent=2)
    out.write("\n")


def _counted(outcome: Outcome) -> list[tuple[tuple[str, str], int]]:
    counts = Counter((finding.code, finding.name) for finding in outcome.findings)
    counts.update((problem.kind, problem.kind) for problem in outcome.faults)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
