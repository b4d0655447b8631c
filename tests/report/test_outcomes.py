"""What may be said against the reference, beside every value: by outcome, never by its look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from channelscope.report.compose import overview
from channelscope.report.compose.measures import measures
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Card, Table, TableCell
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import Results
from tests.report.pair_frames import frame_of, with_frame

Voice = Callable[[str], Wording]


def _told(results: Results, **columns: object) -> Results:
    """The results with these values in every difference."""
    changed = [
        pl.lit(value, results.tables["differences"].schema[name]).alias(name)
        for name, value in columns.items()
    ]
    table = results.tables["differences"].with_columns(changed)
    return replace(results, tables={**results.tables, "differences": table})


def _measures(results: Results, words: Wording, dimension: str) -> Table:
    found = measures(Speaker(Facts(results), words), dimension)
    assert found is not None
    return found


def _cell(table: Table, measure: str, store: str) -> TableCell:
    at = [head.text for head in table.heads].index(store)
    return next(row[at] for row in table.rows if row[0].text == measure)


@pytest.mark.parametrize(
    ("code", "measure", "said"),
    [
        ("en", "Discount depth", "unclear; would have seen ≥ 1.2\xa0pp"),
        ("zh", "折扣深度", "不明确；可检出差异 ≥ 1.2\xa0个百分点"),
    ],
)
def test_every_value_has_its_outcome_and_what_would_have_been_seen(
    results: Results, wording: Voice, code: str, measure: str, said: str
) -> None:
    told = _told(results, outcome="unclear", detectable=0.0124)
    table = _measures(told, wording(code), "promotion")
    cell = _cell(table, measure, "D1")
    assert cell.detail == said
    assert cell.text.startswith("30.2%\xa0[") and cell.text.endswith("n\xa0=\xa0210")
    assert _cell(table, measure, "F1").detail == "", "the reference is compared with nothing"


def test_a_difference_without_a_power_is_its_outcome_alone(
    results: Results, wording: Voice
) -> None:
    told = _told(results, outcome="same", detectable=None)
    assert _cell(_measures(told, wording("en"), "price"), "List price level", "D1").detail == "same"


def test_the_smallest_difference_is_in_the_unit_of_the_measure(
    results: Results, wording: Voice
) -> None:
    told = _told(results, outcome="same", detectable=4.5)
    words = wording("en")
    details = {
        measure: _cell(_measures(told, words, dimension), measure, "D1").detail
        for dimension, measure in (("service", "Hours to dispatch"), ("price", "List price level"),
                                   ("sales", "Order value"))
    }  # fmt: skip
    assert details == {
        "Hours to dispatch": "same; would have seen ≥ 4.50\xa0h",
        "List price level": "same; would have seen ≥ 4.5",
        "Order value": "same; would have seen ≥ ¥4.50",
    }


@pytest.mark.parametrize("code", ["en", "zh"])
def test_what_cannot_be_told_has_its_reason_once_below_the_table(
    results: Results, wording: Voice, code: str
) -> None:
    words = wording(code)
    told = _told(results, outcome="not_identifiable", outcome_reason="reason.too_few_weeks")
    table = _measures(told, words, "service")
    reason = words.text("reason.too_few_weeks")
    assert table.note == f"¹\xa0{reason}"
    details = {cell.detail for row in table.rows for cell in row[2:]}
    assert len(details) == 1 and details.pop().endswith("¹")
    assert all(words.text("outcome.not_identifiable") in c.detail for c in table.rows[0][2:])


def test_a_difference_to_another_store_is_not_shown_as_one_to_the_reference(
    results: Results, wording: Voice
) -> None:
    table = _measures(_told(results, reference_id="D1"), wording("en"), "service")
    assert not [cell for row in table.rows for cell in row if cell.detail]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", " Shown, but not tested: Products; headings leave them out."),
        ("zh", "只列出、不检验：商品数；标题不把它们计入。"),
    ],
)
def test_the_matrix_says_what_it_does_not_test(
    results: Results, wording: Voice, code: str, said: str
) -> None:
    frame = frame_of(results, "five_dimensions")
    count = pl.col("metric") == "active_skus"
    rows = frame.with_columns(
        outcome=pl.when(~count & (pl.col("store_id") != "F1")).then(pl.lit("unclear")),
        value=pl.col("value").fill_null(1.0),
    )
    told = overview.matrix(Speaker(Facts(with_frame(results, frame=rows, name="five_dimensions")),
                                   wording(code)))  # fmt: skip
    assert told is not None and told.lede.endswith(said)
    tested = rows.filter(~count)
    every = overview.matrix(Speaker(
        Facts(with_frame(results, frame=tested, name="five_dimensions")), wording(code)
    ))  # fmt: skip
    assert every is not None and said.strip() not in every.lede


def _card(results: Results, words: Wording, store: str) -> Card:
    found = overview.cards(Speaker(Facts(results), words))
    assert found is not None
    return next(card for card in found.cards if card.mark.text == store)


@pytest.mark.parametrize(
    ("columns", "sure"),
    [
        ({"outcome": "differs", "value": -9e9}, True),
        ({"outcome": "unclear", "value": -9e9}, False),
        ({"outcome": "same", "value": -9e9}, False),
        ({"outcome": "not_identifiable", "value": -9e9}, False),
        ({"outcome": "differs", "value": 1e-9}, False),
    ],
)
def test_a_change_on_a_card_is_dark_only_where_it_differs_and_matters(
    results: Results, wording: Voice, columns: dict[str, object], *, sure: bool
) -> None:
    card = _card(_told(results, n=300, **columns), wording("en"), "D1")
    assert {number.css for number in card.numbers} == {"sure" if sure else ""}


def test_few_cases_leave_a_change_grey(results: Results, wording: Voice) -> None:
    frame = frame_of(results, "store_cards").with_columns(n=pl.lit(29, pl.Int64))
    few = with_frame(_told(results, outcome="differs", value=-9e9), "store_cards", frame)
    assert {number.css for number in _card(few, wording("en"), "D1").numbers} == {""}


def test_a_change_says_its_outcome_and_the_references_card_none(
    results: Results, wording: Voice
) -> None:
    tips = {number.tip for number in _card(results, wording("en"), "D1").numbers}
    assert "−15.3 from F1: differs" in tips
    assert {number.tip for number in _card(results, wording("zh"), "F1").numbers} == {""}


@pytest.mark.parametrize(
    ("code", "store", "said"),
    [
        ("en", "F1", "Declared role: image; observed: launch."),
        ("zh", "F1", "定位：形象；实际表现：首发。"),
        ("en", "D2", "Observed role: volume; none declared."),
        ("zh", "S1", "定位：长尾；数据未显示出明确角色。"),
    ],
)
def test_declared_and_observed_roles_stand_on_the_card(
    results: Results, wording: Voice, code: str, store: str, said: str
) -> None:
    assert _card(results, wording(code), store).role.endswith(said)


def test_without_roles_nothing_is_said_of_them(results: Results, wording: Voice) -> None:
    assert "ole" not in _card(results, wording("en"), "F2").role


def test_a_cell_of_the_matrix_says_what_would_have_been_seen_or_why_not(
    results: Results, wording: Voice
) -> None:
    frame = frame_of(results, "five_dimensions")
    found = overview.matrix(Speaker(Facts(results), wording("en")))
    assert found is not None
    tips = {cell.tip for row in found.rows for cell in row.cells}
    assert any(tip.startswith("Discount depth: 30.2%") and
               "n = 210 · differs; would have seen ≥ " in tip for tip in tips)  # fmt: skip
    told = frame.with_columns(
        outcome=pl.lit("not_identifiable"), outcome_reason=pl.lit("reason.too_few_weeks"),
        apart=pl.lit(None, pl.Boolean),
    )  # fmt: skip
    unknown = with_frame(results, "five_dimensions", told)
    found = overview.matrix(Speaker(Facts(unknown), wording("en")))
    assert found is not None
    assert not [cell for row in found.rows for cell in row.cells if "k" in cell.css.split("few")[0]]
    tips = {cell.tip for row in found.rows for cell in row.cells}
    assert any(tip.endswith("· cannot be told: Too few weeks for an interval.") for tip in tips)
