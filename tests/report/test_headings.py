"""A heading claims only what the rows below it support."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from channelscope.report import headings
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import FigureData, Results


def _with_figure(results: Results, name: str, frame: pl.DataFrame) -> Results:
    figures = tuple(
        FigureData(data.figure, frame, data.sql, data.params) if data.figure.name == name else data
        for data in results.figures
    )
    return replace(results, figures=figures)


def _with_table(results: Results, name: str, *changes: pl.Expr) -> Facts:
    table = results.tables[name].with_columns(*changes)
    return Facts(replace(results, tables={**results.tables, name: table}))


def _told(outcome: str) -> pl.Expr:
    return pl.lit(outcome).alias("outcome")


def _forest(results: Results) -> pl.DataFrame:
    return next(d.frame for d in results.figures if d.figure.name == "price_forest")


def test_the_price_heading_counts_outcomes_not_intervals(results: Results) -> None:
    some = pl.col("store_id").is_in(["F2", "D2"])
    facts = _with_table(
        results, "differences",
        pl.when(some).then(pl.lit("unclear")).otherwise(pl.lit("differs")).alias("outcome"),
    )  # fmt: skip
    message = headings.of_section("price", facts)
    assert message and message.key == "heading.price.below"
    assert message.params["n"] == 5
    assert message.params["store"] == "D3"
    assert message.params["level"] == pytest.approx(82.3)
    figure = headings.of_figure("price_forest", facts)
    assert figure and (figure.params["n"], figure.params["m"]) == (5, 7)


def test_a_price_that_differs_by_too_little_is_not_claimed(results: Results) -> None:
    near = pl.when(pl.col("metric") == "price_level").then(-2.99).otherwise("value")
    facts = _with_table(results, "differences", near.alias("value"), _told("differs"))
    message = headings.of_section("price", facts)
    assert message and message.key == "heading.price.same"


def test_no_clear_price_difference_has_its_own_form(results: Results) -> None:
    facts = _with_table(results, "differences", _told("unclear"))
    message = headings.of_section("price", facts)
    assert message and message.key == "heading.price.same"
    figure = headings.of_figure("price_forest", facts)
    assert figure and figure.key == "heading.price_forest.same"


def test_prices_that_cannot_be_told_are_not_told(results: Results) -> None:
    frame = _forest(results).with_columns(value=pl.lit(None, pl.Float64))
    unknown = Facts(_with_figure(results, "price_forest", frame))
    untested = _with_table(results, "differences", _told("not_identifiable"))
    for facts in (unknown, untested):
        message = headings.of_section("price", facts)
        assert message and message.key == "heading.price.not_told"


def test_a_rung_that_cannot_be_told_gives_way_to_the_next(results: Results) -> None:
    realised = pl.when(pl.col("metric") == "price_level").then(pl.lit("not_identifiable"))
    facts = _with_table(
        results, "differences", realised.otherwise(pl.lit("differs")).alias("outcome")
    )
    figure = headings.of_figure("price_forest", facts)
    assert figure and figure.params["rung"] == "one_piece"


def test_dearer_stores_are_said_to_be_dearer(results: Results) -> None:
    frame = _forest(results).with_columns(value=200 - pl.col("value"))
    dearer = replace(
        _with_figure(results, "price_forest", frame),
        tables=_with_table(
            results, "differences", (-pl.col("value")).alias("value")
        ).results.tables,
    )
    message = headings.of_section("price", Facts(dearer))
    assert message and message.key == "heading.price.above"


@pytest.mark.parametrize("outcome", ["unclear", "same"])
def test_no_outcome_but_differs_makes_a_claim(results: Results, outcome: str) -> None:
    facts = _with_table(results, "differences", _told(outcome))
    for section in ("promotion", "service"):
        message = headings.of_section(section, facts)
        assert message and message.key == f"heading.{section}.same"
    figure = headings.of_figure("service_levels", facts)
    assert figure and figure.key == "heading.service_levels.same"
    assert headings.of_figure("refund_cohorts", facts) is None


def test_what_cannot_be_told_is_not_told(results: Results) -> None:
    facts = _with_table(results, "differences", _told("not_identifiable"))
    for section in ("promotion", "service"):
        message = headings.of_section(section, facts)
        assert message and message.key == f"heading.{section}.not_told"


def test_a_small_base_makes_no_headline(results: Results) -> None:
    facts = _with_table(results, "differences", pl.lit(29, pl.Int64).alias("n"), _told("differs"))
    message = headings.of_section("promotion", facts)
    assert message and message.key == "heading.promotion.not_told"
    price = headings.of_section("price", facts)
    assert price and price.key == "heading.price.below", "products matched are no cases"


def test_differences_to_other_stores_than_the_reference_make_no_headline(results: Results) -> None:
    facts = _with_table(results, "differences", pl.lit("D1").alias("reference_id"))
    message = headings.of_section("promotion", facts)
    assert message and message.key == "heading.promotion.not_told"


def test_mechanisms_are_said_to_differ_only_where_promotion_does(results: Results) -> None:
    message = headings.of_figure("mechanism_mix", Facts(results))
    assert message and message.key == "heading.mechanism_mix.differs"
    assert Facts(results).pair_outcome("promotion", message.params["store"]) == "differs"
    assert headings.of_figure("mechanism_mix", _with_table(results, "pairs", _told("same"))) is None


def test_worse_follows_the_direction_of_the_measure(results: Results) -> None:
    facts = Facts(results)
    slow = headings.by_section.worse_metrics(facts, "D2")
    assert "ship_hours" in slow and "rating_item" not in facts.metric("ship_hours")
    turned = _with_table(results, "metrics", pl.lit("neither").alias("better"))
    assert headings.by_section.worse_metrics(turned, "D2") == []


def test_exclusive_products_add_up_with_the_shared_ones(results: Results) -> None:
    message = headings.of_section("product", Facts(results))
    assert message and message.key == "heading.product.exclusive"
    assert message.params["n"] + message.params["count_shared"] == 160


def test_sales_name_the_factor_that_is_largest_most_often(results: Results) -> None:
    message = headings.of_section("sales", Facts(results))
    assert message and message.key == "heading.sales.factor"
    assert (message.params["factor"], message.params["n"], message.params["m"]) == (
        "visitor_days", 5, 7,
    )  # fmt: skip


def test_without_a_decomposition_the_largest_store_is_named(results: Results) -> None:
    none = next(d.frame for d in results.figures if d.figure.name == "sales_decomposition").clear()
    message = headings.of_section(
        "sales", Facts(_with_figure(results, "sales_decomposition", none))
    )
    assert message and message.key == "heading.sales.largest"
    assert message.params["store"] == "F1"


def test_the_matrix_counts_only_what_is_apart_and_large_enough(results: Results) -> None:
    frame = next(d.frame for d in results.figures if d.figure.name == "five_dimensions")
    small = frame.with_columns(step=pl.lit(0, pl.Int64))
    message = headings.of_section("matrix", Facts(_with_figure(results, "five_dimensions", small)))
    assert message and message.key == "heading.matrix.same"


def test_settled_months_alone_make_the_refund_heading(results: Results) -> None:
    frame = next(d.frame for d in results.figures if d.figure.name == "refund_cohorts")
    spoilt = frame.with_columns(
        refund_share=pl.when(pl.col("is_immature") & (pl.col("store_id") == "F2"))
        .then(0.99)
        .otherwise("refund_share")
    )
    message = headings.of_figure(
        "refund_cohorts", Facts(_with_figure(results, "refund_cohorts", spoilt))
    )
    assert message and message.params["store"] == "D2"


@pytest.mark.parametrize(
    "name",
    [
        "sku_intersections", "category_mix", "price_forest", "price_ladder", "mechanism_mix",
        "price_order", "pocket_waterfall", "promotion_calendar", "sales_decomposition",
        "weekly_sales", "cart_rate_by_source", "refund_cohorts", "service_levels",
        "pair_verdicts", "similarity", "store_map",
    ],
)  # fmt: skip
def test_an_empty_figure_has_no_message(results: Results, name: str) -> None:
    frame = next(d.frame for d in results.figures if d.figure.name == name)
    bare = replace(
        _with_figure(results, name, frame.clear()),
        tables={**results.tables, "metrics": results.tables["metrics"].clear()},
    )
    assert headings.of_figure(name, Facts(bare)) is None


def test_an_unknown_dimension_has_no_rule(results: Results) -> None:
    assert headings.of_section("consumers", Facts(results)) is None
    assert headings.of_figure("anything", Facts(results)) is None


def test_every_finding_of_the_sample_reads_back(
    results: Results, wording: Callable[[str], Wording]
) -> None:
    for row in results.tables["findings"].to_dicts():
        params = json.loads(row["parameters"])
        for part in ("title", "detail", "so_what", "do_what"):
            for code in ("en", "zh"):
                text = wording(code).message(f"finding.{row['template']}.{part}", params)
                assert text and "{" not in text and "None" not in text


def test_a_change_of_a_rate_stays_one_beside_what_it_is_worth(
    wording: Callable[[str], Wording],
) -> None:
    said = wording("en").message("finding.promotion_deeper.detail", {
        "store": "D2", "reference": "F1", "rate": 0.24, "rate_reference": 0.07, "unit": "rate",
        "change": 0.17, "change_lo": 0.16, "change_hi": 0.18, "money": 190_000.0,
    })  # fmt: skip
    assert "difference +17.0 pp" in said.replace("\u00a0", " ") and "¥" not in said
