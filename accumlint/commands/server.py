"""``accumlint server``: the language server, for editors."""

from __future__ import annotations

import typer

from accumlint.problem import UsageError


def command() -> None:
    """Serve an editor: the language server protocol over stdin and stdout."""
    try:
        from accumlint.server.app import serve
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] in ("pygls", "lsprotocol", "cattrs", "attrs"):
            raise UsageError("the language server needs pygls: pip install 'accumlint[lsp]'") from None
        raise
    raise typer.Exit(serve())
