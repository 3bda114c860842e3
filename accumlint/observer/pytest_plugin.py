"""The pytest fixture ``gradient_ledger``: a test that uses it fails where the training in it misspends gradients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accumlint.observer import Observation, observe


@pytest.fixture
def gradient_ledger() -> Iterator[Observation]:
    """Watches every optimizer that the test makes; at its end raises `GradientsMisspent` where a rule fires.

    To assert on the ledgers themselves use ``accumlint.observe`` as a context manager within the test.
    """
    with observe(on_finding="raise") as seen:
        yield seen
