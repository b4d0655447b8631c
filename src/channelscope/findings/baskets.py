"""Who is cheapest for one piece, for several, and for members; and promotions that cost buyers.

Prices that follow from rules have no sampling error, but differ from day to day and from product
to product: a store is told to be cheapest only where it is so on most days and most products.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from channelscope.domain import Grade
from channelscope.findings.evidence import Book, Finding
from channelscope.registry import ENOUGH_DAYS, MOST_DAYS

ONE, SEVERAL = 1, (3, 5, 2)
"""One piece, and the numbers of pieces of which the first that crosses is told."""
EVIDENCE = ("cheapest_baskets", "basket_prices")


@dataclass(frozen=True, slots=True)
class Versus:
    """How often and by how much one store is cheaper than another over product-days."""

    share: float
    rate: float
    products: int
    products_won: int
    days: int


def baskets(book: Book) -> Iterator[Finding]:
    """The crossing of two stores, who is cheapest whatever the other does, broken thresholds."""
    crossing = _crossing(book)
    told: set[tuple[str, int]] = set()
    if crossing:
        yield crossing
        said = crossing.parameters
        told = {(said["store_a"], ONE), (said["store_b"], said["n"])}
    for pieces in (ONE, SEVERAL[0]):
        found = _cheapest(book, pieces, eligibility="all")
        if found and (found.stores[0], pieces) not in told:
            yield found
    members = _cheapest(book, ONE, eligibility="member")
    if members:
        yield members
    yield from _broken(book)


def _offers(book: Book, pieces: int, eligibility: str) -> pl.DataFrame:
    return book.tables["cheapest_baskets"].filter(
        (pl.col("pieces") == pieces) & (pl.col("eligibility") == eligibility)
    )


def _most_often(book: Book, pieces: int) -> str | None:
    """The store that alone has the lowest price most often."""
    counted = (
        _offers(book, pieces, "all")
        .group_by("store_id")
        .agg(pl.col("days_cheapest").sum())
        .filter(pl.col("days_cheapest") > 0)
        .sort("days_cheapest", "store_id", descending=[True, False])
    )
    return counted["store_id"].first() if counted.height else None  # type: ignore[return-value]


def _crossing(book: Book) -> Finding | None:
    first = _most_often(book, ONE)
    if first is None:
        return None
    for pieces in SEVERAL:
        second = _most_often(book, pieces)
        if second is None or second == first:
            continue
        one, more = _versus(book, first, second, ONE), _versus(book, second, first, pieces)
        if one and more and _holds(book, one) and _holds(book, more):
            return _told_crossing(book, (first, second), (one, more), pieces)
    return None


def _told_crossing(
    book: Book, stores: tuple[str, str], sides: tuple[Versus, Versus], pieces: int
) -> Finding:
    (first, second), (one, more) = stores, sides
    shares = {
        "share_a_lowest": _share(_offers(book, ONE, "all"), first),
        "share_b_lowest": _share(_offers(book, pieces, "all"), second),
    }
    money = sum(book.touched(store, 1) for store in stores)
    return Finding(
        "promotion", stores, "basket_crossing",
        {
            "store_a": first, "store_b": second, "n": pieces, "share_a": one.share,
            "share_b": more.share, "rate_a": one.rate, "rate_b": more.rate,
            "count_products": min(one.products, more.products), **shares,
        },
        EVIDENCE, money, _grade(min(one.products, more.products), min(one.share, more.share)),
    )  # fmt: skip


def _versus(book: Book, mine: str, theirs: str, pieces: int) -> Versus | None:
    """On the days on which both list a hero."""
    rows = book.tables["basket_prices"].filter(
        (pl.col("pieces") == pieces)
        & (pl.col("basket") == "hero")
        & (pl.col("eligibility") == "all")
    )
    days = rows.select(
        "store_id", "sku", net=pl.col("net_amount").cast(pl.Float64),
        day=pl.date_ranges("on", pl.col("on") + pl.duration(days=pl.col("days") - 1)),
    ).explode("day")  # fmt: skip
    both = days.filter(store_id=mine).join(days.filter(store_id=theirs), on=["sku", "day"])
    if both.is_empty():
        return None
    wins = pl.col("net") < pl.col("net_right")
    won = both.group_by("sku").agg(share=wins.mean())["share"]
    cut = both.filter(pl.col("net_right") > 0).select(1 - pl.col("net") / pl.col("net_right"))
    return Versus(
        share=float(both.select(wins.mean()).item()),
        rate=float(cut.to_series().median() or 0.0),  # type: ignore[arg-type]
        products=len(won), products_won=int((won > 0.5).sum()), days=both["day"].n_unique(),
    )  # fmt: skip


def _holds(book: Book, side: Versus) -> bool:
    matters = side.rate >= book.delta["one_piece_level"] / 100
    return (
        side.share >= MOST_DAYS
        and side.products_won >= MOST_DAYS * side.products
        and side.days >= ENOUGH_DAYS
        and matters
    )


def _cheapest(book: Book, pieces: int, *, eligibility: str) -> Finding | None:
    """The store whose price alone is the lowest on most days and products of all."""
    offers = _offers(book, pieces, eligibility)
    heroes = offers.unique("sku")
    days, products = int(heroes["days"].sum()), heroes.height
    for (store,), mine in offers.group_by("store_id", maintain_order=True):
        share = int(mine["days_cheapest"].sum()) / days if days else 0.0
        won = int((2 * mine["days_cheapest"] > mine["days"]).sum())
        longest = int(mine["days"].max() or 0)  # type: ignore[arg-type]
        if share < MOST_DAYS or won < MOST_DAYS * products or longest < ENOUGH_DAYS:
            continue
        return Finding(
            "promotion", (str(store),),
            "basket_members" if eligibility == "member" else "basket_cheapest",
            {"store": str(store), "n": pieces, "share": share, "count_products": products,
             "count_products_won": won},
            EVIDENCE, book.touched(str(store), 1), _grade(products, share),
        )  # fmt: skip
    return None


def _share(offers: pl.DataFrame, store: str) -> float:
    days = int(offers.unique("sku")["days"].sum())
    return int(offers.filter(store_id=store)["days_cheapest"].sum()) / days if days else 0.0


def _grade(products: int, share: float) -> Grade:
    """By how many products were looked at, and how clear the majority of days is."""
    if products >= 3 and share >= 0.8:
        return Grade.A
    return Grade.B if products >= 2 else Grade.C


def _broken(book: Book) -> Iterator[Finding]:
    """The price of one piece that costs buyers most, by falling short of a threshold."""
    rows = book.tables["broken_thresholds"].with_columns(
        more=(pl.col("net_amount") - pl.col("without_amount")).cast(pl.Float64)
    )
    if rows.is_empty():
        return
    stores: Sequence[str] = rows["store_id"].unique(maintain_order=True).to_list()
    worst: Mapping[str, object] = rows.sort(
        pl.col("more") * pl.col("days"), "store_id", "sku", "pieces", "on",
        "promo_id", descending=[True, False, False, False, False, False],
    ).row(0, named=True)  # fmt: skip
    same = rows.filter(
        store_id=worst["store_id"], sku=worst["sku"], pieces=worst["pieces"],
        basket=worst["basket"], promo_id=worst["promo_id"],
    )  # fmt: skip
    yield Finding(
        "promotion", tuple(stores), "markdown_breaks_threshold",
        {
            "stores": "+".join(stores), "store": worst["store_id"], "item": worst["sku"],
            "n": worst["pieces"], "count_days": int(same["days"].sum()),
            "promo": worst["promo_id"], "mechanism": worst["mechanism"],
            "price": _float(worst["net_amount"]), "price_without": _float(worst["without_amount"]),
        },
        ("broken_thresholds",), book.touched(str(worst["store_id"]), 1), Grade.A,
    )  # fmt: skip


def _float(amount: object) -> float:
    return float(str(amount))
