"""Reading back what is said of two stores by their verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial

import polars as pl
import pytest

from channelscope.domain import Outcome
from tests.findings.ledger import Ledger, Row, as_written

DIMENSIONS = ("product", "price", "promotion", "sales", "service")
Reader = Callable[[Ledger, Row], None]
Worth = Callable[[Ledger, Row], float]


def outcome(book: Ledger, verdict: Row, dimension: str) -> str | None:
    rows = book.tables["pairs"].filter(
        store_a=verdict["store_a"], store_b=verdict["store_b"], dimension=dimension
    )
    return rows["outcome"][0] if rows.height else None


def verdict_of(book: Ledger, said: Row, verdict: str) -> Row:
    """The row of `verdicts`, after checking what every such finding says of it."""
    table = book.tables["verdicts"].filter(verdict=verdict)
    found = table.filter(store_a=said["store_a"], store_b=said["store_b"])
    assert found.height == 1, "no such verdict"
    row = found.row(0, named=True)
    assert said["count"] == table.height
    assert said["reason"] == row["reason"]
    shared = book.shared(row)
    assert said["share"] == (None if shared is None else as_written(shared))
    return row


def weightiest(book: Ledger, row: Row, verdict: str, weight: Worth) -> None:
    """No other pair of that verdict touches more money, counted by how sure it is."""
    table = book.tables["verdicts"].filter(verdict=verdict)
    most = max(weight(book, other) for other in table.iter_rows(named=True))
    assert weight(book, row) == pytest.approx(most, rel=1e-9)


def smaller(book: Ledger, row: Row) -> float:
    return min(book.sales(row[end]) or 0.0 for end in ("store_a", "store_b"))


def below(distance: float) -> float:
    """By how much the cheaper lies below the dearer: 1 on the scale is a log gap of 0.30."""
    return 1 - math.exp(-0.30 * distance)


def clash_worth(book: Ledger, row: Row) -> float:
    price = book.pair(row, "price")
    assert price is not None
    return smaller(book, row) * (book.shared(row) or 0.0) * below(price["distance"])


def clash_holds(book: Ledger, said: Row, *, wide: bool = False) -> None:
    row = verdict_of(book, said, "price_clash")
    price = book.pair(row, "price")
    assert price is not None and price["outcome"] == Outcome.DIFFERS
    assert said["share"] >= 0.5
    shown = said["reason"] == "verdict.price_clash.reason.overlap_shown"
    needs = book.pair(row, "consumers")
    assert shown or needs is None or needs["outcome"] != Outcome.DIFFERS or needs["lo"] < 0.5
    assert (said["rate"], said["rate_lo"], said["rate_hi"]) == as_written(
        *(below(price[name]) for name in ("distance", "lo", "hi"))
    )
    assert 0 < said["rate_lo"] <= said["rate"] <= said["rate_hi"]
    assert (price["distance"] == 1) == wide
    assert said["n"] == price["n"]
    assert said["money"] == as_written(clash_worth(book, row))
    weightiest(book, row, "price_clash", lambda b, r: clash_worth(b, r) * b.certainty(r))


def split_holds(book: Ledger, said: Row) -> None:
    row = verdict_of(book, said, "mechanism_split")
    mixes = book.pair(row, "promotion")
    assert mixes is not None and mixes["outcome"] == Outcome.DIFFERS
    assert outcome(book, row, "price") == Outcome.SAME
    ratio_is(said, mixes)
    for end in ("a", "b"):
        own = book.tables["mechanisms"].filter(
            pl.col("mechanism") != "unexplained", store_id=said[f"store_{end}"]
        )
        assert said[f"share_{end}"] == as_written(own["share_of_list"].max())
        named = own.filter(mechanism=said[f"mechanism_{end}"])
        assert named["share_of_list"].to_list() == [own["share_of_list"].max()]
    weightiest(book, row, "mechanism_split", by_cases("promotion"))


def complements_hold(book: Ledger, said: Row) -> None:
    row = verdict_of(book, said, "complements")
    goods = book.pair(row, "product")
    assert goods is not None
    assert Outcome.DIFFERS in (outcome(book, row, name) for name in ("product", "consumers"))
    assert said["share"] < 0.5
    ratio_is(said, goods)
    weightiest(book, row, "complements", by_cases("product"))


def twins_hold(book: Ledger, said: Row) -> None:
    row = verdict_of(book, said, "twins")
    told = {name: outcome(book, row, name) for name in DIMENSIONS}
    assert told["product"] == told["price"] == Outcome.SAME
    assert Outcome.DIFFERS not in (*told.values(), outcome(book, row, "consumers"))
    alike = [name for name, found in told.items() if found == Outcome.SAME]
    assert (said["n"], said["m"]) == (len(alike), len(DIMENSIONS))
    assert said["n"] >= 3
    goods = book.pair(row, "product")
    assert goods is not None
    ratio_is(said, goods)
    weightiest(book, row, "twins", twins_weight)


def twins_weight(book: Ledger, row: Row) -> float:
    alike = [name for name in DIMENSIONS if outcome(book, row, name) == Outcome.SAME]
    # Products are not cases: what a price rests on are the orders of both stores.
    rows = [book.pair(row, name) for name in alike if name != "price"]
    return smaller(book, row) * book.certainty(row, *(found["n"] for found in rows if found))


def by_cases(dimension: str) -> Worth:
    def weight(book: Ledger, row: Row) -> float:
        found = book.pair(row, dimension)
        return smaller(book, row) * book.certainty(row, found["n"] if found else None)

    return weight


def ratio_is(said: Row, found: Row) -> None:
    assert (said["ratio"], said["ratio_lo"], said["ratio_hi"]) == as_written(
        found["distance"], found["lo"], found["hi"]
    )
    assert said["ratio_lo"] <= said["ratio"] <= said["ratio_hi"]


VERDICT_READERS: Mapping[str, Reader] = {
    "price_clash": clash_holds,
    "price_clash_wide": partial(clash_holds, wide=True),
    "mechanism_split": split_holds,
    "complements": complements_hold,
    "twins": twins_hold,
}
