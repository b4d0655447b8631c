"""Price levels on cells worked out by hand: links, time grain, rungs, intervals, outcomes."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest

from channelscope.dimensions import price
from channelscope.domain import Outcome, Rung, TimeGrain
from tests.dimensions.small_cubes import scope, seen, session, sold

SKUS = ("a", "b", "c", "d", "e", "f")
BASE = {"a": 10.0, "b": 20.0, "c": 5.0, "d": 8.0, "e": 12.0, "f": 30.0}


def range_of(store: str, ratios: dict[str, float], *, week: int = 0, units: float = 3) -> list[Any]:
    """One cell per product at the base price times a ratio."""
    return [
        sold(store, sku, units=units + i, price=BASE[sku] * ratio, week=week, list_price=BASE[sku])
        for i, (sku, ratio) in enumerate(ratios.items())
    ]


def level_rows(found: dict[str, pl.DataFrame], rung: Rung = Rung.REALISED) -> dict[str, Any]:
    whole = found["price_index"].filter(rung=rung, category="all", unit="piece")
    rows = whole.iter_rows(named=True)
    return {row["store_id"]: row for row in rows}


def compared(*stores: str, rows: list[Any], rung: Rung = Rung.REALISED, **given: Any) -> Any:
    asked = scope(*stores, **given)
    with_session = session(asked, sku_weeks=rows)
    found = price.compare(with_session, asked)
    with_session.close()
    return level_rows(found, rung), found


def test_level_is_the_tornqvist_of_matched_cells() -> None:
    reference = range_of("F1", dict.fromkeys(SKUS[:5], 1.0))
    ratios = {"a": 0.9, "b": 0.8, "c": 1.05, "d": 0.95, "e": 0.7}
    other = range_of("D1", ratios, units=1)
    unmatched = [sold("F1", "f", units=40, price=99), sold("D1", "a", units=9, price=1, week=1)]
    levels, _ = compared("F1", "D1", rows=[*reference, *other, *unmatched])
    value_f = {sku: BASE[sku] * (3 + i) for i, sku in enumerate(SKUS[:5])}
    value_d = {sku: BASE[sku] * ratios[sku] * (1 + i) for i, sku in enumerate(SKUS[:5])}
    share_f = {sku: value / sum(value_f.values()) for sku, value in value_f.items()}
    share_d = {sku: value / sum(value_d.values()) for sku, value in value_d.items()}
    log = sum((share_f[s] + share_d[s]) / 2 * math.log(ratios[s]) for s in SKUS[:5])
    assert levels["D1"]["value"] == pytest.approx(100 * math.exp(log), rel=1e-12)
    assert levels["D1"]["matched_skus"] == 5
    matched = sum(value_d.values())
    assert levels["D1"]["coverage"] == pytest.approx(matched / (matched + 9), rel=1e-12)


def test_reference_is_exactly_one_hundred_and_has_no_interval() -> None:
    rows = range_of("F1", dict.fromkeys(SKUS, 1.0)) + range_of("D1", dict.fromkeys(SKUS, 0.7))
    levels, _ = compared("F1", "D1", rows=rows)
    reference = levels["F1"]
    assert (reference["value"], reference["lo"], reference["hi"]) == (100.0, None, None)
    assert reference["outcome"] == Outcome.SAME


def test_levels_go_through_a_chain_of_links() -> None:
    # A sells a-f early, B both ranges, C only the goods A does not have.
    goods = {"g" + sku: 4.0 + i for i, sku in enumerate(SKUS)}
    far = [
        sold(store, sku, units=2, price=base * ratio)
        for store, ratio in (("B", 0.9), ("C", 0.72))
        for sku, base in goods.items()
    ]
    rows = range_of("A", dict.fromkeys(SKUS, 1.0)) + range_of("B", dict.fromkeys(SKUS, 0.8)) + far
    levels, _ = compared("A", "B", "C", rows=rows)
    assert levels["B"]["value"] == pytest.approx(80)
    assert levels["C"]["value"] == pytest.approx(80 * 0.72 / 0.9)
    # C is placed through B: it shares nothing with the reference itself.
    assert (levels["C"]["matched_skus"], levels["C"]["coverage"]) == (0, None)
    assert levels["A"]["matched_skus"] == 6


def test_products_of_the_reference_are_counted_in_its_own_pairs() -> None:
    goods = [sold(s, f"g{i}", units=2, price=4) for s in ("B", "C") for i in range(9)]
    rows = range_of("A", dict.fromkeys(SKUS, 1.0)) + range_of("B", dict.fromkeys(SKUS, 0.8)) + goods
    levels, _ = compared("A", "B", "C", rows=rows)
    assert levels["A"]["matched_skus"] == 6


def test_a_store_without_a_price_on_the_rung_says_so() -> None:
    rows = range_of("F1", dict.fromkeys(SKUS, 1.0)) + range_of("D1", dict.fromkeys(SKUS, 0.9))
    levels, _ = compared("F1", "D1", "Z", rows=rows)
    assert levels["Z"]["outcome"] == Outcome.NOT_IDENTIFIABLE
    assert levels["Z"]["outcome_reason"] == "reason.no_prices_on_rung"


def test_a_store_without_a_path_cannot_be_placed() -> None:
    own = [sold("Z", "z" + sku, units=2, price=3) for sku in SKUS]
    rows = range_of("F1", dict.fromkeys(SKUS, 1.0)) + range_of("D1", dict.fromkeys(SKUS, 0.9)) + own
    levels, found = compared("F1", "D1", "Z", rows=rows)
    assert levels["Z"]["outcome"] == Outcome.NOT_IDENTIFIABLE
    assert levels["Z"]["value"] is None
    assert levels["Z"]["outcome_reason"] == "reason.no_shared_products"
    metric = found["metrics"].filter(store_id="Z", metric="price_level").row(0, named=True)
    assert metric["value"] is None and metric["outcome_reason"] == "reason.no_shared_products"


@pytest.mark.parametrize(("matched", "linked"), [(4, False), (5, True)])
def test_a_link_needs_five_products(matched: int, linked: bool) -> None:
    ratios = dict.fromkeys(SKUS[:matched], 0.9)
    levels, _ = compared(
        "F1", "D1", rows=range_of("F1", dict.fromkeys(SKUS, 1.0)) + range_of("D1", ratios)
    )
    assert (levels["D1"]["value"] is not None) is linked
    assert (levels["D1"]["outcome_reason"] == "reason.not_linked") is not linked


@pytest.mark.parametrize(
    ("own_f", "own_d", "linked"),
    [(900, 900, True), (901, 901, False), (90000, 900, True), (900, 90000, True)],
)
def test_a_link_needs_a_tenth_of_one_of_the_stores(own_f: int, own_d: int, linked: bool) -> None:
    """Five products worth 100 in each store, beside goods the other store does not have."""
    rows = [sold(s, sku, units=2, price=10) for s in ("F1", "D1") for sku in SKUS[:5]]
    rows += [sold("F1", "own f", units=1, price=own_f), sold("D1", "own d", units=1, price=own_d)]
    levels, _ = compared("F1", "D1", rows=rows)
    assert (levels["D1"]["value"] is not None) is linked


def test_weeks_are_matched_where_they_link_everybody() -> None:
    rows = range_of("F1", dict.fromkeys(SKUS, 1.0)) + range_of("D1", dict.fromkeys(SKUS, 0.9))
    levels, _ = compared("F1", "D1", rows=rows)
    assert {row["time_grain"] for row in levels.values()} == {TimeGrain.WEEK}


def test_months_are_matched_where_weeks_leave_a_store_out() -> None:
    # D1 meets F1 in the first week; M1 sells in the second week only, and meets nobody in it.
    rows = range_of("F1", dict.fromkeys(SKUS, 1.0)) + range_of("D1", dict.fromkeys(SKUS, 0.9))
    rows += range_of("M1", dict.fromkeys(SKUS, 0.8), week=1)
    levels, _ = compared("F1", "D1", "M1", rows=rows)
    assert {row["time_grain"] for row in levels.values()} == {TimeGrain.MONTH}
    assert levels["M1"]["value"] == pytest.approx(80)


def test_prices_in_common_are_no_link_by_themselves() -> None:
    # Week by week D1 shares four products with F1; over the month it shares six.
    rows = range_of("F1", dict.fromkeys(SKUS, 1.0))
    rows += range_of("D1", dict.fromkeys(SKUS[:4], 0.9))
    rows += range_of("D1", dict.fromkeys(SKUS[4:], 0.9), week=1)
    levels, _ = compared("F1", "D1", rows=rows)
    assert levels["D1"]["time_grain"] == TimeGrain.MONTH
    assert levels["D1"]["matched_skus"] == 6


def test_the_period_is_one_cell_where_nothing_finer_links() -> None:
    rows = range_of("F1", dict.fromkeys(SKUS, 1.0))
    rows += range_of("D1", dict.fromkeys(SKUS, 0.9), week=14)
    levels, _ = compared("F1", "D1", rows=rows, days=140)
    assert levels["D1"]["time_grain"] == TimeGrain.PERIOD
    assert levels["D1"]["value"] == pytest.approx(90)


def test_weeks_stay_where_no_grain_would_link_more() -> None:
    own = [sold("Z", "z" + sku, units=2, price=3) for sku in SKUS]
    rows = range_of("F1", dict.fromkeys(SKUS, 1.0)) + range_of("D1", dict.fromkeys(SKUS, 0.9))
    levels, _ = compared("F1", "D1", "Z", rows=[*rows, *own])
    assert levels["D1"]["time_grain"] == TimeGrain.WEEK


def test_a_level_that_hangs_on_when_a_store_sold_is_unclear() -> None:
    # Week by week D1 charges what F1 does. F1 halves its prices in the second week, in which it
    # sells most, while D1 sells most in the first: over the month D1 looks much dearer.
    even = dict.fromkeys(SKUS, 1.0)
    halved = dict.fromkeys(SKUS, 0.5)
    rows = range_of("F1", even, units=1) + range_of("F1", halved, week=1, units=50)
    rows += range_of("D1", even, units=50) + range_of("D1", halved, week=1, units=1)
    steady = range_of("M1", even) + range_of("M1", halved, week=1)
    levels, _ = compared("F1", "D1", "M1", rows=rows + steady)
    assert levels["D1"]["time_grain"] == TimeGrain.WEEK
    assert levels["D1"]["outcome"] == Outcome.UNCLEAR
    assert levels["D1"]["outcome_reason"] == "reason.depends_on_when"
    assert levels["D1"]["value"] == pytest.approx(100)


SPREAD = {"a": 0.88, "b": 0.92, "c": 0.9, "d": 0.91, "e": 0.89, "f": 0.9}


@pytest.mark.parametrize(
    ("level", "delta", "outcome"),
    [
        (1.0, 2.5, Outcome.SAME),
        (0.9, 2.5, Outcome.DIFFERS),
        (1.1, 2.5, Outcome.DIFFERS),
        (0.99, 1.0, Outcome.UNCLEAR),
        (0.96, 9.0, Outcome.SAME),  # clearly below, and not by enough to matter
    ],
)
def test_outcome_says_what_the_interval_allows(
    level: float, delta: float, outcome: Outcome
) -> None:
    around = {sku: ratio / 0.9 * level for sku, ratio in SPREAD.items()}
    rows = range_of("F1", dict.fromkeys(SKUS, 1.0)) + range_of("D1", around)
    levels, _ = compared("F1", "D1", rows=rows, price_level=delta)
    row = levels["D1"]
    assert row["lo"] < row["value"] < row["hi"]
    assert row["outcome"] == outcome


def test_sameness_takes_the_smallest_difference_of_its_rung() -> None:
    rows = range_of("F1", dict.fromkeys(SKUS, 1.0))
    rows += [row | {"list_amount": row["list_amount"] * 99 / 100}
             for row in range_of("D1", dict.fromkeys(SKUS, 0.9))]  # fmt: skip
    for delta, outcome in ((0.5, Outcome.DIFFERS), (1.5, Outcome.SAME)):
        levels, _ = compared(
            "F1", "D1", rows=rows, rung=Rung.LIST, list_level=delta, price_level=20
        )
        assert levels["D1"]["value"] == pytest.approx(99)
        assert levels["D1"]["outcome"] == outcome


def test_fewer_products_widen_the_interval() -> None:
    many = {f"p{i}": BASE["a"] for i in range(24)}
    ratios = (0.85, 0.95, 0.9, 0.8, 1.0, 0.9)
    width = {}
    for count in (6, 12, 24):
        rows = []
        for i, (sku, base) in enumerate(list(many.items())[:count]):
            rows += [
                sold("F1", sku, units=2, price=base),
                sold("D1", sku, units=2, price=base * ratios[i % 6]),
            ]
        levels, _ = compared("F1", "D1", rows=rows)
        width[count] = levels["D1"]["hi"] - levels["D1"]["lo"]
    assert width[6] > 1.3 * width[12] > 1.6 * width[24]


def test_a_store_known_from_its_shelf_alone_gets_the_shelf_rungs() -> None:
    rows = range_of("F1", dict.fromkeys(SKUS, 0.8)) + range_of("D1", dict.fromkeys(SKUS, 0.7))
    shelf = [
        seen(store, sku, list_price=BASE[sku] * a, activity=BASE[sku] * b, one_piece=BASE[sku] * c)
        for store, a, b, c in (("F1", 1, 0.9, 0.85), ("D1", 1, 0.81, 0.8), ("X1", 1.1, 0.72, 0.68))
        for sku in SKUS
    ]
    asked = scope("F1", "D1", "X1", present=("order_lines", "price_snapshots"))
    found = price.compare(session(asked, sku_weeks=rows, shelf_weeks=shelf), asked)
    expected = {Rung.LIST: 110, Rung.ACTIVITY: 80, Rung.ONE_PIECE: 80}
    for rung, level in expected.items():
        assert level_rows(found, rung)["X1"]["value"] == pytest.approx(level), rung
    assert level_rows(found, Rung.ACTIVITY)["D1"]["value"] == pytest.approx(90)
    assert level_rows(found)["X1"]["outcome"] == Outcome.NOT_IDENTIFIABLE
    assert level_rows(found)["D1"]["value"] == pytest.approx(87.5)


def test_snapshots_alone_are_a_comparison() -> None:
    shelf = [
        seen(store, sku, list_price=BASE[sku], activity=BASE[sku] * b, one_piece=BASE[sku] * c)
        for store, b, c in (("F1", 0.9, 0.9), ("X1", 0.81, 0.72)) for sku in SKUS
    ]  # fmt: skip
    asked = scope("F1", "X1", present=("price_snapshots",))
    found = price.compare(session(asked, shelf_weeks=shelf), asked)
    assert set(found["price_index"]["rung"]) == {Rung.LIST, Rung.ACTIVITY, Rung.ONE_PIECE}
    assert level_rows(found, Rung.ONE_PIECE)["X1"]["value"] == pytest.approx(80)
    assert level_rows(found, Rung.LIST)["X1"]["outcome"] == Outcome.SAME


def test_a_store_alone_is_its_own_reference() -> None:
    levels, _ = compared("F1", rows=range_of("F1", dict.fromkeys(SKUS, 1.0)))
    assert levels["F1"]["value"] == 100.0


def test_dispersion_is_the_deviation_of_log_ratios() -> None:
    reference = range_of("F1", dict.fromkeys(SKUS[:5], 1.0), units=2)
    ratios = {"a": 0.9, "b": 0.8, "c": 1.05, "d": 0.95, "e": 0.7}
    asked = scope("D1", "F1")  # the pair is held the other way round
    rows = reference + range_of("D1", ratios, units=1)
    found = price.compare(session(asked, sku_weeks=rows), asked)["metrics"]
    logs = [math.log(1 / ratio) for ratio in ratios.values()]
    mean = sum(logs) / 5
    plain = math.sqrt(sum((x - mean) ** 2 for x in logs) / 5)
    value_f = [BASE[sku] * (2 + i) for i, sku in enumerate(ratios)]
    value_d = [BASE[sku] * ratios[sku] * (1 + i) for i, sku in enumerate(ratios)]
    weight = [
        (f / sum(value_f) + d / sum(value_d)) / 2 for f, d in zip(value_f, value_d, strict=True)
    ]
    centre = sum(w * x for w, x in zip(weight, logs, strict=True))
    weighted = math.sqrt(sum(w * (x - centre) ** 2 for w, x in zip(weight, logs, strict=True)))
    for metric, value in (("price_dispersion", plain), ("price_dispersion_weighted", weighted)):
        row = found.filter(store_id="F1", metric=metric).row(0, named=True)
        assert row["value"] == pytest.approx(value, rel=1e-12)
        assert row["lo"] < row["value"] < row["hi"]
        assert row["n"] == 5
        assert row["coverage"] == 1
        own = found.filter(store_id="D1", metric=metric).row(0, named=True)
        assert own["value"] is None and own["outcome_reason"]


def test_prices_need_one_of_two_tables() -> None:
    assert price.off(scope("F1", present=("stores",))) == "off.no_prices"
    assert price.off(scope("F1", present=("price_snapshots",))) is None
