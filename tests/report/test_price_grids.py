"""Grids and messages of price leads, price tiers and regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from channelscope.domain import Figure
from channelscope.report import headings
from channelscope.report.compose import figures
from channelscope.report.compose.speaker import Speaker
from channelscope.report.compose.tables import figure_table
from channelscope.report.context import Grid
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import FigureData, Results

Say = Callable[[str], Wording]
QUERIES = {
    "price_leads": "price/first_movers", "price_tiers": "price/tier_shares",
    "out_of_region": "price/shipped_outside", "category_levels": "price/category_levels",
}  # fmt: skip


def lead(first: str, then: str, outcome: str = "unclear", **given: Any) -> dict[str, Any]:
    return {
        "leader_id": first, "follower_id": then, "changes": 80, "together": 5, "followed": 40,
        "expected": 10.5, "outcome": outcome, "is_shown": True, **given,
    }  # fmt: skip


def tier(category: str, store: str, premium: float | None, **given: Any) -> dict[str, Any]:
    return {
        "category": category, "store_id": store, "entry_to": 99.0, "premium_from": 159.0,
        "entry_share": None if premium is None else 0.25,
        "middle_share": None if premium is None else 0.75 - premium,
        "premium_share": premium, "lo": None if premium is None else premium - 0.05,
        "hi": None if premium is None else premium + 0.05, "skus": 12, "outcome": None,
        "outcome_reason": None, "is_shown": True, **given,
    }  # fmt: skip


def sent(
    store: str, rank: int, region: str | None, share: float | None, **given: Any
) -> dict[str, Any]:
    return {
        "store_id": store, "rank": rank, "ship_region": region, "orders": 9, "share": share,
        "lo": None, "hi": None, "paid_amount": 120.0, "outcome_reason": None,
        "unknown_regions": None, **given,
    }  # fmt: skip


def with_rows(results: Results, name: str, rows: list[dict[str, Any]]) -> Facts:
    shown = Figure("F2.8", name, QUERIES[name], "grid")
    data = FigureData(shown, pl.DataFrame(rows, infer_schema_length=None), "select 1", {})
    others = tuple(each for each in results.figures if each.figure.name != name)
    return Facts(replace(results, figures=(*others, data)))


def drawn(facts: Facts, name: str, words: Wording) -> Grid:
    found = figures.grid(Speaker(facts, words), facts.figures[name])
    assert found is not None
    return found


def title(facts: Facts, name: str, words: Wording) -> str:
    return figures.figure_title(Speaker(facts, words), facts.figures[name]).replace("\u00a0", " ")


def cells(grid: Grid) -> list[list[tuple[str, str, str]]]:
    return [
        [(c.text, c.detail.replace("\u00a0", " "), c.css) for c in row.cells] for row in grid.rows
    ]


def test_leaders_stand_down_and_followers_across(results: Results, wording: Say) -> None:
    rows = [lead("F1", "D1", "differs"), lead("D1", "F1", followed=0, changes=1060)]
    hidden = lead("D2", "F1", is_shown=False)
    facts = with_rows(results, "price_leads", [*rows, lead("D1", "D3", followed=3), hidden])
    grid = drawn(facts, "price_leads", wording("en"))
    assert [head.text for head in grid.heads] == ["F1", "D1", "D3"]
    assert cells(grid) == [
        [("", "", ""), ("40/80", "", "k3"), ("–", "", "few")],
        [("0/1,060", "", ""), ("", "", ""), ("3/80", "", "")],
        [("–", "", "few"), ("–", "", "few"), ("", "", "")],
    ]
    left = figures.left_out(Speaker(facts, wording("en")), facts.figures["price_leads"])
    assert "3 of 4" in left[0]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_heading_claims_a_lead_only_where_one_is_shown(
    results: Results, wording: Say, code: str
) -> None:
    none = with_rows(results, "price_leads", [lead("F1", "D1"), lead("D1", "F1")])
    message = headings.of_figure("price_leads", none)
    assert message and message.key == "heading.price_leads.none"
    assert message.params == {"n": 2}
    weaker = lead("M1", "D1", "differs", followed=30)
    some = with_rows(results, "price_leads", [weaker, lead("F1", "D1", "differs"),
                                              lead("D1", "F1", followed=79)])  # fmt: skip
    said = title(some, "price_leads", wording(code))
    assert all(word in said for word in ("F1", "D1", "50.0%", "2", "3")), said
    assert "2" in title(none, "price_leads", wording(code))


def test_the_data_table_says_how_many_changes_and_how_many_followed(
    results: Results, wording: Say
) -> None:
    facts = with_rows(results, "price_leads", [lead("F1", "D1", followed=40, changes=1060)])
    table = figure_table(Speaker(facts, wording("en")), "price_leads")
    heads = [head.text for head in table.heads]
    assert heads[2:] == ["All changes", "At once", "Followed", "By chance", "Outcome"]
    assert [cell.text for cell in table.rows[0]][2:5] == ["1,060", "5", "40"]


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("price_tiers", {"en": "within 5 points", "zh": "5 个百分点以内"}),
        ("category_levels", {"en": "within 3.0 points", "zh": "3.0 点以内"}),
    ],
)
def test_what_is_shown_and_too_small_to_matter_is_said_not_to_be_shaded(
    results: Results, wording: Say, figure: str, said: dict[str, str]
) -> None:
    level = {
        "category": "all", "unit": "piece", "store_id": "D1", "rung": "one_piece", "value": 98.0,
        "lo": 97.5, "hi": 98.5, "outcome": "same", "outcome_reason": None,
    }  # fmt: skip
    row = tier("Pans", "F1", 0.4) if figure == "price_tiers" else level
    delta = {**results.scope.delta, "one_piece_level": 3.0, "price_level": 2.0}
    scope = replace(results.scope, delta=delta)
    facts = with_rows(replace(results, scope=scope), figure, [row])
    for code, words in said.items():
        speaker = Speaker(facts, wording(code))
        shown = figures.figure(speaker, {}, 1, facts.figures[figure])
        assert words in shown.note.replace("\u00a0", " ")


def test_a_cell_shows_three_shares_and_is_shaded_where_premium_differs(
    results: Results, wording: Say
) -> None:
    rows = [
        tier("Pans", "F1", 0.4), tier("Pans", "D1", 0.1, outcome="differs"),
        tier("Pans", "X1", None, outcome="not_identifiable", skus=1),
        tier("Pots", "F1", None, entry_to=None, premium_from=None),
        tier("Lids", "D1", 0.3, outcome="unclear", is_shown=False),
    ]  # fmt: skip
    facts = with_rows(results, "price_tiers", rows)
    grid = drawn(facts, "price_tiers", wording("en"))
    assert [row.head.text for row in grid.rows] == ["Pans (¥99.0 / ¥159)", "Pots (no tiers)"]
    assert cells(grid) == [
        [("25/35/40", "12 products", "ref"), ("25/65/10", "12 products", "k2"),
         ("–", "1 product", "few")],
        [("–", "12 products", "few"), ("–", "", "few"), ("–", "", "few")],
    ]  # fmt: skip
    said = title(facts, "price_tiers", wording("en"))
    assert said == "D1 makes 10.0% of its Pans sales with the premium third, F1 40.0%"


def test_premium_shares_that_are_not_shown_to_differ_are_not_told_apart(results: Results) -> None:
    unclear = [tier("Pans", "F1", 0.4), tier("Pans", "D1", 0.1, outcome="unclear")]
    message = headings.of_figure("price_tiers", with_rows(results, "price_tiers", unclear))
    assert message and message.key == "heading.price_tiers.same"
    unknown = [tier("Pans", "F1", 0.4), tier("Pans", "D1", 0.1, outcome="not_identifiable")]
    assert headings.of_figure("price_tiers", with_rows(results, "price_tiers", unknown)) is None


def regions(results: Results, lo: float, n: int = 500) -> Facts:
    rows = [
        sent("D2", 0, None, 0.3166, lo=lo, hi=0.33), sent("D2", 1, "广东", 0.056),
        sent("D1", 0, None, 0.0, lo=0.0, hi=0.01),
    ]  # fmt: skip
    facts = with_rows(results, "out_of_region", rows)
    table = facts.table("metrics").with_columns(
        n=pl.when(pl.col("metric") == "out_of_region_share").then(n).otherwise("n")
    )
    return Facts(replace(facts.results, tables={**facts.results.tables, "metrics": table}))


def test_regions_stand_beside_the_share_that_went_outside(results: Results, wording: Say) -> None:
    facts = regions(results, 0.30)
    grid = drawn(facts, "out_of_region", wording("en"))
    assert [head.text for head in grid.heads] == ["All outside", "No. 1"]
    assert cells(grid) == [
        [("0%", "[0, 1]", ""), ("", "", "")],
        [("31.7%", "[30.0, 33.0]", ""), ("广东", "5.60%", "")],
    ]
    assert "31.7% [30.0%, 33.0%]" in title(facts, "out_of_region", wording("en"))
    table = figure_table(Speaker(facts, wording("en")), "out_of_region")
    assert [cell.text for cell in table.rows[0]][2:5] == ["All outside", "9", "31.7%"]


@pytest.mark.parametrize(("lo", "n", "key"), [
    (0.021, 30, "heading.out_of_region.outside"), (0.02, 500, "heading.out_of_region.none"),
    (0.30, 29, None),
])  # fmt: skip
def test_a_heading_on_regions_asks_for_more_than_what_does_not_matter(
    results: Results, lo: float, n: int, key: str | None
) -> None:
    message = headings.of_figure("out_of_region", regions(results, lo, n))
    assert (message.key if message else None) == key


def test_a_store_of_which_nothing_is_known_stands_there_with_the_reason(
    results: Results, wording: Say
) -> None:
    nothing = {"orders": None, "paid_amount": None}
    rows = [
        sent("D2", 0, None, 0.3, lo=0.25, hi=0.35),
        sent("D2", 1, "广东", 0.3),
        sent("D3", 0, None, None, outcome_reason="reason.regions_not_matched",
             unknown_regions="浙江省, <b>", **nothing),
        sent("X1", 0, None, None, outcome_reason="reason.snapshots_only", **nothing),
    ]  # fmt: skip
    facts = with_rows(results, "out_of_region", rows)
    for code, reason in (("en", "needs orders"), ("zh", "需要订单")):
        words = wording(code)
        made = cells(drawn(facts, "out_of_region", words))
        assert made[1:] == [[("–", "", "few"), ("", "", "")]] * 2
        shown = figures.figure(Speaker(facts, words), {}, 1, facts.figures["out_of_region"])
        assert reason in shown.note
        # The regions say more than the reason that they are not known.
        assert shown.note.count("浙江省, <b>") == 1
        assert words.text("reason.regions_not_matched") not in shown.note
        assert words.store("X1") in shown.note
        assert shown.note.count(words.store("D2")) == 0
