"""Small cubes of buyers: scope x, stores A and B compared, C in the scope and not compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from channelscope import circles
from channelscope.dimensions import consumers
from channelscope.domain import Scope
from tests.dimensions.small_cubes import MONDAY, frame, session

Row = dict[str, Any]
BUYERS = (
    ("0a", "A", 1, 10), ("0a", "A+B", 2, 3), ("0a", "C", 2, 4),
    ("0b", "A", 1, 8), ("0b", "B", 1, 5), ("0b", "A+B+C", 4, 2),
    ("0c", "B", 3, 2), ("0c", "A+B", 2, 1), ("0c", "A", 5, 1),
)  # fmt: skip
"""Buyer group, stores, orders, buyers: 58 orders, 6 buyers of A and B."""
ORDERS = (
    ("A", "0a", 15, 13), ("A", "0b", 15, 12), ("A", "0c", 10, 6),
    ("B", "0a", 12, 3), ("B", "0b", 9, 7), ("B", "0c", 9, 7),
)  # fmt: skip
"""Store, buyer group, orders, orders whose buyer is known: 31 of 40, 17 of 30."""
RETURNING = "returning_buyer_share"
ALL_BEFORE = MONDAY - timedelta(days=365)


def pattern(
    group: str, stores: str, orders: int, buyers: int, *, before: str = "", scope: str = "x"
) -> Row:
    """Buyers by names joined with +; `compared` turns these into bits."""
    return {"scope": scope, "buyer_group": group, "stores": stores, "before": before,
            "orders": orders, "buyers": buyers}  # fmt: skip


def slot(store: str, group: str, orders: int, known: int) -> Row:
    return {"store_id": store, "buyer_group": group, "order_slot": "a", "orders": orders,
            "known_orders": known}  # fmt: skip


def in_scope(**scopes: str) -> list[Row]:
    return [{"store_id": store, "platform": name} for store, name in scopes.items()]


def compared(
    asked: Scope,
    *,
    patterns: list[Row] | None = None,
    orders: list[Row] | None = None,
    stores: list[Row] | None = None,
    shelf: Sequence[Row] = (),
    store_days: Sequence[Row] = (),
) -> dict[str, pl.DataFrame]:
    patterns = [pattern(*row) for row in BUYERS] if patterns is None else patterns
    orders = [slot(*row) for row in ORDERS] if orders is None else orders
    stores = in_scope(A="x", B="x") if stores is None else stores
    opened = session(asked, stores=stores, shelf_weeks=shelf, store_days=store_days)
    bits = all_bits(asked, stores, patterns)
    opened.register("store_bits", owned(bits, asked))
    opened.register("buyer_patterns", frame("buyer_patterns", [in_bits(p, bits) for p in patterns]))
    opened.register("buyer_quarters", frame("buyer_quarters"))
    opened.register("order_groups", frame("order_groups", orders))
    found = consumers.compare(opened, asked)
    opened.close()
    return found


def all_bits(asked: Scope, stores: Sequence[Row], patterns: Sequence[Row]) -> pl.DataFrame:
    """Bits of the stores, and of those that only patterns name: these are not compared."""
    named = {(name, row["scope"]) for row in patterns for name in names(row["stores"])}
    told = {row["store_id"] for row in stores}
    more = [{"store_id": s, "platform": scope} for s, scope in sorted(named) if s not in told]
    return circles.store_bits(frame("stores", [*stores, *more]), asked.stores, {})


def names(stores: str) -> list[str]:
    return [name for name in stores.split("+") if name]


def owned(bits: pl.DataFrame, asked: Scope) -> pl.DataFrame:
    """`store_bits` as the queries over cubes have it: compared stores or groups alone."""
    owner = {member: store.store_id for store in asked.stores for member in store.members}
    kept = bits.filter(pl.col("store_id").is_in(list(owner)))
    return kept.with_columns(pl.col("store_id").replace_strict(owner, return_dtype=pl.String))


def in_bits(row: Row, bits: pl.DataFrame) -> Row:
    mine = bits.filter(scope=row["scope"])
    place = dict(mine.select("store_id", "bit").iter_rows())
    bought, before = (
        sum({place[name] for name in names(row[key])}) for key in ("stores", "before")
    )
    return {"circle": mine["circle"][0], "buyer_group": row["buyer_group"], "bought": bought,
            "bought_before": before, "orders": row["orders"], "buyers": row["buyers"]}  # fmt: skip


def pair(found: dict[str, pl.DataFrame]) -> Row:
    return found["overlap"].row(0, named=True)


def chance(rows: list[tuple[str, str, int, int]], a: int, b: int) -> float:
    """Shared buyers by chance, order by order: from neither store so far to both."""
    total = sum(orders * buyers for _, _, orders, buyers in rows)
    to_a, to_b = a / total, b / total
    expected = 0.0
    for _, _, orders, buyers in rows:
        state = [1.0, 0.0, 0.0, 0.0]
        for _ in range(orders):
            none, only_a, only_b, both = state
            state = [
                none * (1 - to_a - to_b),
                none * to_a + only_a * (1 - to_b),
                none * to_b + only_b * (1 - to_a),
                both + only_a * to_b + only_b * to_a,
            ]
        expected += buyers * state[3]
    return expected
