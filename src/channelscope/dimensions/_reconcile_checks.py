"""What the rules say of the quality of the data, as rows of the `quality` table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from channelscope.dimensions._observed_orders import Observed
from channelscope.dimensions._rule_implied import Implied
from channelscope.domain import Severity
from channelscope.results import TABLES

FIRST = 3
"""So many examples stand in a row, as of every other check."""
CENTS = 100


def rows(
    observed: Observed, implied: Implied, *, lines: pl.DataFrame, idle: pl.DataFrame
) -> pl.DataFrame:
    """Order lines that no rule explains, and promotions that never take anything off.

    Nothing where no order could be held against a rule.
    """
    if not lines.height:
        return pl.DataFrame(schema=TABLES["quality"])
    bitten = len(np.unique(implied.taken.promotion))
    return pl.concat([
        _orders(lines),
        _row("promotions_never_bite", "promotions", rows=bitten + idle.height,
             failed=idle.height, money_share=None, first=idle["promo_id"].head(FIRST).to_list()),
    ])  # fmt: skip


def _orders(lines: pl.DataFrame) -> pl.DataFrame:
    off, paid = lines.filter(~pl.col("agrees")), int(lines["paid_amount"].sum())
    worst = off.sort(
        pl.col("difference").abs(), "member_id", "order_id", "line_no",
        descending=[True, False, False, False],
    ).head(FIRST)  # fmt: skip
    told = [
        f"{row['member_id']} order {row['order_id']} line {row['line_no']}: paid_amount = "
        f"{row['paid_amount'] / CENTS:.2f}, by the rules "
        f"{(row['paid_amount'] - row['difference']) / CENTS:.2f}"
        for row in worst.iter_rows(named=True)
    ]
    return _row(
        "order_lines_no_rule_explains", "order_lines", rows=lines.height, failed=off.height,
        money_share=int(off["paid_amount"].sum()) / paid if paid else None, first=told,
    )  # fmt: skip


def _row(
    check: str,
    table: str,
    *,
    rows: int,
    failed: int,
    money_share: float | None,
    first: Sequence[str],
) -> pl.DataFrame:
    sample = "; ".join(first) or None
    row = (check, table, Severity.WARN.value, rows, failed, money_share, sample)
    return pl.DataFrame([row], schema=TABLES["quality"], orient="row")
