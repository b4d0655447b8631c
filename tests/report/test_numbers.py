"""Numbers read as people of each language write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope.report.language import Language
from channelscope.report.numbers import Numbers

EN, ZH = Numbers(Language.EN, "CNY"), Numbers(Language.ZH, "CNY")
MINUS, NB = "\u2212", "\u00a0"


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (56_912_345, "¥56.9m", f"5,690{NB}万元"),
        (123_456, "¥0.12m", f"12.3{NB}万元"),
        (99_949, "¥99,900", f"9.99{NB}万元"),
        (99_951, "¥0.10m", f"10.0{NB}万元"),
        (9_994, "¥9,990", "¥9,990"),
        (9_996, "¥10,000", f"1.00{NB}万元"),
        (1_234_000_000, "¥1.23bn", f"12.3{NB}亿元"),
        (99_960_000, "¥100m", f"1.00{NB}亿元"),
        (478.4, "¥478", "¥478"),
        (8.549, "¥8.55", "¥8.55"),
        (0, "¥0", "¥0"),
        (-1_700_000, f"{MINUS}¥1.70m", f"{MINUS}170{NB}万元"),
    ],
)
def test_money_has_three_figures_and_the_units_of_its_language(
    value: float, english: str, chinese: str
) -> None:
    assert EN.value(value, "money") == english
    assert ZH.value(value, "money") == chinese


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (612, "612", "612"),
        (1_240, "1,240", "1,240"),
        (12_345, "12,345", f"1.23{NB}万"),
        (1_240_000, "1,240k", f"124{NB}万"),
        (12_400_000, "12.4m", f"1,240{NB}万"),
        (234_000_000, "234m", f"2.34{NB}亿"),
    ],
)
def test_counts_are_exact_while_small(value: int, english: str, chinese: str) -> None:
    assert EN.value(value, "count") == english
    assert ZH.value(value, "count") == chinese


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.0314, "rate", "3.14%"),
        (0.182, "rate", "18.2%"),
        (0.09996, "rate", "10.0%"),
        (1, "rate", "100%"),
        (0, "rate", "0%"),
        (-0.0314, "rate", f"{MINUS}3.14%"),
        (0.314, "percent", "31%"),
        (84.66, "index", "84.7"),
        (4.855, "score", "4.86"),
        (87.25, "score", "87.3"),
        (1.8, "ratio", "1.80"),
        (399, "price", "¥399"),
        (24.0, "seconds", f"24.0{NB}s"),
        (-0.00001, "index", "0.0"),
        (None, "money", "–"),
        (float("nan"), "rate", "–"),
    ],
)
def test_levels_by_unit(value: float | None, unit: str, expected: str) -> None:
    assert EN.value(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (-0.0023, "rate", f"{MINUS}0.23{NB}pp", f"{MINUS}0.23{NB}个百分点"),
        (0.0412, "rate", f"+4.1{NB}pp", f"+4.1{NB}个百分点"),
        (3_900_000, "money", "+¥3.90m", f"+390{NB}万元"),
        (-3.14, "index", f"{MINUS}3.1", f"{MINUS}3.1"),
        (0.0, "money", "±0", "±0"),
        (0.004, "index", "±0", "±0"),
        (None, "rate", "–", "–"),
    ],
)
def test_changes_are_always_signed(
    value: float | None, unit: str, english: str, chinese: str
) -> None:
    assert EN.change(value, unit) == english
    assert ZH.change(value, unit) == chinese


def test_an_interval_shares_the_scale_of_its_value() -> None:
    assert EN.interval(84.66, 82.9, 86.6, "index") == f"84.7{NB}[82.9,{NB}86.6]"
    assert EN.interval(5e5, 2e4, 8e5, "money") == f"¥0.50m{NB}[0.02,{NB}0.80]"
    assert EN.interval(-0.02, -0.1, 0.06, "rate") == f"{MINUS}2.00%{NB}[{MINUS}10.00,{NB}6.00]"


def test_a_value_without_bounds_has_no_brackets() -> None:
    assert EN.interval(84.66, None, 86.6, "index") == "84.7"
    assert EN.interval(None, 1.0, 2.0, "index") == "–"


def test_other_currencies_keep_their_sign_in_both_languages() -> None:
    assert Numbers(Language.EN, "USD").value(29_358_677.22, "money") == "$29.4m"
    assert Numbers(Language.ZH, "USD").value(29_358_677.22, "money") == f"US$2,940{NB}万"


def test_days_and_lists() -> None:
    assert EN.day(date(2026, 12, 5)) == "5 December 2026"
    assert ZH.day(date(2026, 12, 5)) == "2026年12月5日"
    assert EN.day(None) == "–"
    assert EN.names(["D1", "D2", "D3"]) == "D1, D2 and D3"
    assert ZH.names(["D1", "D2", "D3"]) == "D1、D2 和 D3"
    assert EN.names([]) == "–"


@given(st.floats(-1e12, 1e12), st.sampled_from(["money", "count", "index", "price", "ratio"]))
def test_no_number_uses_a_hyphen_or_breaks_across_lines(value: float, unit: str) -> None:
    for numbers in (EN, ZH):
        text = numbers.value(value, unit) + numbers.change(value, unit)
        assert "-" not in text
        assert " " not in text


@given(st.floats(1e-3, 1e9))
def test_money_is_never_off_by_more_than_half_its_last_figure(value: float) -> None:
    text = EN.value(value, "money").removeprefix("¥").replace(",", "")
    scale = {"m": 1e6, "n": 1e9}.get(text[-1], 1.0)
    read = float(text.rstrip("mbn")) * scale
    assert abs(read - value) <= max(value * 0.051, 0.0051)


@pytest.mark.parametrize(
    ("share", "shown"), [(0.045, "5%"), (0.145, "15%"), (1.045, "105%"), (0.0449, "4%")]
)
def test_a_half_goes_up(share: float, shown: str) -> None:
    assert EN.value(share, "percent") == shown
