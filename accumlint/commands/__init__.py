"""The subcommands, imported only when asked for. To add one: a module here with a ``command`` function, and a line below."""

from __future__ import annotations

# name -> module; the first is what runs when none is named
NAMES: dict[str, str] = {
    "check": "accumlint.commands.check",
    "confirm": "accumlint.confirm.command",
    "run": "accumlint.observer.command",
    "explain": "accumlint.commands.explain",
    "rules": "accumlint.commands.rules",
    "server": "accumlint.commands.server",
}
