"""Sales of a few products by buyer group: what the tests of the product mix are worked out on."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import polars as pl

from channelscope.dimensions import product
from tests.dimensions.small_cubes import MONDAY, frame, scope, seen, session

Row = dict[str, Any]
PRODUCTS = [
    {"sku": "a", "title": "a", "category": "Home > Pans", "launched_on": MONDAY},
    {"sku": "b", "title": "b", "category": "Home > Pans", "launched_on": MONDAY.replace(2020)},
    {"sku": "c", "title": "c", "category": "Home > Pots", "launched_on": None},
    {"sku": "d", "title": "d", "category": "Home > Mugs", "launched_on": MONDAY.replace(2021)},
    {"sku": "e", "title": "e", "category": "Home > Pans", "launched_on": None},
]


def sale(store: str, sku: str, group: str, amount: float, *, full: float = 0) -> Row:
    """A cell of `sku_groups`; half of what was paid came back as refunds."""
    return {
        "store_id": store, "sku": sku, "buyer_group": group, "units": Decimal(1),
        "sales": Decimal(str(amount)), "paid_amount": Decimal(str(amount)) * 2,
        "full_price_amount": Decimal(str(full)),
    }  # fmt: skip


def as_weeks(rows: Iterable[Row]) -> list[Row]:
    """The same sales as cells of one week: a line for each cell."""
    cells: dict[tuple[str, str], Row] = {}
    for row in rows:
        cell = cells.setdefault(
            (row["store_id"], row["sku"]),
            {"store_id": row["store_id"], "sku": row["sku"], "lines": 0, "units": Decimal(0),
             "week_start": MONDAY, "month_start": MONDAY, "sales": Decimal(0)},
        )  # fmt: skip
        cell["lines"] += 1
        cell["units"] += row["units"]
        cell["sales"] += row["sales"]
    return list(cells.values())


def compared(
    *stores: str, rows: list[Row], listed: Iterable[Row] = (), products: Iterable[Row] = PRODUCTS
) -> dict[str, pl.DataFrame]:
    asked = scope(*stores)
    opened = session(asked, sku_weeks=as_weeks(rows), shelf_weeks=listed, products=products)
    opened.register("sku_groups", frame("sku_groups", rows))
    found = product.compare(opened, asked)
    opened.close()
    return found


def metric(found: dict[str, pl.DataFrame], name: str, store: str) -> Row:
    rows = found["metrics"].filter(metric=name, store_id=store).to_dicts()
    assert len(rows) == 1
    return rows[0]


def value(found: dict[str, pl.DataFrame], name: str, store: str) -> Any:
    return metric(found, name, store)["value"]


def on_shelf(store: str, sku: str) -> Row:
    return seen(store, sku, list_price=10, activity=9, one_piece=9)


SALES = [
    sale("F", "a", "0a", 50, full=30), sale("F", "a", "0b", 10), sale("F", "b", "0a", 20),
    sale("F", "b", "0c", 5, full=10), sale("F", "c", "0b", 15), sale("F", "c", "0d", 25),
    sale("F", "e", "0c", 2),
    sale("D", "b", "0a", 30), sale("D", "b", "0d", 8), sale("D", "d", "0b", 12, full=24),
    sale("D", "d", "0c", 4), sale("D", "a", "0b", 6),
]  # fmt: skip
GROUPS = ("0a", "0b", "0c", "0d")
COUNTED = ("active_skus", "category_breadth", "category_depth", "exclusive_skus")
