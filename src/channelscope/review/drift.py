"""Which pairs of stores grew alike, and which grew apart."""

from __future__ import annotations

import numpy as np
import polars as pl

from channelscope import registry
from channelscope.differentiation.outcomes import adjusted, outcome
from channelscope.domain import Outcome, Scope
from channelscope.review_tables import REVIEW_TABLES
from channelscope.stats.adjustment import benjamini_hochberg
from channelscope.stats.tails import t_p

_KEY = ["store_a", "store_b", "dimension"]
NORMAL = 1.959964
"""Half of a 95% interval in standard errors."""
MANY = 1e6


def drift(now: pl.DataFrame, before: pl.DataFrame, scope: Scope, *, base: str) -> pl.DataFrame:
    """Rows of `drift`. `now`, `before`: rows of `pairs` of both periods.

    The interval of a change of two independent distances is made of theirs: the square root of the
    squared halves that face one another (MOVER; Donner and Zou 2012).
    """
    schema = REVIEW_TABLES["drift"]
    columns = [*_KEY, "distance", "lo", "hi", "outcome_reason"]
    both = now.select(columns).join(
        before.select(columns), on=_KEY, how="inner", suffix="_before", maintain_order="left"
    )
    if both.is_empty():
        return pl.DataFrame(schema=schema)
    a, b = pl.col("distance_before"), pl.col("distance")
    lower = ((b - pl.col("lo")) ** 2 + (pl.col("hi_before") - a) ** 2).sqrt()
    upper = ((pl.col("hi") - b) ** 2 + (a - pl.col("lo_before")) ** 2).sqrt()
    # The half that faces zero tells the chance.
    facing = pl.when(b > a).then(lower).otherwise(upper)
    told = both.with_columns(
        change=b - a, lo=b - a - lower, hi=b - a + upper, error=facing / NORMAL, base=pl.lit(base)
    )
    chance = t_p(_array(told["change"]), _array(told["error"]), MANY)
    told = told.with_columns(p_value=pl.Series(chance).fill_nan(None))
    told = told.with_columns(p_adjusted=adjusted(told, pl.col("dimension"), benjamini_hochberg))
    size = pl.col("dimension").replace_strict(
        {name: scope.delta.get(name, registry.DISTANCE_DELTA) for name in told["dimension"]},
        return_dtype=pl.Float64,
    )
    told = told.with_columns(
        outcome=outcome(size),
        direction=pl.when(pl.col("change") < 0).then(pl.lit("alike")).otherwise(pl.lit("apart")),
    )
    missing = pl.col("outcome") == str(Outcome.NOT_IDENTIFIABLE)
    why = pl.coalesce("outcome_reason", "outcome_reason_before", pl.lit("reason.not_measured"))
    told = told.with_columns(
        outcome_reason=pl.when(missing).then(why),
        direction=pl.when(pl.col("change").is_not_null()).then("direction"),
    )
    return told.select(schema.names()).cast(schema)


def _array(values: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(values.cast(pl.Float64).fill_null(np.nan).to_numpy())
