"""The price order: own gaps and the platform's look different, its heading keeps them apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from channelscope.report import headings
from channelscope.report.compose import legends, tables
from channelscope.report.compose.figures import grid
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid
from channelscope.report.facts import Facts
from channelscope.report.language import Language
from channelscope.report.texts import catalogue
from channelscope.report.wording import Wording
from channelscope.results import Results
from tests.report.pair_frames import frame_of, with_frame

AT = "at\u00a095.0%\u00a0of\u00a0it"
METRICS = ("below_suggested_share", "own_breach_share", "platform_gap_share")


def measured(results: Results, **bounds: dict[str, tuple[float, int]]) -> Results:
    """The results with lower bounds and cases by metric and store; nothing else is known."""
    rows = [
        {**row, "value": lo + 0.02, "lo": lo, "hi": lo + 0.04, "n": n}
        for row in results.tables["metrics"].to_dicts()
        if row["metric"] in METRICS
        for lo, n in [bounds.get(row["metric"], {}).get(row["store_id"], (0.0, 99))]
    ]
    schema = results.tables["metrics"].schema
    return replace(results, tables={**results.tables, "metrics": pl.DataFrame(rows, schema=schema)})


def message(results: Results) -> Any:
    return headings.of_figure("price_order", Facts(results))


def shown(results: Results, wording: Callable[[str], Wording], code: str = "en") -> Grid:
    data = next(data for data in results.figures if data.figure.name == "price_order")
    made = grid(Speaker(Facts(results), wording(code)), data)
    assert made is not None
    return made


def test_the_heading_names_own_prices_and_the_platforms(results: Results) -> None:
    own = {"D2": (0.7, 40), "D3": (0.9, 40), "M1": (0.05, 40), "X1": (0.9, 29)}
    both = measured(results, own_breach_share=own, platform_gap_share={"D1": (0.06, 30)})
    assert message(both).key == "heading.price_order.both"
    # 5% is what matters: more is needed, and thirty products.
    assert message(both).params == {"stores": ["D3", "D2"], "stores_platform": ["D1"]}


@pytest.mark.parametrize(
    ("others", "key", "end"),
    [
        ((), "mixed", "10.0% by the platform's money"),
        (("D3",), "mixed_more", "money; 1 other stands below as well"),
        (("D3", "D1"), "mixed_more", "money; 2 others stand below as well"),
    ],
)
def test_a_store_below_by_both_is_told_with_both_parts(
    results: Results,
    others: tuple[str, ...],
    key: str,
    end: str,
    wording: Callable[[str], Wording],
) -> None:
    # D3 has the larger share of its own, D2 more days below in all.
    bounds = {
        "below_suggested_share": {"D2": 0.9, "D3": 0.7},
        "own_breach_share": {"D2": 0.63, **({"D3": 0.64} if others else {})},
        "platform_gap_share": {"D2": 0.08, **dict.fromkeys(others, 0.07)},
    }
    rows = {metric: {store: (lo, 40) for store, lo in of.items()} for metric, of in bounds.items()}
    found = message(measured(results, **rows))
    assert found.key == f"heading.price_order.{key}"
    said = wording("en").message(found.key, found.params)
    assert said.startswith("D2 stands below suggested prices on 92.0% of product-days: 65.0% by")
    assert said.endswith(end)
    assert "D2" in wording("zh").message(found.key, found.params)


@pytest.mark.parametrize(
    ("metric", "side"),
    [
        ("own_breach_share", "own"),
        ("platform_gap_share", "platform"),
        ("below_suggested_share", "below"),
    ],
)
def test_the_heading_says_no_more_than_is_shown(
    results: Results, metric: str, side: str, wording: Callable[[str], Wording]
) -> None:
    found = message(measured(results, **{metric: {"D2": (0.7, 40)}}))
    assert (found.key, found.params["stores"]) == (f"heading.price_order.{side}", ["D2"])
    assert found.params["share"] == pytest.approx(0.72)
    said = wording("en").message(found.key, found.params)
    assert said.startswith("D2 stands below suggested prices")
    assert "72" in said


def test_without_a_store_below_the_heading_says_so(results: Results) -> None:
    assert message(measured(results)).key == "heading.price_order.none"
    assert message(measured(results)).params == {"share": 0.05}


def test_without_suggested_prices_the_heading_says_so(results: Results) -> None:
    metrics = results.tables["metrics"].with_columns(value=pl.lit(None, pl.Float64))
    bare = replace(results, tables={**results.tables, "metrics": metrics})
    assert message(bare).key == "heading.price_order.unknown"


def test_own_gaps_are_marked_and_those_of_the_platform_shaded(
    results: Results, wording: Callable[[str], Wording]
) -> None:
    table = shown(results, wording)
    assert [row.head.text for row in table.rows] == [
        "All products",
        "铸铁炒锅 Wok 30cm",
        "<b>Pan</b>",
    ]
    stores = [head.text for head in table.heads]
    cells = dict(zip(stores, table.rows[1].cells, strict=True))
    assert (cells["D2"].css, cells["D1"].css) == ("own", "k3")
    # Few days below, and a gap whose money is not known, are no breach of the store.
    assert {cells[store].css for store in ("F1", "F2", "M1", "M2")} == {""}
    assert (cells["D2"].text, cells["F1"].text, cells["F1"].detail) == ("250 d", "0 d", "")
    assert cells["D2"].detail == AT + "\nMarkdown\nthe store"
    assert cells["D1"].detail == AT + "\nPlatform subsidy\nthe platform"
    assert cells["M2"].detail == AT + "\nList price\nthe store"
    assert cells["M1"].detail == AT + "\nnot known"
    missing = dict(zip(stores, table.rows[2].cells, strict=True))["X1"]
    assert (missing.text, missing.css) == ("–", "few")


def test_the_first_row_is_shaded_only_where_its_interval_bears_it(
    results: Results, wording: Callable[[str], Wording]
) -> None:
    some = measured(results, below_suggested_share={"D2": (0.7, 40), "D3": (0.04, 40)})
    table = shown(some, wording)
    cells = dict(zip([head.text for head in table.heads], table.rows[0].cells, strict=True))
    assert (cells["D2"].css, cells["D3"].css) == ("own", "")
    assert (cells["D2"].text, cells["D2"].tip) == ("83.3%", "[70.0,\u00a074.0]")


def test_of_a_mixture_each_part_is_shaded_by_itself(
    results: Results, wording: Callable[[str], Wording]
) -> None:
    # D2 is below on 250 days of 300: 149 of its own are less than half; 80 of D1's 200 are its own.
    own = pl.when(pl.col("store_id") == "D2").then(149).when(pl.col("store_id") == "D1").then(80)
    frame = frame_of(results, "price_order").with_columns(days_own=own.otherwise("days_own"))
    table = shown(with_frame(results, "price_order", frame), wording)
    stores = [head.text for head in table.heads]
    cells = dict(zip(stores, table.rows[1].cells, strict=True))
    assert (cells["D2"].css, cells["D3"].css) == ("", "own")
    assert cells["D1"].css == "k2"
    plain = dict(zip(stores, shown(results, wording).rows[1].cells, strict=True))
    assert (plain["D2"].css, plain["D1"].css) == ("own", "k3")


def test_days_of_gap_stand_where_no_suggested_price_is_known(
    results: Results, wording: Callable[[str], Wording]
) -> None:
    unknown = [pl.lit(None, pl.Int64).alias(name) for name in ("days_below", "days_own")]
    unknown += [pl.lit(None, pl.Float64).alias(name) for name in ("share", "depth")]
    frame = frame_of(results, "price_order").with_columns(*unknown)
    table = shown(with_frame(results, "price_order", frame), wording)
    cells = dict(zip([head.text for head in table.heads], table.rows[1].cells, strict=True))
    assert (cells["D2"].text, cells["D2"].css) == ("60 d", "")
    assert cells["D2"].detail == "Markdown\nthe store"


def test_the_data_table_repeats_nothing_of_the_grid(
    results: Results, wording: Callable[[str], Wording]
) -> None:
    speaker = Speaker(Facts(results), wording("en"))
    heads = [head.text for head in tables.figure_table(speaker, "price_order").heads]
    assert heads[2:] == ["Days", "Days of gap", "Days below", "Own days below"]
    first = tables.figure_table(speaker, "price_order").rows[0]
    assert first[0].text == "All products"
    data = next(data for data in results.figures if data.figure.name == "price_order")
    # The first looks like its cells: pale, with an edge.
    found = [(swatch.token, swatch.style) for swatch in legends.swatches(speaker, data)]
    assert found == [("warn", "own"), ("q2", "box")]


@pytest.mark.parametrize(
    ("language", "law"), [(Language.EN, "Anti-Monopoly Law"), (Language.ZH, "《反垄断法》")]
)
def test_the_notice_on_resale_prices_stands_once(both: str, language: Language, law: str) -> None:
    forms = [form for forms in catalogue(language).forms.values() for form in forms]
    assert sum(law in form for form in forms) == 1
    assert both.count(law) == 1


def test_nothing_asks_to_enforce_a_price() -> None:
    texts = [
        form
        for key, forms in catalogue(Language.EN).forms.items()
        if "below_suggested" in key
        or "platform_gap" in key
        or "below_by_both" in key
        or "price_order" in key
        or key == "section.price.lede"
        for form in forms
    ]
    assert len(texts) >= 20
    asked = [text for text in texts if re.search("punish|penal|must|forbid|raise", text)]
    assert asked == []
    # The notice alone has the word, to say that nothing here does it.
    assert sum("enforce" in text for text in texts) == 1
