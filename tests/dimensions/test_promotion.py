"""Promotion on sums worked out by hand, and the mix of lines drawn at random."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelscope import contract, sqlfile
from channelscope.dimensions import promotion
from channelscope.engine.duckdb import Session
from channelscope.stats.intervals import t_quantile
from tests.dimensions.small_cubes import MONDAY, frame, scope, seen, session

Row = dict[str, Any]
NOON = datetime.combine(MONDAY, datetime.min.time()).replace(hour=12)


def group(store: str, name: str, **sums: Any) -> Row:
    """A row of `mechanism_groups`: ten pieces on ten lines at list price 100 in all."""
    known = {
        "lines": 10, "discounted_lines": 6, "mechanism_lines": 9, "units": 10, "promoted_units": 7,
        "list_amount": 100, "paid_amount": 80, "unexplained_amount": 0, "unexplained_size": 0,
        "list_none": 40, "list_unexplained": 0, "discount_markdown": 20, "list_markdown": 60,
    }  # fmt: skip
    return {"store_id": store, "buyer_group": name, **known, **sums}


def week(store: str, number: int, *, sold: int, promoted: int) -> Row:
    monday = MONDAY + timedelta(weeks=number)
    return {
        "store_id": store, "sku": "a", "week_start": monday, "month_start": monday, "units": 1,
        "days_sold": sold, "days_promoted": promoted,
    }  # fmt: skip


def compared(
    *stores: str,
    groups: list[Row],
    weeks: Iterable[Row] = (),
    shelf: Iterable[Row] = (),
    promotions: Iterable[Row] = (),
) -> dict[str, pl.DataFrame]:
    asked = scope(*stores)
    opened = session(asked, sku_weeks=weeks, shelf_weeks=shelf, promotions=promotions)
    opened.register("mechanism_groups", frame("mechanism_groups", groups))
    found = promotion.compare(opened, asked)
    opened.close()
    return found


def metric(found: dict[str, pl.DataFrame], name: str, store: str = "F") -> Row:
    rows = found["metrics"].filter(metric=name, store_id=store).to_dicts()
    assert len(rows) == 1
    return rows[0]


GROUPS = [
    group("F", "0a", paid_amount=80, funding_known_discount=15, platform_amount=3),
    group("F", "0b", list_amount=200, paid_amount=130, promoted_units=4, unexplained_size=6,
          discounted_lines=4, mechanism_lines=5, funding_known_discount=60, platform_amount=30),
    group("F", "0c", paid_amount=95, promoted_units=1, unexplained_size=1, discounted_lines=1,
          mechanism_lines=1),
    group("F", "0d", paid_amount=70, units=20, unexplained_size=2, discounted_lines=10,
          mechanism_lines=20, funding_known_discount=25, platform_amount=0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "n", "coverage"),
    [
        ("depth", 1 - 375 / 500, 40, 1),
        ("breadth", 19 / 50, 40, 1),
        ("stacking", 35 / 21, 21, 1),
        ("merchant_funded_share", 1 - 33 / 100, 21, 100 / 125),
        ("unexplained_share", 9 / 500, 40, 1),
    ],
)
def test_ratios_of_sums(name: str, value: float, n: int, coverage: float) -> None:
    row = metric(compared("F", groups=GROUPS), name)
    assert row["value"] == pytest.approx(value)
    assert row["n"] == n
    assert row["coverage"] == pytest.approx(coverage)
    assert row["lo"] < row["value"] < row["hi"]
    assert row["outcome_reason"] is None


def test_depth_interval_deletes_one_group_on_the_log_odds() -> None:
    row = metric(compared("F", groups=GROUPS), "depth")
    sums = [(375 - paid) / (500 - listed) for paid, listed in
            ((80, 100), (130, 200), (95, 100), (70, 100))]  # fmt: skip
    odds = np.log(np.array(sums) / (1 - np.array(sums)))
    half = float(t_quantile(3)) * math.sqrt(3 / 4 * ((odds - odds.mean()) ** 2).sum())
    middle = math.log(0.75 / 0.25)
    assert row["lo"] == pytest.approx(1 - 1 / (1 + math.exp(-middle - half)))
    assert row["hi"] == pytest.approx(1 - 1 / (1 + math.exp(-middle + half)))


def test_frequency_has_weeks_as_blocks() -> None:
    weeks = [week("F", n, sold=s, promoted=p)
             for n, (s, p) in enumerate([(10, 2), (20, 4), (5, 4), (15, 10)])]  # fmt: skip
    row = metric(compared("F", groups=GROUPS, weeks=weeks), "frequency")
    shares = np.array([18 / 40, 16 / 30, 16 / 45, 10 / 35])
    odds = np.log(shares / (1 - shares))
    half = float(t_quantile(3)) * math.sqrt(3 / 4 * ((odds - odds.mean()) ** 2).sum())
    middle = math.log(0.4 / 0.6)
    assert (row["value"], row["n"]) == (pytest.approx(0.4), 50)
    assert row["lo"] == pytest.approx(1 / (1 + math.exp(-middle + half)))
    assert row["hi"] == pytest.approx(1 / (1 + math.exp(-middle - half)))


def test_unknown_platform_money_is_not_read_as_none() -> None:
    row = metric(compared("F", groups=[group("F", "0a")]), "merchant_funded_share")
    assert (row["value"], row["coverage"]) == (None, 0)
    assert row["outcome_reason"] == "reason.platform_amount_unknown"


def test_store_that_sells_at_list() -> None:
    full = group("F", "0a", paid_amount=100, discounted_lines=0, mechanism_lines=0,
                 promoted_units=0, list_none=100, discount_markdown=None, list_markdown=None,
                 platform_amount=0, funding_known_discount=0)  # fmt: skip
    found = compared("F", groups=[full])
    assert [metric(found, name)["value"] for name in ("depth", "breadth")] == [0, 0]
    for name in ("stacking", "merchant_funded_share"):
        row = metric(found, name)
        assert (row["value"], row["outcome_reason"]) == (None, "reason.no_discounts")
    assert found["mechanisms"].rows() == [("F", "none", Decimal(0), 1.0, None, None)]


def test_discounts_without_mechanism_columns_say_nothing_of_stacking() -> None:
    blind = group("F", "0a", mechanism_lines=0, discount_markdown=None, list_markdown=None,
                  list_unexplained=60, unexplained_amount=20, unexplained_size=20)  # fmt: skip
    found = compared("F", groups=[blind])
    row = metric(found, "stacking")
    assert (row["value"], row["outcome_reason"]) == (None, "reason.no_mechanism_known")
    assert metric(found, "unexplained_share")["value"] == pytest.approx(0.2)
    (unexplained,) = found["mechanisms"].filter(mechanism="unexplained").rows()
    assert unexplained == ("F", "unexplained", Decimal(20), 0.6, 1.0, None)


def test_stores_without_order_lines_say_why() -> None:
    shelf = [seen("X", "a", list_price=10, activity=9, one_piece=9)]
    found = compared("F", "X", "Z", groups=GROUPS, weeks=[week("F", 0, sold=1, promoted=0)],
                     shelf=shelf)  # fmt: skip
    for store, reason in (("X", "reason.snapshots_only"), ("Z", "reason.no_sales")):
        rows = found["metrics"].filter(store_id=store)
        assert rows["value"].null_count() == rows.height == 7
        assert set(rows["outcome_reason"]) == {reason}
        assert found["mechanisms"].filter(store_id=store).height == 0


def test_funding_is_what_the_promotions_say_or_what_is_usual() -> None:
    mixed = group("F", "0a", discount_subsidy=5, list_subsidy=6, discount_tier_cross=5,
                  list_tier_cross=6, discount_coupon_shop=5, list_coupon_shop=6, discount_gift=3,
                  discount_markdown=5, list_markdown=42)  # fmt: skip
    said = [
        {"store_id": "F", "promo_id": "p1", "mechanism": "tier_cross", "starts_at": NOON,
         "ends_at": NOON + timedelta(days=3), "merchant_share": 0.6},
        {"store_id": "D", "promo_id": "p2", "mechanism": "subsidy", "starts_at": NOON,
         "ends_at": NOON, "merchant_share": 0.5},
        {"store_id": "F", "promo_id": "p3", "mechanism": "coupon_shop", "starts_at": NOON,
         "ends_at": NOON, "merchant_share": 0.0},
    ]  # fmt: skip
    rows = compared("F", groups=[mixed], promotions=said)["mechanisms"]
    borne = dict(rows.select("mechanism", "merchant_funded").iter_rows())
    assert borne == {
        "coupon_shop": 0.0, "gift": 1.0, "markdown": 1.0, "none": None, "subsidy": 0.0,
        "tier_cross": 0.6,
    }  # fmt: skip
    beside = rows.filter(mechanism="gift").row(0)
    assert beside == ("F", "gift", Decimal(3), None, None, 1.0)


def test_usual_funder_is_null_where_it_is_shared() -> None:
    assert promotion.USUAL_SHARE["tier_cross"] is None
    assert promotion.USUAL_SHARE["redpack"] == 0
    assert promotion.USUAL_SHARE["markdown"] == 1


money = st.integers(0, 4000).map(lambda cents: Decimal(cents) / 100)
lines = st.lists(
    st.tuples(st.integers(1, 4), money, money, money, money, money, st.integers(0, 5)),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(deadline=None, max_examples=25)
@given(lines)
def test_mechanisms_add_up_to_list_minus_paid(drawn: list[tuple[Any, ...]]) -> None:
    """Whatever the columns say, to the cent; shares sum to 1 but for the rounding of splits."""
    found = mechanisms_of([(f"o{i}", *line[:-1], f"b{line[-1]}") for i, line in enumerate(drawn)])
    taken_off = sum((qty * price - paid for qty, price, paid, *_ in drawn), Decimal(0))
    assert found["discount_amount"].sum() == taken_off
    listed = float(sum(qty * price for qty, price, *_ in drawn))
    if listed:
        # The split of a line is rounded to 0.0001 for each of at most four mechanisms.
        rounding = 4 * 0.00005 * len(drawn) / listed
        assert found["share_of_list"].sum() == pytest.approx(1, abs=rounding + 1e-9)
    if taken_off:
        assert found["share_of_discount"].sum() == pytest.approx(1)


def mechanisms_of(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    """The `mechanisms` table of the order lines of one store."""
    asked = scope("F")
    types = ", ".join(f"{c.name} {c.type}" for c in contract.BY_NAME["order_lines"].columns)
    with duckdb.connect() as connection:
        connection.execute(f"create table order_lines ({types})")
        connection.executemany(
            "insert into order_lines (store_id, line_no, sku, ordered_at, order_id, qty, "
            "list_price, paid_amount, discount_markdown, discount_coupon_shop, discount_points, "
            "buyer_id) values ('F', 1, 'a', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(NOON, *row) for row in rows],
        )
        params = {"first": asked.period.first, "last": asked.period.last}
        cube = Session(connection).run(sqlfile.find("scan/mechanism_groups"), params)
    opened = session(asked)
    opened.register("mechanism_groups", cube)
    found = promotion.mechanism_rows(opened, asked)
    opened.close()
    return found


def test_off_without_order_lines() -> None:
    assert promotion.off(scope("F", present=("price_snapshots",))) == "off.no_order_lines"
    assert promotion.off(scope("F")) is None
