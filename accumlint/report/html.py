"""One page that needs nothing else: a row a finding with its code and its drawn ledger, for the browser, by keyboard and on a phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import unified_diff
from html import escape
from typing import TextIO

from accumlint import __version__
from accumlint.drawing import MEANINGS, STYLE, picture
from accumlint.finding import Finding
from accumlint.fix.edit import apply
from accumlint.ledger import Ledger, Site
from accumlint.problem import Problem
from accumlint.registry import RULES
from accumlint.report.outcome import Outcome, Row, end_of, position
from accumlint.report.paint import shown
from accumlint.words import counted

# lines of code around the place, and of a longer line how much
_AROUND, _LONGEST = 2, 400
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_PAGE_STYLE = """
:root{color-scheme:light dark;--ink:#1f2328;--dim:#59636e;--paper:#fff;--panel:#f6f8fa;--line:#d1d9e0;--focus:#0969da;
--error:#cf222e;--fine:#1a7f37;--warning:#9a6700;--info:#0969da}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9198a1;--paper:#0d1117;--panel:#161b22;--line:#3d444d;--focus:#4493f8;
--error:#ff7b72;--fine:#3fb950;--warning:#d29922;--info:#4493f8}}
*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header,main,footer{max-width:76rem;margin:0 auto;padding:.8rem 1rem}
h1{font-size:1.4rem;margin:.2rem 0}
h2{font-size:1.05rem;margin:0}
a{color:var(--focus)}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
.dim,.witness{color:var(--dim)}
.confirmed b{color:var(--error)}.refuted b{color:var(--fine)}.inconclusive b{color:var(--warning)}
.filters{display:flex;flex-wrap:wrap;gap:.4rem;margin:.6rem 0;padding:.3rem .7rem .7rem;border:1px solid var(--line);border-radius:.5rem}
.filters legend{color:var(--dim);padding:0 .3rem}
.filters label{border:1px solid var(--line);border-radius:1rem;padding:.15rem .7rem;min-height:2rem;display:flex;gap:.4rem;align-items:center}
article{border:1px solid var(--line);border-radius:.5rem;margin:0 0 1rem;overflow:hidden}
article>.head{background:var(--panel);padding:.6rem .8rem;border-bottom:1px solid var(--line)}
article>.body{display:flex;flex-wrap:wrap;gap:.8rem;padding:.8rem}
article>.body>*{min-width:0;flex:1 1 26rem;max-width:100%}
article>.body>*>:first-child{margin-top:0}
figure{margin:0}
figcaption{margin:0 0 .3rem}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.code{font:600 .85rem ui-monospace,monospace;border-radius:.3rem;padding:.05rem .35rem;color:var(--paper)}
.code.error{background:var(--error)}.code.warning{background:var(--warning)}.code.info{background:var(--info)}
.where{font:.85rem ui-monospace,monospace;overflow-wrap:anywhere}
pre{margin:0;padding:.6rem 0;background:var(--panel);border-radius:.4rem;overflow-x:auto;font:13px/1.6 ui-monospace,monospace}
pre span.n{display:inline-block;width:3.5rem;padding-right:.8rem;text-align:right;color:var(--dim);user-select:none}
pre mark{color:inherit;background:none;text-decoration:underline wavy var(--error);text-underline-offset:3px}
pre mark.rel{text-decoration:underline dotted var(--focus)}
pre i{color:var(--dim);font-style:normal}
pre .out,pre .in{display:block}
pre .out{background:color-mix(in srgb,var(--error) 15%,transparent)}
pre .in{background:color-mix(in srgb,var(--fine) 15%,transparent)}
.picture{overflow-x:auto}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;list-style:none;font-size:.85rem}
.legend li{display:flex;align-items:center;gap:.4rem}
@media (hover:none){.keys{display:none}}
@media print{.filters,.skip{display:none}article{break-inside:avoid}}
"""
# rules are shown and hidden by their boxes, j and k go from finding to finding
_SCRIPT = """
const rows=[...document.querySelectorAll("article")],boxes=[...document.querySelectorAll(".filters input")];
const count=document.getElementById("count");
function sift(){const on=new Set(boxes.filter(b=>b.checked).map(b=>b.value));
for(const r of rows)r.hidden=!on.has(r.dataset.code);count.textContent=rows.filter(r=>!r.hidden).length+" of "+rows.length+" shown";}
for(const b of boxes)b.addEventListener("change",sift);
addEventListener("keydown",e=>{if((e.key!=="j"&&e.key!=="k")||e.ctrlKey||e.metaKey||e.altKey)return;
const seen=rows.filter(r=>!r.hidden),at=seen.indexOf(document.activeElement.closest("article"));
const next=seen[e.key==="j"?at+1:Math.max(at-1,0)];if(next){next.focus();next.scrollIntoView({block:"nearest"});}});
"""


def write(outcome: Outcome, out: TextIO) -> None:
    out.write("".join(_page(outcome)))


def _page(outcome: Outcome) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
    yield f"<title>accumlint: {counted(len(outcome.findings), 'finding')}</title>\n"
    yield f"<style>{_PAGE_STYLE}{STYLE}</style>\n</head>\n<body>\n"
    yield '<a class="skip" href="#findings">Skip to the findings</a>\n'
    said = outcome.summary() or f"No findings in {counted(outcome.looked_at, 'file')}"
    yield f"<header>\n<h1>accumlint</h1>\n<p>{escape(said)}</p>\n"
    yield from _filters(outcome.rows)
    if outcome.findings:
        yield _LEGEND
    yield '</header>\n<main id="findings">\n'
    for number, row in enumerate(outcome.rows, start=1):
        yield from _problem(row, outcome) if isinstance(row, Problem) else _finding(row, number, outcome)
    yield f'</main>\n<footer class="dim">accumlint {escape(__version__)}</footer>\n'
    if outcome.rows:
        yield f"<script>{_SCRIPT}</script>\n"
    yield "</body>\n</html>\n"


def _filters(rows: list[Row]) -> Iterator[str]:
    codes = Counter(_code(row) for row in rows)
    if len(codes) < 2:
        return
    yield '<fieldset class="filters"><legend>Show</legend>\n'
    for code in sorted(codes):
        name = f" {RULES[code].name}" if code in RULES else ""
        yield f'<label><input type="checkbox" value="{code}" checked>{code}{name} ({codes[code]})</label>\n'
    yield '</fieldset>\n<p class="dim"><span id="count" role="status"></span> <span class="keys">Keys: j next, k previous.</span></p>\n'


def _code(row: Row) -> str:
    return row.kind if isinstance(row, Problem) else row.code


def _swatch(meaning: str) -> str:
    box = f'<rect class="{meaning}" x="1" y="1" width="18" height="12" rx="3"/>'
    return f'<svg class="ledger" width="20" height="14" aria-hidden="true">{box}</svg>'


_LEGEND = (
    '<ul class="legend" aria-label="Colours of the ledgers">\n'
    + "".join(f"<li>{_swatch(meaning)}{escape(said)}</li>\n" for meaning, said in MEANINGS.items())
    + "</ul>\n"
)


def _finding(finding: Finding, number: int, outcome: Outcome) -> Iterator[str]:
    where = outcome.where(finding.site.path, finding.site.line, finding.site.column)
    yield f'<article tabindex="0" id="f{number}" data-code="{finding.code}" aria-labelledby="t{number}">\n<div class="head">\n'
    yield f'<h2 id="t{number}"><span class="code {outcome.severity(finding)}">{finding.code}</span> {escape(finding.name)}</h2>\n'
    yield f'<div class="where">{_text(where)}</div>\n<div>{_prose(finding.message)}</div>\n'
    if verdict := outcome.verdicts.get(finding):
        yield f'<div class="{verdict.outcome}"><b>{verdict.outcome}</b>: {_prose(verdict.words)}</div>\n'
    yield '</div>\n<div class="body">\n<div>\n'
    yield from _source(finding, outcome)
    yield "</div>\n<div>\n"
    if finding.witness:
        yield f'<p class="witness">{_prose(finding.witness)}</p>\n'
    rule = RULES[finding.code]
    yield f'<p class="dim">{escape(rule.summary)}. <code>accumlint explain {finding.code}</code> tells more.</p>\n'
    yield from _change(finding, outcome)
    yield "</div>\n</div>\n"
    if finding.ledger.entries:
        yield '<div class="body">\n'
        yield from _figure("as it is", finding.ledger)
        if finding in outcome.fixed:
            yield from _figure("with the fix", outcome.fixed[finding])
        yield "</div>\n"
    yield "</article>\n"


def _figure(caption: str, ledger: Ledger) -> Iterator[str]:
    yield f'<figure>\n<figcaption class="dim">{caption}</figcaption>\n'
    yield f'<div class="picture" tabindex="0" role="group" aria-label="Ledger {caption}">{picture(ledger, style=False)}</div>\n</figure>\n'


def _change(finding: Finding, outcome: Outcome) -> Iterator[str]:
    """What the finding's fix would do to the source."""
    if (fix := outcome.fixes.get(finding)) is None:
        return
    doubt = f", unsafe: {_prose(fix.reason)}" if fix.reason else ""
    yield f"<p><b>fix</b>: {_prose(fix.title)}{doubt}</p>\n"
    for path in sorted({edit.site.path for edit in fix.edits}):
        if path != finding.site.path:
            yield f'<p class="where">{_text(path)}</p>\n'
        text = outcome.sources[path].text
        fixed = apply(text, (edit for edit in fix.edits if edit.site.path == path))
        yield f"<pre><code>{''.join(_changed_lines(text, fixed))}</code></pre>\n"


def _changed_lines(old: str, new: str) -> Iterator[str]:
    """The lines that differ, and one around them."""
    kinds = {"-": "out", "+": "in"}
    for number, line in enumerate(list(unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=1))[2:]):
        if line.startswith("@@"):
            yield '<span class="n">⋮</span>\n' if number else ""
        elif line[0] in kinds:
            yield f'<span class="{kinds[line[0]]}"> {line[0]} {_text(line[1:_LONGEST])}</span>'
        else:
            yield f"   {_text(line[1:_LONGEST])}\n"


def _problem(problem: Problem, outcome: Outcome) -> Iterator[str]:
    where = outcome.where(*position(problem))
    yield f'<article tabindex="0" data-code="{problem.kind}"><div class="head"><h2><span class="code error">{problem.kind}</span></h2>'
    yield f'<div class="where">{_text(where)}</div><div>{_text(problem.message)}</div></div></article>\n'


def _text(text: str) -> str:
    """Text from a user's file, harmless in HTML and without the characters that would turn it around."""
    return escape(shown(text))


def _prose(text: str) -> str:
    """A message; what stands between backticks is code."""
    parts = _text(text).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))


def _source(finding: Finding, outcome: Outcome) -> Iterator[str]:
    """The lines around each place that the finding is about; places in other files or cells under their own heads."""
    home = _home(finding.site, outcome)
    sites = [(finding.site, "", "")] + [(one.site, ' class="rel"', one.message) for one in finding.related]
    here = [one for one in sites if _home(one[0], outcome) == home]
    yield f"<pre><code>{_excerpt(here, outcome)}</code></pre>\n"
    for site, kind, said in sites:
        if _home(site, outcome) != home:
            where = outcome.where(site.path, site.line, site.column)
            yield f'<p class="where">{_text(where)}</p>\n<pre><code>{_excerpt([(site, kind, said)], outcome)}</code></pre>\n'


def _home(site: Site, outcome: Outcome) -> tuple[str, int | None]:
    return site.path, outcome.sources.place(site.path, site.line).cell


def _excerpt(marks: list[tuple[Site, str, str]], outcome: Outcome) -> str:
    path = marks[0][0].path
    home = _home(marks[0][0], outcome)
    last = len(outcome.sources[path].lines)
    wanted: set[int] = set()
    for site, _, _ in marks:
        wanted.update(range(max(site.line - _AROUND, 1), min(site.line + _AROUND, last) + 1))
    out: list[str] = []
    before = 0
    for line in sorted(wanted):
        place = outcome.sources.place(path, line)
        if (path, place.cell) != home:
            continue
        if before and line > before + 1:
            out.append('<span class="n">⋮</span>')
        before = line
        text = outcome.sources.line(path, line)
        here = [mark for mark in marks if mark[0].line == line]
        out.append(f'<span class="n">{place.row}</span>{_marked(text, here)}')
    return "\n".join(out)


def _marked(text: str, marks: list[tuple[Site, str, str]]) -> str:
    """A line with its places marked, and what is said of them behind it. Of places that overlap the first is marked."""
    out: list[str] = []
    at = 0
    for site, kind, _ in sorted(marks, key=lambda mark: mark[0].column):
        begin, (end_line, end_column) = site.column - 1, end_of(site)
        end = end_column - 1 if end_line == site.line else len(text)
        if begin < at:
            continue
        out.append(f"{_text(text[at:begin])}<mark{kind}>{_text(text[begin:end])}</mark>")
        at = end
    out.append(_text(text[at : at + _LONGEST]))
    said = "; ".join(one for _, _, one in marks if one)
    return "".join(out) + (f"  <i>← {_prose(said)}</i>" if said else "")
