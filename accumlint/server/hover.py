"""What a hover says of a finding: the rule in short, the witness, and the ledger, drawn where the client shows pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable

from accumlint import pages
from accumlint.drawing import data_uri
from accumlint.finding import Finding
from accumlint.registry import RULES
from accumlint.report.ledger_table import draw

_CODE = re.compile(r"\bACC\d{3}\b")


def on_findings(findings: Iterable[Finding], *, markdown: bool, pictures: bool) -> str:
    """The text of a hover over these findings."""
    told = [_markdown(finding, pictures) if markdown else _plain(finding) for finding in findings]
    return ("\n\n---\n\n" if markdown else "\n\n").join(told)


def on_code(line: str, column: int, *, markdown: bool) -> str | None:
    """The rule whose code stands at ``column`` of a line, as in a suppression comment."""
    for match in _CODE.finditer(line):
        if match.start() <= column <= match.end() and (rule := RULES.get(match[0])):
            return f"{_head(rule.code, markdown)}\n\n{rule.summary}"
    return None


def _head(code: str, markdown: bool) -> str:
    name = RULES[code].name
    if not markdown:
        return f"{code} {name}"
    url = pages.url(code)
    return f"**{code}** [{name}]({url})" if url else f"**{code}** {name}"


def _plain(finding: Finding) -> str:
    parts = [f"{finding.code} {finding.name}: {finding.message}", finding.witness]
    if finding.ledger.entries:
        parts.append(draw(finding.ledger, colour=False, width=100).rstrip("\n"))
    return "\n\n".join(part for part in parts if part)


def _markdown(finding: Finding, pictures: bool) -> str:
    """The rule, the ledger, the witness. A client that shows pictures shows the message above the hover, and little below it."""
    parts = [f"{_head(finding.code, True)}: {RULES[finding.code].summary}"]
    if finding.ledger.entries and pictures:
        parts.append(f"![the ledger]({data_uri(finding.ledger)})")
    else:
        parts.append(finding.message)
        if finding.ledger.entries:
            parts.append("```text\n" + draw(finding.ledger, colour=False, width=100).rstrip("\n") + "\n```")
    parts.append(finding.witness)
    return "\n\n".join(part for part in parts if part)
