"""Keeps torch's compiler out of a worker: its optimizers import it only to be left alone by it, at half the price of torch itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import torch

_NAME = "torch._dynamo"


class _Absent(ModuleType):
    """Stands where the compiler would; whoever asks it for more than to be left alone gets the real one."""

    @staticmethod
    def disable(function: Any = None, recursive: bool = True, **_: Any) -> Any:
        leave: Callable[[Any], Any] = lambda function: function  # noqa: E731
        return leave if function is None else function

    @staticmethod
    def graph_break(*_: Any, **__: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(_NAME) is self:
            del sys.modules[_NAME]
        return getattr(import_module(_NAME), name)


def leave_out_the_compiler() -> None:
    """Nothing is compiled in this process: its optimizers come up without the compiler, and step as ever."""
    if _NAME not in sys.modules:
        absent = _Absent(_NAME)
        absent.__path__ = [f"{path}/_dynamo" for path in torch.__path__]
        sys.modules[_NAME] = absent
        torch._dynamo = absent
