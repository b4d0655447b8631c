"""What a comparison may say: not identifiable, same, differs or unclear, in that order."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import polars as pl

from channelscope import registry
from channelscope.contrasts import pairing
from channelscope.domain import Outcome, Scope
from channelscope.registry import METRIC_OF_RUNG
from channelscope.results import TABLES
from channelscope.stats.adjustment import LEVEL, benjamini_hochberg, holm
from channelscope.stats.arrays import Floats

DIGITS = 9
"""Significant digits of what is judged: a difference of two near values has no more."""
DEPENDS = "reason.depends_on_when"
"""A price level that moves with the time grain is unclear, whatever its interval."""
PAIR = 2
KEYS = ("store_id", "reference_id", "metric")


def of_differences(found: pl.DataFrame, metrics: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """`differences` judged: a row for each pair and metric that can be compared at all.

    A metric that either store does not have is not identifiable, for that store's reason.
    """
    rows = _grid(metrics, scope).join(
        found.select(*KEYS, "value", "lo", "hi", "p_value", "detectable", "outcome_reason"),
        on=KEYS, how="left", maintain_order="left",
    )  # fmt: skip
    for side in ("store", "reference"):
        rows = rows.join(
            metrics.select(
                pl.col("store_id").alias(f"{side}_id"), "metric",
                pl.col("value").alias(f"{side}_value"),
                pl.col("outcome_reason").alias(f"{side}_reason"),
                pl.col("n").alias(f"{side}_n"),
            ),
            on=[f"{side}_id", "metric"], how="left", maintain_order="left",
        )  # fmt: skip
    rows = _rounded(_without_unknown(rows))
    with_reference = pl.col("reference_id") == scope.reference_id
    family = pl.concat_str("dimension", with_reference.cast(pl.String), separator="+")
    rows = rows.with_columns(p_adjusted=adjusted(rows, family, benjamini_hochberg))
    delta = pl.Series(_deltas(rows, scope))
    schema = TABLES["differences"]
    judged = rows.with_columns(outcome=outcome(delta)).with_columns(outcome_reason=_why_unclear())
    return judged.select(schema.names()).cast(schema)


def of_overlap(found: pl.DataFrame) -> pl.DataFrame:
    """`overlap` judged, with p-values adjusted over all pairs: of many some stand out by chance.

    Larger combinations are a family of their own, so that many of them make no pair less sure.
    """
    if found.is_empty():
        return found
    against = found.with_columns(p_value="relative_p_value")
    rows = found.with_columns(
        p_adjusted=adjusted(found, pl.col("size") == PAIR, benjamini_hochberg),
        relative_p_adjusted=adjusted(against, pl.col("size") == PAIR, benjamini_hochberg),
    )
    on_scale = _rounded(rows).with_columns(pl.col("lo", "hi").log())
    delta = pl.lit(math.log1p(registry.LIFT_DELTA))
    return rows.with_columns(outcome=on_scale.select(outcome=outcome(delta))["outcome"])


def of_switching(found: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """`switching` judged: the stores' loyalty is one family, every exchange one way the other."""
    stays = pl.col("from_store") == pl.col("to_store")
    delta = pl.when(stays).then(scope.delta["loyalty"]).otherwise(scope.delta["exchange"])
    return _of_lifts(found, family=stays, delta=delta)


def of_exchange(found: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """`exchange` judged: the pairs of all scopes are one family."""
    return _of_lifts(found, family=pl.col("scope").is_null(), delta=pl.lit(scope.delta["exchange"]))


def _of_lifts(found: pl.DataFrame, *, family: pl.Expr, delta: pl.Expr) -> pl.DataFrame:
    """Rule 2 for ratios of which 1 is chance."""
    if found.is_empty():
        return found
    rounded = _rounded(found)
    rows = rounded.with_columns(p_adjusted=adjusted(rounded, family, benjamini_hochberg))
    around = rows.with_columns(pl.col("lo", "hi") - 1)
    judged = rows.with_columns(outcome=around.select(outcome=outcome(delta))["outcome"])
    return judged.with_columns(outcome_reason=_why_unclear())


def _grid(metrics: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Every pair and every compared metric that some store has a row for, in report order."""
    known = metrics.select("dimension", "metric", "unit").unique(maintain_order=True)
    compared = [registry.find(metric).compared for metric in known["metric"]]
    pairs = pairing(scope)
    ids = np.array(scope.store_ids)
    ends = pl.DataFrame({"store_id": ids[pairs.stores], "reference_id": ids[pairs.references]})
    return ends.join(known.filter(pl.Series(compared, dtype=pl.Boolean)), how="cross")


def _without_unknown(rows: pl.DataFrame) -> pl.DataFrame:
    """Nothing is said where either value or the interval is not known, but why."""
    known = pl.col("store_value").is_not_null() & pl.col("reference_value").is_not_null()
    told = known & pl.col("lo").is_not_null() & pl.col("p_value").is_not_null()
    why = (
        pl.when(pl.col("store_value").is_null() & pl.col("reference_value").is_not_null())
        .then("store_reason")
        .when(pl.col("reference_value").is_null() & pl.col("store_value").is_not_null())
        .then("reference_reason")
        .otherwise(pl.coalesce("store_reason", "reference_reason"))
    )
    blank = [pl.when(told).then(pl.col(name)).alias(name) for name in
             ("lo", "hi", "p_value", "detectable")]  # fmt: skip
    value = pl.coalesce("value", pl.col("store_value") - pl.col("reference_value"))
    return rows.with_columns(
        *blank,
        value=pl.when(known).then(value),
        n=pl.min_horizontal("store_n", "reference_n"),
        outcome_reason=pl.when(told)
        .then("outcome_reason")
        .otherwise(pl.coalesce(why, "outcome_reason", pl.lit("reason.too_few_blocks"))),
    )


def _rounded(rows: pl.DataFrame) -> pl.DataFrame:
    """So that the order of summing, which threads change, moves no outcome."""
    return rows.with_columns(pl.col(pl.Float64).round_sig_figs(DIGITS))


def adjusted(rows: pl.DataFrame, family: pl.Expr, adjust: Callable[[Floats], Floats]) -> pl.Series:
    """p-values adjusted within each family of rows."""
    at = rows.select(family=family.rank("dense"))["family"].to_numpy()
    given = rows["p_value"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    adjusted = np.full(len(given), np.nan)
    for each in np.unique(at):
        adjusted[at == each] = adjust(given[at == each])
    return pl.Series(adjusted).fill_nan(None)


def _deltas(rows: pl.DataFrame, scope: Scope) -> list[float | None]:
    """The smallest difference that matters of each row, in its unit."""
    found: list[float | None] = []
    for metric, reference in rows.select("metric", "reference_value").iter_rows():
        entry = registry.find(metric)
        size = scope.delta.get(metric, scope.delta[entry.id])
        if entry.relative:
            found.append(None if reference is None else size * abs(reference))
        else:
            found.append(size)
    return found


def outcome(delta: pl.Series | pl.Expr) -> pl.Expr:
    """Rule 2 of the methods; `delta` is in the unit of each row."""
    size = pl.lit(delta) if isinstance(delta, pl.Series) else delta
    lo, hi = pl.col("lo"), pl.col("hi")
    return (
        pl.when(lo.is_null() | pl.col("p_value").is_null())
        .then(pl.lit(str(Outcome.NOT_IDENTIFIABLE)))
        .when(pl.col("outcome_reason").fill_null("") == DEPENDS)
        .then(pl.lit(str(Outcome.UNCLEAR)))
        .when((lo >= -size) & (hi <= size))
        .then(pl.lit(str(Outcome.SAME)))
        .when((pl.col("p_adjusted") <= LEVEL) & ((lo > 0) | (hi < 0)))
        .then(pl.lit(str(Outcome.DIFFERS)))
        .otherwise(pl.lit(str(Outcome.UNCLEAR)))
    )


def of_pairs(found: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """`pairs` judged: p-values by Holm over the dimensions of a pair, then over all pairs.

    Among many stores some pair stands out by chance: so the pairs of each dimension are one family
    for Benjamini and Hochberg. Between two stores nothing is added.
    """
    found = _rounded(found)
    by_pair = pl.concat_str("store_a", "store_b", separator="+")
    rows = found.with_columns(p_adjusted=adjusted(found, by_pair, holm))
    over_pairs = rows.with_columns(p_value="p_adjusted")
    rows = rows.with_columns(
        p_adjusted=adjusted(over_pairs, pl.col("dimension"), benjamini_hochberg)
    )
    sizes = {name: scope.delta.get(name, registry.DISTANCE_DELTA) for name in rows["dimension"]}
    delta = pl.col("dimension").replace_strict(sizes, return_dtype=pl.Float64)
    schema = TABLES["pairs"]
    return rows.with_columns(outcome=outcome(delta)).select(schema.names()).cast(schema)


def of_prices(index: pl.DataFrame, differences: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """`price_index` judged: the whole range as its difference to the reference is, parts by rule 2.

    All categories of a rung and all stores are one family, and so are all units of content.
    """
    parts = (pl.col("category") != "all") | (pl.col("unit") != "piece")
    judged = pl.concat([_whole(index.filter(~parts), differences, scope),
                        _of_parts(index.filter(parts), scope)])  # fmt: skip
    return judged.with_columns(outcome_reason=_why_unclear())


def _why_unclear() -> pl.Expr:
    """What is told needs no reason for not being told."""
    told = pl.col("outcome").is_in([str(Outcome.SAME), str(Outcome.DIFFERS)])
    return pl.when(~told).then("outcome_reason")


def _whole(index: pl.DataFrame, differences: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    rung = {metric: str(rung) for rung, metric in METRIC_OF_RUNG.items()}
    judged = differences.filter(
        pl.col("reference_id") == scope.reference_id, pl.col("metric").is_in(list(rung))
    ).select(
        "store_id",
        rung=pl.col("metric").replace_strict(rung, return_dtype=pl.String),
        judged="outcome", chance="p_value", adjusted="p_adjusted",
    )  # fmt: skip
    joined = index.join(judged, on=["store_id", "rung"], how="left", maintain_order="left")
    return joined.with_columns(
        outcome=pl.coalesce("judged", "outcome"), p_value="chance", p_adjusted="adjusted"
    ).select(index.columns)


def _of_parts(index: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    if index.is_empty():
        return index
    rounded = _rounded(index)
    is_content = (pl.col("unit") != "piece").cast(pl.String)
    family = pl.concat_str("rung", is_content, separator="+")
    rows = rounded.with_columns(p_adjusted=adjusted(rounded, family, benjamini_hochberg))
    sizes = {str(rung): scope.delta[metric] for rung, metric in METRIC_OF_RUNG.items()}
    delta = pl.col("rung").replace_strict(sizes, return_dtype=pl.Float64)
    around = rows.with_columns(pl.col("lo", "hi") - 100)
    itself = (pl.col("store_id") == scope.reference_id) & pl.col("value").is_not_null()
    told = pl.when(itself).then("outcome").otherwise(outcome(delta))
    return rows.with_columns(outcome=around.select(outcome=told)["outcome"])
