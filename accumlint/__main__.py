"""The door: ``accumlint`` and ``python -m accumlint``."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 clean, 1 findings, 2 it could not do its work."""
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        # as in `accumlint | head`: whoever read our output has seen enough; say nothing more, at exit neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _run(given: list[str]) -> int:
    from accumlint.quick import quick

    request = quick(given)
    if request is None:
        from accumlint.cli import run

        return run(given)
    from accumlint.check import check

    return check(request)


def _look_last_into_the_current_folder() -> None:
    """``python -m`` looks there first, and what lies there may have the name of a module that accumlint imports: that would be run."""
    if not sys.flags.safe_path:
        sys.path.append(sys.path.pop(0))


if __name__ == "__main__":
    _look_last_into_the_current_folder()
    sys.exit(main())
