"""What data leave open or small: said as it is, never a crash and never a claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from channelscope.report import headings
from channelscope.report.compose import head, overview
from channelscope.report.compose.speaker import Speaker
from channelscope.report.facts import Facts
from channelscope.report.render import render
from channelscope.report.wording import Wording
from channelscope.results import FigureData, Results
from tests.report.conftest import BUILT

Voice = Callable[[str], Wording]


def _changed(results: Results, name: str, *changes: pl.Expr) -> Results:
    figures = tuple(
        FigureData(d.figure, d.frame.with_columns(*changes), d.sql, d.params)
        if d.figure.name == name
        else d
        for d in results.figures
    )
    return replace(results, figures=figures)


def _different(results: Results, *changes: pl.Expr) -> Facts:
    told = results.tables["differences"].with_columns(*changes)
    return Facts(replace(results, tables={**results.tables, "differences": told}))


def _alone(results: Results, *names: str) -> Results:
    kept = tuple(data for data in results.figures if data.figure.name in names)
    return replace(results, figures=kept)


def test_products_without_a_category_are_named_so(results: Results) -> None:
    without = pl.when(pl.col("category") == pl.col("category").first()).then(None)
    page = render(
        _changed(_alone(results, "category_mix"), "category_mix",
                 without.otherwise(pl.col("category")).alias("category")),
        languages=("en", "zh"), generated_at=BUILT,
    )  # fmt: skip
    assert "Category not known" in page
    assert "品类未知" in page


def test_a_product_without_a_name_goes_by_its_number(results: Results) -> None:
    nameless = _changed(_alone(results, "price_ladder"), "price_ladder",
                        pl.lit(None, pl.String).alias("title"))  # fmt: skip
    sku = next(iter(nameless.figures[0].frame["sku"]))
    assert sku in render(nameless, languages=("en",), generated_at=BUILT)


def test_a_figure_without_a_known_value_has_no_axes(results: Results) -> None:
    unknown = _changed(_alone(results, "cart_rate_by_source"), "cart_rate_by_source",
                       pl.lit(None, pl.Float64).alias("cart_rate"))  # fmt: skip
    page = render(unknown, languages=("en",), generated_at=BUILT)
    assert "no value of this figure is known" in page
    assert 'id="en-F4.3"' in page
    assert "svg-F4-3" not in page


def test_the_matrix_heading_counts_shaded_cells_alone(results: Results, wording: Voice) -> None:
    few = _changed(results, "five_dimensions", pl.lit(12, pl.Int64).alias("n"))
    message = headings.of_section("matrix", Facts(few))
    assert message and message.key == "heading.matrix.same"
    speaker = Speaker(Facts(few), wording("en"))
    cards = overview.cards(speaker)
    assert cards is not None
    assert "fewer than 30 cases" in cards.cards[1].role
    assert not any(card.role.startswith("Stands apart") for card in cards.cards)


def test_values_without_a_number_of_cases_may_be_shaded(results: Results) -> None:
    unknown = _changed(results, "five_dimensions", pl.lit(None, pl.Int64).alias("n"))
    message = headings.of_section("matrix", Facts(unknown))
    assert message and message.key == "heading.matrix.apart"


@pytest.mark.parametrize(
    ("section", "metric"), [("promotion", "depth"), ("service", "rating_service")]
)
def test_a_gap_too_small_to_matter_is_no_clear_difference(
    results: Results, section: str, metric: str
) -> None:
    smallest = {**results.scope.delta, "walkthrough_search": results.scope.delta["walkthrough"]}
    facts = _different(
        results,
        (pl.col("metric").replace_strict(smallest, return_dtype=pl.Float64) * 0.99).alias("value"),
        pl.lit("differs").alias("outcome"),
        pl.lit(500, pl.Int64).alias("n"),
    )
    assert facts.side(metric, "D1") == 0
    message = headings.of_section(section, facts)
    assert message and message.key == f"heading.{section}.same"


def test_steps_of_a_walkthrough_share_one_threshold(results: Results) -> None:
    facts = Facts(results)
    assert facts.smallest("walkthrough_search") == results.scope.delta["walkthrough"]
    assert facts.smallest("order_value") == pytest.approx(
        results.scope.delta["order_value"] * 478.0
    )


@pytest.mark.parametrize(
    ("key", "given", "said"),
    [
        ("finding.price_below.title", {"stores": ["D1"], "count": 1},
         "D1 sells identical products below F1, by 4.00%"),
        ("finding.price_above.title", {"stores": ["D1"]}, "D1 sells identical products above"),
        ("finding.price_same.title", {"stores": ["D1", "D2"], "count": 2},
         "D1 and D2 sell identical products"),
        ("heading.sales.factor", {"n": 1, "m": 2, "factor": "orders"},
         "The largest part of the sales gap to F1 is orders in 1 of 2 stores"),
        ("heading.matrix.apart", {"n": 1, "m": 4, "store": "D1"}, "on 1 of 4 measures,"),
        ("heading.sku_intersections.one", {"count": 1, "store": "D1"}, "1 product is sold"),
        ("warning.costs_missing", {"store": "D1", "kinds": "ad_spend, staff"},
         "advertising and staff"),
        ("warning.groups", {"by": "platform"}, "grouped by platform"),
    ],
)  # fmt: skip
def test_english_agrees_in_number(
    wording: Voice, key: str, given: dict[str, object], said: str
) -> None:
    raw = {"reference": "F1", "level": 96.0, **given}
    assert said in wording("en").message(key, raw)


def test_chinese_names_of_groups_need_no_space(wording: Voice) -> None:
    words = wording("zh")
    assert "与旗舰店" in words.message("heading.matrix.same", {"reference": "kind:flagship"})
    assert "与旗舰店" in words.text("matrix.lede", reference=words.store("kind:flagship"), n="30")
    assert "与 F1" in words.message("heading.matrix.same", {"reference": "F1"})


def test_a_report_of_groups_speaks_of_groups(results: Results, wording: Voice) -> None:
    grouped = replace(results, meta=replace(results.meta, group_by="kind"))
    for data, said in ((results, "in one store only"), (grouped, "in one group only")):
        speaker = Speaker(Facts(data), wording("en"))
        assert any(said in kpi.label for kpi in head.summary(speaker).kpis)
        message = headings.of_section("product", speaker.facts)
        assert message and said in speaker.heading(message)


def test_lines_are_a_share_of_the_periods_own(results: Results, wording: Voice) -> None:
    meta = replace(
        results.meta, rows_in=179_207, rows_analysed=95_149,
        rows_excluded={"is_excluded": 286, "outside_period": 60_000, "other_stores": 23_772},
    )  # fmt: skip
    facts = head.head(Speaker(Facts(replace(results, meta=meta)), wording("en"))).facts
    assert facts[-1].value == "95,149 of 179,207 (99.7% of the period's lines)"
