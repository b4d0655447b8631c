"""How often 95% intervals hold the truth, and how often a true difference is told (power).

Simulated workspaces of 13 and of 52 weeks.

python -m benchmarks.interval_coverage --workspaces 2000
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measuring import machine
from benchmarks.simulated_stores import Shop, period, write
from channelscope import pipeline
from channelscope.preparation import Request
from channelscope.results import Results
from channelscope.stats.distances import jensen_shannon

GOAL = (0.925, 0.975)
PRODUCTS = 40
METRICS = ("conversion", "order_value", "price_level", "refund_share", "rating_item")


def shops() -> tuple[Shop, Shop]:
    """Two stores of the same range; the second sells other goods of it, cheaper."""
    rank = np.arange(1, PRODUCTS + 1)
    first = 1 / (rank + 3.0)
    second = 1 / (((rank * 17) % PRODUCTS) + 6.0)
    return (
        Shop("F", first / first.sum()),
        Shop("D", second / second.sum(), level=0.88, conversion=0.036, refund_share=0.09,
             rating=4.6, scatter=0.04),
    )  # fmt: skip


def truths(seed: int) -> dict[str, float]:
    """What is true of the second store in that workspace, and the distance of the two."""
    first, second = shops()
    value = [shop.mix * shop.prices(seed) for shop in (first, second)]
    return {
        "conversion": second.conversion,
        "order_value": second.order_value(seed),
        "price_level": 100 * second.level,
        "refund_share": second.refund_share,
        "rating_item": second.rating,
        "product distance": float(np.sqrt(jensen_shannon(*value))),
    }


def main() -> None:
    """Draw, compare, count, and print coverage by metric and number of weeks."""
    parser = argparse.ArgumentParser(description="coverage of 95% intervals")
    parser.add_argument("--workspaces", type=int, default=2000)
    parser.add_argument("--weeks", default="13,52")
    flags = parser.parse_args()
    print(machine())
    print(f"goal: {GOAL[0]:.1%} to {GOAL[1]:.1%}; standard error "
          f"{np.sqrt(0.05 * 0.95 / flags.workspaces):.2%}")  # fmt: skip
    context = multiprocessing.get_context("spawn")
    for weeks in map(int, flags.weeks.split(",")):
        with context.Pool(2) as pool:
            found = pool.map(partial(covered, weeks), range(flags.workspaces), chunksize=20)
        for name in truths(0):
            known = [each[name][0] for each in found if each[name][0] is not None]
            told = sum(each[name][1] for each in found) / len(found)
            share = sum(inside == 0 for inside in known) / len(known)
            below = sum(inside < 0 for inside in known) / len(known)
            print(f"{weeks} weeks, {name}: {share:.1%} of {len(known)}; interval too low "
                  f"{below:.1%}, too high {1 - share - below:.1%}; difference told in {told:.1%}",
                  flush=True)  # fmt: skip
    print(machine())


def covered(weeks: int, seed: int) -> dict[str, tuple[int | None, bool]]:
    """0 where the interval holds the truth, -1 where it lies below, 1 where it lies above.

    With it, whether the two stores, which do differ, are told to.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = write(shops(), Path(folder), weeks=weeks, seed=seed)
        first, last = period(weeks)
        results = pipeline.compare(Request(path, first=first, last=last, threads=1))
    return {
        name: (_side(results, name, truth), _is_told(results, name))
        for name, truth in truths(seed).items()
    }


def _is_told(results: Results, name: str) -> bool:
    if name == "product distance":
        rows = results.tables["pairs"].filter(dimension="product")
    else:
        rows = results.tables["differences"].filter(metric=name)
    return rows["outcome"].to_list() == ["differs"]


def _side(results: Results, name: str, truth: float) -> int | None:
    if name == "product distance":
        row = results.tables["pairs"].filter(dimension="product").row(0, named=True)
    else:
        row = results.tables["metrics"].filter(store_id="D", metric=name).row(0, named=True)
    if row["lo"] is None:
        return None
    return -1 if row["hi"] < truth else 1 if row["lo"] > truth else 0


if __name__ == "__main__":
    main()
