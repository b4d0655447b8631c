"""Reconcile: what observed orders paid against what the promotion rules imply, line by line."""

from __future__ import annotations

import numpy as np
import polars as pl

from channelscope.dimensions import _reconcile_checks
from channelscope.dimensions._idle_rules import idle_promotions
from channelscope.dimensions._observed_orders import Observed, observe
from channelscope.dimensions._rule_implied import Implied, imply
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats, pivot, quotient, ratio_rows
from channelscope.mechanisms import MECHANISMS, PREFIX
from channelscope.results import TABLES

ALL, NONE = "all", "none"
EXAMPLES = 5
"""At most so many unreconciled lines of a store are named."""
IN_PRICE = tuple(mechanism.code for mechanism in MECHANISMS if mechanism.in_price)
METRIC = "reconciled_share"
_ORDER = ("store_id", "mechanism")


def reconcile(session: Session, scope: Scope, *, sold: Floats) -> dict[str, pl.DataFrame]:
    """Rows of `metrics`, `quality`, `reconcile`, `unreconciled` and `idle_promotions`.

    `sold`: how many order lines each store has in the period.
    """
    observed = observe(session, scope)
    implied = imply(observed)
    lines = observed.lines.with_columns(
        agrees=implied.agrees, difference=implied.difference, implied=_implied(observed, implied)
    )
    table = _table(scope, lines, _by_mechanism(observed, implied), sold=sold)
    idle = idle_promotions(observed, bitten=np.unique(implied.taken.promotion).tolist())
    return {
        "metrics": _metric(scope, observed, lines, sold=sold),
        "quality": _reconcile_checks.rows(observed, implied, lines=lines, idle=idle),
        "reconcile": table,
        "unreconciled": _examples(scope, lines),
        "idle_promotions": idle,
    }


def _implied(observed: Observed, implied: Implied) -> pl.Series:
    """Whether a rule takes something off the line."""
    acted = np.zeros(len(observed.paid), dtype=bool)
    acted[implied.taken.line] = True
    return pl.Series(acted)


def _by_mechanism(observed: Observed, implied: Implied) -> pl.DataFrame:
    """Of each line and mechanism, seen in its column or implied: seen less implied, in cents."""
    codes = np.array([rule.mechanism for rule in observed.rules], dtype=object)
    told = codes[implied.taken.promotion] if len(codes) else codes
    parts = []
    for code in IN_PRICE:
        seen = observed.lines[f"{PREFIX}{code}"].fill_null(0).to_numpy()
        owed = np.zeros(len(seen), dtype=np.int64)
        of_it = told == code
        np.add.at(owed, implied.taken.line[of_it], implied.taken.amount[of_it])
        at = np.flatnonzero((seen > 0) | (owed > 0))
        parts.append(pl.DataFrame({
            "store_id": observed.lines["store_id"].gather(at), "mechanism": [code] * len(at),
            "seen": seen[at], "difference": (seen - owed)[at],
            "agrees": (np.abs(seen - owed) <= implied.tolerance)[at],
        }, schema_overrides={"mechanism": pl.String}))  # fmt: skip
    return pl.concat(parts)


def _table(
    scope: Scope, lines: pl.DataFrame, amounts: pl.DataFrame, *, sold: Floats
) -> pl.DataFrame:
    """Rows of `reconcile`: all lines of a store, those without any discount, each mechanism."""
    seen = pl.sum_horizontal(pl.col(f"{PREFIX}{code}").fill_null(0) for code in IN_PRICE)
    plain = lines.filter(~pl.col("implied"), seen == 0)
    told = pl.concat([
        _counted(lines.with_columns(mechanism=pl.lit(ALL))),
        _counted(plain.with_columns(mechanism=pl.lit(NONE))),
        _unnamed(_counted(amounts), lines, amounts),
    ], how="diagonal")  # fmt: skip
    place = {store: at for at, store in enumerate(scope.store_ids)}
    codes = {code: at for at, code in enumerate((ALL, NONE, *IN_PRICE))}
    looked_at = dict(lines.group_by("store_id").len().iter_rows())
    part = quotient(np.array([looked_at.get(s, 0.0) for s in scope.store_ids], float), sold)
    coverage = dict(zip(scope.store_ids, np.minimum(part, 1.0).tolist(), strict=True))
    schema = TABLES["reconcile"]
    return (
        told.sort(
            pl.col("store_id").replace_strict(place, return_dtype=pl.Int64),
            pl.col("mechanism").replace_strict(codes, return_dtype=pl.Int64),
        )
        .with_columns(coverage=pl.col("store_id").replace_strict(coverage, return_dtype=pl.Float64))
        .select(schema.names())
        .cast(schema)
    )  # fmt: skip


def _counted(rows: pl.DataFrame) -> pl.DataFrame:
    agrees, off = pl.col("agrees"), pl.col("difference")
    return rows.group_by(_ORDER).agg(
        lines=pl.len(),
        reconciled=agrees.sum(),
        unreconciled=(~agrees).sum(),
        amount_difference=_money(off.sum()),
        absolute_difference=_money(off.filter(~agrees).abs().sum()),
        above=(~agrees & (off > 0)).sum(),
        below=(~agrees & (off < 0)).sum(),
    )


def _money(cents: pl.Expr) -> pl.Expr:
    return (cents.cast(pl.Float64) / 100).round(2).cast(pl.Decimal(18, 2))


def _unnamed(told: pl.DataFrame, lines: pl.DataFrame, amounts: pl.DataFrame) -> pl.DataFrame:
    """Of stores whose discounts stand in no column, it is not known which mechanism agrees."""
    cut = lines.filter(pl.col("paid_amount") * 1000 < pl.col("list_price") * pl.col("pieces"))
    silent = set(cut["store_id"]) - set(amounts.filter(pl.col("seen") > 0)["store_id"])
    known = ~pl.col("store_id").is_in(list(silent))
    numbers = [name for name in told.columns if name not in (*_ORDER, "lines")]
    return told.with_columns(
        *(pl.when(known).then(pl.col(name)).alias(name) for name in numbers),
        outcome_reason=pl.when(~known).then(pl.lit("reason.no_mechanism_known")),
    )


def _examples(scope: Scope, lines: pl.DataFrame) -> pl.DataFrame:
    """Rows of `unreconciled`: of each store the lines that are furthest off."""
    place = {store: at for at, store in enumerate(scope.store_ids)}
    schema = TABLES["unreconciled"]
    furthest = (
        lines.filter(~pl.col("agrees"))
        .with_columns(at=pl.col("store_id").replace_strict(place, return_dtype=pl.Int64))
        .sort("at", pl.col("difference").abs(), "member_id", "order_id", "line_no",
              descending=[False, True, False, False, False])
        .group_by("store_id", maintain_order=True)
        .head(EXAMPLES)
    )  # fmt: skip
    return (
        furthest.with_columns(
            pl.col("ordered_at").dt.date().alias("ordered_on"),
            _money(pl.col("paid_amount")),
            implied_amount=_money(pl.col("paid_amount") - pl.col("difference")),
            difference=_money(pl.col("difference")),
        )
        .select(schema.names())
        .cast(schema)
    )


def _metric(scope: Scope, observed: Observed, lines: pl.DataFrame, *, sold: Floats) -> pl.DataFrame:
    """`reconciled_share`, of stores of which at least one line was looked at that a rule lowers.

    A store whose rules never bite agrees with them on every line at list price: that says nothing.
    """
    groups = lines.group_by("store_id", "buyer_group").agg(
        lines=pl.len(), reconciled=pl.col("agrees").sum()
    )
    ruled = set(lines.filter("implied")["store_id"])
    reasons = dict.fromkeys(set(lines["store_id"]) - ruled, "reason.no_rule_bites")
    reasons |= observed.reasons
    known = groups.filter(pl.col("store_id").is_in(list(ruled)))
    blocks = pivot(known.sort("store_id", "buyer_group"), stores=scope.store_ids,
                   block="buyer_group")  # fmt: skip
    part = np.minimum(quotient(blocks.total("lines"), sold), 1.0)
    told = ratio_rows(
        METRIC, blocks, numerator="reconciled", denominator="lines", n="lines",
        coverage=np.where(blocks.total("lines") > 0, part, np.nan),
    )  # fmt: skip
    why = pl.col("store_id").replace_strict(reasons, default=None, return_dtype=pl.String)
    return told.with_columns(
        outcome_reason=pl.when(pl.col("value").is_null())
        .then(pl.coalesce(why, "outcome_reason"))
        .otherwise("outcome_reason")
    )
