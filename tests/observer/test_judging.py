"""What the observer reports of real trainings: the right rule at the right line, and nothing on right ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from accumlint.observer.judge import findings

from .test_ledgers import observed
from .trainings import RIGHT, WRONG, Training

pytestmark = pytest.mark.torch


@pytest.mark.parametrize("training", [*RIGHT, *WRONG], ids=lambda training: training.name.replace(" ", "_"))
def test_each_slip_is_named_at_its_line(training: Training, tmp_path: Path) -> None:
    found = findings(observed(training, tmp_path), "train.py")
    assert [(finding.code, finding.site.line) for finding in found] == [
        (code, training.line(text)) for code, text in training.codes
    ]
