"""Draws a ledger as SVG: a row a step, a column a micro-batch, the weight in the cell; for hovers, reports and pages.

The picture needs nothing around it: colours follow the reader's light or dark theme by CSS inside, and each cell says in a
``<title>`` what it means. Meaning never hangs on colour alone: a gradient spent twice carries ``x2``, one never spent a dashed border.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from accumlint.ledger import Ledger, Spend
from accumlint.report.ledger_table import Entered, facts, tabulate

# what a cell can mean, in the order of the legend
MEANINGS = {
    "right": "spent once, the step's weights sum to 1",
    "weight": "spent with another weight than its share",
    "again": "spent again",
    "erased": "erased unspent",
    "never": "never spent",
}

STYLE = (
    ".ledger{color-scheme:light dark}"
    ".ledger text{font:12px system-ui,sans-serif;fill:#24292f}.ledger .dim{fill:#57606a}.ledger .bold{font-weight:600}"
    ".ledger .in{fill:#fff;font-size:11px}.ledger .paper{fill:#fff}.ledger .none{fill:#eef0f2}.ledger .right{fill:#1a7f6e}"
    ".ledger .weight{fill:#9a6700}.ledger .again{fill:#c0392b}.ledger .erased{fill:none;stroke:#9a6700;stroke-dasharray:2 2}"
    ".ledger .never{fill:none;stroke:#cf222e;stroke-width:2;stroke-dasharray:4 2}.ledger .bar{stroke:#8c959f;stroke-dasharray:1 3}"
    "@media (prefers-color-scheme:dark){.ledger text{fill:#e6edf3}.ledger .dim{fill:#9198a1}.ledger .in{fill:#fff}"
    ".ledger .paper{fill:#1f2328}.ledger .none{fill:#2d333b}.ledger .right{fill:#238577}.ledger .weight{fill:#9e6a03}"
    ".ledger .again{fill:#c93c37}.ledger .erased{stroke:#d29922}.ledger .never{stroke:#ff7b72}.ledger .bar{stroke:#6e7681}}"
)
_CELL, _LABEL, _GAP, _TOP = 34, 92, 12, 48
# more columns than this are not readable in a hover
_WIDEST = 24


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, one of `MEANINGS`, and the sentence that a pointer over it shows."""

    text: str
    meaning: str
    title: str


def picture(ledger: Ledger, *, widest: int = _WIDEST, style: bool = True) -> str:
    """The ledger as one ``<svg>`` element; of its micro-batches the first ``widest``. Without ``style`` its page brings `STYLE`."""
    table = tabulate(ledger)
    columns = table.columns
    shown = columns[:widest]
    # the first micro-batches of the epochs after the first
    begins = set(table.epochs.values()) & set(shown[1:])
    left: dict[int, int] = {}
    place = _LABEL
    for column in shown:
        place += _GAP * (column in begins)
        left[column] = place
        place += _CELL
    rows = list(_rows(ledger))
    height = _TOP + max(len(rows), 1) * 26 + 8
    head = ", ".join(facts(ledger))
    # the head is measured generously: which font the reader has is not known
    width = max(place + (20 if len(columns) > len(shown) else 8), min(len(head), 80) * 7 + 16)
    out = [
        f'<svg class="ledger" xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(told(ledger))}</title>" + f"<style>{STYLE}</style>" * style,
        f'<rect class="paper" width="{width}" height="{height}" rx="6"/>',
        f'<text class="bold" x="8" y="18">{escape(_cut(head, width // 7))}</text>',
        '<text class="dim" x="8" y="40">micro-batch</text>',
    ]
    out += [
        f'<text class="dim" x="{x + _CELL // 2 - 1}" y="40" text-anchor="middle">{column}</text>' for column, x in left.items()
    ]
    if len(columns) > len(shown):
        out.append(f'<text class="dim" x="{place + 2}" y="40">…</text>')
    out += [_bar(left[column] - _GAP // 2, height) for column in begins]
    for number, (label, cells) in enumerate(rows):
        y = _TOP + number * 26
        out.append(f'<text x="8" y="{y + 16}">{escape(label)}</text>')
        out += [_drawn(cells.get(column), x, y) for column, x in left.items()]
    return "".join((*out, "</svg>"))


def data_uri(ledger: Ledger) -> str:
    """The picture as an address that Markdown and HTML can show as an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture(ledger).encode()).decode("ascii")


def told(ledger: Ledger) -> str:
    """The picture in words, for who cannot see it."""
    table = tabulate(ledger)
    rows = (
        f"{label}: " + (", ".join(f"micro-batch {turn} {cell.text}" for turn, cell in sorted(cells.items())) or "nothing")
        for label, cells in table.rows
    )
    return "; ".join((", ".join(facts(ledger)), *rows))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _rows(ledger: Ledger) -> Iterator[tuple[str, dict[int, Cell]]]:
    """The rows of the table, with what the picture says more: whether a step's weights fit, and each cell in a sentence."""
    held = {deposit.turn: len(deposit.origins) or 1 for deposit in ledger.deposits}
    fits = [_sums_to_one(spend, held) for spend in ledger.spends]
    for number, (label, cells) in enumerate(tabulate(ledger).rows):
        right = number < len(fits) and fits[number]
        yield label, {turn: _cell(cell, label, turn, right) for turn, cell in cells.items()}


def _cell(entered: Entered, row: str, turn: int, right: bool) -> Cell:
    weight, _, times = entered.text.partition(" x")
    match entered.meaning:
        case "erased":
            return Cell(entered.text, "erased", f"micro-batch {turn} is erased before {row} could spend it")
        case "never":
            return Cell(entered.text, "never", f"no step ever spends micro-batch {turn}")
        case "again":
            return Cell(entered.text, "again", f"{row} spends micro-batch {turn} with weight {weight}, {times} times by now")
        case _:
            return Cell(entered.text, "right" if right else "weight", f"{row} spends micro-batch {turn} with weight {weight}")


def _sums_to_one(spend: Spend, held: Mapping[int, int]) -> bool:
    """Whether the fresh shares of a step weigh 1 together, as far as that can be told; ``held`` is how many losses each holds."""
    weights = [None if share.weight is None else share.weight * held.get(share.turn, 1) for share in spend.fresh]
    known = [weight for weight in weights if weight is not None]
    return len(known) < len(weights) or sum(known) == 1


def _drawn(cell: Cell | None, x: int, y: int) -> str:
    box = f'x="{x + 1}" y="{y + 1}" width="{_CELL - 3}" height="22" rx="4"'
    if cell is None:
        return f'<rect class="none" {box}/>'
    inside = "" if cell.meaning in ("erased", "never") else ' class="in"'
    squeezed = f' textLength="{_CELL - 7}" lengthAdjust="spacingAndGlyphs"' if len(cell.text) > 4 else ""
    return (
        f'<g><title>{escape(cell.title)}</title><rect class="{cell.meaning}" {box}/>'
        f'<text{inside} x="{x + _CELL / 2 - 0.5}" y="{y + 16}" text-anchor="middle"{squeezed}>{escape(cell.text)}</text></g>'
    )


def _bar(x: int, height: int) -> str:
    return f'<line class="bar" x1="{x}" y1="30" x2="{x}" y2="{height - 6}"/>'
