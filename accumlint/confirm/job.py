"""One replay as a worker's child does it: JSON in, JSON out."""

from __future__ import annotations

from typing import Any

import torch

from accumlint.confirm import wire
from accumlint.confirm.replay import Replay, Unreplayable, run_replay

MOST_NAMES = 200


def run(message: dict[str, Any]) -> dict[str, Any]:
    """Replay what ``message`` describes; ``trouble`` in the answer says why there is none."""
    torch.set_grad_enabled(True)  # an earlier slice on this device may have left it off
    links = {path: {name: tuple(to) for name, to in names.items()} for path, names in message["links"].items()}
    try:
        done = run_replay(
            message["texts"],
            links,
            message["path"],
            message["routine"],
            message["line"],
            wire.unpack_scenario(message["scenario"]),
            message["declared"],
            message.get("device", "cpu"),
        )
    except Unreplayable as reason:
        return {"trouble": str(reason)}
    return answer(done)


def answer(done: Replay) -> dict[str, Any]:
    return {
        "ledgers": [wire.pack(ledger) for ledger in done.ledgers],
        "lines": sorted(done.lines),
        "unseen": [[line, words, count] for (line, words), count in done.unseen.most_common(MOST_NAMES)],
        "standins": list(done.standins[:MOST_NAMES]),
        "failures": list(done.failures[:MOST_NAMES]),
    }
