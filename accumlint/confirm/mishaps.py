"""What fails in a replay is noted and passed over: a stand-in takes the place of what it would have given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from accumlint.confirm.run import Run
from accumlint.confirm.standin import POTENTIAL, StandIn


def tried(run: Run, value: Callable[[], Any], path: str, otherwise: Callable[[Run, str], Any] = Run.data) -> Any:
    """What ``value`` gives; where it fails, data that goes by ``path``, or what ``otherwise`` makes of it."""
    try:
        return value()
    except Exception as error:
        pass_over(run, error)
        return otherwise(run, path)


def lost(run: Run, path: str) -> Any:
    """What stands for a value that could not be computed: in a micro-batch's work anything may have gone into it, gradients too."""
    if not (run.where.training and run.players.single and torch.is_grad_enabled()):
        return run.plain(path)
    return StandIn(run, path, state=POTENTIAL, holders=frozenset({path}))


def pass_over(run: Run, error: BaseException | None) -> None:
    """Note what failed. Endless recursion ends where it began, not at each of its levels, which would go down once more."""
    codes = [frame.f_code for frame in run.where.frames()]
    if isinstance(error, RecursionError) and codes[0] in codes[1:]:
        raise error
    run.failures.append(str(error)[:200])
