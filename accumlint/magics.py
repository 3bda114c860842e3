"""Replaces IPython's magics, shell escapes and help requests by harmless Python, line for line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

# cell magics whose cell is Python that runs here
_PYTHON_CELLS = frozenset({"capture", "prun", "pypy", "python", "python3", "time", "timeit"})
# line magics and aliases that a cell of one line may give without their %
_AUTOMAGIC = frozenset(
    """alias alias_magic autoawait autocall automagic autosave bookmark cat cd clear code_wrap colors conda config connect_info copy cp
    ddir debug dhist dirs doctest_mode echo ed edit env gui hist history killbgscripts ldir less lf lk ll load load_ext loadpy logoff
    logon logstart logstate logstop ls lsmagic lx macro magic mamba man matplotlib micromamba mkdir more mv notebook page pastebin pdb
    pdef pdoc pfile pinfo pinfo2 pip popd pprint precision prun psearch psource pushd pwd pycat pylab qtconsole quickref recall rehashx
    reload_ext ren rep rerun reset reset_selective rm rmdir run save sc set_env store sx system tb time timeit unalias unload_ext uv who
    who_ls whos xdel xmode""".split()
)
_COMMAND = re.compile(r"(\s*)(?:[%!?]|[\w.*]+\?{1,2}\s*$)")
_ASSIGNED = re.compile(r"(\s*[\w.,\s\[\]'\"*]+=\s*)(?:!|%[A-Za-z])")
_TOKEN = re.compile(
    r"(?P<triple>'''|\"\"\")|(?P<quote>['\"])|(?P<comment>\#.*)|(?P<open>[(\[{])|(?P<close>[)\]}])|\\.", re.DOTALL
)


def harmless(text: str) -> str | None:
    """The cell as Python of the same number of lines, or None for a cell that is in another language."""
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        words = lines[first][2:].split()
        if not words or words[0] not in _PYTHON_CELLS:
            return None
        lines[first] = "pass"
    if not any(lines[first + 1 :]) and _is_automagic(lines[first]):
        lines[first] = "pass"
        return "\n".join(lines)
    if not any(mark in text for mark in "%!?"):
        return text
    starts = frozenset(_statement_starts(lines))
    continued = False
    for index, line in enumerate(lines):
        if continued:
            lines[index] = ""
        elif index in starts and (changed := _replaced(line)) is not None:
            lines[index] = changed
        else:
            continue
        continued = line.rstrip().endswith("\\")
    return "\n".join(lines)


def _is_automagic(line: str) -> bool:
    """Whether a line that begins with a magic's name is no Python: ``pip install torch``, and not ``pip = 1``."""
    if line.partition(" ")[0] not in _AUTOMAGIC:
        return False
    try:
        ast.parse(line)
    except (SyntaxError, ValueError):
        return True
    return False


def _replaced(line: str) -> str | None:
    """What stands for a line that only IPython understands; None for a line of Python."""
    if command := _COMMAND.match(line):
        return command[1] + "pass"
    if assigned := _ASSIGNED.match(line):
        return assigned[1] + "None"
    return None


def _statement_starts(lines: list[str]) -> Iterator[int]:
    """The lines on which a statement may begin: not inside a string or a bracket, nor after a backslash."""
    depth, inside = 0, ""
    for index, line in enumerate(lines):
        if not depth and not inside and not (index and lines[index - 1].rstrip().endswith("\\")):
            yield index
            if _replaced(line) is not None:
                continue
        depth, inside = _scan(line, depth, inside)


def _scan(line: str, depth: int, inside: str) -> tuple[int, str]:
    """The bracket depth and the open triple quote after ``line``."""
    position = 0
    while position < len(line):
        if inside:
            end = line.find(inside, position)
            if end < 0:
                return depth, inside
            position, inside = end + 3, ""
            continue
        token = _TOKEN.search(line, position)
        if token is None or token["comment"]:
            return depth, ""
        position = token.end()
        if token["triple"]:
            inside = token["triple"]
        elif token["quote"]:
            closing = re.compile(rf"(?:\\.|[^\\{token['quote']}])*{token['quote']}").match(line, position)
            position = closing.end() if closing else len(line)
        elif token["open"]:
            depth += 1
        elif token["close"]:
            depth = max(depth - 1, 0)
    return depth, inside
