"""What fails in a replay is noted and passed over: a stand-in takes the place of what it would have given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accumlint.confirm.run import Run


def tried(run: Run, value: Callable[[], Any], path: str) -> Any:
    """What ``value`` gives; where it fails, data that goes by ``path``."""
    try:
        return value()
    except Exception as error:
        pass_over(run, error)
        return run.data(path)


def pass_over(run: Run, error: BaseException | None) -> None:
    """Note what failed. Endless recursion ends where it began, not at each of its levels, which would go down once more."""
    codes = [frame.f_code for frame in run.where.frames()]
    if isinstance(error, RecursionError) and codes[0] in codes[1:]:
        raise error
    run.failures.append(str(error)[:200])
