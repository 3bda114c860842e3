"""``accumlint confirm`` as a whole: verdicts stream, are remembered, and run on any executor."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from accumlint.analyse import analyse
from accumlint.check import check
from accumlint.config import Overrides
from accumlint.confirm.asking import Wanted
from accumlint.confirm.many import devices, verdicts, workers
from accumlint.confirm.remember import Memory
from accumlint.confirm.session import run
from accumlint.confirm.task import Task, close_workers, confirm, own_worker, task
from accumlint.confirm.verdict import Outcome
from accumlint.request import Request

pytestmark = pytest.mark.torch
BROKEN = """\
def train(model, loader, criterion, optimizer):
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
"""


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    yield
    close_workers()


def tasks(text: str = BROKEN, count: int = 1, **options: object) -> list[Task]:
    [finding] = [one for one in analyse(text, "train.py").findings if one.code == "ACC001"]
    return [task(finding, text, "train.py", **options) for _ in range(count)]


def test_a_finding_is_confirmed_and_its_fix_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train.py").write_text(BROKEN)
    assert run(Wanted((str(tmp_path),), cached=False)) == 1
    out = capsys.readouterr().out
    assert "  confirmed: this step spends micro-batch 2 and once more micro-batch 1, twice by now" in out
    assert "  measured: 1 ; 1* 1 ; 1* 1* 1" in out
    assert "  fix verified: 1 ; 1 ; 1" in out
    assert out.rstrip().endswith("1 confirmed")


def test_a_loop_in_newer_python_is_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer = "type Loss = float\n\n\ndef told[T](of: T) -> T:\n    return of\n\n\n"
    loop = BROKEN.replace("        loss.backward()", '        print(f"{told(["loss"])}")\n        loss.backward()')
    (tmp_path / "train.py").write_text(newer + loop)
    assert run(Wanted((str(tmp_path),), cached=False)) == 1
    out = capsys.readouterr().out
    assert "  measured: 1 ; 1* 1 ; 1* 1* 1" in out
    assert "  fix verified: 1 ; 1 ; 1" in out


def test_json_has_the_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train.py").write_text(BROKEN)
    assert run(Wanted((str(tmp_path),), output_format="json", cached=False, exit_zero=True)) == 0
    [told] = json.loads(capsys.readouterr().out)
    assert told["code"] == "ACC001"
    assert told["verdict"]["outcome"] == "confirmed"
    assert told["verdict"]["fix_verified"] is True
    assert "loader" in told["verdict"]["stand_ins"]
    assert told["verdict"]["torch"]


def test_nothing_to_confirm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train.py").write_text(BROKEN.replace("optimizer.step()", "optimizer.step()\n        optimizer.zero_grad()"))
    assert run(Wanted((str(tmp_path),), cached=False)) == 0
    assert capsys.readouterr().out == "No findings to confirm\n"


def test_a_file_that_does_not_parse_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train.py").write_text(f"{BROKEN}def train(:\n")
    assert run(Wanted((str(tmp_path),), cached=False)) == 1
    assert f"warning: {tmp_path / 'train.py'}:6:11: invalid syntax" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "overrides"),
    [
        ('ignore = ["ACC001"]', Overrides()),
        ('per-file-ignores = { "train.py" = ["missing-zero-grad"] }', Overrides()),
        ('exclude = ["train.py"]', Overrides()),
        ("", Overrides(select=("ACC004",))),
        ('baseline = "known.json"', Overrides()),
        ("", Overrides(baseline="known.json")),
    ],
)
def test_what_a_check_leaves_out_is_not_confirmed(
    settings: str, overrides: Overrides, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.py").write_text(BROKEN)
    assert check(Request((".",), write_baseline="known.json", cached=False)) == 0
    Path("accumlint.toml").write_text(settings)
    assert run(Wanted((".",), overrides, cached=False)) == 0
    assert capsys.readouterr().out == "No findings to confirm\n"
    assert run(Wanted((".",), isolated=True, cached=False)) == 1


def test_auto_falls_back_where_no_worker_comes_up() -> None:
    [one] = tasks(devices=("cuda:99", "cpu"))
    assert confirm(one).outcome is Outcome.CONFIRMED
    [alone] = tasks(devices=("cuda:99",))
    verdict = confirm(alone)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.reason.startswith("no worker: cuda:99 cannot be used: ")


def test_devices_by_their_names() -> None:
    assert devices("cpu") == devices("mps") == [("cpu",)]
    assert all(only.startswith("cuda:") for (only,) in devices("cuda"))
    assert {choice[-1] for choice in devices("auto")} == {"cpu"}


def test_replays_are_remembered(tmp_path: Path) -> None:
    [one] = tasks(memory=Memory(str(tmp_path / "memory")))
    first = confirm(one)
    close_workers()
    again = confirm(one)
    assert first.outcome is again.outcome is Outcome.CONFIRMED
    assert own_worker("cpu", one.limits)._process is None, "no worker was needed"
    [entry] = (tmp_path / "memory").iterdir()
    entry.write_text("{")
    assert confirm(one).outcome is Outcome.CONFIRMED, "an entry that cannot be read is no error"


def test_many_at_once() -> None:
    with workers(2) as pool:
        found = [verdict.outcome for _, verdict in verdicts(tasks(count=6), pool)]
    assert found == [Outcome.CONFIRMED] * 6


def test_any_executor_runs_replays() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert [verdict.outcome for _, verdict in verdicts(tasks(count=2), pool)] == [Outcome.CONFIRMED] * 2


def test_dask_runs_replays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The README's recipe, on loopback."""
    distributed = pytest.importorskip("distributed", reason="the recipe for dask needs dask")
    (tmp_path / "train.py").write_text(BROKEN)
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
        distributed.Client(cluster.scheduler_address) as client,
    ):
        assert run(Wanted((str(tmp_path),), cached=False), client.get_executor()) == 1
    assert capsys.readouterr().out.endswith("\n1 confirmed\n")


def test_an_executor_that_fails_costs_inconclusives() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        pool.submit(os.getpid).result()
        for process in pool._processes.values():
            process.kill()
        [(_, verdict)] = verdicts(tasks(), pool)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "BrokenProcessPool" in verdict.reason
