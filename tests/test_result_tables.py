"""What must hold of the result tables of any workspace, held on the sample."""

from __future__ import annotations

import polars as pl
import pytest

from channelscope import registry
from channelscope.domain import Outcome
from channelscope.results import TABLES, Results

COUNTS = ("active_skus", "category_breadth", "category_depth", "exclusive_skus", "hill_0")
SCALES = {"walkthrough": (0, 100), "rating": (1, 5)}


def test_every_table_has_its_declared_columns(sample_results: Results) -> None:
    assert set(sample_results.tables) == set(TABLES)
    for name, schema in TABLES.items():
        assert sample_results.tables[name].schema == schema, name


def test_no_table_holds_nan(sample_results: Results) -> None:
    for name, frame in sample_results.tables.items():
        found = frame.select(pl.col(pl.Float64).is_nan().any())
        assert not any(value for row in found.rows() for value in row), name


def test_bridge_bounds_hold_their_effect(sample_results: Results) -> None:
    rows = sample_results.tables["bridge"].with_columns(pl.col("effect").cast(pl.Float64))
    # The effect is rounded to cents so that the bars add up.
    inside = (rows["lo"] - 0.01 <= rows["effect"]) & (rows["effect"] <= rows["hi"] + 0.01)
    assert inside.drop_nulls().all()
    # Stores that opened or closed are not decomposed; everything else has its bounds.
    assert set(rows.filter(pl.col("lo").is_null())["factor"]) == {"opened:S1"}


@pytest.mark.parametrize("table", ["metrics", "price_index"])
def test_values_lie_in_their_intervals(sample_results: Results, table: str) -> None:
    rows = sample_results.tables[table].filter(pl.col("lo").is_not_null())
    assert rows.height and rows["hi"].null_count() == 0
    assert (rows["lo"] <= rows["value"]).all() and (rows["value"] <= rows["hi"]).all()
    alone = sample_results.tables[table].filter(pl.col("value").is_null())
    assert alone["lo"].null_count() == alone["hi"].null_count() == alone.height


def test_no_interval_is_none(sample_results: Results) -> None:
    rows = sample_results.tables["metrics"]
    known = rows.filter(pl.col("lo").is_not_null())
    # A price level whose products all stand alike is told by its outcome.
    narrow = known.filter(pl.col("unit") != "index", pl.col("lo") >= pl.col("hi"))
    assert narrow.is_empty(), narrow.select("store_id", "metric").rows()
    assert known.filter(pl.col("metric").is_in(COUNTS)).is_empty()
    many = known.filter(pl.col("unit") == "effective")
    assert many.height and (many["lo"] >= 1).all()
    for name, ends in SCALES.items():
        scores = known.filter(pl.col("metric").str.starts_with(name))
        assert scores.height, name
        assert scores["lo"].is_between(*ends).all() and scores["hi"].is_between(*ends).all(), name


def test_metrics_are_those_of_the_registry(sample_results: Results) -> None:
    rows = sample_results.tables["metrics"]
    assert not rows.select("store_id", "metric").is_duplicated().any()
    assert set(rows["store_id"]) <= set(sample_results.scope.store_ids)
    for row in rows.unique("metric").iter_rows(named=True):
        entry = registry.find(row["metric"])
        assert (row["dimension"], row["unit"], row["better"]) == (
            entry.dimension, str(entry.unit), str(entry.better)
        )  # fmt: skip


def test_every_value_says_how_many_cases_it_rests_on(sample_results: Results) -> None:
    known = sample_results.tables["metrics"].filter(pl.col("value").is_not_null())
    # A published score comes without its cases, and a shelf without order lines.
    sold = known.filter(metric="orders")["store_id"].to_list()
    counted = known.filter(pl.col("store_id").is_in(sold), pl.col("dimension") != "service")
    silent = counted.filter(pl.col("n").is_null())
    assert counted.height and silent.is_empty(), silent.select("store_id", "metric").rows()
    assert (known["n"].drop_nulls() >= 0).all()


def test_every_value_says_how_much_of_the_sales_it_rests_on(sample_results: Results) -> None:
    rows = sample_results.tables["metrics"].filter(pl.col("value").is_not_null())
    sold = rows.filter(metric="orders")["store_id"].to_list()
    # The levels of the shelf, and the reference's own, are matched with nobody.
    rows = rows.filter(pl.col("store_id").is_in(sold), pl.col("unit") != "index")
    rows = rows.filter(pl.col("dimension").is_in(["product", "price", "promotion"]))
    silent = rows.filter(pl.col("coverage").is_null())
    assert rows.height and silent.is_empty(), silent.select("store_id", "metric").rows()


def test_every_unknown_value_says_why(sample_results: Results) -> None:
    rows = sample_results.tables["metrics"]
    unknown = rows.filter(pl.col("value").is_null())
    assert unknown.height and unknown["outcome_reason"].null_count() == 0
    assert unknown["outcome_reason"].str.starts_with("reason.").all()
    index = sample_results.tables["price_index"].filter(pl.col("value").is_null())
    assert index["outcome_reason"].null_count() == 0
    assert set(index["outcome"]) <= {str(Outcome.NOT_IDENTIFIABLE)}


def test_rates_and_coverage_are_parts_of_a_whole(sample_results: Results) -> None:
    rows = sample_results.tables["metrics"]
    rates = rows.filter(pl.col("unit") == "rate", ~pl.col("metric").is_in(registry.NO_PARTS))
    for name in ("value", "lo", "hi"):
        outside = rates.filter(~pl.col(name).is_between(0, 1))
        assert outside.is_empty(), outside.select("store_id", "metric", name).rows()
    for table in ("metrics", "price_index"):
        coverage = sample_results.tables[table]["coverage"].drop_nulls()
        assert coverage.is_between(0, 1 + 1e-12).all(), table
    mixes = sample_results.tables["mechanisms"]
    assert mixes["share_of_list"].drop_nulls().is_between(-1e-9, 1 + 1e-9).all()


def test_the_reference_is_one_hundred_on_every_rung(sample_results: Results) -> None:
    index = sample_results.tables["price_index"]
    own = index.filter(store_id=sample_results.scope.reference_id)
    assert own["rung"].to_list() and (own["value"] == 100.0).all()
    assert index["time_grain"].n_unique() == 1


def test_outcomes_of_prices_are_what_their_intervals_say(sample_results: Results) -> None:
    rows = sample_results.tables["price_index"].filter(
        pl.col("store_id") != sample_results.scope.reference_id
    )
    for row in rows.filter(pl.col("outcome") == str(Outcome.DIFFERS)).iter_rows(named=True):
        assert row["lo"] > 100 or row["hi"] < 100, row
    deltas = {"realised": "price_level"}
    for row in rows.filter(pl.col("outcome") == str(Outcome.SAME)).iter_rows(named=True):
        metric = deltas.get(row["rung"], f"{row['rung']}_level")
        delta = sample_results.scope.delta[metric]
        assert 100 - delta <= row["lo"] and row["hi"] <= 100 + delta, row


def test_rows_are_all_accounted_for(sample_results: Results) -> None:
    meta = sample_results.meta
    assert meta.rows_in == meta.rows_analysed + sum(meta.rows_excluded.values())
    assert min(meta.rows_excluded.values()) >= 0 and meta.rows_analysed > 0


def test_every_figure_names_its_query_and_origin(sample_results: Results) -> None:
    known = sample_results.tables["provenance"]
    assert known["figure_id"].to_list() == [d.figure.figure_id for d in sample_results.figures]
    for data, row in zip(sample_results.figures, known.iter_rows(named=True), strict=True):
        assert (row["query_id"], row["rows"], row["sql"]) == (
            data.figure.query, data.frame.height, data.sql
        )  # fmt: skip
