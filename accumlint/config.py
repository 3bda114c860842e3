"""The settings of a run: ``[tool.accumlint]`` of the closest configuration, the command line over it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accumlint.problem import UsageError

# what a user's wrapper may do
EFFECTS = ("backward", "step", "step-argument", "zero-grad", "opaque", "none")
# the names of files that hold settings, the first that is there counts
CONFIGURATIONS = ("accumlint.toml", "pyproject.toml")
FORMATS = ("full", "concise", "grouped", "json", "github", "gitlab", "sarif", "junit", "html")

# key of the configuration -> what its value must be
_KEYS = {
    "extend": "a file",
    "select": "a list of rules",
    "ignore": "a list of rules",
    "extend-select": "a list of rules",
    "per-file-ignores": "a table of lists of rules",
    "exclude": "a list of patterns",
    "extend-exclude": "a list of patterns",
    "respect-gitignore": "true or false",
    "force-exclude": "true or false",
    "wrappers": "a table of effects",
    "output-format": f"one of {', '.join(FORMATS)}",
    "cache-dir": "a folder",
    "baseline": "a file",
}
# folders that hold no code of the project; `exclude` replaces them
EXCLUDED = (
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pants.d", ".pyenv",
    ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", ".vscode", "__pycache__", "__pypackages__", "_build",
    "buck-out", "build", "dist", "node_modules", "site-packages", "venv",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Config:
    """What one configuration file says, checked, over what it extends.

    Patterns are relative to ``root``, the file's folder if it extends none. ``written`` are the values as in the files, the extended first.
    """

    path: str
    root: str
    values: Mapping[str, Any]
    written: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings for the files of one folder. ``root`` is the folder that patterns are relative to."""

    root: str
    config: str | None = None
    # None: the default rules, which need no look at the registry
    rules: frozenset[str] | None = None
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    force_exclude: bool = False
    wrappers: tuple[tuple[str, str], ...] = ()
    output_format: str = "full"
    cache_dir: str | None = None
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says; None and empty leave the configuration's word, but an empty ``baseline`` means none."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] = ()
    respect_gitignore: bool | None = None
    force_exclude: bool | None = None
    output_format: str | None = None
    cache_dir: str | None = None
    baseline: str | None = None


@dataclass(slots=True)
class Resolver:
    """Finds the settings for a folder: of the file ``config``, of none if ``isolated``, else of the closest file upward."""

    overrides: Overrides = field(default_factory=Overrides)
    config: str | None = None
    isolated: bool = False
    _configs: dict[str, Config | None] = field(default_factory=dict)
    _settings: dict[str | None, Settings] = field(default_factory=dict)
    _by_folder: dict[str, Settings] = field(default_factory=dict)

    def settings(self, folder: str) -> Settings:
        """The settings for the files in ``folder``. Raises `UsageError` on a wrong configuration."""
        if folder not in self._by_folder:
            config = self._config(os.path.abspath(folder))
            key = config.path if config else None
            if key not in self._settings:
                self._settings[key] = _settings(config, self.overrides)
            self._by_folder[folder] = self._settings[key]
        return self._by_folder[folder]

    def _config(self, folder: str) -> Config | None:
        if self.isolated:
            return None
        if self.config is not None:
            folder = ""
        if folder not in self._configs:
            self._configs[folder] = read_config(self.config) if self.config is not None else self._closest(folder)
        return self._configs[folder]

    def _closest(self, folder: str) -> Config | None:
        for name in CONFIGURATIONS:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (config := read_config(path, required=name == "accumlint.toml")):
                return config
        above = os.path.dirname(folder)
        return self._config(above) if above != folder else None


def read_config(path: str, *, required: bool = True, extending: tuple[str, ...] = ()) -> Config | None:
    """The configuration in ``path``; None if it has no ``[tool.accumlint]`` and is not ``required``. Raises `UsageError`.

    ``extending`` are the files that extend this one.
    """
    told = _told(path)
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise UsageError(f"{told}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    if not required and b"accumlint" not in data:
        return None
    import tomllib

    try:
        content = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{told}: not valid TOML: {str(error)[:1].lower()}{str(error)[1:]}") from None
    is_project = os.path.basename(path) == "pyproject.toml"
    if "tool" in content and not is_project:
        raise UsageError(f"{told}: its settings stand without `[tool.accumlint]`, which is for a pyproject.toml")
    inside = content.get("tool", {}).get("accumlint") if is_project else content
    if inside is None:
        return None
    where = f"{told}: in [tool.accumlint]" if is_project else told
    values = _checked(inside, where)
    own = Config(path, os.path.dirname(os.path.abspath(path)), values, (values,))
    return _extended(own, (*extending, os.path.abspath(path)), where) if "extend" in values else own


def _extended(own: Config, files: tuple[str, ...], where: str) -> Config:
    """``own`` over the configuration that it extends. ``files`` end in its own. Raises `UsageError`."""
    from accumlint.extend import over

    path = os.path.abspath(os.path.join(own.root, own.values["extend"]))
    if path in files:
        raise UsageError(f"{where}: `extend` leads in a circle: {' -> '.join(map(_told, (*files[files.index(path) :], path)))}")
    if not os.path.isfile(path):
        raise UsageError(f"{where}: `extend`: there is no file {_told(path)}")
    base = read_config(path, extending=files)
    if base is None:
        raise UsageError(f"{where}: `extend`: {_told(path)} has no [tool.accumlint]")
    root, values = over((base.root, base.values), (own.root, own.values))
    return Config(own.path, root, values, (*base.written, *own.written))


def _told(path: str) -> str:
    """The path as a user would write it here."""
    inside = os.path.relpath(path)
    return path if inside.startswith("..") else inside


def _checked(values: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(values, dict):
        raise UsageError(f"{where}: must be a table")
    for key, value in values.items():
        if key not in _KEYS:
            from accumlint.registry import nearest

            raise UsageError(f"{where}: unknown key `{key}`{nearest(key, _KEYS)}")
        if not _fits(_KEYS[key], value):
            raise UsageError(f"{where}: `{key}` must be {_KEYS[key]}")
        _check_names(key, value, where)
    return values


def _fits(kind: str, value: Any) -> bool:
    def strings(candidate: Any) -> bool:
        return isinstance(candidate, list) and all(isinstance(item, str) for item in candidate)

    match kind:
        case "true or false":
            return isinstance(value, bool)
        case "a list of rules" | "a list of patterns":
            return strings(value)
        case "a table of lists of rules":
            return isinstance(value, dict) and all(strings(item) for item in value.values())
        case "a table of effects":
            return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
        case "a folder" | "a file":
            return isinstance(value, str)
        case _:
            return value in FORMATS


def _check_names(key: str, value: Any, where: str) -> None:
    """Raises `UsageError` for a rule or an effect that there is not."""
    lists = {"a list of rules": [value], "a table of lists of rules": value.values() if isinstance(value, dict) else []}
    for selectors in lists.get(_KEYS[key], []):
        check_selectors(selectors, f"{where}: `{key}`")
    for effect in value.values() if key == "wrappers" else ():
        if effect not in EFFECTS:
            from accumlint.registry import nearest

            raise UsageError(f"{where}: `{key}`: unknown effect `{effect}`{nearest(effect, EFFECTS)}")


def check_selectors(selectors: list[str] | tuple[str, ...], where: str) -> None:
    """Raises `UsageError`, naming the nearest right one, for a selector that means no rule."""
    from accumlint.registry import UnknownRule, resolve

    for selector in selectors:
        try:
            resolve(selector)
        except UnknownRule as error:
            raise UsageError(f"{where}: {error}") from None


def _settings(config: Config | None, over: Overrides) -> Settings:
    values = config.values if config else {}

    def choose(key: str, given: Any, default: Any) -> Any:
        return values.get(key, default) if given is None else given

    def place(key: str, given: str | None) -> str | None:
        """A path; in the configuration it is relative to the file it stands in."""
        if given is not None or key not in values:
            return given
        return os.path.join(config.root if config else "", values[key])

    exclude = choose("exclude", over.exclude, None)
    return Settings(
        root=config.root if config else os.getcwd(),
        config=config.path if config else None,
        rules=_rules(config.written if config else (), over),
        per_file_ignores=tuple((pattern, tuple(codes)) for pattern, codes in values.get("per-file-ignores", {}).items()),
        exclude=None if exclude is None else tuple(exclude),
        extend_exclude=(*values.get("extend-exclude", ()), *over.extend_exclude),
        respect_gitignore=choose("respect-gitignore", over.respect_gitignore, True),
        force_exclude=choose("force-exclude", over.force_exclude, False),
        wrappers=tuple(sorted(values.get("wrappers", {}).items())),
        output_format=choose("output-format", over.output_format, "full"),
        cache_dir=place("cache-dir", over.cache_dir),
        baseline=place("baseline", over.baseline) or None,
    )


def _rules(written: Sequence[Mapping[str, Any]], over: Overrides) -> frozenset[str] | None:
    """The rules that the configuration's files leave, each over those it extends, and the command line over all."""
    said = any({"select", "ignore", "extend-select"} & values.keys() for values in written)
    if not said and over.select is None and not over.ignore and not over.extend_select:
        return None
    from accumlint.selection import Layer, selected

    layers = [
        Layer(_listed(values.get("select")), tuple(values.get("extend-select", ())), tuple(values.get("ignore", ())))
        for values in written
    ]
    return selected((*layers, Layer(over.select, over.extend_select, over.ignore)))


def _listed(select: list[str] | None) -> tuple[str, ...] | None:
    return None if select is None else tuple(select)
