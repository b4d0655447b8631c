"""Sales on days worked out by hand: shares, growth, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from channelscope.dimensions import sales
from channelscope.domain import Basis
from tests.dimensions.small_cubes import MONDAY, scope, session, traded


def compared(*stores: str, days: Sequence[Any], given: Any = (), **tables: Any) -> Any:
    asked = scope(*stores, **dict(given))
    with_session = session(asked, store_days=days, **tables)
    found = sales.compare(with_session, asked)
    with_session.close()
    return found


def metric(found: dict[str, pl.DataFrame], store: str, name: str) -> dict[str, Any]:
    return found["metrics"].filter(store_id=store, metric=name).row(0, named=True)


def month(store: str, *, sales: str, visitors: int | None, **given: Any) -> list[dict[str, Any]]:
    """The same day in each of four weeks."""
    return [traded(store, day, sales=sales, visitors=visitors, **given) for day in (0, 7, 14, 21)]


def test_stores_without_an_order_have_no_bridge_and_no_sales() -> None:
    days = month("F1", sales="100", visitors=10)
    days += [traded("X1", 0, sales="0", orders=0, units=0, visitors=7, refunded=None)]
    found = compared("F1", "X1", days=days)
    assert found["bridge"].is_empty()
    row = metric(found, "X1", "sales")
    assert row["value"] is None and row["outcome_reason"] == "reason.no_sales"
    assert metric(found, "X1", "visitor_days")["value"] == 7
    assert compared("X1", "F1", days=days)["bridge"].is_empty()


def test_conversion_uses_days_with_traffic_alone() -> None:
    days = month("F1", sales="100", visitors=50, orders=4)
    days += [traded("F1", 2, sales="900", orders=44)]
    found = compared("F1", days=days)
    row = metric(found, "F1", "conversion")
    assert row["value"] == pytest.approx(16 / 200)
    assert row["n"] == 200
    assert row["coverage"] == pytest.approx(16 / 60)
    assert metric(found, "F1", "visitor_value")["value"] == pytest.approx(400 / 200)
    assert metric(found, "F1", "order_value")["value"] == pytest.approx(1300 / 60)


def test_without_traffic_conversion_is_not_known() -> None:
    found = compared("F1", days=month("F1", sales="100", visitors=None))
    for name in ("conversion", "visitor_days", "visitor_value"):
        row = metric(found, "F1", name)
        assert row["value"] is None and row["outcome_reason"] == "reason.no_traffic"


def test_pieces_and_orders() -> None:
    days = month("F1", sales="90", visitors=None, orders=5, units=8, paid="100")
    found = compared("F1", days=days)
    assert metric(found, "F1", "units_per_order")["value"] == pytest.approx(1.6)
    assert metric(found, "F1", "piece_price")["value"] == pytest.approx(90 / 8)
    assert metric(found, "F1", "sales")["value"] == 360
    assert metric(found, "F1", "orders")["value"] == 20
    for name in ("orders", "order_value", "units_per_order", "piece_price"):
        assert metric(found, "F1", name)["coverage"] == 1


def test_net_sales_tell_the_share_of_money_with_known_refunds() -> None:
    days = month("F1", sales="90", visitors=None, paid="100")
    days += [traded("F1", 1, sales="100", refunded=None)]
    assert metric(compared("F1", days=days), "F1", "sales")["coverage"] == pytest.approx(0.8)
    paid = replace(scope("F1"), basis=Basis.PAID)
    with_session = session(paid, store_days=days)
    assert metric(sales.compare(with_session, paid), "F1", "sales")["coverage"] == 1
    with_session.close()


def test_refund_share_leaves_out_the_last_fifteen_days() -> None:
    # The data end on the period's last day, day 27: days up to 12 are mature.
    paid = {0: ("100", "10"), 7: ("200", "30"), 12: ("100", "4"), 13: ("100", "90")}
    days = [traded("F1", d, sales="1", paid=p, refunded=r) for d, (p, r) in paid.items()]
    row = metric(compared("F1", days=days, given={"data_end": MONDAY + timedelta(days=27)}),
                 "F1", "refund_share")  # fmt: skip
    assert row["value"] == pytest.approx(44 / 400)
    assert row["coverage"] == pytest.approx(400 / 500)


def test_unknown_refunds_are_no_share_and_known_ones_of_zero_are() -> None:
    unknown = month("F1", sales="10", visitors=None, refunded=None)
    row = metric(compared("F1", days=unknown), "F1", "refund_share")
    assert row["value"] is None and row["outcome_reason"] == "reason.no_refunds_known"
    none = month("F1", sales="10", visitors=None, refunded="0")
    row = metric(compared("F1", days=none), "F1", "refund_share")
    assert row["value"] == 0 and row["outcome_reason"] is None


def test_days_of_unknown_refunds_are_no_base() -> None:
    days = [
        *month("F1", sales="10", visitors=None, refunded="1"),
        traded("F1", 2, sales="10", refunded=None),
    ]
    row = metric(compared("F1", days=days), "F1", "refund_share")
    assert row["value"] == pytest.approx(0.1)
    assert row["coverage"] == pytest.approx(0.8)


def test_refunds_known_for_a_small_part_are_no_share() -> None:
    """Who leaves refunds blank where there was none has a share of 100% on the rest."""
    days = [
        *month("F1", sales="10", visitors=None, refunded="10", paid="10"),
        traded("F1", 2, sales="11", refunded=None),
    ]
    row = metric(compared("F1", days=days), "F1", "refund_share")
    assert (row["value"], row["lo"], row["hi"]) == (None, None, None)
    assert row["outcome_reason"] == "reason.refunds_partly_known"
    assert row["coverage"] == pytest.approx(40 / 51)


def test_growth_is_against_the_same_weekdays() -> None:
    now = [traded("F1", d, sales=str(s)) for d, s in ((0, 120), (8, 130), (20, 80))]
    before = [traded("F1", d - 364, sales=str(s)) for d, s in ((0, 100), (7, 90), (27, 110))]
    found = metric(compared("F1", days=now + before), "F1", "growth")
    assert found["value"] == pytest.approx(330 / 300 - 1)


def test_growth_needs_the_whole_year_before() -> None:
    now = month("F1", sales="120", visitors=None)
    within_a_week = [traded("F1", d - 364, sales="100") for d in (6, 8)]
    assert metric(compared("F1", days=now + within_a_week), "F1", "growth")["value"] is not None
    later = [traded("F1", d - 364, sales="100") for d in (7, 8)]
    row = metric(compared("F1", days=now + later), "F1", "growth")
    assert (row["value"], row["lo"], row["hi"]) == (None, None, None)
    assert row["outcome_reason"] == "reason.no_full_year_before"


def test_concentration_counts_the_days_of_the_period() -> None:
    # 28 days: the best tenth are three days. Sold on six days, the best three: 60 + 50 + 40.
    amounts = {0: 10, 4: 60, 9: 20, 10: 40, 16: 50, 25: 30}
    days = [traded("F1", d, sales=str(s)) for d, s in amounts.items()]
    row = metric(compared("F1", days=days), "F1", "concentration")
    assert row["value"] == pytest.approx(150 / 210)
    assert row["n"] == 6
    assert row["lo"] < row["value"] < row["hi"]


def test_sales_need_order_lines() -> None:
    assert sales.off(scope("F1", present=("price_snapshots",))) == "off.no_order_lines"
    assert sales.off(scope("F1")) is None
