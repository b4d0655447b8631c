"""Product: what each store carries and sells, how concentrated it is, and what stores share."""

from __future__ import annotations

import numpy as np
import polars as pl

from channelscope import registry, sqlfile
from channelscope.contrasts import Estimate, all_differences, all_metrics, ratio_spread
from channelscope.dimensions import _goods
from channelscope.dimensions._goods import Goods
from channelscope.domain import Figure, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats, pivot, ratio, rows
from channelscope.pair_distances import deals, mix_pairs
from channelscope.registry import Unit
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools
from channelscope.stats.clusters import spread
from channelscope.stats.resampling import Scale, jackknife

POSITION = 1
FIGURES = (
    Figure("F1.1", "sku_intersections", "product/sku_intersections", "upset"),
    Figure("F1.2", "category_mix", "product/category_mix", "category_mix"),
)

_SCALES = {Unit.RATE: Scale.LOGIT, Unit.RATIO: Scale.LOG, Unit.EFFECTIVE: Scale.LOG}
_ON_SHELF = ("active_skus", "category_breadth", "category_depth", "exclusive_skus")


def off(scope: Scope) -> str | None:
    """Assortments are in either of the two tables one of which every workspace has."""
    return None if scope.present & {"order_lines", "price_snapshots"} else "off.no_assortment"


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `metrics` and `assortment_pairs`."""
    assortment = session.run(sqlfile.find("product/assortment"))
    sales = session.run(sqlfile.find("product/sku_sales_by_group"), {"last": scope.period.last})
    listed = session.run(sqlfile.find("product/listed_skus"))
    goods = _goods.read(scope.store_ids, sales=sales, listed=listed)
    found = [
        *carried_rows(goods, assortment),
        *mix_rows(goods, assortment),
        *money_rows(goods, assortment, sales),
    ]
    schema = pl.Schema(TABLES["assortment_pairs"])
    order = deals(scope, len(goods.sales))
    pairs = pl.DataFrame(list(_goods.pair_rows(goods, order)), schema=schema)
    floats = [name for name, kind in schema.items() if kind == pl.Float64]
    return {
        "metrics": _with_reasons(all_metrics(found), goods, assortment),
        "differences": all_differences(scope, found),
        "pairs": mix_pairs(
            scope, "product", np.maximum(goods.sales, 0.0), n=_column(assortment, "lines"),
            reasons=_without_sales(goods, assortment),
        ),
        "assortment_pairs": pairs.with_columns(pl.col(floats).fill_nan(None)),
    }  # fmt: skip


def _without_sales(goods: Goods, assortment: pl.DataFrame) -> dict[int, str]:
    """Why a store, by its position, has no mix of sales to compare."""
    unsold = np.isnan(_column(assortment, "lines"))
    return {
        place: "reason.snapshots_only" if goods.shelf_only[place] else "reason.no_sales"
        for place in np.flatnonzero(unsold).tolist()
    }


def _column(frame: pl.DataFrame, name: str) -> Floats:
    values: Floats = frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return values


def _estimate(
    metric: str, goods: Goods, *, value: Floats, replicates: Floats, n: Floats, coverage: Floats
) -> Estimate:
    """One statistic. Shapes: value (S,), replicates (G, S): one buyer group deleted."""
    unit = registry.find(metric).unit
    draws = np.where(goods.idle, np.nan, replicates)
    interval = jackknife(value, draws, scale=_SCALES.get(unit, Scale.IDENTITY))
    # Fewer than one product makes no sales.
    lo = np.maximum(interval.lo, 1.0 if unit is Unit.EFFECTIVE else 0.0)
    known = np.where(np.isnan(value), np.nan, coverage)
    told = rows(metric, goods.stores, value=value, lo=lo, hi=interval.hi, n=n, coverage=known)
    return Estimate(told, spread(value, draws))


def carried_rows(goods: Goods, assortment: pl.DataFrame) -> list[Estimate]:
    """What is counted in products and categories, and the sell-through of what is listed."""
    skus, breadth = (_column(assortment, f"carried_{what}") for what in ("skus", "categories"))
    lines = _column(assortment, "lines")
    counted = {
        "active_skus": skus,
        "category_breadth": breadth,
        "category_depth": skus / breadth,
        "exclusive_skus": _column(assortment, "exclusive_skus"),
    }
    # Counts of what was seen in full have no interval: to leave buyers out only lowers them.
    return [
        Estimate(rows(metric, goods.stores, value=value, n=lines, coverage=_of_sales(value, goods)))
        for metric, value in counted.items()
    ] + [_sell_through(goods, assortment, _goods.sold_without(goods))]


def _of_sales(value: Floats, goods: Goods) -> Floats:
    """Share of the sales that is used: all of them where they are known."""
    return np.where(np.isnan(value) | goods.shelf_only, np.nan, 1.0)


def _sell_through(goods: Goods, assortment: pl.DataFrame, remaining: Bools) -> Estimate:
    listed, sold = _column(assortment, "listed_skus"), _column(assortment, "listed_sold_skus")
    replicates = (remaining & goods.listed).sum(axis=2) / listed
    # How much of what is sold the shelf snapshots have seen: the rest may be listed or not.
    seen = sold / _column(assortment, "carried_skus")
    return _estimate(
        "sell_through", goods, value=sold / listed, replicates=replicates, n=listed, coverage=seen
    )


def mix_rows(goods: Goods, assortment: pl.DataFrame) -> list[Estimate]:
    """Statistics of the sales shares of products."""
    lines = _column(assortment, "lines")
    everything = np.ones(len(goods.stores))
    found = [_goods.concentration(goods, store) for store in range(len(goods.stores))]
    draws = {name: np.stack([each[name] for each in found], axis=1) for name in found[0]}
    draws["exclusive_sales_share"] = _goods.exclusive_shares(goods, _goods.sold_without(goods))
    # Refunds that outweigh what was paid leave no sales to take shares of.
    shareable = goods.net_sales > 0
    products = np.where(shareable, draws.pop("hill_0")[0], np.nan)
    count = rows(
        "hill_0", goods.stores, value=products, n=lines, coverage=_of_sales(products, goods)
    )
    return [Estimate(count)] + [
        _estimate(metric, goods, value=np.where(shareable, both[0], np.nan), replicates=both[1:],
                  n=lines, coverage=everything)
        for metric, both in draws.items()
    ]  # fmt: skip


def money_rows(goods: Goods, assortment: pl.DataFrame, sales: pl.DataFrame) -> list[Estimate]:
    """Shares of money by what the product or the line is: new, at full price."""
    sums = sales.group_by("store_id", "buyer_group").agg(
        pl.col("sales", "paid_amount", "full_price_amount").sum(),
        pl.col("sales").filter("is_new").sum().alias("new_sales"),
        pl.col("sales").filter(pl.col("is_new").is_not_null()).sum().alias("dated_sales"),
    )
    blocks = pivot(sums, stores=goods.stores, block="buyer_group")
    lines = _column(assortment, "lines")
    dated = _goods.divide(blocks.total("dated_sales"), blocks.total("sales"))
    kinds = (
        ("new_product_share", "new_sales", "dated_sales", dated),
        ("full_price_share", "full_price_amount", "paid_amount", np.ones_like(dated)),
    )
    found = []
    for metric, top, bottom, coverage in kinds:
        value, lo, hi = ratio(blocks, top, bottom, scale=Scale.LOGIT)
        known = np.where(np.isnan(value), np.nan, coverage)
        told = rows(metric, goods.stores, value=value, lo=lo, hi=hi, n=lines, coverage=known)
        found.append(Estimate(told, ratio_spread(blocks, top, bottom)))
    return found


_UNKNOWN = {
    "sell_through": "reason.no_listings",
    "new_product_share": "reason.no_launch_dates",
    **dict.fromkeys(
        ("top10_share", "hill_0", "hill_1", "hill_2", "exclusive_sales_share"),
        "reason.net_sales_not_positive",
    ),
}


def _with_reasons(frame: pl.DataFrame, goods: Goods, assortment: pl.DataFrame) -> pl.DataFrame:
    """Why a value is not known, and of the shelf-only stores, where their counts come from."""
    shelf_only = assortment.filter("is_shelf_only")["store_id"].to_list()
    unsold = assortment.filter(pl.col("lines").is_null())["store_id"].to_list()
    store, metric = pl.col("store_id"), pl.col("metric")
    unknown = pl.col("value").is_null()
    return frame.with_columns(
        outcome_reason=pl.when(~unknown & store.is_in(shelf_only) & metric.is_in(_ON_SHELF))
        .then(pl.lit("reason.counted_on_shelf"))
        .when(unknown & store.is_in(shelf_only))
        .then(pl.lit("reason.snapshots_only"))
        .when(unknown & store.is_in(unsold))
        .then(pl.lit("reason.no_sales"))
        .when(unknown & metric.is_in(list(_UNKNOWN)))
        .then(metric.replace_strict(_UNKNOWN, default=None, return_dtype=pl.String))
        .otherwise("outcome_reason")
    )
