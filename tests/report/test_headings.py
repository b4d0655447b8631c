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
    # D1 84.7 [83.0, 86.4] and D3 82.3 [80.7, 83.9] cannot be told apart; D2 is lower, and unclear.
    assert message and message.key == "heading.price.below.tied_up_to"
    assert message.params["n"] == 5
    assert (message.params["store"], message.params["stores"]) == ("D3", ["D1", "D3"])
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


def _levels(results: Results, judged: str | None, **levels: float) -> Facts:
    """Levels below F1, each 1 to either side; what is judged of every two others."""
    forest = pl.DataFrame([
        {"store_id": store, "rung": "realised", "value": level} for store, level in levels.items()
    ])  # fmt: skip
    metrics = [
        {"store_id": s, "metric": "price_level", "value": v, "lo": v - 1, "hi": v + 1, "n": 99,
         "dimension": "price", "unit": "index", "better": "neither"}
        for s, v in levels.items()
    ]  # fmt: skip
    pairs = [(s, "F1", "differs") for s in levels]
    pairs += [(a, b, judged) for a in levels for b in levels if a < b and judged]
    gaps = [
        {"store_id": a, "reference_id": b, "metric": "price_level", "dimension": "price",
         "value": levels[a] - levels.get(b, 100.0), "outcome": outcome, "unit": "index", "n": 99}
        for a, b, outcome in pairs
    ]  # fmt: skip
    tables = {
        name: pl.DataFrame(rows, schema=dict(results.tables[name].schema))
        for name, rows in (("metrics", metrics), ("differences", gaps))
    }
    shown = _with_figure(results, "price_forest", forest)
    return Facts(replace(shown, tables={**results.tables, **tables}))


@pytest.mark.parametrize(
    ("judged", "levels", "ends"),
    [
        # Twins at the bottom: the names of both, whichever is lower by a hair.
        ("same", {"D2": 82.07, "D3": 82.06},
         ("; D2 and D3 are lowest, by 17.9%", "，D2 和 D3 并列最低，低 17.9%")),
        (None, {"S1": 96.0, "D2": 82.07, "D3": 82.06},
         ("; D2 and D3 are lowest, by 17.9%", "，D2 和 D3 并列最低，低 17.9%")),
        ("unclear", {"S1": 84.0, "D2": 82.1}, ("; S1 and D2 are lowest, by up to 17.9%",
                                               "，S1 和 D2 并列最低，最多低 17.9%")),
        # 4.04% and 3.96% are not one number, though both are 96.0.
        ("same", {"D1": 95.96, "D2": 96.04}, ("; D1 and D2 are lowest, by up to 4.04%",
                                              "，D1 和 D2 并列最低，最多低 4.04%")),
        # Judged apart although the intervals meet, and the other way round.
        ("differs", {"D1": 84.0, "D2": 82.1},
         ("; D2 is lowest, by 17.9%", "，D2 最低，低 17.9%")),
        ("same", {"D1": 85.0, "D2": 82.1}, ("; D1 and D2 are lowest, by up to 17.9%",
                                            "，D1 和 D2 并列最低，最多低 17.9%")),
        # Nobody compared them: intervals decide.
        (None, {"D1": 84.0, "D2": 82.1}, ("; D1 and D2 are lowest, by up to 17.9%",
                                          "，D1 和 D2 并列最低，最多低 17.9%")),
        (None, {"D1": 84.2, "D2": 82.1}, ("; D2 is lowest, by 17.9%", "，D2 最低，低 17.9%")),
    ],
)  # fmt: skip
def test_stores_that_cannot_be_told_apart_are_lowest_together(
    results: Results, wording: Callable[[str], Wording], judged: str | None,
    levels: dict[str, float], ends: tuple[str, str],
) -> None:  # fmt: skip
    message = headings.of_section("price", _levels(results, judged, **levels))
    assert message
    for code, end in zip(("en", "zh"), ends, strict=True):
        assert wording(code).message(message.key, message.params).endswith(end)


def test_dearer_stores_are_said_to_be_dearer(results: Results) -> None:
    frame = _forest(results).with_columns(value=200 - pl.col("value"))
    dearer = replace(
        _with_figure(results, "price_forest", frame),
        tables=_with_table(
            results, "differences", (-pl.col("value")).alias("value")
        ).results.tables,
    )
    message = headings.of_section("price", Facts(dearer))
    assert message and message.key.startswith("heading.price.above")


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
    assert price and price.key.startswith("heading.price.below"), "products matched are no cases"


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
