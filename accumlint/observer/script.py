"""Runs a user's script or module as ``python`` would, under observation."""

from __future__ import annotations

import linecache
import runpy
import sys
import tokenize
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from accumlint.observer.patches import patched
from accumlint.observer.tell import Told, tell
from accumlint.observer.watch import Enough, Watch
from accumlint.problem import UsageError


@dataclass(frozen=True, slots=True)
class Run:
    """What came of an observed program. ``failure`` is its traceback or exit, None where it ended well or was stopped by us."""

    told: Told
    steps: int
    failure: str | None = None


def run(target: str, arguments: Sequence[str], *, module: bool = False, max_steps: int | None = None) -> Run:
    """Runs the script at path ``target``, or the module of that name, with ``arguments`` in ``sys.argv``.

    Stops it after ``max_steps`` optimizer steps. Raises `UsageError` where there is no such script or module.
    """
    watch = Watch(max_steps=max_steps)
    ended, failure = False, None
    with _as_main(target, arguments, module) as start, patched(watch):
        try:
            start()
            ended = True
        except Enough:
            pass
        except SystemExit as leaving:
            ended = leaving.code in (None, 0)
            failure = None if ended else f"it exited with {leaving.code}"
        except KeyboardInterrupt:
            failure = "it was interrupted"
        except BaseException as error:
            failure = _traceback(error)
    return Run(tell(watch, ended=ended), watch.steps, failure)


@contextmanager
def _as_main(target: str, arguments: Sequence[str], module: bool) -> Iterator[_Start]:
    """Makes this process look to the program as if ``python`` had started it."""
    kept = sys.argv, list(sys.path), sys.modules["__main__"]
    try:
        if module:
            sys.argv = [target, *arguments]
            sys.path.insert(0, str(Path.cwd()))
            yield _Start(target, None)
        else:
            sys.argv = [target, *arguments]
            sys.path.insert(0, str(Path(target).resolve().parent))
            yield _Start(target, _read(target))
    finally:
        sys.argv, sys.path[:], sys.modules["__main__"] = kept


def _read(target: str) -> str:
    try:
        with tokenize.open(target) as stream:
            text = stream.read()
    except (OSError, UnicodeDecodeError, SyntaxError) as error:
        raise UsageError(f"cannot run {target}: {error}") from error
    linecache.getlines(target)  # now: the program may change the working directory
    return text


@dataclass(frozen=True, slots=True)
class _Start:
    target: str
    text: str | None

    def __call__(self) -> None:
        if self.text is None:
            try:
                runpy.run_module(self.target, run_name="__main__", alter_sys=True)
            except ImportError as error:
                if getattr(error, "name", None) in (None, self.target):
                    raise UsageError(f"cannot run the module {self.target}: {error}") from error
                raise
            return
        main = ModuleType("__main__")
        main.__dict__.update(__file__=self.target, __builtins__=__builtins__)
        sys.modules["__main__"] = main
        exec(compile(self.text, self.target, "exec"), main.__dict__)


def _traceback(error: BaseException) -> str:
    """The program's own part of a traceback."""
    if isinstance(error, UsageError):
        raise error
    own = error.__traceback__
    while own is not None and own.tb_frame.f_code.co_filename.startswith(str(Path(__file__).parent)):
        own = own.tb_next
    return "".join(traceback.format_exception(type(error), error, own or error.__traceback__))
