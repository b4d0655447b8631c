"""What is measured beside orders in a small random workspace: traffic, shelf prices, service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

Random = np.random.Generator

SERVICE: Mapping[str, tuple[float, float, float]] = {
    "rating_item": (4.6, 0.3, 5), "rating_service": (4.5, 0.4, 5),
    "first_response_s": (60, 40, 1e6),
    "reply_3min_rate": (0.9, 0.1, 1), "ship_hours": (24, 12, 1e6), "ship_48h_rate": (0.9, 0.1, 1),
    "dispute_rate": (0.01, 0.02, 1), "walkthrough_buy": (80, 15, 100),
    "walkthrough_return": (60, 30, 100),
}  # fmt: skip
"""Of each metric: where values lie, how far stores stand apart, and what cannot be passed."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How one store trades; two stores of one habit are alike but for luck."""

    orders: int
    level: float
    depth: float
    mechanisms: tuple[str, ...]
    part: float
    repeat: float
    known_buyers: float
    refunds: float | None
    first_week: int
    last_week: int
    visitors: float | None
    shelf: bool
    usual: bool


def moment(monday: date, day: int, hour: int) -> str:
    return f"{monday + timedelta(days=int(day))} {hour}:00:00"


def traffic(rng: Random, store: str, habit: Habit, monday: date) -> pl.DataFrame:
    days = range(7 * habit.first_week, 7 * habit.last_week)
    sources = ["search", "ads"] if rng.random() < 0.5 else ["all"]
    rows = [(store, monday + timedelta(days=d), source) for d in days for source in sources]
    visitors = rng.poisson(habit.visitors or 1, size=len(rows))
    frame = pl.DataFrame(rows, schema=["store_id", "date", "source"], orient="row")
    frame = frame.with_columns(pl.Series("visitors", visitors))
    if rng.random() < 0.5:
        frame = frame.with_columns(pl.Series("cart_visitors", rng.binomial(visitors, 0.1)))
    return frame


def shelf(
    rng: Random, store: str, habit: Habit, *, products: pl.DataFrame, goods: Any, monday: date
) -> pl.DataFrame:
    rows = [(week, good) for week in range(habit.first_week, habit.last_week) for good in goods]
    at = np.array(rows)
    listed = np.round(products["list_price"].to_numpy()[at[:, 1]] * habit.level, 2)
    activity = np.round(listed * (1 - habit.depth * rng.uniform(0, 1, size=len(rows))), 2)
    return pl.DataFrame({
        "store_id": [store] * len(rows),
        "sku": products["sku"].gather(at[:, 1].tolist()),
        "observed_at": [moment(monday, 7 * week + 2, 12) for week in at[:, 0]],
        "list_price": listed,
        "activity_price": activity,
        "net_price": activity,
        "in_stock": rng.random(len(rows)) < 0.9,
        "listed": [True] * len(rows),
    })  # fmt: skip


def service(rng: Random, stores: list[str], monday: date, weeks: int) -> pl.DataFrame:
    chosen = rng.choice(list(SERVICE), size=int(rng.integers(1, 7)), replace=False)
    rows = []
    for metric in chosen:
        middle, apart, most = SERVICE[str(metric)]
        counted = rng.random() < 0.7
        for store in stores:
            if rng.random() < 0.2:
                continue
            own = middle + rng.choice([0.0, 0.0, -1.0]) * apart
            for week in range(weeks):
                lowest = 1.0 if str(metric).startswith("rating") else 0.0
                value = float(np.clip(rng.normal(own, apart / 6), lowest, most))
                day = monday + timedelta(days=7 * week + int(rng.integers(7)))
                n = int(rng.integers(0, 40)) if counted else None
                rows.append((store, day, str(metric), round(value, 4), n))
    schema = {"store_id": pl.String, "date": pl.Date, "metric": pl.String, "value": pl.Float64,
              "n": pl.Int64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


_ACTIVITY: Mapping[str, Any] = {
    **dict.fromkeys(("promo_id", "store_id", "mechanism", "starts_at", "ends_at"), pl.String),
    **dict.fromkeys(("threshold_kind", "scope", "stack_group", "benefit_kind"), pl.String),
    **dict.fromkeys(("threshold", "benefit"), pl.Float64), "eligibility": pl.String,
}  # fmt: skip
ELIGIBLE = ("all", "all", "all", "member", "new", "presale")


def promotions(
    rng: Random, stores: list[str], habits: list[Habit], products: pl.DataFrame, monday: date
) -> pl.DataFrame:
    """Activities of some stores; the orders were priced without a look at them."""
    rows: list[dict[str, Any]] = []
    for store, habit in zip(stores, habits, strict=True):
        count = int(rng.integers(1, 6)) if rng.random() < 0.7 else 0
        for _ in range(count):
            name = f"{store}-{len(rows)}"
            rows.append({"promo_id": name, "store_id": store, **_activity(rng, habit, products)})
            first = int(rng.integers(-20, 7 * habit.last_week + 10))
            last = first + int(rng.integers(0, 90))
            rows[-1] |= {"starts_at": moment(monday, first, 0), "ends_at": moment(monday, last, 23)}
    return pl.DataFrame(rows, schema=_ACTIVITY)


def _activity(rng: Random, habit: Habit, products: pl.DataFrame) -> dict[str, Any]:
    tested = rng.random() < 0.5
    sku = products["sku"][int(rng.integers(products.height))]
    by_rate = rng.random() < 0.5
    others = ("markdown", "member", "tier_qty", "redpack", "gift")
    return {
        "mechanism": str(rng.choice([*habit.mechanisms, *others])),
        "benefit_kind": "rate" if by_rate else "amount",
        "benefit": float(rng.choice([0.0, 0.05, 0.1, 0.3]) if by_rate else rng.integers(0, 60)),
        "threshold_kind": str(rng.choice(["amount", "qty"])) if tested else "none",
        "threshold": float(rng.choice([1, 3, 200, 900])) if tested else None,
        "scope": str(rng.choice(["store", "category:Pans", f"sku:{sku}"])),
        "stack_group": "one" if rng.random() < 0.4 else None,
        "eligibility": str(rng.choice(ELIGIBLE)),
    }
