"""Threshold attainability on counts worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope.dimensions._thresholds import thresholds
from channelscope.domain import Store
from channelscope.stats.intervals import t_quantile, wilson
from tests.dimensions.small_cubes import MONDAY, scope, seen, session

Row = dict[str, Any]
START = datetime.combine(MONDAY, datetime.min.time())


def promotion(promo: str, store: str, threshold: float = 100, **given: Any) -> Row:
    return {
        "promo_id": promo, "store_id": store, "mechanism": "coupon_shop", "label": f"label {promo}",
        "starts_at": START, "ends_at": START + timedelta(days=9), "scope": "store",
        "threshold_kind": "amount", "threshold": threshold, "threshold_base": "activity",
        "benefit_kind": "amount", "benefit": 10.0, **given,
    }  # fmt: skip


def counted(store: str, promo: str, counts: Iterable[tuple[int, int, int]], *, own: bool = True,
            **given: Any) -> list[Row]:  # fmt: skip
    """Orders, reached and near in one group of buyers after the other."""
    return [
        {"store_id": store, "term_id": promo, "is_own": own, "buyer_group": f"{at:02d}",
         "orders": orders, "known_orders": orders, "reached": reached, "near": near, **given}
        for at, (orders, reached, near) in enumerate(counts)
    ]  # fmt: skip


OWN = ((30, 10, 3), (50, 10, 12), (20, 10, 1), (40, 12, 6))
REFERENCE = ((60, 12, 30), (90, 16, 20), (50, 11, 25), (80, 13, 12))


def found(*stores: str, groups: list[Row], promotions: list[Row], **tables: Any) -> pl.DataFrame:
    asked = scope(*stores)
    opened = session(asked, threshold_groups=groups, promotions=promotions, **tables)
    rows = thresholds(opened, asked)
    opened.close()
    return rows


def one(rows: pl.DataFrame, promo: str) -> Row:
    (row,) = rows.filter(promo_id=promo).to_dicts()
    return row


def logit_interval(top: np.ndarray, bottom: np.ndarray) -> tuple[float, float]:
    """Delete-one-group on the log odds, written out."""
    left = (top.sum() - top) / (bottom.sum() - bottom)
    odds = np.log(left / (1 - left))
    half = t_quantile(len(top) - 1) * np.sqrt(
        (len(top) - 1) / len(top) * ((odds - odds.mean()) ** 2).sum()
    )
    middle = np.log(top.sum() / (bottom.sum() - top.sum()))
    lo, hi = 1 / (1 + np.exp(-middle + half)), 1 / (1 + np.exp(-middle - half))
    return float(lo), float(hi)


def test_shares_have_intervals_over_groups_of_buyers() -> None:
    rows = found(
        "R", "F", promotions=[promotion("f", "F")],
        groups=counted("F", "f", OWN) + counted("R", "f", REFERENCE, own=False),
    )  # fmt: skip
    row = one(rows, "f")
    assert (row["orders"], row["coverage"]) == (140, 1)
    own, reference = (np.array(each, dtype=float).T for each in (OWN, REFERENCE))
    for (orders, reached, near), names in (
        (own, (("reached_share", "lo", "hi"), ("near_share", "near_lo", "near_hi"))),
        (reference, (("reference_share", "reference_lo", "reference_hi"),)),
    ):
        for top, (name, lo, hi) in zip((reached, near), names, strict=False):
            assert row[name] == pytest.approx(top.sum() / orders.sum())
            assert (row[lo], row[hi]) == pytest.approx(logit_interval(top, orders))
    assert row["outcome_reason"] is None
    assert row["label"] == "label f"


def test_the_outcome_is_that_of_the_difference_to_the_reference() -> None:
    """Alike within five points, far apart, and too few to tell; the reference has none."""
    alike = [(400, 80, 0), (410, 82, 0), (390, 79, 0), (400, 80, 0)]
    far = [(400, 200, 0), (410, 204, 0), (390, 196, 0), (400, 199, 0)]
    wild = [(10, 9, 0), (12, 1, 0), (9, 5, 0), (11, 0, 0)]
    groups = counted("R", "r", alike)
    for promo, own in (("a", alike), ("b", far), ("c", wild), ("d", [(7, 1, 0)] * 4)):
        groups += counted("F", promo, own)
        groups += counted("R", promo, [(n, m + 1, 0) for n, m, _ in alike], own=False)
    rows = found(
        "R", "F", groups=groups,
        promotions=[promotion("r", "R"),
                    *(promotion(promo, "F", 100 + at) for at, promo in enumerate("abcd"))],
    )  # fmt: skip
    told = {promo: one(rows, promo)["outcome"] for promo in "rabcd"}
    assert told == {"r": None, "a": "same", "b": "differs", "c": "unclear",
                    "d": "not_identifiable"}  # fmt: skip
    assert one(rows, "r")["reference_share"] is None
    assert one(rows, "d")["outcome_reason"] == "reason.few_orders"
    tested = [one(rows, promo)["p_adjusted"] for promo in "abc"]
    assert all(p is not None for p in tested)
    assert one(rows, "d")["p_adjusted"] is None


@pytest.mark.parametrize(("reached", "end"), [(0, "lo"), (1, "hi")])
def test_none_or_all_is_as_sure_as_the_orders_are_many(reached: int, end: str) -> None:
    rows = found("F", promotions=[promotion("f", "F")],
                 groups=counted("F", "f", [(10, 10 * reached, 1)] * 5))  # fmt: skip
    row = one(rows, "f")
    bounds = wilson(np.array([50.0 * reached]), np.array([50.0]))
    assert row["reached_share"] == reached
    assert (row["lo"], row["hi"]) == pytest.approx((bounds.lo[0], bounds.hi[0]))
    assert row[end] == pytest.approx(reached)


def test_what_is_not_known_says_why() -> None:
    groups = [
        *counted("F", "no_base", OWN, known_orders=0, reached=0, near=0),
        *counted("F", "part", [(40, 5, 2)] * 4, known_orders=30),
        *counted("F", "one_buyer", [(40, 5, 2)]),
    ]  # fmt: skip
    rows = found(
        "F", "X", groups=groups, shelf_weeks=[seen("X", "a", list_price=9, activity=8,
                                                   one_piece=8)],
        promotions=[promotion("no_base", "F"), promotion("part", "F", 101),
                    promotion("one_buyer", "F", 102), promotion("never", "F", 103),
                    promotion("shelf", "X")],
    )  # fmt: skip
    reasons = dict(rows.select("promo_id", "outcome_reason").iter_rows())
    assert reasons == {
        "no_base": "reason.base_unknown", "part": None, "one_buyer": "reason.too_few_blocks",
        "never": "reason.no_orders_then", "shelf": "reason.snapshots_only",
    }  # fmt: skip
    for promo in ("no_base", "never", "shelf"):
        assert one(rows, promo)["reached_share"] is None
    assert one(rows, "part")["coverage"] == pytest.approx(0.75)
    assert one(rows, "part")["reached_share"] == pytest.approx(20 / 120)


def test_amounts_in_another_currency_are_not_tested() -> None:
    rows = found(
        "R", "F", groups=counted("F", "f", OWN) + counted("F", "q", OWN),
        promotions=[promotion("f", "F"),
                    promotion("q", "F", 2, threshold_kind="qty", threshold_base=None)],
        stores=[{"store_id": "F", "currency": "USD"}, {"store_id": "R", "currency": "CNY"}],
    )  # fmt: skip
    money, pieces = one(rows, "f"), one(rows, "q")
    assert money["outcome_reason"] == "reason.threshold_currency"
    assert money["outcome"] == "not_identifiable"
    assert {money[name] for name in ("reached_share", "lo", "near_share", "near_hi")} == {None}
    assert pieces["reached_share"] == pytest.approx(0.3)


def test_members_of_a_group_with_the_same_terms_have_one_row() -> None:
    asked = scope("R", "kind:d")
    grouped = Store("kind:d", "d", "distributor", "tmall", members=("D1", "D2"))
    object.__setattr__(asked, "stores", (asked.stores[0], grouped))
    opened = session(
        asked, promotions=[promotion("d1", "kind:d"), promotion("d2", "kind:d")],
        threshold_groups=counted("kind:d", "d1", OWN) + counted("kind:d", "d2", OWN)
        + counted("kind:d", "d2", [(999, 999, 0)], own=False),
    )  # fmt: skip
    rows = thresholds(opened, asked)
    opened.close()
    assert rows.select("promo_id", "orders").rows() == [("d1", 280)]
    assert rows["reached_share"][0] == pytest.approx(42 / 140)


def test_no_promotion_no_rows() -> None:
    assert found("F", groups=[], promotions=[]).height == 0
