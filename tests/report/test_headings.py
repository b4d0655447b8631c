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


def _with_metrics(results: Results, *changes: pl.Expr) -> Facts:
    metrics = results.tables["metrics"].with_columns(*changes)
    return Facts(replace(results, tables={**results.tables, "metrics": metrics}))


def _forest(results: Results) -> pl.DataFrame:
    return next(d.frame for d in results.figures if d.figure.name == "price_forest")


def test_the_price_heading_counts_outcomes_not_intervals(results: Results) -> None:
    same = pl.when(pl.col("store_id") == "F2").then(pl.lit("same")).otherwise("outcome")
    frame = _forest(results).with_columns(outcome=same)
    message = headings.of_section("price", Facts(_with_figure(results, "price_forest", frame)))
    assert message and message.key == "heading.price.below"
    assert message.params["n"] == 6
    assert message.params["store"] == "D2"
    assert message.params["level"] == pytest.approx(81.9)


def test_no_clear_price_difference_has_its_own_form(results: Results) -> None:
    frame = _forest(results).with_columns(outcome=pl.lit("unclear"))
    facts = Facts(_with_figure(results, "price_forest", frame))
    message = headings.of_section("price", facts)
    assert message and message.key == "heading.price.same"
    figure = headings.of_figure("price_forest", facts)
    assert figure and figure.key == "heading.price_forest.same"


def test_prices_that_cannot_be_told_are_not_told(results: Results) -> None:
    frame = _forest(results).with_columns(value=pl.lit(None, pl.Float64))
    message = headings.of_section("price", Facts(_with_figure(results, "price_forest", frame)))
    assert message and message.key == "heading.price.not_told"


def test_dearer_stores_are_said_to_be_dearer(results: Results) -> None:
    frame = _forest(results).with_columns(value=200 - pl.col("value"))
    message = headings.of_section("price", Facts(_with_figure(results, "price_forest", frame)))
    assert message and message.key == "heading.price.above"


def test_a_depth_inside_the_references_interval_is_no_difference(results: Results) -> None:
    wide = [pl.col("value") - 100, pl.col("value") + 100]
    facts = _with_metrics(results, wide[0].alias("lo"), wide[1].alias("hi"))
    message = headings.of_section("promotion", facts)
    assert message and message.key == "heading.promotion.same"
    service = headings.of_section("service", facts)
    assert service and service.key == "heading.service.same"


def test_without_intervals_nothing_is_told(results: Results) -> None:
    nothing = pl.lit(None, pl.Float64)
    facts = _with_metrics(results, nothing.alias("lo"), nothing.alias("hi"))
    for section in ("promotion", "service"):
        message = headings.of_section(section, facts)
        assert message and message.key == f"heading.{section}.not_told"


def test_a_small_base_makes_no_headline(results: Results) -> None:
    facts = _with_metrics(results, pl.lit(29, pl.Int64).alias("n"))
    message = headings.of_section("promotion", facts)
    assert message and message.key == "heading.promotion.not_told"


def test_worse_follows_the_direction_of_the_measure(results: Results) -> None:
    facts = Facts(results)
    slow = headings.by_section.worse_metrics(facts, "D2")
    assert "ship_hours" in slow and "rating_item" not in facts.metric("ship_hours")
    turned = _with_metrics(results, pl.lit("neither").alias("better"))
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
    assert message and message.params["store"] == "D3"


@pytest.mark.parametrize(
    "name",
    [
        "sku_intersections", "category_mix", "price_forest", "price_ladder", "mechanism_mix",
        "promotion_calendar", "sales_decomposition", "weekly_sales", "cart_rate_by_source",
        "refund_cohorts", "service_levels",
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
