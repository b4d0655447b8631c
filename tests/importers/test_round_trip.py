"""The sample written out as exports and imported again: what the platforms carry comes back to the
cent, what they do not is named, with the reason.

Buyers get other ids, so intervals, which are drawn by groups of buyers, differ; values do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import polars as pl
import pytest

from tests.importers import round_trips
from tests.importers.round_trips import OWN, PER_LINE, Trip

LACKS = {
    "taobao": ("line_money", "list_price", "mechanisms", "platform_money"),
    "jd": ("line_money", "list_price", "mechanisms", "refunds"),
    "pdd": ("list_price", "mechanisms", "buyers", "regions", "part_refunds"),
    "shopify": ("mechanisms", "platform_money", "regions"),
    "amazon": ("list_price", "mechanisms", "platform_money", "buyers", "refunds", "regions"),
}
"""What the exports of a platform do not say of the sample's order lines."""
WORDS = {
    "line_money": {"line_money"},
    "list_price": {"list_price_before_markdown", "group_price_is_list"},
    "mechanisms": {"discounts_by_mechanism", "shop_discounts_by_mechanism"},
    "platform_money": {"platform_money"},
    "refunds": {"refunds"},
    "part_refunds": {"part_refunds"},
    "buyers": {"buyers"},
    "regions": {"regions"},
}
"""How mapping files name it."""
NEEDS = {
    "exclusive_sales_share": ("line_money",),
    "new_product_share": ("line_money",),
    "top10_share": ("line_money",),
    "hill_1": ("line_money",),
    "hill_2": ("line_money",),
    "full_price_share": ("line_money", "list_price"),
    "depth": ("list_price",),
    "breadth": ("list_price", "mechanisms"),
    "frequency": ("line_money", "list_price"),
    "stacking": ("list_price", "mechanisms"),
    "unexplained_share": ("list_price", "mechanisms"),
    "reconciled_share": ("list_price", "mechanisms", "line_money"),
    "merchant_funded_share": ("list_price", "platform_money"),
    "contribution": ("platform_money",),
    "contribution_margin": ("platform_money",),
    "refund_share": ("refunds", "part_refunds"),
    "returning_buyer_share": ("buyers",),
    "loyalty": ("buyers",),
    "out_of_region_share": ("regions",),
}
"""What a metric is made of beside the orders of its store, their day, their money and their
products; metrics that are not here need no more than that."""
OF_ALL_STORES = {
    "price_level": ("line_money",),
    "list_level": ("list_price",),
    "price_dispersion": ("line_money",),
    "price_dispersion_weighted": ("line_money",),
    "merchant_level": ("line_money", "platform_money"),
    "pocket_level": ("line_money", "platform_money"),
}
"""The same of metrics that compare stores: what one store lacks, all lack."""
KEY = ("store_id", "metric")


@pytest.fixture(scope="module")
def trips(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Trip]:
    """The round trips by name, each made when it is first asked for."""
    ways = {"own": OWN, "per_line": PER_LINE}

    @cache
    def trip(name: str) -> Trip:
        return round_trips.travelled(tmp_path_factory.mktemp(name), ways[name])

    return trip


STORES = [
    pytest.param(name, store, platform, id=f"{store}-{platform}")
    for name, platforms in (("own", OWN), ("per_line", PER_LINE))
    for store, platform in platforms.items()
    if (name, platform) != ("per_line", "pdd") or store == "D1"
]


def _lost(platform: str, platforms: Mapping[str, str]) -> set[str]:
    lacks = set(LACKS[platform])
    everywhere = {lack for other in platforms.values() for lack in LACKS[other]}
    own = {metric for metric, needs in NEEDS.items() if lacks & set(needs)}
    return own | {metric for metric, needs in OF_ALL_STORES.items() if everywhere & set(needs)}


def _both(trip: Trip, store: str) -> pl.DataFrame:
    columns = ("value", "n", "unit", "outcome_reason")
    before, after = (
        frame.filter(store_id=store).select(*KEY, *columns)
        for frame in (trip.metrics_before, trip.metrics_after)
    )
    return before.join(after, on=KEY, how="full", suffix="_after", coalesce=True)


def _differs() -> pl.Expr:
    """A cent of money; of anything else what rounding in floats may make."""
    gap = (pl.col("value") - pl.col("value_after")).abs()
    least = pl.when(pl.col("unit") == "money").then(0.005).otherwise(1e-9 * pl.col("value").abs())
    unlike = pl.col("value").is_null() != pl.col("value_after").is_null()
    return unlike | (gap > least).fill_null(value=False)


@pytest.mark.parametrize(("name", "store", "platform"), STORES)
def test_metrics_come_back(
    trips: Callable[[str], Trip], name: str, store: str, platform: str
) -> None:
    trip = trips(name)
    both = _both(trip, store).filter(~pl.col("metric").is_in(_lost(platform, trip.platforms)))
    assert both.height > 30
    off = both.filter(_differs() | pl.col("n").ne_missing(pl.col("n_after")))
    assert off.is_empty(), off
