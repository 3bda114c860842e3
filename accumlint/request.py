"""What a lint run is asked for, and what it answers to the shell."""

from __future__ import annotations

from dataclasses import dataclass, field

from accumlint.config import Overrides

CLEAN, FOUND, FAILED = 0, 1, 2  # exit codes


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for on the command line."""

    paths: tuple[str, ...] = ()
    overrides: Overrides = field(default_factory=Overrides)
    config: str | None = None
    isolated: bool = False
    write_baseline: str | None = None
    stdin_filename: str | None = None
    show_ledger: bool = False
    statistics: bool = False
    jobs: int | None = None
    cached: bool = True
    exit_zero: bool = False
    output_file: str | None = None
    colour: str = "auto"
    verbose: bool = False
    quiet: bool = False
    show_settings: bool = False
    show_files: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    fix_only: bool = False
    exit_non_zero_on_fix: bool = False
    watch: bool = False
    confirm: bool = False

    @property
    def repairs(self) -> bool:
        return self.fix or self.fix_only or self.diff

    @property
    def reports(self) -> bool:
        """Whether what is found is printed, and decides the exit code."""
        return not (self.diff or self.fix_only or self.write_baseline)
