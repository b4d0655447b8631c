"""Orders re-priced by hand from promotions.csv: the calendar is the one that priced them."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sample_data.generator.stores import IDS

Row = dict[str, Any]
CENT = Decimal("0.01")


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def covers(promotion: Row, line: Row) -> bool:
    """Whether the promotion runs at that moment and for that product."""
    if not promotion["starts_at"] <= line["ordered_at"] <= promotion["ends_at"]:
        return False
    kind, _, rest = promotion["scope"].partition(":")
    if kind == "sku":
        return line["sku"] in rest.split("|")
    return kind == "store" or line["category"].startswith(rest)


def by_hand(order: list[Row], promotions: list[Row]) -> dict[str, Decimal]:
    """Deductions of one order, one mechanism after the other, from the calendar's own words."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    activity, pieces = Decimal(0), Decimal(0)
    for line in order:
        listed, count = line["list_price"], line["qty"]
        running = [p for p in promotions if covers(p, line)]
        rates = defaultdict(list)
        for promotion in running:
            rates[promotion["mechanism"]].append(Decimal(str(promotion["benefit"])))
        markdown = max((half_up(listed * rate) for rate in rates["markdown"]), default=Decimal(0))
        subsidy = max((half_up(listed * rate) for rate in rates["subsidy"]), default=Decimal(0))
        found["markdown"] += count * markdown
        found["subsidy"] += count * subsidy
        activity += count * (listed - markdown - subsidy)
        pieces += count
    left = activity
    whole_store = [p for p in promotions if p["scope"] == "store" and covers(p, order[0])]
    for promotion in sorted(whole_store, key=lambda row: row["priority"]):
        benefit = Decimal(str(promotion["benefit"]))
        threshold = Decimal(str(promotion["threshold"] or 0))
        if promotion["mechanism"] == "tier_qty" and pieces >= threshold:
            off = half_up(activity * benefit)
        elif promotion["mechanism"] == "coupon_shop" and activity >= threshold:
            off = benefit
        elif promotion["mechanism"] == "tier_cross":
            off = (activity // threshold) * benefit
        else:
            continue
        found[promotion["mechanism"]] = min(off, left)
        left -= found[promotion["mechanism"]]
    return found


@pytest.fixture(scope="module")
def calendar(promotions: pl.DataFrame) -> dict[str, list[Row]]:
    per_store: dict[str, list[Row]] = defaultdict(list)
    for row in promotions.iter_rows(named=True):
        per_store[row["store_id"]].append(row)
    return per_store


@pytest.mark.parametrize("store", IDS)
def test_orders_cost_what_the_calendar_says(
    store: str, lines: pl.DataFrame, calendar: dict[str, list[Row]], sample_workspace: Path
) -> None:
    products = pl.read_csv(sample_workspace / "products.csv").select("sku", "category")
    mine = lines.filter(pl.col("store_id") == store)
    biggest = mine.group_by("order_id").agg(pl.len(), pl.col("qty").sum()).sort(
        "len", "qty", "order_id", descending=[True, True, False]
    )  # fmt: skip
    chosen = [*biggest["order_id"][:40], *biggest["order_id"][40 :: max(1, len(biggest) // 60)]]
    picked = mine.filter(pl.col("order_id").is_in(chosen)).join(products, on="sku")
    orders: dict[str, list[Row]] = defaultdict(list)
    for row in picked.iter_rows(named=True):
        orders[row["order_id"]].append(row)
    assert len(orders) >= 90
    for order in orders.values():
        hand = by_hand(order, calendar[store])
        for name in ("markdown", "subsidy", "tier_qty", "coupon_shop", "tier_cross"):
            booked = sum(row[f"discount_{name}"] for row in order)
            assert booked == hand[name], (order[0]["order_id"], name)
