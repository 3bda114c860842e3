from __future__ import annotations

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
