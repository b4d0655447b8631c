"""What is said of two stores by their verdict: the weightiest pair, and only what was judged."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from channelscope import findings
from channelscope.domain import Outcome
from channelscope.results import TABLES
from tests.dimensions.small_cubes import scope
from tests.findings.ledger import Ledger, Row
from tests.findings.readers import READERS

SCOPE = scope("F1", "D1", "M1")
SAME, DIFFERS, UNKNOWN = Outcome.SAME, Outcome.DIFFERS, Outcome.NOT_IDENTIFIABLE


def distance(a: str, b: str, dimension: str, at: float | None, outcome: Outcome) -> Row:
    ends = {"lo": at - 0.01, "hi": min(at + 0.02, 1.0)} if at is not None else {}
    return {"store_a": a, "store_b": b, "dimension": dimension, "distance": at, "n": 400,
            "outcome": str(outcome), **ends}  # fmt: skip


def verdict(a: str, b: str, name: str) -> Row:
    reason = f"verdict.{name}.reason" + (".overlap_shown" if name == "price_clash" else "")
    return {"store_a": a, "store_b": b, "verdict": name, "reason": reason}


def sold(store: str, money: float, orders: int = 500) -> list[Row]:
    common = {"store_id": store, "dimension": "sales", "coverage": 1.0}
    return [
        {**common, "metric": "sales", "value": money, "n": orders},
        {**common, "metric": "orders", "value": orders, "n": orders},
    ]


def shared(a: str, b: str, part: float) -> Row:
    return {"store_a": a, "store_b": b, "shared_sales": part}


def told(**tables: list[Row]) -> dict[str, Any]:
    frames = {
        name: pl.DataFrame(list(tables.get(name, [])), schema=schema)
        for name, schema in TABLES.items()
    }
    found = findings.find(frames, SCOPE)
    said = {row["template"]: json.loads(row["parameters"]) for row in found.iter_rows(named=True)}
    for template, parameters in said.items():
        READERS[template](Ledger(frames, SCOPE), parameters)
    return said


SALES = [*sold("F1", 1000), *sold("D1", 600), *sold("M1", 200)]


def clash(at: float, other: float = 0.9) -> dict[str, list[Row]]:
    return {
        "metrics": SALES,
        "pairs": [distance("D1", "F1", "price", at, DIFFERS),
                  distance("F1", "M1", "price", other, DIFFERS)],
        "assortment_pairs": [shared("D1", "F1", 0.6), shared("F1", "M1", 0.9)],
        "verdicts": [verdict("D1", "F1", "price_clash"), verdict("F1", "M1", "price_clash")],
    }  # fmt: skip


def test_the_clash_that_touches_most_money_is_told_with_how_many_there_are() -> None:
    said = told(**clash(0.5))["price_clash"]
    # 600 x 0.6 x 13.9% is more than 200 x 0.9 x 23.7%.
    assert (said["store_a"], said["store_b"], said["count"]) == ("D1", "F1", 2)
    assert said["rate"] == pytest.approx(0.1393, abs=5e-5)
    assert said["money"] == pytest.approx(50.15, abs=0.01)
    assert said["reason"] == "verdict.price_clash.reason.overlap_shown"
    assert told(**clash(0.3))["price_clash"]["store_b"] == "M1"


def test_prices_beyond_the_scale_are_said_to_be_so_far_apart_or_further() -> None:
    said = told(**clash(1.0))
    assert set(said) == {"price_clash_wide"}
    assert said["price_clash_wide"]["rate"] == pytest.approx(0.2592, abs=5e-5)


def test_few_orders_weigh_less_than_the_money_they_touch() -> None:
    tables = clash(0.5)
    # C counts a fifth: 10.0 is less than 42.6.
    tables["metrics"] = [*sold("F1", 1000), *sold("D1", 600, orders=20), *sold("M1", 200)]
    assert told(**tables)["price_clash"]["store_b"] == "M1"


def test_a_split_names_how_most_of_each_store_is_sold() -> None:
    def mix(store: str, mechanism: str, part: float) -> Row:
        return {"store_id": store, "mechanism": mechanism, "share_of_list": part,
                "discount_amount": Decimal(1)}  # fmt: skip

    said = told(
        metrics=SALES,
        pairs=[distance("D1", "F1", "price", 0.02, SAME),
               distance("D1", "F1", "promotion", 0.7, DIFFERS)],
        assortment_pairs=[shared("D1", "F1", 0.9)],
        verdicts=[verdict("D1", "F1", "mechanism_split")],
        mechanisms=[mix("F1", "none", 0.6), mix("F1", "coupon_shop", 0.4),
                    mix("D1", "markdown", 0.3), mix("D1", "unexplained", 0.7)],
    )["mechanism_split"]  # fmt: skip
    assert (said["mechanism_a"], said["mechanism_b"]) == ("markdown", "none")
    assert (said["share_a"], said["share_b"], said["ratio"]) == (0.3, 0.6, 0.7)


def test_twins_count_the_dimensions_in_which_they_are_the_same() -> None:
    outcomes = {"product": SAME, "price": SAME, "promotion": SAME, "sales": UNKNOWN,
                "service": Outcome.UNCLEAR}  # fmt: skip
    rows = [
        distance("D1", "F1", name, None if outcome is UNKNOWN else 0.03, outcome)
        for name, outcome in outcomes.items()
    ]
    said = told(
        metrics=SALES, pairs=rows, assortment_pairs=[shared("D1", "F1", 0.95)],
        verdicts=[verdict("D1", "F1", "twins")],
    )["twins"]  # fmt: skip
    assert (said["n"], said["m"]) == (3, 5)


def test_complements_are_told_by_what_they_sell() -> None:
    said = told(
        metrics=SALES, pairs=[distance("D1", "F1", "product", 0.8, DIFFERS)],
        assortment_pairs=[shared("D1", "F1", 0.2)], verdicts=[verdict("D1", "F1", "complements")],
    )["complements"]  # fmt: skip
    assert (said["share"], said["ratio"], said["count"]) == (0.2, 0.8, 1)


@pytest.mark.parametrize("name", ["unclear", "not_identifiable"])
def test_nothing_is_said_of_what_is_not_known(name: str) -> None:
    assert told(metrics=SALES, verdicts=[verdict("D1", "F1", name)]) == {}
