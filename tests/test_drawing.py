from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest

from accumlint.drawing import MEANINGS, data_uri, picture, told
from accumlint.ledger import Account, Ledger, Scenario, Site

HERE = Site("a.py", 1, 1, 1, 2)
SVG = "{http://www.w3.org/2000/svg}"


def ledger(story: str, weight: Fraction | None = Fraction(1, 2), name: str = "optimizer") -> Ledger:
    """A run told in letters: d(eposit), s(pend), e(rase)."""
    account = Account(name)
    turn = 0
    for letter in story:
        match letter:
            case "d":
                turn += 1
                account.deposit(turn, 1, weight, HERE)
            case "s":
                account.spend(1, HERE)
            case "e":
                account.erase(1, HERE)
    return account.close(Scenario(2, turn, 1), ended=True, declared="N")


def meanings(of: Ledger) -> list[str]:
    """What the cells mean, row by row."""
    root = ET.fromstring(picture(of))
    return [box.attrib["class"] for group in root.iter(f"{SVG}g") for box in group.iter(f"{SVG}rect")]


@pytest.mark.parametrize(
    ("story", "weight", "cells"),
    [
        pytest.param("ddse", Fraction(1, 2), ["right", "right"], id="right"),
        pytest.param("ddse", Fraction(1), ["weight", "weight"], id="unscaled"),
        pytest.param("dsds", Fraction(1), ["right", "again", "right"], id="spent again"),
        pytest.param("dedse", Fraction(1, 2), ["erased", "weight", "never"], id="erased"),
        pytest.param("ddsed", Fraction(1, 2), ["right", "right", "never"], id="never spent"),
        pytest.param("ddse", None, ["right", "right"], id="a weight that cannot be told is not called wrong"),
    ],
)
def test_a_cell_shows_what_became_of_a_gradient(story: str, weight: Fraction | None, cells: list[str]) -> None:
    assert meanings(ledger(story, weight)) == cells
    assert set(cells) <= set(MEANINGS)


def test_each_cell_says_what_it_means() -> None:
    titles = [one.text for one in ET.fromstring(picture(ledger("dsds", Fraction(1)))).iter(f"{SVG}title")][1:]
    assert titles == [
        "step 1 spends micro-batch 1 with weight 1",
        "step 2 spends micro-batch 1 with weight 1, 2 times by now",
        "step 2 spends micro-batch 2 with weight 1",
    ]


def test_the_picture_is_told_in_words() -> None:
    assert told(ledger("ddsed")) == (
        "optimizer, window of 2, 3 micro-batches an epoch; step 1: micro-batch 1 1/2, micro-batch 2 1/2; never spent: micro-batch 3 1/2"
    )


def test_names_from_the_source_cannot_break_out() -> None:
    assert "<script" not in picture(ledger("ds", name="</text><script>alert(1)</script>"))
    ET.fromstring(picture(ledger("ds", name="a & b < c")))


def test_a_long_run_is_cut_and_stays_small() -> None:
    drawn = picture(ledger("dds" * 200))
    assert "…" in drawn
    ET.fromstring(drawn)
    assert len(picture(ledger("ddse" * 4))) < 8_000


def test_an_empty_ledger_is_drawn() -> None:
    ET.fromstring(picture(ledger("")))


def test_the_address_holds_the_picture() -> None:
    head, _, body = data_uri(ledger("ds")).partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(body).decode() == picture(ledger("ds"))
