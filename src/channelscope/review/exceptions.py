"""What passed both floors of a rule of `[exceptions]`: a relative change and an amount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.config import ExceptionsSection, Floors
from channelscope.domain import Outcome
from channelscope.engine.duckdb import Session
from channelscope.review.standing import why_not
from channelscope.review.sums import Sums
from channelscope.review.variance import TOTALS, value_of
from channelscope.review.weak_conversion import weak_conversion
from channelscope.review_tables import REVIEW_TABLES
from channelscope.stats.adjustment import LEVEL, benjamini_hochberg
from channelscope.stats.tails import fewer_p
from channelscope.trading import PERIOD

Row = dict[str, Any]
ROUNDING = 1e-9
"""80 / 100 - 1 is a little more than -0.2 for a computer."""
LEADING = ("against", "aligned", "year_before", "previous")
"""What a store is held against: the first of these in which it traded throughout."""
_DROPS = {
    "sales_drop": "sales", "visitors_drop": "visitor_days", "conversion_drop": "conversion",
}  # fmt: skip
Key = tuple[str, str, str | None]


def leading_base(variance: pl.DataFrame, store: str) -> str | None:
    """The base in which the store is told to have traded throughout, the best one first."""
    told = variance.filter(
        pl.col("relative").is_not_null(), store_id=store, metric="sales"
    )["base"].to_list()  # fmt: skip
    return next((base for base in LEADING if base in told), None)


def exceptions(
    session: Session, sums: Sums, variance: pl.DataFrame, rules: ExceptionsSection,
    *, definitions: Mapping[str, str], seen: Iterable[Key],
) -> pl.DataFrame:  # fmt: skip
    """Rows of `exceptions`, most money first.

    `definitions`: what a visitor is, by store. `seen`: rule, store and SKU of the last review's.
    """
    rows: list[Row] = []
    for store in (each.store_id for each in sums.scope.every_store):
        told = _told(variance, store)
        base = leading_base(variance, store)
        if base is not None:
            rows += _drops(told, variance, base, rules)
        rows += _refunds(sums, store, told.get(("refund_share", base or "")), rules.refunds_high)
        alike = [name for name, each in definitions.items() if each == definitions.get(store)]
        rows += weak_conversion(sums, store, alike, rules.weak_conversion)
    rows += _products(session, sums, variance, rules.sku_drop)
    before = set(seen)
    for row in rows:
        row["seen_before"] = (row["rule"], row["store_id"], row["sku"]) in before
    rows.sort(key=lambda row: (-abs(row["amount"] or 0.0), row["rule"], row["store_id"]))
    ranked = [{**row, "rank": rank} for rank, row in enumerate(rows, start=1)]
    return pl.DataFrame(ranked, schema=REVIEW_TABLES["exceptions"])


def _told(variance: pl.DataFrame, store: str) -> dict[tuple[str, str], Row]:
    rows = variance.filter(store_id=store).iter_rows(named=True)
    return {(row["metric"], row["base"]): row for row in rows}


def _drops(
    told: Mapping[tuple[str, str], Row], variance: pl.DataFrame, base: str,
    rules: ExceptionsSection,
) -> Iterator[Row]:  # fmt: skip
    """What fell; against the period before by more than other stores, whose fall is the season."""
    for rule, metric in _DROPS.items():
        row, floors = told[metric, base], getattr(rules, rule)
        if row["relative"] is None:
            continue
        season = _of_others(variance, row) if base == "previous" else 1.0
        fell = (1 + row["relative"]) / season - 1
        if not _fell(fell, row["change"], floors):
            continue
        yield _row(
            rule, row, floors, base=base, baseline=row["baseline"], change=row["change"],
            relative=row["relative"], amount=_worth(told, base, metric), outcome=row["outcome"],
        )  # fmt: skip


def _of_others(variance: pl.DataFrame, row: Row) -> float:
    """What the other stores that traded throughout made of their baseline; 1 where there are none,
    and of rates, which have no season."""
    if row["metric"] not in ("sales", "visitor_days"):
        return 1.0
    others = variance.filter(
        pl.col("relative").is_not_null(),
        ~pl.col("store_id").is_in([row["store_id"], *TOTALS]),
        base=row["base"], metric=row["metric"],
    )  # fmt: skip
    now, before = (float(others[name].sum()) for name in ("actual", "baseline"))
    return now / before if before > 0 and now > 0 else 1.0


def _fell(relative: float, change: float, floors: Floors) -> bool:
    enough = relative <= ROUNDING - floors.relative
    return enough and -change >= floors.absolute - ROUNDING and change < 0


def _worth(told: Mapping[tuple[str, str], Row], base: str, metric: str) -> float | None:
    """The change in sales of the period, at what the other factors are now (or were then)."""
    if metric == "sales":
        return _number(told["sales", base]["change"])
    visitors, rate, value = (
        told[name, base] for name in ("visitor_days", "conversion", "order_value")
    )
    parts = (
        (visitors["change"], rate["baseline"], value["actual"])
        if metric == "visitor_days"
        else (visitors["actual"], rate["change"], value["actual"])
    )
    if any(part is None for part in parts):
        return None
    return float(parts[0] * parts[1] * parts[2])


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _refunds(sums: Sums, store: str, told: Row | None, floors: Floors) -> Iterator[Row]:
    """Many refunds that are told to have become more; where nothing is known before, many."""
    if not sums.has(store, PERIOD):
        return
    refunded = float(sums.side([store], PERIOD).amounts["refunded_amount"].sum())
    share = value_of(sums, [store], "refund_share")
    if share is None or share < floors.relative - ROUNDING or refunded < floors.absolute:
        return
    if told is not None and told["relative"] is not None:
        if told["outcome"] != str(Outcome.DIFFERS) or told["change"] <= 0:
            return
        more = {"base": told["base"], "baseline": told["baseline"], "change": told["change"],
                "outcome": told["outcome"]}  # fmt: skip
    else:
        more = {}
    itself = {"store_id": store, "metric": "refund_share", "unit": "rate", "actual": share}
    yield _row("refunds_high", itself, floors, relative=share, amount=-refunded, **more)


def _row(rule: str, told: Row, floors: Floors, **more: Any) -> Row:
    return {
        "rule": rule, "sku": None, "title": None,
        **{name: told[name] for name in ("store_id", "metric", "unit", "actual")},
        "floor_relative": floors.relative, "floor_absolute": floors.absolute, **more,
    }  # fmt: skip


def _products(
    session: Session, sums: Sums, variance: pl.DataFrame, floors: Floors
) -> Iterator[Row]:
    """Products that fell in a store that traded throughout, and fell more than luck explains.

    Among hundreds of products many halve by chance: a fall is told when the product's part of the
    store's pieces fell as well, by its orders, over all products of all stores.
    """
    sold = session.run(sqlfile.find("review/sku_sums")).with_columns(
        pl.col("sales", "units").cast(pl.Float64)
    )
    bases = {base.name: base for base in sums.scope.bases}
    frames = []
    for store in sums.scope.every_store:
        name = leading_base(variance, store.store_id)
        if name is not None and why_not(store, bases[name], sums) is None:
            size = value_of(sums, [store.store_id], "units_per_order") or 1.0
            frames.append(_side_by_side(sold.filter(store_id=store.store_id), name, size))
    if not frames:
        return
    told = pl.concat(frames)
    adjusted = benjamini_hochberg(told["p_value"].to_numpy())
    for row, chance in zip(told.iter_rows(named=True), adjusted, strict=True):
        change = row["now"] - row["before"]
        relative = change / row["before"] if row["before"] > 0 else 0.0
        if _fell(relative, change, floors) and chance <= LEVEL:
            yield {
                "rule": "sku_drop", "store_id": row["store_id"], "sku": row["sku"],
                "title": row["title"], "metric": "sales", "base": row["base"], "unit": "money",
                "actual": row["now"], "baseline": row["before"], "change": change,
                "relative": relative, "floor_relative": floors.relative,
                "floor_absolute": floors.absolute, "amount": change,
                "outcome": str(Outcome.DIFFERS),
            }  # fmt: skip


def _side_by_side(sold: pl.DataFrame, base: str, size: float) -> pl.DataFrame:
    """The products of a store then and now; sold no more, they fell to zero. `size`: pieces of an
    order, so that luck is counted in orders."""
    then = sold.filter(span=base).select("store_id", "sku", "title", before="sales", had="units")
    now = sold.filter(span=PERIOD).select("sku", now="sales", has="units")
    both = then.join(now, on="sku", how="left", maintain_order="left").with_columns(
        pl.col("now", "has").fill_null(0.0), base=pl.lit(base)
    )
    counts = [np.rint(both[name].to_numpy() / size) for name in ("has", "had")]
    share = counts[0].sum() / max(counts[0].sum() + counts[1].sum(), 1.0)
    if not 0 < share < 1:  # sold nothing at all in one of the two
        return both.with_columns(p_value=pl.lit(1.0))
    return both.with_columns(p_value=pl.Series(fewer_p(*counts, share=float(share))))
