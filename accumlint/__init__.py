"""accumlint finds gradient accumulation bugs in PyTorch training loops."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["observe"]


def __getattr__(name: str) -> object:
    """``accumlint.observe`` needs torch: it is imported when it is first asked for, so that linting never imports it."""
    if name == "observe":
        from accumlint.observer import observe

        return observe
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
