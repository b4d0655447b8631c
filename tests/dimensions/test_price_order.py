"""Who stands below suggested prices, why, and by whose money, worked out on a few cells."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from channelscope.dimensions import _price_order
from channelscope.domain import Rung, Scope
from tests.dimensions.small_cubes import MONDAY, scope, session

Rows = list[dict[str, Any]]
BOTH = ("order_lines", "price_snapshots")
SUGGESTED = [{"sku": "a", "suggested_price": 8}, {"sku": "b", "suggested_price": 20}]


def shelf(
    store: str, price: float, *, list_price: float = 10, sku: str = "a", week: int = 0
) -> Any:
    """A shelf price of one piece in a week of January; in the fourth the month ends on Saturday."""
    monday = MONDAY + timedelta(weeks=week)
    return {
        "store_id": store, "sku": sku, "week_start": monday, "month_start": monday.replace(day=1),
        "observations": 1, "listed_observations": 1, "list_price": list_price,
        "one_piece_price": price,
    }  # fmt: skip


def lines(store: str, *, platform: float | None = None, units: int = 4, week: int = 0,
          sku: str = "a", **discounts: float) -> Any:  # fmt: skip
    """The order lines of a week: discounts and platform money per piece."""
    return {
        "store_id": store, "sku": sku, "span": "period", "units": units,
        "week_start": MONDAY + timedelta(weeks=week),
        "platform_amount": None if platform is None else platform * units,
        **{f"discount_{name}": amount * units for name, amount in discounts.items()},
    }  # fmt: skip


def offer(name: str, mechanism: str, *, benefit: float, share: float | None = None,
          group: str | None = None) -> Any:  # fmt: skip
    return {
        "promo_id": name, "store_id": "D1", "mechanism": mechanism,
        "starts_at": datetime(2026, 1, 1), "ends_at": datetime(2026, 1, 31),
        "benefit_kind": "rate", "benefit": benefit,
        "merchant_share": share, "stack_group": group,
    }  # fmt: skip


def found(
    rows: Rows, sold: Rows = (), *, products: Rows = SUGGESTED, asked: Scope | None = None,
    **more: Rows,
) -> dict[str, pl.DataFrame]:  # fmt: skip
    """F1 asks list price, 10; the others as given."""
    asked = asked or scope("F1", "D1", present=BOTH)
    shelves = [shelf("F1", 10, week=week) for week in range(4)] + list(rows)
    answers = session(
        asked, shelf_weeks=shelves, sku_discounts=list(sold), products=products, **more
    )
    return _price_order.price_order(answers, asked)


def gap(rows: Rows, sold: Rows = (), **more: Any) -> Any:
    """The one row of D1."""
    return found(rows, sold, **more)["price_gaps"].filter(store_id="D1").row(0, named=True)


def measured(tables: dict[str, pl.DataFrame], metric: str, store: str = "D1") -> Any:
    return tables["metrics"].filter(metric=metric, store_id=store).row(0, named=True)


def told(row: Any) -> tuple[str | None, str | None]:
    return row["cause_mechanism"], row["funder"]


@pytest.mark.parametrize(
    ("price", "sold", "expected"),
    [
        # 7.60 is below 7.92; with the platform's 0.90 it is not, however large the markdown.
        (7.6, {"platform": 0.9, "markdown": 1.5, "subsidy": 0.9}, ("subsidy", "platform")),
        # 7.00 + 0.90 stays below: of the gap of 1.00 the platform makes 0.90.
        (7.0, {"platform": 0.9, "markdown": 2.1, "subsidy": 0.9}, ("subsidy", "shared")),
        # Of a gap of 2.00 it makes 0.90.
        (6.0, {"platform": 0.9, "markdown": 3.1, "subsidy": 0.9}, ("markdown", "shared")),
        (7.6, {"platform": 0.0, "markdown": 2.4}, ("markdown", "merchant")),
        # Money that a platform gives for its own coupon is not in a shelf price.
        (7.6, {"platform": 1.0, "markdown": 2.4, "tier_cross": 1.0}, ("markdown", "merchant")),
        # More than its own mechanisms took: it pays for the markdown as well.
        (7.6, {"platform": 1.6, "markdown": 2.4, "tier_cross": 1.0}, ("markdown", "platform")),
        # Not known what it gives: the trade's usual funder.
        (7.6, {"markdown": 1.5, "subsidy": 0.9}, ("subsidy", "platform")),
        (7.6, {"markdown": 2.4}, ("markdown", "merchant")),
        # Columns that no mechanism explains.
        (7.6, {}, (None, None)),
        (7.6, {"platform": 0.0}, (None, "merchant")),
    ],
)
def test_a_gap_is_the_platforms_where_its_money_alone_makes_it(
    price: float, sold: dict[str, float], expected: tuple[str | None, str | None]
) -> None:
    assert told(gap([shelf("D1", price)], [lines("D1", **sold)])) == expected


def test_what_the_promotions_say_of_a_funder_goes_before_what_is_usual() -> None:
    row = gap(
        [shelf("D1", 7.6)], [lines("D1", markdown=1.5, subsidy=0.9)],
        promotions=[offer("p", "subsidy", benefit=0.09, share=1.0)],
    )  # fmt: skip
    assert told(row) == ("markdown", "merchant")


@pytest.mark.parametrize(
    ("list_price", "price", "expected"),
    [
        (7.5, 7.5, ("list_price", "merchant")),
        # Whoever pays for the rest, the list price is below by itself.
        (7.2, 7.0, ("list_price", "merchant")),
        # 0.05 of the gap is the list price's; who gives the rest is not known.
        (7.95, 7.0, (None, None)),
    ],
)
def test_a_list_price_may_be_low_itself(
    list_price: float, price: float, expected: tuple[str | None, str | None]
) -> None:
    assert told(gap([shelf("D1", price, list_price=list_price)])) == expected


@pytest.mark.parametrize(
    ("offers", "expected"),
    [
        ([], (None, None)),
        ([offer("p", "markdown", benefit=0.24)], ("markdown", "merchant")),
        # Half of the 2.40: 7.60 + 1.20 is not below.
        ([offer("p", "markdown", benefit=0.24, share=0.5)], ("markdown", "platform")),
        # 1.60 and 0.80 by their rates; of one group the better one holds.
        (
            [offer("p", "markdown", benefit=0.16, group="item"),
             offer("q", "flash", benefit=0.04, group="item"),
             offer("r", "subsidy", benefit=0.08, share=0.0)],
            ("subsidy", "platform"),
        ),
        # What is no shelf price: coupons of the shop.
        ([offer("p", "coupon_shop", benefit=0.24)], (None, None)),
    ],
)  # fmt: skip
def test_a_shelf_without_orders_is_explained_by_its_promotions(
    offers: Rows, expected: tuple[str | None, str | None]
) -> None:
    assert told(gap([shelf("D1", 7.6)], promotions=offers)) == expected


def test_a_store_with_orders_is_explained_by_promotions_in_weeks_without() -> None:
    rows = [shelf("D1", 7.6, week=0), shelf("D1", 7.6, week=1)]
    sold = [lines("D1", platform=0.9, markdown=1.5, subsidy=0.9)]
    offers = [offer("p", "markdown", benefit=0.24)]
    tables = found(rows, sold, promotions=offers)
    row = tables["price_gaps"].row(0, named=True)
    assert (row["days_below"], row["days_own"]) == (14, 7)


def test_days_of_gap_and_days_below_are_counted_with_their_thresholds() -> None:
    # 9.70 is exactly 3% below 10 and 7.92 exactly 1% below 8: no gap of its kind.
    rows = [shelf("D1", 9.7, week=0), shelf("D1", 7.92, week=1), shelf("D1", 7.0, week=2)]
    row = gap(rows, [lines("D1", week=2, platform=0, markdown=3)])
    assert (row["days"], row["days_gap"], row["days_below"], row["days_own"]) == (21, 14, 7, 7)
    assert row["depth"] == pytest.approx(1 - 7 / 8)
    assert row["price"] == pytest.approx((9.7 + 7.92 + 7) / 3, abs=1e-4)
    assert (row["reference_price"], row["suggested_price"]) == (10, 8)
    assert row["ratio"] == pytest.approx((9.7 + 7.92 + 7) / 30, abs=1e-6)
    assert (row["rung"], row["period_start"]) == (Rung.ONE_PIECE, MONDAY.replace(day=1))


def test_ratios_compare_days_on_which_both_have_a_price() -> None:
    rows = [shelf("F1", 30, sku="b"), shelf("D1", 24, sku="b"), shelf("D1", 15, sku="b", week=1)]
    row = gap(rows)
    assert row["ratio"] == pytest.approx(0.8)
    assert row["price"] == pytest.approx(19.5)
    assert (row["days"], row["days_gap"], row["days_below"]) == (14, 7, 7)


def test_months_in_which_nothing_is_low_have_no_row() -> None:
    tables = found([shelf("D1", 9.8)])
    assert tables["price_gaps"].is_empty()
    assert measured(tables, "below_suggested_share")["value"] == 0
    assert measured(tables, "below_suggested_depth")["outcome_reason"] == "reason.never_below"


def test_the_cause_is_that_of_the_money_that_makes_most_days() -> None:
    rows = [shelf("D1", 7.6, week=0), shelf("D1", 7.6, week=1), shelf("D1", 3.0, week=2)]
    sold = [lines("D1", week=week, platform=0.9, markdown=1.5, subsidy=0.9) for week in (0, 1)]
    # One deep week of its own does not make the month the store's.
    sold.append(lines("D1", week=2, platform=0, markdown=7))
    row = gap(rows, sold)
    assert told(row) == ("subsidy", "platform")
    assert (row["days_below"], row["days_own"]) == (21, 7)


def test_what_was_sold_below_gives_the_shortfall_of_the_stores_own_gaps() -> None:
    rows = [shelf("D1", 7.6, week=0), shelf("D1", 7.0, week=1), shelf("D1", 9.0, week=2)]
    sold = [
        lines("D1", week=0, platform=0.9, markdown=1.5, subsidy=0.9),
        lines("D1", week=1, platform=0, markdown=3),
    ]
    weeks = [
        {"store_id": "D1", "sku": "a", "week_start": MONDAY + timedelta(weeks=week),
         "month_start": MONDAY.replace(day=1), "units": units, "paid_amount": 0, "list_amount": 0}
        for week, units in ((0, 4), (1, 3), (2, 50))
    ]  # fmt: skip
    row = gap(rows, sold, sku_weeks=weeks)
    assert (row["units"], row["shortfall_amount"]) == (7, 3)


def test_without_a_suggested_price_the_reference_is_the_base() -> None:
    tables = found([shelf("D1", 7.6)], [lines("D1", platform=0, markdown=2.4)], products=[])
    row = tables["price_gaps"].row(0, named=True)
    assert told(row) == ("markdown", "merchant")
    assert row["days_gap"] == 7
    below = ("suggested_price", "days_below", "days_own", "depth", "units", "shortfall_amount")
    assert all(row[name] is None for name in below)
    for metric in ("below_suggested_share", "own_breach_share", "below_suggested_depth"):
        reason = measured(tables, metric)["outcome_reason"]
        assert (measured(tables, metric)["value"], reason) == (None, "reason.no_suggested_price")


def test_a_gap_to_the_reference_may_be_shared_where_none_is_below() -> None:
    row = gap([shelf("D1", 8.2)], [lines("D1", platform=0.6, markdown=1.2, subsidy=0.6)])
    assert (row["days_gap"], row["days_below"]) == (7, 0)
    assert told(row) == ("markdown", "shared")


def paid(store: str, price: float, sku: str = "a") -> Any:
    return {"store_id": store, "sku": sku, "week_start": MONDAY, "units": 4,
            "month_start": MONDAY.replace(day=1), "paid_amount": 4 * price,
            "list_amount": 40}  # fmt: skip


def test_one_store_without_shelf_prices_puts_all_on_the_realised_rung() -> None:
    weeks = [paid("F1", 10), paid("D1", 7.6)]
    # A coupon of the shop is in what was paid.
    sold = [lines("D1", platform=0.0, coupon_shop=2.0, markdown=0.4)]
    row = gap([], sold, sku_weeks=weeks)
    assert row["rung"] == Rung.REALISED
    assert told(row) == ("coupon_shop", "merchant")
    shelves = gap([shelf("D1", 7.6)], sold, sku_weeks=weeks)
    assert shelves["rung"] == Rung.ONE_PIECE
    assert told(shelves) == ("markdown", "merchant")


def test_shares_are_over_product_days_and_products_are_deleted() -> None:
    asked = scope("F1", "D1", present=BOTH)
    products = [{"sku": sku, "suggested_price": 8} for sku in "abcdef"]
    rows = [shelf("D1", 9 if sku in "ab" else 7, sku=sku) for sku in "abcdef"]
    rows += [shelf("D1", 7, sku="a", week=1), shelf("D1", 1, sku="z")]
    sold = [lines("D1", sku=sku, platform=3, subsidy=3) for sku in "cd"]
    sold += [lines("D1", sku=sku, platform=0, markdown=3) for sku in "ef"]
    sold += [lines("D1", sku="a", week=1, platform=0, markdown=3)]
    tables = found(rows, sold, products=products, asked=asked)
    share = measured(tables, "below_suggested_share")
    assert share["value"] == pytest.approx(5 / 7)
    assert share["lo"] < share["value"] < share["hi"]
    # The eighth cell has no suggested price.
    assert (share["n"], share["coverage"]) == (6, pytest.approx(7 / 8))
    assert measured(tables, "own_breach_share")["value"] == pytest.approx(3 / 7)
    assert measured(tables, "platform_gap_share")["value"] == pytest.approx(2 / 7)
    depth = measured(tables, "below_suggested_depth")
    assert (depth["value"], depth["n"]) == (pytest.approx(1 / 8), 5)


def test_nothing_is_said_of_own_gaps_where_too_many_have_no_funder() -> None:
    rows = [shelf("D1", 7, week=week) for week in range(3)]
    sold = [lines("D1", week=week, platform=0, markdown=3) for week in range(2)]
    tables = found(rows, sold)
    assert measured(tables, "below_suggested_share")["value"] == 1
    for metric in ("own_breach_share", "platform_gap_share"):
        row = measured(tables, metric)
        assert (row["value"], row["lo"], row["hi"]) == (None, None, None)
        assert row["outcome_reason"] == "reason.funder_unknown"


def test_an_empty_workspace_has_no_order() -> None:
    asked = scope("F1", "D1")
    tables = _price_order.price_order(session(asked), asked)
    assert tables["price_gaps"].is_empty()
    assert set(tables["metrics"]["outcome_reason"]) == {"reason.no_prices_on_rung"}
    assert tables["metrics"]["value"].null_count() == tables["metrics"].height == 8
