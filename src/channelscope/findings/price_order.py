"""Who stands below suggested prices, by prices of the store's own or by the platform's money."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from channelscope.domain import Scope
from channelscope.findings.evidence import (
    Book,
    Finding,
    Row,
    grade,
    has_enough_cases,
    weaker,
)
from channelscope.mechanisms import Funder

OWN, PLATFORM = "own_breach_share", "platform_gap_share"
UNKNOWN = "unknown"
"""The cause of a gap that nothing in the data explains."""


def below_suggested(book: Book, scope: Scope) -> Iterator[Finding]:
    """One statement on the stores' own prices, one on the platform's money. Facts, no demands.

    A store or group shown to stand below by both is told apart, so that no two statements on it
    contradict each other.
    """
    own, given = (_shown(book, scope, metric) for metric in (OWN, PLATFORM))
    mixed = {row["store_id"] for row in own} & {row["store_id"] for row in given}
    own_alone, given_alone = (
        [row for row in rows if row["store_id"] not in mixed] for rows in (own, given)
    )
    if own_alone:
        yield _told("below_suggested", OWN, own_alone, book=book, own=True)
    if given_alone:
        yield _told("platform_gap", PLATFORM, given_alone, book=book, own=False)
    for store in scope.store_ids:
        if store in mixed:
            yield _told_by_both(store, book=book)


def _shown(book: Book, scope: Scope, metric: str) -> list[Row]:
    """Stores whose share is surely more than what matters, the largest first."""
    rows = [row for store in scope.store_ids if (row := book.row(store, metric))]
    sure = [
        row
        for row in rows
        if has_enough_cases(row) and row["lo"] is not None and row["lo"] > book.delta[metric]
    ]
    return sorted(sure, key=lambda row: -float(row["value"]))


def _told(template: str, metric: str, rows: list[Row], *, book: Book, own: bool) -> Finding:
    stores, worst = [row["store_id"] for row in rows], rows[0]
    gaps = book.tables["price_gaps"].filter(pl.col("store_id").is_in(stores))
    money = _worth(gaps) if own else None
    depth = book.row(worst["store_id"], "below_suggested_depth")
    return Finding(
        "price", tuple(stores), template,
        {
            "stores": "+".join(stores), "store": worst["store_id"], "share": worst["value"],
            "lo": worst["lo"], "hi": worst["hi"], "rate": depth["value"] if depth else None,
            "cause": _cause(gaps.filter(store_id=worst["store_id"]), own=own), "money": money,
            "count_products": worst["n"],
        },
        (metric,), money or 0.0, grade(worst),
    )  # fmt: skip


def _told_by_both(store: str, *, book: Book) -> Finding:
    below, depth = (
        book.row(store, f"below_suggested_{name}") or {} for name in ("share", "depth")
    )  # fmt: skip
    own, given = (book.row(store, metric) or {} for metric in (OWN, PLATFORM))
    gaps = book.tables["price_gaps"].filter(store_id=store)
    money = _worth(gaps)
    return Finding(
        "price", (store,), "below_by_both",
        {
            "store": store, "share": below.get("value"), "lo": below.get("lo"),
            "hi": below.get("hi"), "share_own": own.get("value"),
            "share_platform": given.get("value"), "rate": depth.get("value"),
            "cause": _cause(gaps, own=True), "cause_platform": _cause(gaps, own=False),
            "money": money, "count_products": below.get("n"),
        },
        (OWN, PLATFORM, "below_suggested_share"), money or 0.0, weaker(grade(own), grade(given)),
    )  # fmt: skip


def _worth(gaps: pl.DataFrame) -> float | None:
    """What the pieces sold below went for less than at suggested prices, where it is known."""
    known = gaps["shortfall_amount"].drop_nulls()
    return float(known.sum()) if len(known) else None


def _cause(gaps: pl.DataFrame, *, own: bool) -> str:
    """What makes most of the days."""
    by_platform = pl.col("funder") == str(Funder.PLATFORM)
    days = "days_own" if own else "days_below"
    found = (
        gaps.filter(~by_platform if own else by_platform)
        .group_by("cause_mechanism")
        .agg(pl.col(days).sum())
        .sort(days, "cause_mechanism", descending=[True, False], nulls_last=True)
    )
    return str(found["cause_mechanism"].first() or UNKNOWN) if found.height else UNKNOWN
