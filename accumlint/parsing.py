"""Parses a text with `ast`, without the warnings that it may cause, and of newer Python too."""

from __future__ import annotations

import ast
import io
import warnings


def parse(text: str) -> ast.Module:
    """The tree of ``text``. Raises `SyntaxError`."""
    return parsed(text)[0]


def parsed(text: str) -> tuple[ast.Module, str]:
    """The tree of ``text``, and the text that it is of: what only a newer Python reads is blanked out. Raises `SyntaxError`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text), text
        except SyntaxError as error:
            return _parsed_newer(text, error)
        except ValueError as error:
            raise SyntaxError(str(error)) from error
        except (RecursionError, MemoryError) as error:
            raise SyntaxError("nested too deeply to be parsed") from error


def _parsed_newer(text: str, error: SyntaxError) -> tuple[ast.Module, str]:
    from accumlint.newer import readable

    try:
        if (older := readable(text, error)) is not None:
            return ast.parse(older), older
    except SyntaxError:
        pass
    raise error


def split_lines(text: str) -> list[str]:
    """The lines of ``text`` with their ends, as Python's parser counts them: a form feed ends none."""
    return io.StringIO(text, newline="").readlines()
