"""Reading back the bars of the bridges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import product
from statistics import NormalDist

import polars as pl

from channelscope.domain import Period
from tests.findings.ledger import Ledger, Row, as_written

LEAST = 0.05
"""Bars below this part of the larger sales are not told."""
MEASURES = {"conversion": "conversion", "units_per_order": "units_per_order",
            "list_price": "list_level", "refunds": "refund_share", "visitor_days": "visitor_days",
            "orders": "orders"}  # fmt: skip
TEMPLATES = {
    "visitor_days": "bar_traffic", "orders": "bar_orders",
    "conversion": "bar_conversion", "units_per_order": "bar_basket", "mix": "bar_goods",
    "exclusives": "bar_goods", "goods": "bar_goods", "list_price": "bar_list_price",
    "mechanism": "bar_mechanism", "refunds": "bar_refunds",
}  # fmt: skip
EVENTS = ("opened", "closed")
PRODUCTS = [f"{kind}:products" for kind in EVENTS]
Told = tuple[str, str, str]


def mattering(book: Ledger) -> set[Told]:
    """Template, store and factor of every bar between two stores that may be told."""
    rows = book.between(book.scope.reference_id)
    found = set()
    for row in rows.filter(beyond(rows.height)).iter_rows(named=True):
        kind = row["factor"].split(":")[0]
        sold = [book.sales(row[end]) or 0.0 for end in ("from_id", "to_id")]
        worth = 0 < LEAST * max(sold) <= abs(float(row["effect"]))
        if kind in TEMPLATES and worth and judged(book, kind, row["to_id"]):
            found.add((TEMPLATES[kind], row["to_id"], row["factor"]))
    return found


def events(book: Ledger) -> set[Told]:
    """Openings and closings: of all stores over the years, else against the reference."""
    years = set(over_years(book)["factor"])
    here = set(book.between(book.scope.reference_id).select("factor", "to_id").iter_rows())
    found = set()
    for store in book.scope.stores:
        for kind, one in product(EVENTS, {store.store_id, *store.members}):
            name = f"{kind}:{one}"
            if name in years:
                found.add((f"year_{kind}", store.store_id, name))
            elif (name, store.store_id) in here:
                found.add((f"bar_{kind}", store.store_id, name))
    return found


def over_years(book: Ledger) -> pl.DataFrame:
    """The bars of all stores together from the year before."""
    rows = book.tables["bridge"].filter(from_id="all", to_id="all")
    return rows.filter(pl.col("from_period") != pl.col("to_period"))


def of_years(book: Ledger) -> set[Told]:
    """The estimates that alone move growth by what matters, beyond chance as one of so many."""
    rows = over_years(book)
    sold = sum(book.sales(store) or 0.0 for store in book.scope.store_ids)
    before = sold - float(rows["effect"].sum() or 0)
    least = book.scope.delta["growth"] * before
    told = rows.filter(
        beyond(rows.height), pl.col("effect").cast(pl.Float64).abs() >= least,
        ~pl.col("factor").str.contains("^(opened|closed):") | pl.col("factor").is_in(PRODUCTS),
    )  # fmt: skip
    return {
        ("year_bar", "+".join(own_stores(book, factor)), factor)
        for factor in told["factor"] if least > 0
    }  # fmt: skip


def own_stores(book: Ledger, factor: str) -> list[str]:
    """The stores that have the bar in their own bridge from the year before."""
    rows = book.tables["bridge"].filter(pl.col("from_period") != pl.col("to_period"))
    found = set(rows.filter(factor=factor)["to_id"])
    return [store for store in book.scope.store_ids if store in found] or [*book.scope.store_ids]


def expected_bars(book: Ledger, gaps: set[tuple[str, str]]) -> set[Told]:
    """All that is to be told; `gaps` names a store's bar already."""
    between = {told for told in mattering(book) if told[1:] not in gaps}
    return between | events(book) | of_years(book)


def judged(book: Ledger, kind: str, store: str) -> bool:
    """Whether what a bar stands for is judged to differ, by its measure or by its dimension."""
    if kind in MEASURES:
        return book.claim(store, MEASURES[kind]) is not None
    dimension = "promotion" if kind == "mechanism" else "product"
    first, second = sorted((store, book.scope.reference_id))
    rows = book.tables["pairs"].filter(store_a=first, store_b=second, dimension=dimension)
    return rows["outcome"].to_list() == ["differs"]


def beyond(count: int) -> pl.Expr:
    """An interval that leaves no room for none, as one of so many."""
    wider = NormalDist().inv_cdf(1 - 0.025 / max(count, 1)) / NormalDist().inv_cdf(0.975)
    half = (pl.col("hi") - pl.col("lo")) / 2 * wider
    return (pl.col("effect").cast(pl.Float64).abs() > half).fill_null(False)


def bar_holds(book: Ledger, said: Row) -> None:
    row = book.tables["bridge"].filter(
        pl.col("from_period") == pl.col("to_period"),
        from_id=said["reference"], to_id=said["store"], factor=said["factor"],
    ).row(0, named=True)  # fmt: skip
    as_the_bar(row, said)
    assert any((s, f) == (said["store"], said["factor"]) for _, s, f in mattering(book))


def as_the_bar(row: Row, said: Row) -> None:
    assert said["money"] == as_written(float(row["effect"]))
    assert (said["change_lo"], said["change_hi"]) == as_written(row["lo"], row["hi"])
    assert row["lo"] > 0 or row["hi"] < 0


def event_holds(book: Ledger, said: Row) -> None:
    rows = book.between(said["reference"]).filter(to_id=said["store"], factor=said["factor"])
    exact(rows.row(0, named=True), said)


def exact(row: Row, said: Row) -> None:
    assert (row["lo"], row["hi"]) == (None, None), "a fact, no estimate"
    assert said["money"] == as_written(float(row["effect"]))
    assert "change_lo" not in said


def year_event_holds(book: Ledger, said: Row) -> None:
    row = over_years(book).filter(factor=said["factor"]).row(0, named=True)
    exact(row, said)
    begins_at(row, said)
    assert said["factor"].split(":", 1)[1] in members(book, said["store"])


def members(book: Ledger, store: str) -> set[str]:
    (found,) = (each for each in book.scope.stores if each.store_id == store)
    return {store, *found.members}


def year_bar_holds(book: Ledger, said: Row) -> None:
    row = over_years(book).filter(factor=said["factor"]).row(0, named=True)
    as_the_bar(row, said)
    begins_at(row, said)
    assert ("year_bar", said["stores"], said["factor"]) in of_years(book)


def begins_at(row: Row, said: Row) -> None:
    """The year before has a name, any other span its days."""
    before, now = (
        Period(*map(date.fromisoformat, row[end].split("..")))
        for end in ("from_period", "to_period")
    )
    year = before == now.year_before
    assert said["before"] == ("" if year else row["from_period"])


BAR_READERS: Mapping[str, Callable[[Ledger, Row], None]] = {
    **dict.fromkeys(TEMPLATES.values(), bar_holds),
    **{f"bar_{kind}": event_holds for kind in EVENTS},
    **{f"year_{kind}": year_event_holds for kind in EVENTS},
    "year_bar": year_bar_holds,
}
