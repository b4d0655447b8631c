"""Reading back what was shipped outside the regions of a store."""

from __future__ import annotations

import polars as pl

from tests.findings.ledger import CASES, Ledger, Row, as_written

METRIC = "out_of_region_share"


def outside(book: Ledger) -> set[str]:
    """The stores of which more than does not matter is shown to go outside."""
    rows = book.tables["metrics"].filter(
        pl.col("lo") > book.scope.delta[METRIC], pl.col("n") >= CASES, metric=METRIC
    )
    return set(rows["store_id"])


def outside_holds(book: Ledger, said: Row) -> None:
    row = book.number(said["store"], METRIC)
    assert (said["share"], said["lo"], said["hi"]) == as_written(row["value"], row["lo"], row["hi"])
    assert said["store"] in outside(book)
    places = book.tables["out_of_region"].filter(store_id=said["store"])
    assert said["n"] == places["ship_region"].n_unique() == places.height
    assert said["money"] == as_written(float(places["paid_amount"].sum()))
    # The shares of the regions are parts of the whole that is told.
    assert places["share"].sum() == as_written(said["share"])
