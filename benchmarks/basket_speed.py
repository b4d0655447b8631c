"""How many baskets the promotion rules price in a second of one core.

python -m benchmarks.basket_speed [--baskets 100000]
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
import polars as pl

from benchmarks.measuring import machine, spread
from channelscope import assets
from channelscope.promotion_rules import Baskets, Promotion, price, read_promotions

GOAL = 100_000
SEED = 7
EVERY_STEP = (
    ("flash", "rate", 0.10, "none", None), ("official_cut", "rate", 0.12, "none", None),
    ("coupon_item", "amount", 15.0, "amount", 99.0),
    ("tier_amount", "amount", 30.0, "amount", 300.0),
    ("tier_qty", "rate", 0.5, "qty", 2.0), ("coupon_platform", "amount", 50.0, "amount", 500.0),
    ("points", "rate", 0.02, "none", None), ("redpack", "amount", 1.0, "none", None),
)  # fmt: skip
"""One promotion of every kind, the whole span, beside those of the sample."""


def main() -> None:
    """Price random baskets of the sample's products under its promotions and a few of each kind."""
    parser = argparse.ArgumentParser(description="speed of the promotion rules")
    parser.add_argument("--baskets", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    flags = parser.parse_args()
    print(machine())
    table = pl.read_csv(assets.sample_workspace() / "promotions.csv", try_parse_dates=True)
    for name, rules in (("sample", table), ("sample and every step", _with_every_step(table))):
        promotions = read_promotions(rules)
        goods = _baskets(flags.baskets)
        costs = [_cost(goods, promotions) for _ in range(flags.repeats)]
        speed = flags.baskets / statistics.median(costs)
        print(f"{name}: {len(promotions):,} promotions, {flags.baskets:,} baskets of "
              f"{len(goods.sku):,} lines: CPU s {spread(costs)}; {speed:,.0f} baskets a second; "
              f"goal {GOAL:,}")  # fmt: skip
    print(machine())


def _cost(goods: Baskets, promotions: tuple[Promotion, ...]) -> float:
    start = time.process_time()
    price(goods, promotions=promotions)
    return time.process_time() - start


def _with_every_step(table: pl.DataFrame) -> pl.DataFrame:
    first, last = table["starts_at"].min(), table["ends_at"].max()
    more = [
        {"promo_id": f"{store}-{mechanism}", "store_id": store, "mechanism": mechanism,
         "starts_at": first, "ends_at": last, "scope": "store", "benefit_kind": kind,
         "benefit": benefit, "threshold_kind": threshold_kind, "threshold": threshold,
         "repeat": mechanism == "tier_qty", "eligibility": "all"}
        for store in table["store_id"].unique().sort()
        for mechanism, kind, benefit, threshold_kind, threshold in EVERY_STEP
    ]  # fmt: skip
    return pl.concat([table, pl.DataFrame(more)], how="diagonal_relaxed")


def _baskets(count: int) -> Baskets:
    rng = np.random.default_rng(SEED)
    products = pl.read_csv(assets.sample_workspace() / "products.csv")
    stores = pl.read_csv(assets.sample_workspace() / "stores.csv")["store_id"].to_numpy()
    lines = rng.integers(1, 6, count)
    order = np.repeat(np.arange(count), lines)
    chosen = rng.integers(0, products.height, len(order))
    day = rng.integers(0, 730 * 86_400, count).astype("timedelta64[s]")
    return Baskets(
        store=stores[rng.integers(0, len(stores), count)].astype(str),
        at=(np.datetime64("2024-10-01T00:00:00") + day).astype("datetime64[us]"),
        order=order, line_no=np.arange(len(order)),
        sku=products["sku"].to_numpy()[chosen].astype(str),
        category=products["category"].to_numpy()[chosen],
        pieces=1_000 * rng.integers(1, 4, len(order)),
        list_price=100 * rng.integers(20, 400, len(order)),
    )  # fmt: skip


if __name__ == "__main__":
    main()
