"""Reading back whether needs are divided among the stores."""

from __future__ import annotations

import polars as pl

from channelscope.domain import Outcome
from tests.findings.ledger import CASES, Ledger, Row, as_written


def indices(book: Ledger) -> pl.DataFrame:
    """Of each set of needs what is told of all stores, or of the scopes where that is not asked."""
    rows = book.tables["diversion"].filter("is_need")
    whole = rows.filter(scope="all")
    parts = rows.filter(~pl.col("segment_set").is_in(whole["segment_set"].to_list()))
    return pl.concat([whole, parts]).filter(pl.col("outcome") != Outcome.NOT_IDENTIFIABLE)


def over_their_share(book: Ledger, name: str) -> pl.DataFrame:
    """Stores and segments of a set that are surely, and by what matters, above all stores."""
    rows = book.tables["segments"].filter(
        pl.col("gap_lo") > 0, pl.col("p_adjusted") <= 0.05, pl.col("n") >= CASES,
        pl.col("share") - pl.col("overall_share") >= book.scope.delta["segment_share"],
        segment_set=name, outcome=Outcome.DIFFERS,
    )  # fmt: skip
    return rows.sort("gap", "store_id", "segment", descending=[True, False, False])


def divided(book: Ledger) -> pl.DataFrame:
    """Indices that are surely above nothing and large enough, of sets somebody takes a part of."""
    rows = indices(book).filter(
        pl.col("lo") > 0, pl.col("p_adjusted") <= 0.05,
        pl.col("index") >= book.scope.delta["diversion"], outcome=Outcome.DIFFERS,
    )  # fmt: skip
    taken = [name for name in rows["segment_set"].unique() if over_their_share(book, name).height]
    # Platforms that differ divide nothing: somewhere buyers of one scope have to.
    inside = book.tables["diversion"].filter(
        pl.col("scope") != "all", pl.col("lo") > 0, pl.col("p_adjusted") <= 0.05,
        pl.col("index") >= book.scope.delta["diversion"], outcome=Outcome.DIFFERS,
    )  # fmt: skip
    within = inside["segment_set"].to_list()
    return rows.filter(pl.col("segment_set").is_in(taken), pl.col("segment_set").is_in(within))


def divided_holds(book: Ledger, said: Row) -> None:
    rows = divided(book)
    row = rows.filter(segment_set=said["set"], scope=said["scope"]).row(0, named=True)
    assert row["index"] == rows["index"].max()
    assert (said["index"], said["lo"], said["hi"]) == as_written(row["index"], row["lo"], row["hi"])
    takers = over_their_share(book, said["set"])
    top = takers.row(0, named=True)
    assert (said["store"], said["segment"]) == (top["store_id"], top["segment"])
    assert (said["share_own"], said["share_overall"]) == as_written(
        top["share"], top["overall_share"]
    )
    named = {(store, segment): share for store, segment, share in said["takers"]}
    assert len(named) == min(takers.height, 4)
    for each in takers.head(4).iter_rows(named=True):
        assert named[each["store_id"], each["segment"]] == as_written(each["share"])
    worth = sum(
        (book.sales(each["store_id"]) or 0) * each["gap"] for each in takers.iter_rows(named=True)
    )
    assert (said["money"] or 0) == as_written(worth)


def same_holds(book: Ledger, said: Row) -> None:
    rows = indices(book)
    assert rows.height and all_same(book)
    assert said["sets"].split("+") == rows["segment_set"].unique(maintain_order=True).to_list()
    # Nothing above what does not matter is left open.
    assert said["index"] == as_written(rows["hi"].max())
    assert said["index"] <= book.scope.delta["diversion"]


NEED_READERS = {"needs_divided": divided_holds, "needs_same": same_holds}


def told_of_needs(book: Ledger) -> set[str]:
    """The templates of which the tables hold something."""
    if divided(book).height:
        return {"needs_divided"}
    return {"needs_same"} if indices(book).height and all_same(book) else set()


def all_same(book: Ledger) -> bool:
    """Nothing is told of needs, of all stores or of a scope, but that they are the same."""
    told = book.tables["diversion"].filter("is_need", pl.col("outcome") != "not_identifiable")
    return set(told["outcome"]) == {Outcome.SAME}
