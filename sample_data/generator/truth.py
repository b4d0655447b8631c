"""`python -m sample_data.generator.truth`: the planted truths, as designed and as computed.

One run 50 times as large as the sample, month by month, once as it is and once with S1 closed;
smaller runs without one store's promotions for the lifts. A few minutes, below 2 GB.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from math import erf, log, sqrt
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.generator.calendar import DAYS, LAST_YEAR, date_of
from sample_data.generator.demand import Demand, demand_block
from sample_data.generator.lifts import associated_lift, caused_lift, weekly_units
from sample_data.generator.needs import NEEDS
from sample_data.generator.openings import diversion, history
from sample_data.generator.orders import (
    EXCLUDED_SHARE,
    LAG_MEDIAN,
    LAG_SPREAD,
    MASKED_SHARE,
    UNEXPLAINED_SHARE,
)
from sample_data.generator.promotions import MARKDOWN, Promotion
from sample_data.generator.service import MEASURES, WALKTHROUGH, service
from sample_data.generator.simulation import LINES, Design, build_design, simulate
from sample_data.generator.stores import IDS, SELLING, STORES
from sample_data.generator.tallies import Tally, tally
from sample_data.generator.toml_text import block, pair
from sample_data.generator.traffic import traffic
from sample_data.generator.truth_prices import price_blocks
from sample_data.generator.year_on_year import year_on_year_block

TIMES, LIFT_TIMES = 50, 10
TRUTH_SEED = 1011  # other buyers than the sample's: the truth is not fitted to it
HIGHER_IS_BETTER = ("rating_", "reply_", "ship_48h", "walkthrough_")
HEAD = """\
# What is planted in the sample workspace. `designed` is what was meant; `computed` comes of a run
# {times} times as large as the sample (seed {seed}, {lines:,} order lines) and is what tests
# compare with. Written by `python -m sample_data.generator.truth`. Last 12 months: 2025-10-01 to
# 2026-09-30.
# Excluded orders take part in nothing but `blemishes.excluded_share`. Money is paid amount in yuan.
# The sample is one draw, chosen among ten seeds as one of those in which every truth lies in its
# interval: that it does says nothing. How many draws do is printed by `benchmarks/`.
"""
LIFT_NOTE = """\
`deals`: weekly markdowns of a few products. `associated`: how many times a product's usual units
are sold in deal weeks, beside SKU and week effects, per store. `caused`: units of the same
products and weeks over those of a run without the store's deals, same random numbers; of the
whole store where a mechanism is dropped. Runs of {lines:,} lines; last 12 months."""


def main() -> None:
    """Compute every truth and write the file."""
    parser = argparse.ArgumentParser(prog="python -m sample_data.generator.truth")
    here = Path(__file__).parents[1]
    parser.add_argument("--out", type=Path, default=here / "TRUTH.toml")
    parser.add_argument("--workspace", type=Path, default=here / "workspace")
    parser.add_argument("--times", type=int, default=TIMES)
    flags = parser.parse_args()
    lines = LINES * flags.times
    design = build_design()
    skus = len(design.catalogue.sku)
    demand = Demand(design.catalogue)
    opened = tally(demand.watch(simulate(design, lines=lines, seed=TRUTH_SEED)), skus=skus)
    closed_runs = simulate(design, lines=lines, seed=TRUTH_SEED, closed=frozenset({"S1"}))
    closed = tally(closed_runs, skus=skus)
    head = HEAD.format(times=flags.times, seed=TRUTH_SEED, lines=round(opened.unexplained[1]))
    blocks = [
        head,
        *price_blocks(opened, design=design),
        *_trade(opened),
        year_on_year_block(opened.sales),
        demand_block(demand),
        *_service(opened),
        *_lifts(opened, design=design, lines=min(lines, LINES * LIFT_TIMES)),
        *_opening(opened, closed=closed, workspace=flags.workspace),
        *_blemishes(opened),
        PAIRS,
    ]
    flags.out.write_text("\n".join(blocks), encoding="utf-8")
    print(f"wrote {flags.out.name}")


def _trade(opened: Tally) -> Iterator[str]:
    visits = traffic(opened.orders.astype(np.int64), seed=TRUTH_SEED)
    rates = {
        store.store_id: pair(store.conversion, _conversion(opened, visits, place), 5)
        for place, store in enumerate(SELLING) if store.conversion is not None
    }  # fmt: skip
    yield block(
        "conversion",
        "Paid orders per visitor-day, on days whose traffic is known. Designed over the whole\n"
        "span, computed over the last 12 months (festivals convert better). D3, X1: no traffic.",
        rates,
    )
    orders = opened.orders[:, LAST_YEAR:].sum(axis=1)
    sales = opened.sales[:, LAST_YEAR:].sum(axis=1) / 100
    growth = sales / (opened.sales[:, :LAST_YEAR].sum(axis=1) / 100)
    for name, note, values, digits in (
        ("units_per_order", "Pieces per order, last 12 months.", opened.pieces / orders, 4),
        ("order_value", "Paid per order, refunds not taken off, last 12 months.",
         sales / orders, 2),
        ("refund_share", "Refunded / paid by payment cohort, orders of the last 12 months paid at\n"
         "least 45 days before the end of the data.", opened.refunded / opened.paid, 5),
        ("sales_share", "Share of all stores' paid amount, last 12 months.",
         sales / sales.sum(), 4),
        ("growth", "Paid amount of the last 12 months over the 12 before (S1 opened in between).",
         growth, 3),
    ):  # fmt: skip
        found = {s: round(float(values[i]), digits) for i, s in enumerate(IDS)}
        yield block(name, f"{note} Computed only.", found)
    needs = opened.needs / opened.needs.sum(axis=1, keepdims=True)
    yield block(
        "segments",
        "Share of each need among a store's orders, last 12 months. Computed only; the needs are\n"
        "the simulation's own and no column holds them.",
        {s: {n.name: round(float(needs[i, k]), 4) for k, n in enumerate(NEEDS)}
         for i, s in enumerate(IDS)},
    )  # fmt: skip


def _conversion(opened: Tally, visits: pl.DataFrame, place: int) -> float:
    start = date_of(LAST_YEAR)
    mine = visits.filter(pl.col("store_id") == IDS[place], pl.col("date") >= pl.lit(start))
    known = (mine["date"].unique() - start).dt.total_days().to_numpy()
    return float(opened.orders[place, LAST_YEAR + known].sum()) / float(mine["visitors"].sum())


def _service(opened: Tally) -> Iterator[str]:
    rows = service(opened.orders.astype(np.int64), seed=TRUTH_SEED)
    recent = pl.col("date") >= pl.lit(date_of(LAST_YEAR))
    year = rows.filter(recent, pl.col("n").is_not_null())
    weighted = (pl.col("value") * pl.col("n")).sum() / pl.col("n").sum()
    means = {
        (store, metric): value
        for store, metric, value in year.group_by("store_id", "metric").agg(v=weighted).iter_rows()
    }
    designed = {m.name: m.means for m in MEASURES}
    designed |= {f"walkthrough_{step}": tuple(map(float, w)) for step, w in WALKTHROUGH.items()}
    found: dict[str, dict[str, object]] = {}
    for metric, wish in designed.items():
        ids = [s.store_id for s in STORES]
        order = _best_first(metric, wish)
        found[metric] = {
            "best_first": [ids[i] for i in order],
            "designed": {s: float(wish[i]) for i, s in enumerate(ids)},
            "computed": {s: round(means[s, metric], 4) for s in ids if (s, metric) in means},
        }
    yield block(
        "service",
        "Means of the last 12 months weighted by n, and the stores from best to worst as designed\n"
        "(D2 and D3 alike). X1 publishes ratings without n: designed only, but for walkthroughs.",
        found,
    )


def _best_first(metric: str, means: tuple[float, ...]) -> list[int]:
    sign = -1 if metric.startswith(HIGHER_IS_BETTER) else 1
    return sorted(range(len(means)), key=lambda i: sign * means[i])


def _lifts(opened: Tally, *, design: Design, lines: int) -> Iterator[str]:
    sold = weekly_units(design, lines=lines, seed=TRUTH_SEED)

    def caused(store: str, dropped: Callable[[Promotion], bool]) -> float:
        lift = caused_lift(
            design, sold=sold, store=store, dropped=dropped, lines=lines, seed=TRUTH_SEED
        )
        return round(lift, 3)

    found: dict[str, object] = {}
    for place, store in enumerate(IDS):
        if MARKDOWN.get(store, (0, 0, 0, 0))[3]:
            seen = associated_lift(opened.all_units, shelf=design.shelf, store=place)
            found[f"{store}_deals"] = {
                "associated": round(seen, 3),
                "caused": caused(store, lambda promotion: promotion.is_deal),
            }
    for store, mechanism in (("F1", "coupon_shop"), ("F1", "tier_cross"), ("D1", "subsidy")):
        dropped = partial(_is, mechanism)
        found[f"{store}_{mechanism}"] = {"caused": caused(store, dropped)}
    yield block("lift", LIFT_NOTE.format(lines=lines), found)


def _is(mechanism: str, promotion: Promotion) -> bool:
    return promotion.mechanism == mechanism


def _opening(opened: Tally, *, closed: Tally, workspace: Path) -> Iterator[str]:
    shares, nobody = diversion(opened.sales, closed=closed.sales)
    wish = {"F1": 0.40, "D1": 0.25}
    found = {s: pair(wish.get(s), v, 4) for s, v in shares.items()}
    yield block(
        "diversion_s1",
        "Share of S1's paid amount over its first 26 weeks that each store has in a run with S1\n"
        "closed and the same random numbers; `new` is bought nowhere then.",
        found | {"new": pair(None, nobody, 4)},
    )
    counted = {name: round(share, 4) for name, share in history(workspace).items()}
    yield block(
        "history_s1",
        "S1's paid amount over its first 26 weeks by where its buyers bought before, as counted\n"
        "in the shipped sample (tmall buyer ids): store of the last order before the first at S1;\n"
        "kept: bought there again by the end of the data. Not the diversion, and not meant to be.",
        counted,
    )


def _blemishes(opened: Tally) -> Iterator[str]:
    spread = log(15 / LAG_MEDIAN) / LAG_SPREAD / sqrt(2)
    yield block(
        "blemishes",
        "Shares of lines (unexplained), of orders (excluded, masked: pdd from 2026-01-01), and of\n"
        "D2's orders of the last 12 months shipped outside its regions. Refund lag in days from\n"
        "payment, lognormal; share of refunds known 15 days after payment.",
        {
            "unexplained_share": pair(UNEXPLAINED_SHARE, _rate(opened.unexplained), 5),
            "excluded_share": pair(EXCLUDED_SHARE, _rate(opened.excluded), 5),
            "masked_share": pair(MASKED_SHARE, _rate(opened.masked), 4),
            "out_of_region_d2": pair(None, _rate(opened.far_away), 4),
            "refund_lag_median_days": {"designed": LAG_MEDIAN},
            "refund_known_after_15_days": {"designed": round(0.5 * (1 + erf(spread)), 3)},
            "days": DAYS,
        },
    )


def _rate(hits_of: NDArray[np.float64]) -> float:
    return float(hits_of[0] / hits_of[1])


PAIRS = """\
# Verdicts the pairs were designed for.
[pairs]
twins = [["D2", "D3"]]
price_clash = [["D1", "F1"]]
mechanism_split = [["F1", "F2"]]
complements = [["M1", "S1"]]
"""

if __name__ == "__main__":
    main()
