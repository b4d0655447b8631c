"""The sample written out as exports and imported again: what the platforms carry comes back to the
cent, what they do not is named by the mapping files, and is lost indeed.

Buyers get other ids, so intervals, which are drawn by groups of buyers, differ; values do not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import polars as pl
import pytest

from channelscope.importers.layout import catalogue
from tests.importers import round_trips
from tests.importers.round_trips import OWN, PER_LINE, Trip

LACKS = {
    # Columns: the price after markdowns, sums of the order, one column for platform coupons.
    "taobao": {
        "list_price_before_markdown", "shop_discounts_by_mechanism", "platform_money",
        "money_per_line", "refund_dates",
    },
    # The same, and 应付金额 is all there is of discounts; 结算金额 has the platform's money.
    "jd": {"list_price_before_markdown", "discounts_by_mechanism", "money_per_line", "refunds"},
    # Money of one line; 退款成功 does not say how much; 省, 市 and buyers are masked.
    "pdd": {
        "group_price_is_list", "shop_discounts_by_mechanism", "partial_refunds", "refund_dates",
        "buyers", "ship_regions",
    },
    # Of where an order is sent the country is all that is kept.
    "shopify": {
        "shop_discounts_by_mechanism", "platform_money", "refund_dates", "ship_provinces",
        "variants",
    },
    "amazon": {
        "list_price_before_markdown", "discounts_by_mechanism", "platform_money", "refunds",
        "buyers", "ship_provinces", "payment_time", "variants",
    },
}  # fmt: skip
"""What the order exports of a platform do not say, in the words of the mapping files."""
EXPORTS = {name: f"{name}_orders" for name in LACKS}
LOST_WITH = {
    "list_price_before_markdown": {"list_price"}, "group_price_is_list": {"list_price"},
    "shop_discounts_by_mechanism": {"mechanisms"}, "discounts_by_mechanism": {"mechanisms"},
    "platform_money": {"platform_money"}, "money_per_line": {"money_per_line"},
    "refunds": {"refunds", "refund_dates"}, "partial_refunds": {"refunds"},
    "refund_dates": {"refund_dates"}, "buyers": {"buyers"},
    "ship_regions": {"regions"}, "ship_provinces": {"regions"}, "variants": set(),
    "payment_time": set(),
}  # fmt: skip
"""What of order lines that is; the sample has no variants, and its orders are paid at once."""
NEEDS = {
    "exclusive_sales_share": {"money_per_line"},
    "new_product_share": {"money_per_line"},
    "top10_share": {"money_per_line"},
    "hill_1": {"money_per_line"},
    "hill_2": {"money_per_line"},
    "full_price_share": {"money_per_line", "list_price"},
    "breadth": {"money_per_line", "list_price"},
    "frequency": {"money_per_line", "list_price"},
    "reconciled_share": {"money_per_line", "list_price"},
    "depth": {"list_price"},
    "stacking": {"list_price", "mechanisms"},
    "unexplained_share": {"list_price", "mechanisms"},
    "merchant_funded_share": {"list_price", "platform_money"},
    "contribution": {"platform_money"},
    "contribution_margin": {"platform_money"},
    "refund_share": {"refunds"},
    "returning_buyer_share": {"buyers"},
    "loyalty": {"buyers"},
    "out_of_region_share": {"regions"},
}
"""What a metric is made of beside the orders of its store, their day, their money and what was in
them; a metric that is not here needs no more than that."""
OF_ALL_STORES = {
    "price_level": {"money_per_line"},
    "price_dispersion": {"money_per_line"},
    "price_dispersion_weighted": {"money_per_line"},
    "activity_level": {"money_per_line"},
    "one_piece_level": {"money_per_line"},
    "list_level": {"list_price"},
    "merchant_level": {"money_per_line", "platform_money"},
    "pocket_level": {"money_per_line", "platform_money"},
}
"""The same of metrics that compare or weigh products across stores: what one store lacks, all
lack."""
PARTS = set[str]().union(*LOST_WITH.values())
ALWAYS = ("order_id", "line_no", "sku", "qty", "ordered_at", "is_excluded")
TRIPS = {"own": OWN, "per_line": PER_LINE}
STORES = [
    pytest.param(name, store, id=f"{name}-{store}-{platform}")
    for name, platforms in TRIPS.items()
    for store, platform in platforms.items()
]
MakeTrip = Callable[[str], Trip]


@pytest.fixture(scope="module")
def trips(tmp_path_factory: pytest.TempPathFactory) -> MakeTrip:
    """The round trips by name, each made when it is first asked for."""
    return cache(lambda name: round_trips.travelled(tmp_path_factory.mktemp(name), TRIPS[name]))


def _lacking(platform: str) -> set[str]:
    return set[str]().union(*(LOST_WITH[word] for word in LACKS[platform]))


def _lost_metrics(trip: Trip, store: str) -> set[str]:
    own = _lacking(trip.platforms[store])
    any_store = set[str]().union(*map(_lacking, trip.platforms.values()))
    return {metric for metric, needs in NEEDS.items() if own & needs} | {
        metric for metric, needs in OF_ALL_STORES.items() if any_store & needs
    }


def _metrics(trip: Trip, store: str) -> pl.DataFrame:
    """The metrics of a store, before and after; `off`: they are not the same.

    Money may be off by less than a cent, anything else by what rounding in floats makes.
    """
    key = ("store_id", "metric")
    before, after = (frame.filter(store_id=store) for frame in trip.metrics)
    both = before.join(after, on=key, how="full", suffix="_after", coalesce=True)
    value, again = pl.col("value"), pl.col("value_after")
    least = pl.when(pl.col("unit") == "money").then(0.005).otherwise(1e-9 * value.abs())
    is_off = (
        (value.is_null() != again.is_null())
        | ((value - again).abs() > least).fill_null(value=False)
        | pl.col("n").ne_missing(pl.col("n_after"))
    )
    return both.with_columns(off=is_off)


def _differing(trip: Trip, store: str, part: str) -> int:
    """How many lines or orders of a store came back with another value in a part of them."""
    before, after = (
        frame.filter(store_id=store).sort("order_id", "line_no") for frame in trip.lines
    )
    match part:
        case "list_price":
            # A price above the list price has become it.
            cheaper = before["paid_amount"] <= before["list_price"] * before["qty"]
            return _unlike(before.filter(cheaper), after.filter(cheaper), ["list_price"])
        case "mechanisms":
            names = [name for name in before.columns if name.startswith("discount_")]
            return _unlike(_known(before, names), _known(after, names), names)
        case "refunds":
            return _unlike_orders(before, after, "refunded_amount")
        case "platform_money":
            return _unlike_orders(before, after, "platform_amount")
        case "buyers":
            pairs = pl.DataFrame({"before": before["buyer_id"], "after": after["buyer_id"]})
            pairs = pairs.unique()
            return 2 * pairs.height - pairs["before"].n_unique() - pairs["after"].n_unique()
        case _:
            column = {"money_per_line": "paid_amount", "refund_dates": "refunded_at",
                      "regions": "ship_region"}  # fmt: skip
            return _unlike(before, after, [column[part]])


def _unlike(before: pl.DataFrame, after: pl.DataFrame, names: list[str]) -> int:
    return sum(int(before[name].ne_missing(after[name]).cast(pl.Int64).sum()) for name in names)


def _known(lines: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    return lines.with_columns(pl.col(names).fill_null(0))


def _unlike_orders(before: pl.DataFrame, after: pl.DataFrame, name: str) -> int:
    """What exports give per order is apportioned to its lines."""
    by_order = [
        lines.group_by("order_id")
        .agg(total=pl.col(name).sum(), is_known=pl.col(name).is_not_null().all())
        .sort("order_id")
        for lines in (before, after)
    ]
    return _unlike(by_order[0], by_order[1], ["total", "is_known"])


@pytest.mark.parametrize("platform", LACKS)
def test_mapping_files_say_what_is_lost(platform: str) -> None:
    assert set(catalogue()[EXPORTS[platform]].cannot_tell) == LACKS[platform]


@pytest.mark.parametrize(("name", "store"), STORES)
def test_orders_come_back(trips: MakeTrip, name: str, store: str) -> None:
    """Every order with its lines, time and money, and none that was not paid."""
    before, after = (
        frame.filter(store_id=store).sort("order_id", "line_no").with_columns(
            order_paid=pl.col("paid_amount").sum().over("order_id")
        ).select(*ALWAYS, "order_paid")
        for frame in trips(name).lines
    )  # fmt: skip
    assert before.height > 150
    assert before.equals(after.cast(before.schema))


@pytest.mark.parametrize(("name", "store"), STORES)
def test_what_a_platform_tells_comes_back_on_every_line(
    trips: MakeTrip, name: str, store: str
) -> None:
    trip = trips(name)
    told = PARTS - _lacking(trip.platforms[store])
    assert {part: _differing(trip, store, part) for part in told} == dict.fromkeys(told, 0)


@pytest.mark.parametrize(("name", "store"), STORES)
def test_metrics_come_back(trips: MakeTrip, name: str, store: str) -> None:
    both = _metrics(trips(name), store)
    carried = both.filter(~pl.col("metric").is_in(_lost_metrics(trips(name), store)))
    assert carried.height > 35
    assert {"sales", "orders", "order_value", "conversion"} <= set(carried["metric"])
    off = carried.filter("off").select("metric", "value", "value_after", "n", "n_after")
    assert off.is_empty(), off


@pytest.mark.parametrize("platform", LACKS)
def test_what_is_said_to_be_lost_is_lost(trips: MakeTrip, platform: str) -> None:
    """Of the lines of some store of the platform: the list is no longer than it must be."""
    found: dict[str, int] = dict.fromkeys(_lacking(platform), 0)
    for name, platforms in TRIPS.items():
        for store in (s for s, p in platforms.items() if p == platform):
            for part in found:
                found[part] += _differing(trips(name), store, part)
    assert all(found.values()), found


def test_metrics_are_lost_for_no_other_reason(trips: MakeTrip) -> None:
    """Each metric that is left out of the comparison is off somewhere."""
    off: set[str] = set()
    for name, platforms in TRIPS.items():
        for store in platforms:
            off |= set(_metrics(trips(name), store).filter("off")["metric"])
    assert off == {*NEEDS, *OF_ALL_STORES} & off
    assert {*NEEDS, *OF_ALL_STORES} - off <= {"exclusive_sales_share", "new_product_share"}
