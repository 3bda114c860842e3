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
# what the list of commands says of each, in a line
SUMMARIES: dict[str, str] = {
    "check": "Find gradient accumulation bugs (the default).",
    "confirm": "Replay each finding in torch: does it hold?",
    "run": "Watch a training, and say who spends what.",
    "explain": "Show a rule's page.",
    "rules": "List the rules.",
    "server": "Serve an editor.",
}
