"""Reading back who stands below suggested prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from tests.findings.ledger import CASES, Ledger, Row, as_written

METRIC_OF = {"below_suggested": "own_breach_share", "platform_gap": "platform_gap_share"}
BOTH = "below_by_both"
TEMPLATES = (*METRIC_OF, BOTH)


def below(book: Ledger, template: str) -> dict[str, Row]:
    """Stores whose share is surely more than matters, of enough products: by one or both."""
    own, platform = (_sure(book, metric) for metric in METRIC_OF.values())
    mixed = own.keys() & platform.keys()
    if template == BOTH:
        return {store: row for store, row in own.items() if store in mixed}
    rows = own if template == "below_suggested" else platform
    return {store: row for store, row in rows.items() if store not in mixed}


def _sure(book: Ledger, metric: str) -> dict[str, Row]:
    rows = book.tables["metrics"].filter(metric=metric).iter_rows(named=True)
    return {
        row["store_id"]: row
        for row in rows
        if row["lo"] is not None
        and row["lo"] > book.scope.delta[metric]
        and (row["n"] or 0) >= CASES
    }


def order_holds(template: str) -> Callable[[Ledger, Row], None]:
    def holds(book: Ledger, said: Row) -> None:
        told = below(book, template)
        assert set(said["stores"].split("+")) == set(told)
        row = told[said["store"]]
        assert row["value"] == max(each["value"] for each in told.values())
        assert (said["share"], said["lo"], said["hi"]) == as_written(
            row["value"], row["lo"], row["hi"]
        )
        depth = book.number(said["store"], "below_suggested_depth")
        assert said["rate"] == as_written(depth["value"])
        assert said["count_products"] == row["n"]
        gaps = book.tables["price_gaps"].filter(pl.col("store_id").is_in(list(told)))
        worth = gaps["shortfall_amount"].drop_nulls()
        of_stores = template == "below_suggested" and len(worth)
        assert said["money"] == (as_written(worth.sum()) if of_stores else None)
        assert said["cause"] == main_cause(gaps.filter(store_id=said["store"]), template)

    return holds


def both_holds(book: Ledger, said: Row) -> None:
    """A store shown to stand below by itself and by the platform is told once, with both parts."""
    store = said["store"]
    assert store in below(book, BOTH)
    share, own, platform, depth = (
        book.number(store, metric)
        for metric in ("below_suggested_share", *METRIC_OF.values(), "below_suggested_depth")
    )
    assert (said["share"], said["lo"], said["hi"]) == as_written(
        share["value"], share["lo"], share["hi"]
    )
    assert (said["share_own"], said["share_platform"]) == as_written(
        own["value"], platform["value"]
    )
    assert own["value"] + platform["value"] <= share["value"] * (1 + 1e-9)
    assert said["rate"] == as_written(depth["value"])
    gaps = book.tables["price_gaps"].filter(store_id=store)
    worth = gaps["shortfall_amount"].drop_nulls()
    assert said["money"] == (as_written(worth.sum()) if len(worth) else None)
    assert said["cause"] == main_cause(gaps, "below_suggested")
    assert said["cause_platform"] == main_cause(gaps, "platform_gap")


def main_cause(gaps: pl.DataFrame, template: str) -> str:
    """The cause of most of its days, of the first by name where two have as many."""
    days: dict[str, int] = {}
    for row in gaps.iter_rows(named=True):
        of_platform = row["funder"] == "platform"
        if row["funder"] is not None and of_platform == (template == "platform_gap"):
            name = row["cause_mechanism"] or "unknown"
            counted = row["days_below" if of_platform else "days_own"] or 0
            days[name] = days.get(name, 0) + counted
    return min(days, key=lambda name: (-days[name], name)) if days else "unknown"


ORDER_READERS: Mapping[str, Callable[[Ledger, Row], None]] = {
    **{template: order_holds(template) for template in METRIC_OF},
    BOTH: both_holds,
}
