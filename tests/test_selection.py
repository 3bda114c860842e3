from __future__ import annotations

import pytest

from accumlint.registry import DEFAULT, RULES, UnknownRule, resolve
from accumlint.selection import Layer, selected

CORE = {"ACC001", "ACC002", "ACC003", "ACC004", "ACC005"}


@pytest.mark.parametrize(
    ("selector", "codes"),
    [
        ("ACC003", {"ACC003"}),
        ("acc003", {"ACC003"}),
        ("ACC00", CORE),
        ("ACC", set(RULES)),
        ("ALL", set(RULES)),
        ("missing-flush", {"ACC004"}),
    ],
)
def test_a_selector_is_a_code_a_prefix_a_name_or_all(selector: str, codes: set[str]) -> None:
    assert resolve(selector) == codes


@pytest.mark.parametrize(
    ("selector", "hint"),
    [("ACC0033", "`ACC003`"), ("missing-flsh", "`missing-flush`"), ("unscaled", "`unscaled-loss`"), ("ALLL", "`ALL`")],
)
def test_the_nearest_right_name_is_told(selector: str, hint: str) -> None:
    with pytest.raises(UnknownRule, match=f"unknown rule `{selector}`; did you mean {hint}"):
        resolve(selector)


def test_where_nothing_is_near_the_list_is_named() -> None:
    with pytest.raises(UnknownRule) as caught:
        resolve("E501")
    assert str(caught.value) == "unknown rule `E501`; `accumlint rules` lists them all"


def test_the_default_rules_leave_out_those_that_must_be_asked_for() -> None:
    assert selected([]) == DEFAULT
    assert "ACC003" in DEFAULT
    assert "ACC015" not in DEFAULT


@pytest.mark.parametrize(
    ("layers", "codes"),
    [
        pytest.param([Layer(select=("ACC00",))], CORE, id="select"),
        pytest.param([Layer(ignore=("ACC00",))], DEFAULT - CORE, id="ignore"),
        pytest.param([Layer(extend_select=("ACC015",))], DEFAULT | {"ACC015"}, id="extend"),
        pytest.param([Layer(select=("ACC00",), ignore=("ACC003",))], CORE - {"ACC003"}, id="the narrower wins"),
        pytest.param([Layer(select=("ACC003",), ignore=("ACC00",))], {"ACC003"}, id="the narrower wins, selected"),
        pytest.param([Layer(select=("missing-flush",), ignore=("ALL",))], {"ACC004"}, id="a name is narrow"),
        pytest.param([Layer(select=("ACC003",), ignore=("ACC003",))], set(), id="ignore wins a tie"),
        pytest.param([Layer(ignore=("ACC003",)), Layer(select=("ACC00",))], CORE, id="a later select starts anew"),
        pytest.param(
            [Layer(select=("ACC003",)), Layer(extend_select=("ACC004",))], {"ACC003", "ACC004"}, id="a later extend adds"
        ),
        pytest.param([Layer(select=("ACC00",)), Layer(ignore=("ACC001",))], CORE - {"ACC001"}, id="a later ignore takes away"),
    ],
)
def test_layers(layers: list[Layer], codes: set[str]) -> None:
    assert selected(layers) == codes
