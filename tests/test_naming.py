from __future__ import annotations

from pathlib import Path

import pytest

from accumlint.analyse import analyse
from accumlint.naming import as_written

CODE = """\
def train(cfg, loader):
    n = cfg.every
    for i, x in enumerate(loader):
        if i % n == 0 and cfg["train"]['steps'] > 1:
            ...
def other(args):
    return args.every
"""


@pytest.mark.parametrize(
    ("declared", "line", "written"),
    [
        pytest.param("args.every", 4, "cfg.every", id="not as it stands elsewhere"),
        pytest.param("len(args.every)", 4, "len(args.every)", id="a length"),
        pytest.param("self.config.every", 4, "cfg.every", id="the nearest"),
        pytest.param("opt.every", 7, "args.every", id="the nearest there"),
        pytest.param("config[train][steps]", 4, "cfg[\"train\"]['steps']", id="with its quotes"),
        pytest.param("settings.window", 4, "settings.window", id="nowhere"),
        pytest.param("8", 4, "8", id="a number"),
    ],
)
def test_a_window_is_named_as_the_file_writes_it(declared: str, line: int, written: str) -> None:
    assert as_written(declared, CODE, line) == written


def test_what_is_assigned_or_passed_by_that_name_is_not_what_is_read() -> None:
    assert as_written("opt.every", "f(every=3)  # every\nevery = 4\nf('every')\nx = a.every\n", 1) == "a.every"


def test_a_finding_names_the_window_as_its_own_file_does() -> None:
    text = """\
import torch

class Config:
    every = 4

class Trainer:
    def __init__(self, config: Config):
        self.config = config
        self.model = torch.nn.Linear(2, 1)
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def fit(self, loader):
        train(self.model, self.optimizer, loader, self.config)

def train(model, optimizer, loader, settings):
    for i, x in enumerate(loader):
        model(x).mean().backward()
        if (i + 1) % settings.every == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
"""
    messages = [found.message for found in analyse(text, "x.py").findings if found.code == "ACC003"]
    assert messages == ["3 micro-batches sum to weight 3, not 1: nothing divides by `settings.every`"]


@pytest.mark.parametrize("window", ["every", "args.n * args.gpus"])
def test_a_window_of_several_settings_goes_by_its_own_name_or_as_their_product(window: str) -> None:
    text = f"""\
import torch

def train(model, loader, args):
    optimizer = torch.optim.Adam(model.parameters())
    every = args.n * args.gpus
    for i, x in enumerate(loader):
        model(x).mean().backward()
        if (i + 1) % ({window}) == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
"""
    messages = [found.message for found in analyse(text, "x.py").findings if found.code == "ACC003"]
    assert messages == [f"3 micro-batches sum to weight 3, not 1: nothing divides by `{window}`"]


LOOP = """\
import argparse
import config
import torch
GLOBAL = 1
class CFG:
    steps = 1
def train(model, loader, args, steps):
    optimizer = torch.optim.AdamW(model.parameters())
    for i, x in enumerate(loader):
        (model(x).mean() / {n}).backward()
        if (i + {first}) % {n} == 0:
            optimizer.step()
            optimizer.zero_grad()
parser = argparse.ArgumentParser()
parser.add_argument("--accum-iter", type=int, default=1, help="so many")
parser.add_argument("--every", type=int, default=4)
"""


@pytest.mark.parametrize(
    ("window", "latent"),
    [
        pytest.param("CFG.steps", True, id="a class's constant"),
        pytest.param("GLOBAL", True, id="a module's constant"),
        pytest.param("config.ONE", True, id="another module's constant"),
        pytest.param("config.TWO", False, id="one that is more"),
        pytest.param("args.accum_iter", True, id="an option's default"),
        pytest.param("args.every", False, id="a default that is more"),
        pytest.param("steps", False, id="what nobody says"),
    ],
)
def test_a_window_of_one_as_the_source_stands_is_said_to_be_latent(tmp_path: Path, window: str, latent: bool) -> None:
    (tmp_path / "config.py").write_text("ONE: int = 1  # raise it\nTWO = 2\n", encoding="utf-8")
    text, path = LOOP.format(n=window, first=1), tmp_path / "train.py"
    path.write_text(text, encoding="utf-8")
    found = analyse(text, str(path)).findings
    assert [one.message.endswith(f" (latent: `{window}` is 1 here)") for one in found if one.code == "ACC004"] == [latent]


def test_what_harms_windows_of_one_too_is_not_latent() -> None:
    found = analyse(LOOP.format(n="GLOBAL", first=2)).findings
    assert found
    assert not any("latent" in one.message for one in found if one.code not in ("ACC003", "ACC004"))
