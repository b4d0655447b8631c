"""Bars of the bridges that matter: what they stand for is judged to differ, and worth enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from channelscope.domain import Grade, Outcome
from channelscope.findings.evidence import Book, Finding, Row, stands_out, weaker
from channelscope.spans import against

MATTERS = 0.05
"""A bar between two stores is told from this part of the larger of both sales on."""
_TOLD_BY: Mapping[str, tuple[str, str, str]] = {
    "visitor_days": ("bar_traffic", "sales", "visitor_days"),
    "conversion": ("bar_conversion", "sales", "conversion"),
    "orders": ("bar_orders", "sales", "orders"),
    "units_per_order": ("bar_basket", "sales", "units_per_order"),
    "mix": ("bar_goods", "product", ""),
    "exclusives": ("bar_goods", "product", ""),
    "goods": ("bar_goods", "product", ""),
    "list_price": ("bar_list_price", "price", "list_level"),
    "mechanism": ("bar_mechanism", "promotion", ""),
    "refunds": ("bar_refunds", "sales", "refund_share"),
}
"""The template, the dimension and the measure of a bar between two stores; without a measure the
distance in the dimension is asked. `days_without_traffic` is no statement on a store: it says what
the data leave out, and stands in the figure alone."""
_VISITED = ("visitor_days", "conversion")
"""Measures that rest on how a platform counts visitors."""


def bars(book: Book, told: Iterable[Finding] = ()) -> Iterator[Finding]:
    """Every bar that matters, from the reference to a store and of all stores over the years.

    A store's bar is told once: not where `told` (`sales_gap`, `sales_lead`) names it, and an
    opening or a closing over the years where there is a year before, else against the reference.
    """
    named = {(finding.stores, finding.parameters["factor"]) for finding in told}
    over_years = list(_over_years(book))
    named |= {(finding.stores, finding.parameters["factor"]) for finding in over_years}
    for finding in (*_between_stores(book), *_events(book)):
        if (finding.stores, finding.parameters["factor"]) not in named:
            yield finding
    yield from over_years


def _here(book: Book) -> pl.DataFrame:
    return book.tables["bridge"].filter(
        pl.col("from_period") == pl.col("to_period"), pl.col("from_id") == book.reference
    )


def _between_stores(book: Book) -> Iterator[Finding]:
    here = _here(book)
    for row in here.iter_rows(named=True):
        told = _TOLD_BY.get(str(row["factor"]).partition(":")[0])
        larger = max(book.sales(row[end]) or 0.0 for end in ("from_id", "to_id"))
        if told is None or not _matters(row, here.height, larger):
            continue
        template, dimension, metric = told
        store = row["to_id"]
        # The bar's own interval knows weeks, not the buyers who come back: the judged one does.
        if not _is_judged(store, dimension, metric, book):
            continue
        alike = metric not in _VISITED or book.counts_alike(store)
        grade = book.grade(store, "orders") if alike else Grade.C
        yield Finding(
            dimension, (store,), template,
            {"store": store, "reference": book.reference, **_said(row)},
            ("bridge",), float(row["effect"]), grade,
        )  # fmt: skip


def _said(row: Row) -> dict[str, object]:
    return {
        "factor": row["factor"], "money": float(row["effect"]), "change_lo": row["lo"],
        "change_hi": row["hi"],
    }  # fmt: skip


def _is_judged(store: str, dimension: str, metric: str, book: Book) -> bool:
    if metric:
        return book.told(store, metric) is not None
    first, second = sorted((store, book.reference))
    pair = book.pair(first, second, dimension)
    return pair is not None and pair["outcome"] == Outcome.DIFFERS


def _matters(row: Row, of: int, sales: float) -> bool:
    """Beyond its interval as one of so many bars, and worth enough."""
    return stands_out(row, of=of) and sales > 0 and abs(float(row["effect"])) >= MATTERS * sales


# Openings and closings are exact: they have no interval and ask for none.


def _events(book: Book) -> Iterator[Finding]:
    """What was sold while only one of the two was open, by stores that opened or closed."""
    for row in _here(book).iter_rows(named=True):
        kind, _, store = str(row["factor"]).partition(":")
        # Where the reference itself opened, that bar says the same of every store.
        if kind in ("opened", "closed") and store in book.members(row["to_id"]):
            yield Finding(
                "sales", (row["to_id"],), f"bar_{kind}",
                {"store": row["to_id"], "reference": book.reference, "factor": row["factor"],
                 "money": float(row["effect"])},
                ("bridge",), float(row["effect"]), book.grade(row["to_id"], "orders"),
            )  # fmt: skip


def _over_years(book: Book) -> Iterator[Finding]:
    """Of all stores together: every opening and closing, and the estimates that move growth."""
    years = book.tables["bridge"].filter(pl.col("from_period") != pl.col("to_period"))
    every = years.filter(pl.col("from_id") == "all")
    before = book.all_sales - float(every["effect"].sum() or 0)
    least = book.delta["growth"] * before
    for row in every.iter_rows(named=True):
        kind, _, store = str(row["factor"]).partition(":")
        if kind in ("opened", "closed") and store != "products":
            owners = [each for each in book.stores if store in book.members(each)]
            for owner in owners:
                yield _of_years(f"year_{kind}", [owner], row, {"store": owner}, book)
        elif stands_out(row, of=every.height) and abs(float(row["effect"])) >= least > 0:
            mine = set(years.filter(factor=row["factor"])["to_id"])
            # Groups may begin elsewhere than their stores, of which the whole is the sum.
            own = [each for each in book.stores if each in mine] or list(book.stores)
            said = {"stores": "+".join(own), "change_lo": row["lo"], "change_hi": row["hi"]}
            # The interval knows weeks, and not the buyers who come back.
            yield _of_years("year_bar", own, row, said, book, best=Grade.B)


def _of_years(
    template: str, stores: list[str], row: Row, said: Mapping[str, object], book: Book,
    *, best: Grade = Grade.A,
) -> Finding:  # fmt: skip
    return Finding(
        "sales", tuple(stores), template,
        {"factor": row["factor"], "money": float(row["effect"]), **said,
         "before": against(row["from_period"], row["to_period"])},
        ("bridge",), float(row["effect"]),
        weaker(best, *(book.own_grade(store, "orders") for store in stores)),
    )  # fmt: skip
