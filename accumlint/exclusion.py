"""Which folders and files ``exclude`` and ``extend-exclude`` leave out."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from accumlint.config import EXCLUDED, Settings


@dataclass(slots=True)
class Exclusion:
    """What is left out below ``top``. The user asked for ``top`` itself, so what would leave it out does not count."""

    top: str
    settings: Callable[[str], Settings]
    _folders: dict[str, bool] = field(default_factory=dict)
    _tests: dict[str, Callable[[str], bool] | None] = field(default_factory=dict)

    def leaves_out(self, path: str) -> bool:
        """Whether the file ``path``, or a folder between it and ``top``, is left out."""
        folder = path.rpartition(os.sep)[0]
        return self.leaves_out_folder(folder) or self._by_pattern(path, folder)

    def leaves_out_folder(self, folder: str) -> bool:
        if folder == self.top or not folder:
            return False
        if folder not in self._folders:
            above = os.path.dirname(folder)
            by_name = os.path.basename(folder) in EXCLUDED and self.settings(above).exclude is None
            self._folders[folder] = by_name or self._by_pattern(folder + "/", above) or self.leaves_out_folder(above)
        return self._folders[folder]

    def _by_pattern(self, path: str, folder: str) -> bool:
        if folder not in self._tests:
            test = pattern_test(self.settings(folder))
            self._tests[folder] = None if test is None or test(self.top + "/") else test
        test = self._tests[folder]
        return test is not None and test(path)


def excludes(path: str, is_folder: bool, settings: Settings) -> bool:
    """Whether ``settings`` leave out a path that the user named, by any of its folders below the configuration's."""
    folders = os.path.relpath(path, settings.root).split(os.sep)
    if not is_folder:
        folders.pop()
    if ".." in folders:
        folders = folders[len(folders) - folders[::-1].index("..") :]
    if settings.exclude is None and any(name in EXCLUDED for name in folders):
        return True
    test = pattern_test(settings)
    return test is not None and test(path + "/" * is_folder)


def pattern_test(settings: Settings) -> Callable[[str], bool] | None:
    """A test of paths against the patterns of ``settings``, None if there are none; a folder's path ends in a slash."""
    patterns = (*(settings.exclude or ()), *settings.extend_exclude)
    if not patterns:
        return None
    from accumlint.gitignore import matcher

    match = matcher(patterns)
    return lambda path: match(os.path.relpath(path, settings.root) + "/" * path.endswith("/"))
