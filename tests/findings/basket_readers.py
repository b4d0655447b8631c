"""Reading back who is cheapest for which basket, and clashes: day by day, from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import pytest

from tests.findings.ledger import Ledger, Row, as_written

MOST = 2 / 3
DAYS = 28
CASES = 30
Prices = Mapping[tuple[str, date], Mapping[str, Decimal]]


def prices(book: Ledger, pieces: int) -> Prices:
    """Net amounts by product and day, then by store, for everybody."""
    found: dict[tuple[str, date], dict[str, Decimal]] = defaultdict(dict)
    rows = book.tables["basket_prices"].filter(basket="hero", eligibility="all", pieces=pieces)
    for row in rows.iter_rows(named=True):
        for day in range(row["days"]):
            found[row["sku"], row["on"] + timedelta(days=day)][row["store_id"]] = row["net_amount"]
    return found


def lowest(book: Ledger, pieces: int) -> dict[str, dict[str, tuple[int, int]]]:
    """Per product and store: days on which it alone is the lowest, of the compared days."""
    days: dict[str, int] = defaultdict(int)
    alone: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (sku, _), offers in prices(book, pieces).items():
        if len(offers) < 2:
            continue
        days[sku] += 1
        least = min(offers.values())
        winners = [store for store, amount in offers.items() if amount == least]
        if len(winners) == 1:
            alone[sku][winners[0]] += 1
    return {sku: {store: (won, days[sku]) for store, won in alone[sku].items()} for sku in days}


def share_lowest(book: Ledger, pieces: int, store: str) -> float:
    """The part of all compared product-days on which the store alone is the lowest."""
    found = lowest(book, pieces)
    rows = book.tables["cheapest_baskets"].filter(eligibility="all", pieces=pieces)
    total = sum(dict(rows.select("sku", "days").iter_rows()).values())
    return sum(mine.get(store, (0, 0))[0] for mine in found.values()) / total


def versus(book: Ledger, mine: str, theirs: str, pieces: int) -> tuple[float, float, float, int]:
    """Share of common product-days on which mine is cheaper, how much, products won, products."""
    won: dict[str, list[bool]] = defaultdict(list)
    cuts = []
    for (sku, _), offers in prices(book, pieces).items():
        if mine in offers and theirs in offers:
            won[sku].append(offers[mine] < offers[theirs])
            cuts.append(float(1 - offers[mine] / offers[theirs]))
    every = [win for wins in won.values() for win in wins]
    products = sum(2 * sum(wins) > len(wins) for wins in won.values())
    return sum(every) / len(every), median(cuts), products / len(won), len(won)


def crossing_holds(book: Ledger, said: Row) -> None:
    one = versus(book, said["store_a"], said["store_b"], 1)
    more = versus(book, said["store_b"], said["store_a"], said["n"])
    for side, letter in ((one, "a"), (more, "b")):
        assert side[0] >= MOST
        assert side[2] >= MOST
        assert said[f"share_{letter}"] == as_written(side[0])
        assert said[f"rate_{letter}"] == pytest.approx(side[1], rel=1e-9)
        assert side[1] >= book.scope.delta["one_piece_level"] / 100
    assert said["count_products"] == min(one[3], more[3])
    assert said["n"] > 1
    for letter, pieces in (("a", 1), ("b", said["n"])):
        store = said[f"store_{letter}"]
        shares = {s: share_lowest(book, pieces, s) for s in book.scope.store_ids}
        assert said[f"share_{letter}_lowest"] == as_written(shares[store])
        assert shares[store] == max(shares.values())


def cheapest_holds(eligibility: str) -> Callable[[Ledger, Row], None]:
    def holds(book: Ledger, said: Row) -> None:
        rows = book.tables["cheapest_baskets"].filter(eligibility=eligibility, pieces=said["n"])
        mine = {
            row["sku"]: (row["days_cheapest"], row["days"])
            for row in rows.filter(store_id=said["store"]).iter_rows(named=True)
        }
        days = dict(rows.select("sku", "days").iter_rows())
        share = sum(won for won, _ in mine.values()) / sum(days.values())
        assert said["share"] == as_written(share)
        assert share >= MOST
        products_won = sum(2 * won > of for won, of in mine.values())
        assert said["count_products_won"] == products_won >= MOST * len(days)
        assert said["count_products"] == len(days)
        if eligibility == "all":
            assert share_lowest(book, said["n"], said["store"]) == as_written(share)

    return holds


def broken_holds(book: Ledger, said: Row) -> None:
    rows = book.tables["broken_thresholds"]
    assert set(said["stores"].split("+")) == set(rows["store_id"])
    mine = rows.filter(
        store_id=said["store"], sku=said["item"], pieces=said["n"], promo_id=said["promo"]
    )
    assert set(mine["mechanism"]) == {said["mechanism"]}
    told = mine.filter(net_amount=Decimal(str(said["price"])))
    assert said["price_without"] in [float(amount) for amount in told["without_amount"]]
    assert said["price"] > said["price_without"]
    assert said["count_days"] in [
        int(of["days"].sum()) for _, of in mine.group_by("basket", maintain_order=True)
    ]


def clash_holds(book: Ledger, said: Row) -> None:
    rows = clashing(book)
    first, second = sorted([said["store_a"], said["store_b"]])
    (row,) = [r for r in rows if (r["store_a"], r["store_b"]) == (first, second)]
    assert abs(row["gap"]) * row["days_clash"] == max(abs(r["gap"]) * r["days_clash"] for r in rows)
    price = {row["store_a"]: 1.0, row["store_b"]: 1 + row["gap"]}
    assert price[said["store_a"]] < price[said["store_b"]]
    cut = 1 - price[said["store_a"]] / price[said["store_b"]]
    assert said["rate"] == pytest.approx(cut, rel=1e-9)
    assert said["share"] == row["share"] == pytest.approx(row["days_clash"] / row["days"], abs=1e-6)
    assert (said["n"], said["count_pairs"]) == (row["products"], len(rows))
    ends = {row["store_a"]: row["mechanism_a"], row["store_b"]: row["mechanism_b"]}
    assert said["mechanism_a"] == ends[said["store_a"]] != said["mechanism_b"]
    runs = book.tables["clashes"].filter(store_a=first, store_b=second)
    days = (runs["to"] - runs["from"]).dt.total_days().sum() + runs.height
    assert days == row["days_clash"]


def clash_between_own(book: Ledger, said: Row) -> None:
    clash_holds(book, said)
    assert runs_both(book, said["store_a"], said["store_b"])


def clash_beyond_own(book: Ledger, said: Row) -> None:
    clash_holds(book, said)
    assert not runs_both(book, said["store_a"], said["store_b"])


def runs_both(book: Ledger, *stores: str) -> bool:
    """Whether the brand itself runs the stores."""
    run_by = {store.store_id: store.operator for store in book.scope.stores}
    return {run_by[store] for store in stores} == {"own"}


def clash_template(book: Ledger) -> str:
    """Which template tells the largest clash."""
    worst = max(clashing(book), key=lambda row: abs(row["gap"]) * row["days_clash"])
    is_own = runs_both(book, worst["store_a"], worst["store_b"])
    return "mechanism_clash" if is_own else "mechanism_clash_partner"


def clashing(book: Ledger) -> list[Row]:
    """Pairs whose clash may be told: a tenth of common product-days, 3% apart."""
    return [
        row
        for row in book.tables["clash_pairs"].iter_rows(named=True)
        if row["gap"] is not None
        and abs(row["gap"]) >= 0.03
        and row["share"] >= 0.1
        and row["days_clash"] >= CASES
    ]


def members_told(book: Ledger) -> bool:
    """Whether some store is cheapest for members on most days and products."""
    rows = book.tables["cheapest_baskets"].filter(eligibility="member", pieces=1)
    total = sum(dict(rows.select("sku", "days").iter_rows()).values())
    products = rows["sku"].n_unique()
    return any(
        mine["days_cheapest"].sum() >= MOST * total
        and (2 * mine["days_cheapest"] > mine["days"]).sum() >= MOST * products
        and mine["days"].max() >= DAYS  # type: ignore[operator]
        for _, mine in rows.group_by("store_id")
    )


def expected_on_baskets(book: Ledger) -> set[str]:
    """The templates of which the tables hold something that may be claimed."""
    found = {"markdown_breaks_threshold"} if book.tables["broken_thresholds"].height else set()
    found |= {clash_template(book)} if clashing(book) else set()
    return found | ({"basket_members"} if members_told(book) else set())


BASKET_READERS: Mapping[str, Callable[[Ledger, Row], None]] = {
    "basket_crossing": crossing_holds,
    "basket_cheapest": cheapest_holds("all"),
    "basket_members": cheapest_holds("member"),
    "markdown_breaks_threshold": broken_holds,
    "mechanism_clash": clash_between_own,
    "mechanism_clash_partner": clash_beyond_own,
}
