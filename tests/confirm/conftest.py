"""These tests run real torch; where it is not installed they are left out."""

from importlib.util import find_spec

if find_spec("torch"):
    import torch

    # replays are forked, and a process that has run several threads must not fork
    torch.set_num_threads(1)

collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]


def pytest_report_header() -> str:
    return "" if find_spec("torch") else "tests/confirm is left out: it needs torch, from the extra `confirm`"
