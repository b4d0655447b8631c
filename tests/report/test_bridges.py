"""What is said of the bridges: facts before estimates, and where their bars begin and why."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from channelscope.dimensions import _bridge_bars
from channelscope.report import headings
from channelscope.report.charts.sales_waterfall import sales_waterfall, year_waterfall
from channelscope.report.compose import bridges, figures
from channelscope.report.compose.speaker import Speaker
from channelscope.report.drawings import NARROW, WIDE
from channelscope.report.facts import Facts
from channelscope.results import TABLES, Results
from tests.report.bridge_frames import SPAN, Say, bar, notes, pieces, shown, stores, title, year


def metric(results: Results, **known: tuple[float | None, float | None]) -> pl.DataFrame:
    """The metrics with visitor-days and their coverage set for these stores."""
    at = pl.col("store_id"), pl.col("metric") == "visitor_days"
    frame = results.tables["metrics"]
    for store, (value, coverage) in known.items():
        here = (at[0] == store) & at[1]
        frame = frame.with_columns(
            value=pl.when(here).then(value).otherwise("value"),
            coverage=pl.when(here).then(coverage).otherwise("coverage"),
        )
    return frame


def over_years(**factors: tuple[str, ...]) -> pl.DataFrame:
    """`bridge` from the year before, of the factors of each store."""
    rows = [
        {"from_id": store, "to_id": store, **SPAN, "position": 1, "factor": factor,
         "effect": Decimal(1)}
        for store, names in factors.items() for factor in names
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict(TABLES["bridge"]))


OPENED = bar("opened:S1", 920_000.0, None)


def test_openings_come_first_and_the_largest_estimate_after_them(
    results: Results, wording: Say
) -> None:
    bars = (bar("visitor_days", -3e5, 4e5), bar("opened:products", 350_000.0),
            bar("mix", -1e5), OPENED, bar("closed:D3", -1_200_000.0, None))  # fmt: skip
    facts = shown(results, "year_bridge", year(*bars))
    assert title(facts, "year_bridge", wording("en")) == (
        "Against the year before sales moved by −¥0.33m: D3 closed (−¥1.20m) and S1 opened "
        "2025-09-01 (+¥0.92m); beyond week-to-week chance the largest other bar is products not "
        "sold before, +¥0.35m"
    )
    said = title(facts, "year_bridge", wording("zh"))
    assert said.index("D3") < said.index("S1") < said.index("此前未售")


@pytest.mark.parametrize(
    ("bars", "key"),
    [
        ((bar("mix", 2e5), bar("orders", 3e5, 4e5)), "bar"),
        ((bar("mix", 2e5, 3e5),), "unsure"),
        ((bar("mix", 2e5, 3e5), OPENED), "unsure.events"),
        ((OPENED,), "unsure.events"),
        ((bar("opened:products", 2e5, None), bar("mix", -1e5)), "bar"),
    ],
)
def test_a_year_without_openings_or_without_sure_bars_has_its_own_form(
    results: Results, wording: Say, bars: tuple[dict[str, Any], ...], key: str
) -> None:
    facts = shown(results, "year_bridge", year(*bars))
    message = headings.of_figure("year_bridge", facts)
    assert message and message.key == f"heading.year_bridge.{key}"
    assert all(title(facts, "year_bridge", wording(code)) for code in ("en", "zh"))


@pytest.mark.parametrize(
    ("bars", "end"),
    [
        ((), "; no other bar stands out from week-to-week chance"),
        (
            (bar("mix", -3e5, 4e5), bar("orders", -2e5)),
            "; the largest other bar is orders, −¥0.20m",
        ),
    ],
)
def test_a_store_that_opened_is_said_to_have_opened(
    results: Results, wording: Say, bars: tuple[dict[str, Any], ...], end: str
) -> None:
    rows = [{**each, "store_id": "S1"} for each in (*bars, bar("opened:S1", -2e6, None))]
    facts = shown(results, "sales_decomposition", stores(*rows))
    said = title(facts, "sales_decomposition", wording("en"))
    assert said == f"S1 lies furthest from F1 (−¥2.00m): S1 opened 2025-09-01 (−¥2.00m){end}"
    assert title(facts, "sales_decomposition", wording("zh"))


def test_a_bridge_from_other_days_than_the_year_before_names_them(
    results: Results, wording: Say, canvas: Callable[[int], Any]
) -> None:
    other = year(OPENED).with_columns(from_period=pl.lit("2025-03-01..2025-04-30"))
    facts = shown(results, "year_bridge", other)
    data = facts.figures["year_bridge"]
    for code, days in (("en", "1 March 2025 – 30 April 2025"), ("zh", "2025年3月1日")):
        speaker = Speaker(facts, wording(code))
        texts = [title(facts, "year_bridge", wording(code)), figures._say(speaker, data, "title"),
                 figures._say(speaker, data, "subtitle")]  # fmt: skip
        for text in texts:
            assert days in text
            assert "year before" not in text and "去年" not in text
    starts = [
        year_waterfall(frame, canvas(WIDE))["hconcat"][0]["layer"][0]["data"]["values"][0]["label"]
        for frame in (other, year(OPENED))
    ]
    assert starts == ["Period before", "Year before"]


def test_a_bridge_that_begins_at_orders_says_whose_visitors_are_missing(
    results: Results, wording: Say
) -> None:
    frame = stores(
        bar("visitor_days", 1e6, store_id="D1"), bar("orders", 1e6, store_id="D2"),
        bar("orders", 1e6, store_id="D3"),
    )  # fmt: skip
    known = metric(results, F1=(9.0, 1.0), D2=(9.0, 0.79), D3=(None, None))
    facts = shown(results, "sales_decomposition", frame, metrics=known)
    assert notes(facts, "sales_decomposition", wording("en")) == (
        "D2 and D3: the bars begin with orders, not with visitor-days and conversion. No visitors "
        "of D3 are known. Visitors of D2 are known on days with less than 80% of the orders."
    )
    said = notes(facts, "sales_decomposition", wording("zh"))
    assert said == ("D2 和 D3：从订单数算起，而不是从访客日和转化率算起。D3 的访客数未知。"
                    "D2 有访客数的日子，订单占比不到 80%。")  # fmt: skip


def test_a_reference_without_traffic_is_the_reason_for_all(results: Results, wording: Say) -> None:
    frame = stores(bar("orders", 1e6, store_id="D1"), bar("orders", 1e6, store_id="D2"))
    known = metric(results, F1=(None, None), D1=(9.0, 0.9), D2=(9.0, 0.8))
    facts = shown(results, "sales_decomposition", frame, metrics=known)
    assert notes(facts, "sales_decomposition", wording("en")).endswith(
        "No visitors of F1 are known."
    )


def test_nothing_is_said_beside_a_bridge_of_all_its_bars(results: Results, wording: Say) -> None:
    frame = stores(bar("visitor_days", 1e6, store_id="D1"), bar("mix", 1e6, store_id="D1"))
    facts = shown(results, "sales_decomposition", frame)
    assert notes(facts, "sales_decomposition", wording("en")) == ""


@pytest.mark.parametrize("name", ["sales_decomposition", "piece_price_gaps"])
def test_joined_goods_are_said_to_be_joined(results: Results, wording: Say, name: str) -> None:
    make = stores if name == "sales_decomposition" else pieces
    frame = make(bar("goods", 5.0, store_id="D1"), bar("mix", 5.0, store_id="D2"))
    facts = shown(results, name, frame)
    assert notes(facts, name, wording("en")) == (
        "D1: mix, exclusive products and list price are one bar, as no product is matched with F1."
    )
    assert "D1" in notes(facts, name, wording("zh"))


def test_the_bar_of_orders_beside_visitors_is_said_to_be_of_some_stores(
    results: Results, wording: Say
) -> None:
    table = over_years(F1=("visitor_days",), D2=("orders",), D3=("orders",), M1=("goods",))
    known = metric(results, D2=(9.0, 0.9), D3=(None, None))
    both = shown(results, "year_bridge", year(bar("visitor_days", 1e5), bar("orders", 1e5)),
                 bridge=table, metrics=known)  # fmt: skip
    assert notes(both, "year_bridge", wording("en")) == (
        "The bar “Orders” is that of D2 and D3 alone, whose own bridge begins there; visitor-days "
        "and conversion are those of the other stores. No visitors of D3 are known. For the "
        "year before visitors of D2 are not known, or on days with less than 80% of the orders. "
        "M1: mix and list price are one bar, as no product was sold in both periods."
    )
    alone = shown(results, "year_bridge", year(bar("orders", 1e5)), bridge=table, metrics=known)
    assert notes(alone, "year_bridge", wording("en")).startswith("D2 and D3: the bars begin with")
    assert "D2 和 D3" in notes(both, "year_bridge", wording("zh"))


def test_a_bridge_between_other_periods_is_not_meant(results: Results, wording: Say) -> None:
    table = over_years(D3=("orders",)).with_columns(from_period=pl.lit("2023-10-04..2024-10-02"))
    facts = shown(results, "year_bridge", year(bar("orders", 1e5)), bridge=table)
    assert notes(facts, "year_bridge", wording("en")) == ""


def test_the_note_stands_under_the_figure(results: Results, wording: Say) -> None:
    speaker = Speaker(Facts(results), wording("en"))
    data = speaker.facts.figures["sales_decomposition"]
    drawn = dict.fromkeys([(data.figure.name, WIDE)])
    said = figures._note(speaker, drawn, data)  # type: ignore[arg-type]
    assert "D3: the bars begin with orders" in said


def test_bridges_begin_where_the_report_says() -> None:
    assert bridges.ENOUGH_TRACKED == _bridge_bars.ENOUGH_TRACKED


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_bars_have_at_least_half_of_the_width(
    results: Results, canvas: Callable[[int], Any], width: int
) -> None:
    bars = (bar("days_without_traffic", 2e6), bar("opened:products", -1e6))
    every = year_waterfall(year(*bars), canvas(width))
    named = stores(*(bar(row["factor"], row["effect"], store_id="D1") for row in bars), sold=4e6)
    for spec in (every, sales_waterfall(named, canvas(width))):
        view = spec["hconcat"][0]
        low, high = view["layer"][0]["encoding"]["x"]["scale"]["domain"]
        rows = view["layer"][0]["data"]["values"]
        reach = (max(row["far"] for row in rows) - low) / (high - low) * view["width"]
        assert reach >= width / 2
        assert view["width"] + spec["padding"]["left"] <= width
        labels = view["layer"][2]["encoding"]["x"]["value"]
        assert (labels == 0) == (width == NARROW)
