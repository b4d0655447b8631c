"""What is told of baskets and clashes, on tables of a few rows; read back each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.dimensions.small_cubes import MONDAY, scope
from tests.findings.ledger import Ledger
from tests.findings.readers import READERS
from tests.findings.test_rules import found_in, value

Row = dict[str, Any]
STORES = ("F1", "D1", "M1")


def basket(
    store: str, sku: str, pieces: int, net: float, *,
    first: int = 0, days: int = 90, who: str = "all",
) -> Row:  # fmt: skip
    amount = Decimal(str(round(net, 2)))
    return {
        "store_id": store, "basket": "hero", "pieces": pieces, "on": MONDAY + timedelta(days=first),
        "list_amount": Decimal(100 * pieces), "net_amount": amount, "sku": sku,
        "per_piece": net / pieces, "eligibility": who, "days": days,
    }  # fmt: skip


def cheapest(rows: list[Row]) -> list[Row]:
    """The table `cheapest_baskets` of these prices, counted day by day."""
    days: dict[tuple[str, int, str], dict[int, dict[str, Decimal]]] = {}
    for row in rows:
        mine = days.setdefault((row["sku"], row["pieces"], row["eligibility"]), {})
        for day in range(row["days"]):
            at = (row["on"] - MONDAY).days + day
            mine.setdefault(at, {})[row["store_id"]] = row["net_amount"]
    found = []
    for (sku, pieces, who), by_day in days.items():
        compared = [offers for offers in by_day.values() if len(offers) > 1]
        for store in sorted({store for offers in compared for store in offers}):
            won = sum(
                store in offers and all(offers[store] < other for name, other in offers.items()
                                        if name != store)
                for offers in compared
            )  # fmt: skip
            found.append({
                "store_id": store, "sku": sku, "pieces": pieces, "eligibility": who,
                "days": len(compared), "days_cheapest": won, "share": won / len(compared),
            })  # fmt: skip
    return found


def told(
    rows: list[Row], *, operators: Mapping[str, str] | None = None, **tables: list[Row]
) -> dict[str, Row]:
    of = scope(*STORES, days=90)
    run_by = operators or {}
    of = replace(of, stores=tuple(
        replace(store, operator=run_by.get(store.store_id)) for store in of.stores
    ))  # fmt: skip
    metrics = [value(store, "sales", 1000.0) for store in STORES]
    found, frames = found_in(
        of, basket_prices=rows, cheapest_baskets=cheapest(rows), metrics=metrics, **tables
    )
    said = {
        row["template"]: {**json.loads(row["parameters"]), "grade": row["grade"]}
        for row in found.iter_rows(named=True)
    }
    for template, parameters in said.items():
        READERS[template](Ledger(frames, of), parameters)
    return said


def crossed(three_at_f1: float = 240, **given: Any) -> list[Row]:
    """Three products: D1 at 80 a piece, F1 at 100 for one and cheaper for three."""
    return [
        row
        for sku in ("a", "b", "c")
        for row in (
            basket("F1", sku, 1, 100, **given), basket("D1", sku, 1, 80, **given),
            basket("F1", sku, 3, three_at_f1, **given), basket("D1", sku, 3, 270, **given),
        )
    ]  # fmt: skip


def test_a_crossing_names_both_stores() -> None:
    said = told(crossed())
    assert set(said) == {"basket_crossing"}
    crossing = said["basket_crossing"]
    assert (crossing["store_a"], crossing["store_b"], crossing["n"]) == ("D1", "F1", 3)
    assert (crossing["share_a"], crossing["share_b"]) == (1, 1)
    assert crossing["rate_a"] == pytest.approx(0.2)
    assert crossing["rate_b"] == pytest.approx(30 / 270)
    assert (crossing["count_products"], crossing["grade"]) == (3, "A")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (crossed(three_at_f1=268), "a gap too small to matter"),
        (crossed(days=27), "too few days"),
        (
            [*crossed(days=58), *crossed(three_at_f1=280, first=58, days=32)],
            "fewer than two thirds of the days",
        ),
        (
            [row for row in crossed() if (row["store_id"], row["pieces"]) != ("F1", 3)]
            + [basket("F1", "a", 3, 240), basket("F1", "b", 3, 275), basket("F1", "c", 3, 275)],
            "fewer than two thirds of the products",
        ),
    ],
)
def test_a_crossing_has_to_hold_mostly_and_by_enough(rows: list[Row], why: str) -> None:
    assert "basket_crossing" not in told(rows), why
    assert "basket_crossing" in told(crossed())


def test_two_thirds_of_the_days_are_enough() -> None:
    rows = [*crossed(days=60), *crossed(three_at_f1=280, first=60, days=30)]
    assert told(rows)["basket_crossing"]["share_b"] == pytest.approx(2 / 3)


def test_five_pieces_are_asked_when_three_do_not_cross() -> None:
    rows = crossed(three_at_f1=300) + [
        basket(store, sku, 5, net) for sku in "abc" for store, net in (("F1", 400), ("D1", 440))
    ]
    assert told(rows)["basket_crossing"]["n"] == 5


def test_one_store_that_is_cheapest_for_one_and_for_three_is_told_for_both() -> None:
    rows = crossed(three_at_f1=300)
    of = scope(*STORES, days=90)
    found, _ = found_in(of, basket_prices=rows, cheapest_baskets=cheapest(rows))
    said = [json.loads(text) for text in found["parameters"]]
    assert found["template"].to_list() == ["basket_cheapest"] * 2
    assert [(each["store"], each["n"], each["share"]) for each in said] == [
        ("D1", 1, 1), ("D1", 3, 1),
    ]  # fmt: skip


def test_twins_that_share_the_lowest_price_are_not_cheapest() -> None:
    rows = [basket(store, sku, 1, 80) for sku in "abc" for store in ("D1", "M1")]
    assert told([*rows, *(basket("F1", sku, 1, 100) for sku in "abc")]) == {}


def test_members_are_told_by_their_own_prices() -> None:
    rows = crossed() + [
        basket(store, sku, 1, net, who="member")
        for sku in "abc" for store, net in (("F1", 75), ("D1", 80))
    ]  # fmt: skip
    said = told(rows)
    assert said["basket_members"]["store"] == "F1"
    assert (said["basket_members"]["share"], said["basket_members"]["count_products"]) == (1, 3)


def test_the_promotion_that_costs_buyers_most_is_told() -> None:
    def broken(
        store: str, net: str, without: str, days: int, *, first: int = 0, promo: str = "p1",
        mechanism: str = "markdown",
    ) -> Row:  # fmt: skip
        return {
            "store_id": store, "basket": "hero", "sku": "a", "pieces": 3, "days": days,
            "on": MONDAY + timedelta(days=first), "net_amount": Decimal(net),
            "without_amount": Decimal(without), "promo_id": promo, "mechanism": mechanism,
        }  # fmt: skip

    said = told([], broken_thresholds=[
        broken("F1", "285", "260", 3), broken("D1", "290", "280", 7),
        broken("F1", "288", "260", 2, first=40),
        broken("F1", "285", "262", 3, promo="p2", mechanism="subsidy"),
    ])["markdown_breaks_threshold"]  # fmt: skip
    assert (said["promo"], said["mechanism"]) == ("p1", "markdown")
    assert (said["store"], said["stores"], said["n"], said["item"]) == ("F1", "F1+D1", 3, "a")
    assert (said["price"], said["price_without"], said["count_days"]) == (285, 260, 5)


def clash(a: str, b: str, gap: float | None, *, days: int = 100, of: int = 200) -> Row:
    return {
        "store_a": a, "store_b": b, "products": 9, "days": of, "days_clash": days,
        "share": days / of, "gap": gap, "mechanism_a": "markdown+subsidy", "mechanism_b": "flash",
    }  # fmt: skip


def runs(*pairs: Row) -> list[Row]:
    return [
        {
            "sku": "a", "store_a": pair["store_a"], "store_b": pair["store_b"], "from": MONDAY,
            "to": MONDAY + timedelta(days=pair["days_clash"] - 1), "gap": pair["gap"],
        }
        for pair in pairs
    ]  # fmt: skip


def test_the_clash_of_most_days_times_gap_is_told_from_the_cheaper_side() -> None:
    pairs = [clash("D1", "F1", -0.10), clash("D1", "M1", 0.20, days=40), clash("F1", "M1", None)]
    said = told([], clash_pairs=pairs, clashes=runs(*pairs[:2]))["mechanism_clash_partner"]
    assert (said["store_a"], said["mechanism_a"]) == ("F1", "flash")
    assert (said["store_b"], said["mechanism_b"]) == ("D1", "markdown+subsidy")
    assert (said["rate"], said["share"]) == (pytest.approx(0.10), 0.5)
    assert said["count_pairs"] == 2
    (dearer,) = [clash("D1", "M1", 0.25)]
    said = told([], clash_pairs=[dearer], clashes=runs(dearer))["mechanism_clash_partner"]
    assert (said["store_a"], said["rate"]) == ("D1", pytest.approx(0.2))


@pytest.mark.parametrize(
    ("operators", "template"),
    [
        ({"D1": "own", "F1": "own"}, "mechanism_clash"),
        ({"D1": "Partner A", "F1": "own"}, "mechanism_clash_partner"),
        ({"D1": "own", "F1": "Partner A"}, "mechanism_clash_partner"),
        ({"D1": "Partner A", "F1": "Partner A"}, "mechanism_clash_partner"),
        ({"D1": "own"}, "mechanism_clash_partner"),
    ],
)
def test_only_the_brand_s_own_stores_are_told_what_to_run(
    operators: dict[str, str], template: str
) -> None:
    pair = clash("D1", "F1", 0.2)
    said = told([], operators=operators, clash_pairs=[pair], clashes=runs(pair))
    assert set(said) == {template}


@pytest.mark.parametrize(
    "pair",
    [
        clash("D1", "F1", -0.029), clash("D1", "F1", 0.2, days=29, of=60),
        clash("D1", "F1", 0.2, days=99, of=1000), clash("D1", "F1", None, days=0),
    ],
)  # fmt: skip
def test_small_gaps_and_rare_clashes_are_not_told(pair: Row) -> None:
    assert told([], clash_pairs=[pair]) == {}
