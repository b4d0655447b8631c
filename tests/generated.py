"""Small random workspaces: what nobody thought of, the same every time for a seed.

Each one is right by the contract and otherwise as odd as trade is: stores without orders, without
buyers, without refunds, closed before the others opened, copies of one another.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from channelscope.domain import GroupBy, Kind
from channelscope.preparation import Request
from tests.generated_measures import Habit, moment, promotions, service, shelf, traffic

Random = np.random.Generator
Frames = dict[str, pl.DataFrame]

PLATFORMS = ("tmall", "jd", "pdd", "douyin", "street corner")
ROLES = ("image", "volume", "long_tail", "reach", "clearance", "launch", "service")
IN_PRICE = ("markdown", "coupon_shop", "tier_amount", "subsidy", "flash")
PLATFORM_PAID = frozenset({"subsidy"})


def write(folder: Path, seed: int) -> Request:
    """The workspace of that seed in `folder`, and what is asked of it."""
    rng = np.random.default_rng(seed)
    weeks = int(rng.integers(4, 31))
    monday = date(2026, 1, 5) + timedelta(days=int(rng.integers(0, 28)))
    stores = _stores(rng, monday, weeks)
    products = _products(rng, monday)
    habits = _habits(rng, stores.height, weeks)
    tables: Frames = {"stores": _dated(stores, habits, monday, rng), "products": products}
    tables |= _trade(rng, stores["store_id"].to_list(), habits, products, monday)
    if rng.random() < 0.6:
        tables["service"] = service(rng, stores["store_id"].to_list(), monday, weeks)
    # Drawn apart, so that a workspace with promotions is otherwise the one without.
    aside = np.random.default_rng([seed, 1])
    if aside.random() < 0.6:
        tables["promotions"] = promotions(aside, stores["store_id"].to_list(), habits, products,
                                          monday)  # fmt: skip
    written = {n: f for n, f in tables.items() if f.height or rng.random() < 0.5}
    for name, frame in written.items():
        if rng.random() < 0.5:
            frame.write_csv(folder / f"{name}.csv")
        else:
            frame.write_parquet(folder / f"{name}.parquet")
    (folder / "channelscope.toml").write_text(_toml(rng, stores), encoding="utf-8")
    return _request(rng, folder, stores, monday, weeks)


def _request(rng: Random, folder: Path, stores: pl.DataFrame, monday: date, weeks: int) -> Request:
    whole = (monday, monday + timedelta(days=7 * weeks - 1)) if rng.random() < 0.7 else (None, None)
    by = GroupBy.KIND if rng.random() < 0.15 and stores["kind"].n_unique() > 1 else None
    return Request(folder, by=by, first=whole[0], last=whole[1], threads=1)


def _toml(rng: Random, stores: pl.DataFrame) -> str:
    lines = ["[workspace]", f'name = "{rng.choice(["Brand", "一家"])}"']
    lines += [f'basis = "{rng.choice(["paid", "paid_net", "merchant", "merchant_net"])}"']
    if rng.random() < 0.5:
        lines += [f'reference = "{rng.choice(stores["store_id"].to_list())}"']
    if rng.random() < 0.3:
        lines += ["[delta]", "price_level = 1.5", "conversion = 0.004", "product = 0.2"]
    if rng.random() < 0.2:
        lines += ["[weights]", "price = 2.5", "service = 0.0"]
    return "\n".join(lines) + "\n"


def _stores(rng: Random, monday: date, weeks: int) -> pl.DataFrame:
    count = int(rng.integers(2, 7))
    some = lambda values: rng.choice(values, size=count).tolist()  # noqa: E731
    stores = pl.DataFrame({
        "store_id": [f"S{place}" for place in range(count)],
        "name": [f"Store {place} 店" for place in range(count)],
        "kind": some(list(Kind)),
        "platform": some(PLATFORMS),
        "operator": some(["own", "partner", ""]),
        "declared_role": some([*ROLES, ""]),
        "buyer_id_scope": some(["brand", "", "elsewhere"]),
    })  # fmt: skip
    return stores.with_columns(
        pl.col("operator", "declared_role", "buyer_id_scope").replace("", None)
    )


def _dated(stores: pl.DataFrame, habits: list[Habit], monday: date, rng: Random) -> pl.DataFrame:
    """Stores that came late or left early say so, mostly."""
    says = rng.random(len(habits)) < 0.8
    opened = [
        monday + timedelta(weeks=h.first_week) if h.first_week and s else None
        for h, s in zip(habits, says, strict=True)
    ]
    last = max(h.last_week for h in habits)
    closed = [
        monday + timedelta(days=7 * h.last_week - 1) if h.last_week < last and s else None
        for h, s in zip(habits, says, strict=True)
    ]
    return stores.with_columns(
        opened_on=pl.Series(opened, dtype=pl.Date), closed_on=pl.Series(closed, dtype=pl.Date)
    )


def _products(rng: Random, monday: date) -> pl.DataFrame:
    count = int(rng.integers(5, 41))
    names = ["Pans", "Cups > Glass", "Cups > 瓷", "Knives"][: int(rng.integers(1, 5))]
    price = np.round(rng.lognormal(4, 0.7, size=count) + 1, 2)
    launch = [monday + timedelta(days=int(d)) for d in rng.integers(-700, 1, size=count)]
    frame = pl.DataFrame({
        "sku": [f"p{place}" for place in range(count)],
        "title": [f"Thing {place} 件" for place in range(count)],
        "category": rng.choice(names, size=count).tolist(),
        "list_price": price,
        "suggested_price": np.round(price * 0.9, 2),
        "unit_cost": np.round(price * 0.4, 2),
        "launched_on": launch,
    })  # fmt: skip
    gone = [name for name in frame.columns[-3:] if rng.random() < 0.4]
    return frame.drop(gone)


def _habits(rng: Random, count: int, weeks: int) -> list[Habit]:
    habits = [_habit(rng, weeks) for _ in range(count)]
    if rng.random() < 0.35:  # twins
        habits[1] = habits[0]
    if rng.random() < 0.15:  # nobody buys by chance more than anywhere else: all are one
        habits = habits[:1] * count
    if rng.random() < 0.2:  # no more than a shelf
        spoilt = [rng.integers(count)] if rng.random() < 0.7 else range(count)
        for place in spoilt:
            habits[int(place)] = _shelf_only(habits[int(place)])
    return habits


def _shelf_only(habit: Habit) -> Habit:
    return replace(
        habit, orders=0, known_buyers=0.0, refunds=None, first_week=0, visitors=None, shelf=True
    )


def _habit(rng: Random, weeks: int) -> Habit:
    cut = rng.random() < 0.25
    first = int(rng.integers(0, weeks // 2 + 1)) if cut else 0
    last = int(rng.integers(first + 1, weeks + 1)) if cut else weeks
    kinds = rng.choice(IN_PRICE, size=int(rng.integers(1, 4)), replace=False)
    return Habit(
        orders=int(np.exp(rng.uniform(np.log(20), np.log(2000)))),
        level=float(rng.choice([1.0, 1.0, 1.0, 0.97, 0.85, 1.2])),
        depth=float(rng.choice([0.0, 0.02, 0.1, 0.3])),
        mechanisms=tuple(str(kind) for kind in kinds),
        part=float(rng.choice([1.0, 1.0, 0.6, 0.2])),
        repeat=float(rng.choice([1.0, 1.5, 6.0])),
        known_buyers=float(rng.choice([1.0, 0.9, 0.3, 0.0])),
        refunds=float(rng.choice([0.0, 0.03, 0.2])) if rng.random() < 0.7 else None,
        first_week=first,
        last_week=last,
        visitors=float(rng.uniform(5, 60)) if rng.random() < 0.6 else None,
        shelf=bool(rng.random() < 0.3),
        usual=bool(rng.random() < 0.8),
    )


def _trade(
    rng: Random, stores: list[str], habits: list[Habit], products: pl.DataFrame, monday: date
) -> Frames:
    parts: dict[str, list[pl.DataFrame]] = {"order_lines": [], "traffic": [], "price_snapshots": []}
    for store, habit in zip(stores, habits, strict=True):
        goods = np.flatnonzero(rng.random(products.height) < habit.part)
        goods = goods if len(goods) else np.array([0])
        goods_of: dict[str, Any] = {"products": products, "goods": goods, "monday": monday}
        if habit.orders:
            parts["order_lines"].append(_lines(rng, store, habit, **goods_of))
        if habit.visitors:
            parts["traffic"].append(traffic(rng, store, habit, monday))
        if habit.shelf:
            parts["price_snapshots"].append(shelf(rng, store, habit, **goods_of))
    if parts["order_lines"] and rng.random() < 0.1:  # one store's books, kept twice
        parts["order_lines"] = _copied(parts["order_lines"])
    return {name: pl.concat(frames, how="diagonal") for name, frames in parts.items() if frames}


def _copied(frames: list[pl.DataFrame]) -> list[pl.DataFrame]:
    names = [frame["store_id"][0] for frame in frames]
    return [frames[0].with_columns(store_id=pl.lit(name)) for name in names]


def _lines(
    rng: Random, store: str, habit: Habit, *, products: pl.DataFrame, goods: Any, monday: date
) -> pl.DataFrame:
    per_order = rng.integers(1, 4, size=habit.orders)
    order = np.repeat(np.arange(habit.orders), per_order)
    count = len(order)
    day = rng.integers(7 * habit.first_week, 7 * habit.last_week, size=habit.orders)
    buyer = rng.integers(0, max(int(habit.orders / habit.repeat), 1), size=habit.orders)
    masked = rng.random(habit.orders) >= habit.known_buyers
    # The same goods sell best everywhere, or every store has best-sellers of its own.
    popular = 1 / (1.0 + goods) if habit.usual else rng.permutation(1 / (1.0 + goods))
    sku = rng.choice(goods, size=count, p=popular / popular.sum())
    qty = rng.integers(1, 4, size=count)
    listed = np.round(products["list_price"].to_numpy()[sku] * habit.level, 2)
    frame = pl.DataFrame({
        "store_id": [store] * count,
        "order_id": [f"{store}-{place}" for place in order],
        "line_no": np.arange(count) - np.repeat(np.cumsum(per_order) - per_order, per_order) + 1,
        "sku": products["sku"].gather(sku.tolist()),
        "ordered_at": [moment(monday, d, 10) for d in day[order]],
        "qty": qty,
        "list_price": listed,
        "buyer_id": [None if masked[o] else f"b{buyer[o]}" for o in order],
    }, schema_overrides={"buyer_id": pl.String})  # fmt: skip
    return _refunded(rng, habit, _paid(rng, habit, frame), monday)


def _paid(rng: Random, habit: Habit, frame: pl.DataFrame) -> pl.DataFrame:
    """Discounts lead from list price to what was paid, to the cent."""
    count = frame.height
    total = np.round(frame["list_price"].to_numpy() * frame["qty"].to_numpy(), 2)
    hit = (rng.random(count) < 0.6) & (habit.depth > 0)
    kind = rng.choice(len(habit.mechanisms), size=count)
    amount = np.round(np.where(hit, total * habit.depth * rng.uniform(0.5, 1.5, size=count), 0), 2)
    funded = np.array([name in PLATFORM_PAID for name in habit.mechanisms])[kind]
    return frame.with_columns(
        pl.Series("paid_amount", np.round(total - amount, 2)),
        pl.Series("platform_amount", np.where(funded, amount, 0.0)),
        *[
            pl.Series(f"discount_{name}", np.where(kind == place, amount, 0.0))
            for place, name in enumerate(habit.mechanisms)
        ],
    )


def _refunded(rng: Random, habit: Habit, frame: pl.DataFrame, monday: date) -> pl.DataFrame:
    if habit.refunds is None:
        return frame
    given = rng.random(frame.height) < habit.refunds
    money = np.where(given, np.round(frame["paid_amount"].to_numpy(), 2), 0.0)
    late = moment(monday, 7 * 40, 9)
    when = [late if back else None for back in given]
    return frame.with_columns(
        pl.Series("refunded_amount", money), pl.Series("refunded_at", when, dtype=pl.String)
    )
