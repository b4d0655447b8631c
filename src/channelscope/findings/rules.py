"""What holding orders against the promotion rules says of the data behind both."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from channelscope.findings.evidence import ENOUGH_CASES, Book, Finding, Row, grade, has_enough_cases

METRIC = "reconciled_share"
MOST_OF_NONE = 3.0
"""Of n cases drawn, none: with 95% certainty it is at most three in n of all."""


def rules(book: Book) -> Iterator[Finding]:
    """Orders that no rule explains, and rules that never bite."""
    yield from _unexplained(book)
    yield from _idle(book)


def _unexplained(book: Book) -> Iterator[Finding]:
    """The stores of which more than does not matter is surely paid otherwise than by the rules."""
    known = [row for store in [book.reference, *book.others] if (row := book.row(store, METRIC))]
    limit = 1 - book.delta[METRIC]
    off = sorted(
        (r for r in known if has_enough_cases(r) and r["hi"] is not None and r["hi"] < limit),
        key=lambda row: float(row["value"]),
    )
    if not off:
        return
    worst, stores = off[0], [row["store_id"] for row in off]
    everything = book.tables["reconcile"].filter(pl.col("mechanism") == "all")
    sizes = everything.filter(pl.col("store_id").is_in(stores))["absolute_difference"]
    money, example = float(sizes.sum()), _example(book, worst["store_id"])
    # What is looked at is drawn by chance: that it is a part makes it no less sure.
    yield Finding(
        "promotion", tuple(stores), "orders_unexplained",
        {
            "stores": "+".join(stores), "store": worst["store_id"], "share": 1 - worst["value"],
            "lo": 1 - worst["hi"], "hi": 1 - worst["lo"], "count_lines": worst["n"],
            "order": example["order_id"], "line": str(example["line_no"]),
            "price_paid": float(example["paid_amount"]),
            "price_rules": float(example["implied_amount"]), "money": money,
        },
        (METRIC, "reconcile"), money, grade({**worst, "coverage": None}),
    )  # fmt: skip


def _example(book: Book, store: str) -> Row:
    """The line of the store that is furthest off."""
    lines = book.tables["unreconciled"].filter(pl.col("store_id") == store)
    return lines.row(0, named=True)


def _idle(book: Book) -> Iterator[Finding]:
    """All rules together that had enough lines to bite on, and did not.

    Not all orders are looked at: what is on none of n lines may be on up to 3 / n of all.
    """
    idle = book.tables["idle_promotions"].filter(pl.col("lines") >= ENOUGH_CASES)
    if not idle.height:
        return
    most = idle.sort("lines", "promo_id", descending=[True, False]).row(0, named=True)
    stores = [s for s in [book.reference, *book.others] if s in set(idle["store_id"])]
    yield Finding(
        "promotion", tuple(stores), "rules_idle",
        {
            "stores": "+".join(stores), "store": most["store_id"], "n": idle.height,
            "promo": most["promo_id"], "mechanism": most["mechanism"],
            "count_lines": most["lines"], "share": MOST_OF_NONE / most["lines"],
            "reason": f"idle.{most['reason'] or 'unknown'}",
            "money": None,
        },
        ("idle_promotions",), 0.0, grade({"n": most["lines"]}),
    )  # fmt: skip
