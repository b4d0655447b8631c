"""Reading back which two stores exchange buyers beyond chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.findings.ledger import CASES, Ledger, Row, as_written


def exchanging(book: Ledger) -> list[Row]:
    """The pairs shown to exchange more, by as much as matters, over enough orders."""
    least = 1 + book.scope.delta["exchange"] * (1 - 1e-9)
    return [
        row
        for row in book.tables["exchange"].iter_rows(named=True)
        if row["outcome"] == "differs"
        and row["lo"] > 1
        and row["lift"] >= least
        and (row["lift_free"] or row["lift"]) >= least
        and row["orders"] >= CASES
    ]


def exchange_holds(book: Ledger, said: Row) -> None:
    rows = exchanging(book)
    ends = said["store_a"], said["store_b"]
    (row,) = (row for row in rows if (row["store_a"], row["store_b"]) == ends)
    assert (said["ratio"], said["lo"], said["hi"]) == as_written(row["lift"], row["lo"], row["hi"])
    assert said["count_orders"] == row["orders"]
    assert said["money"] == as_written(float(row["sales"]))
    beyond = [each["orders"] - each["expected"] for each in rows]
    assert row["orders"] - row["expected"] == max(beyond)
    # Both directions of the pair, one way each in the matrix, are the orders that are told.
    one_way = [
        each["orders"]
        for each in book.tables["switching"].iter_rows(named=True)
        if (each["from_store"], each["to_store"]) in (ends, ends[::-1])
    ]
    assert not one_way or sum(one_way) == row["orders"]


EXCHANGE_READERS: Mapping[str, Callable[[Ledger, Row], None]] = {"buyer_exchange": exchange_holds}
