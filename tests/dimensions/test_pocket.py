"""From list price to the contribution: every step to the cent, and what is not known stays so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope import pipeline
from channelscope.dimensions import price, sales
from channelscope.dimensions._pocket import pocket_waterfall, to_the_cent
from channelscope.domain import Basis, GroupBy, Scope
from channelscope.preparation import Request
from channelscope.results import Results
from tests.dimensions import small_cubes
from tests.dimensions.test_sales_costs import cost

Row = dict[str, Any]


def day(
    store: str, *, listed: str, paid: str, net: str, platform: str | None = None,
    refunded: str | None = "0",
) -> Row:  # fmt: skip
    """A day of `store_days`: `net` is the sales on the basis of the test."""
    row = small_cubes.traded(store, 3, sales=net, paid=paid, refunded=refunded)
    return {
        **row, "list_amount": Decimal(listed),
        "platform_amount": None if platform is None else Decimal(platform),
    }  # fmt: skip


def off_list(store: str, **discounts: str) -> Row:
    """A row of `mechanism_groups` whose discounts stand in the price."""
    given_ = {f"discount_{name}": Decimal(value) for name, value in discounts.items()}
    listed = {f"list_{name}": Decimal(9) for name in discounts if name != "gift"}
    return {
        "store_id": store, "buyer_group": "0a", "lines": 1, "list_amount": Decimal(99),
        "paid_amount": Decimal(9), "unexplained_amount": Decimal(0),
        "list_unexplained": Decimal(0), "list_none": Decimal(5), **given_, **listed,
    }  # fmt: skip


def found(scope: Scope, basis: Basis = Basis.PAID_NET, **tables: Iterable[Row]) -> pl.DataFrame:
    """The steps found in small tables on a basis."""
    scope = replace(scope, basis=basis)
    session = small_cubes.session(scope, **tables)
    session.params["merchant_basis"] = basis.with_platform_money
    return pocket_waterfall(session, scope)


def steps(frame: pl.DataFrame, store: str) -> dict[str, Any]:
    """The amounts of a store by step, as floats."""
    mine = frame.filter(pl.col("store_id") == store)
    return dict(zip(mine["step"], mine["amount"].cast(pl.Float64), strict=True))


def reasons(frame: pl.DataFrame, store: str) -> dict[str, str]:
    mine = frame.filter((pl.col("store_id") == store) & pl.col("outcome_reason").is_not_null())
    return dict(zip(mine["step"], mine["outcome_reason"], strict=True))


COSTS = [
    cost("F1", "commission_rate", 7.123, 190), cost("F1", "ad_spend", 11.456, 190),
    cost("F1", "product_cost", 61.0, 190), cost("F1", "staff", 23.42, 190),
]  # fmt: skip
F1 = day("F1", listed="300", paid="213", net="190", platform="17", refunded="23")


def test_every_step_is_taken_once_and_in_its_order() -> None:
    frame = found(
        small_cubes.scope("F1"), store_days=[F1], cost_amounts=COSTS,
        mechanism_groups=[off_list("F1", markdown="82", coupon_shop="5", gift="40")],
    )  # fmt: skip
    assert steps(frame, "F1") == {
        "list": 300, "mechanism:markdown": -82, "mechanism:coupon_shop": -5, "realised": 213,
        "platform": 17, "merchant": 230, "refunds": -23, "cost:commission_rate": -7.12,
        "cost:ad_spend": -11.46, "pocket": 188.42, "cost:product_cost": -61,
        "cost:staff": -23.42, "contribution": 104,
    }  # fmt: skip
    assert frame["position"].to_list() == list(range(1, 14))
    assert frame["share_of_list"].to_list()[-1] == pytest.approx(104 / 300)
    assert frame["outcome_reason"].null_count() == frame.height


@pytest.mark.parametrize(
    ("basis", "net", "refunds", "merchant", "contribution"),
    [
        (Basis.PAID, "213", None, 230, 127.0),
        (Basis.PAID_NET, "190", -23, 230, 104.0),
        (Basis.MERCHANT, "230", None, 230, 127.0),
        (Basis.MERCHANT_NET, "207", -23, 230, 104.0),
    ],
)
def test_the_last_step_is_the_contribution_on_every_basis(
    basis: Basis, net: str, refunds: float | None, merchant: float, contribution: float
) -> None:
    scope = replace(small_cubes.scope("F1"), basis=basis)
    row = day("F1", listed="300", paid="213", net=net, platform="17", refunded="23")
    costs = [{**each, "known_sales": float(net)} for each in COSTS]
    frame = found(scope, basis, store_days=[row], cost_amounts=costs)
    told = steps(frame, "F1")
    assert (told.get("refunds"), told["merchant"]) == (refunds, merchant)
    assert told["contribution"] == contribution
    session = small_cubes.session(scope, store_days=[row], cost_amounts=costs)
    metrics = sales.compare(session, scope)["metrics"].filter(pl.col("metric") == "contribution")
    assert round(metrics["value"].item(), 2) == contribution


def test_a_store_without_costs_stops_at_what_the_merchant_receives() -> None:
    other = day("D1", listed="90", paid="70", net="66", platform="0", refunded="4")
    frame = found(small_cubes.scope("F1", "D1"), store_days=[F1, other], cost_amounts=COSTS)
    told = steps(frame, "D1")
    assert (told["merchant"], told["refunds"]) == (70, -4)
    unknown = {step for step, amount in told.items() if amount is None}
    assert unknown == {each for each in steps(frame, "F1") if each.startswith("cost:")} | {
        "pocket", "contribution",
    }  # fmt: skip
    assert set(reasons(frame, "D1").values()) == {"reason.no_costs"}


def test_a_kind_of_cost_that_others_tell_of_is_unknown_and_not_zero() -> None:
    other = day("D1", listed="90", paid="70", net="66", platform="0", refunded="4")
    mine = [cost("D1", "commission_rate", 6, 66), cost("D1", "product_cost", 30, 66)]
    frame = found(
        small_cubes.scope("F1", "D1"), store_days=[F1, other], cost_amounts=[*COSTS, *mine]
    )
    told = steps(frame, "D1")
    assert (told["pocket"], told["contribution"]) == (60, 30)
    assert reasons(frame, "D1") == dict.fromkeys(
        ("cost:ad_spend", "cost:staff"), "reason.kind_of_cost_unknown"
    )


@pytest.mark.parametrize(("known", "is_known"), [(152, True), (151.9, False)])
def test_a_cost_known_for_too_little_counts_as_not_known(known: float, is_known: bool) -> None:
    costs = [*COSTS[:1], cost("F1", "ad_spend", 11, known), *COSTS[2:]]
    frame = found(small_cubes.scope("F1"), store_days=[F1], cost_amounts=costs)
    told = steps(frame, "F1")
    names = ("cost:ad_spend", "pocket", "contribution")
    assert [told[name] is not None for name in names] == [is_known] * 3
    assert told["cost:staff"] == -23.42
    if not is_known:
        assert reasons(frame, "F1") == dict.fromkeys(names, "reason.costs_partly_known")


def test_unknown_platform_money_ends_the_way_at_what_is_paid() -> None:
    silent = day("D1", listed="90", paid="70", net="66", refunded="4")
    mine = [{**each, "store_id": "D1", "known_sales": 66.0} for each in COSTS]
    frame = found(
        small_cubes.scope("F1", "D1"), store_days=[F1, silent], cost_amounts=[*COSTS, *mine]
    )
    told = steps(frame, "D1")
    assert told["realised"] == 70 and told["cost:product_cost"] == -61
    assert reasons(frame, "D1") == dict.fromkeys(
        ("platform", "merchant", "pocket", "contribution"), "reason.platform_amount_unknown"
    )


def test_without_platform_money_and_costs_there_are_no_such_steps() -> None:
    row = day("F1", listed="300", paid="213", net="190", refunded=None)
    frame = found(small_cubes.scope("F1"), store_days=[row])
    assert steps(frame, "F1") == {
        "list": 300, "realised": 213, "merchant": 213, "refunds": None, "pocket": None,
        "contribution": None,
    }  # fmt: skip
    assert reasons(frame, "F1")["refunds"] == "reason.no_refunds_known"


def test_a_store_without_orders_has_one_step_and_its_reason() -> None:
    seen = small_cubes.seen("X1", "a", list_price=9, activity=8, one_piece=7)
    frame = found(small_cubes.scope("F1", "X1", "Y1"), store_days=[F1], shelf_weeks=[seen])
    assert steps(frame, "X1") == steps(frame, "Y1") == {"list": None}
    assert reasons(frame, "X1") == {"list": "reason.snapshots_only"}
    assert reasons(frame, "Y1") == {"list": "reason.no_sales"}


def test_without_order_lines_there_is_no_way_to_tell_of() -> None:
    scope = small_cubes.scope("F1", present=("price_snapshots",))
    assert price.compare(small_cubes.session(scope), scope)["pocket_waterfall"].is_empty()


def test_goods_given_away_have_no_share_of_nothing() -> None:
    row = day("F1", listed="0", paid="0", net="0")
    frame = found(small_cubes.scope("F1"), store_days=[row])
    assert steps(frame, "F1")["realised"] == 0
    assert frame["share_of_list"].null_count() == frame.height


AMOUNTS = st.decimals("-9e7", "9e7", allow_nan=False, places=4).map(float)
KINDS = st.lists(st.tuples(st.booleans(), st.one_of(st.none(), AMOUNTS)), max_size=14)


@given(AMOUNTS, KINDS)
def test_steps_between_known_totals_sum_to_their_difference(
    start: float, kinds: list[tuple[bool, float | None]]
) -> None:
    """Totals are what the steps make of them, each known or not."""
    changes = [0.0 if is_total or amount is None else amount for is_total, amount in kinds]
    sums = list(accumulate(changes, initial=start))[1:]
    rows: list[Row] = [{"is_total": True, "amount": start}]
    for (is_total, amount), total in zip(kinds, sums, strict=True):
        known = None if amount is None else total if is_total else amount
        rows.append({"is_total": is_total, "amount": known})
    told = to_the_cent(rows)
    here = told[0]["amount"]
    for row, raw in zip(told[1:], rows[1:], strict=True):
        if row["amount"] is None:
            assert raw["amount"] is None
            continue
        assert abs(float(row["amount"]) - raw["amount"]) < 0.0101 + 1e-9 * abs(raw["amount"])
        if row["is_total"]:
            assert row["amount"] == here
        else:
            here += row["amount"]


def test_contribution_and_its_steps_agree_for_every_store_of_the_sample(
    sample_results: Results,
) -> None:
    frame = sample_results.tables["pocket_waterfall"]
    metrics = sample_results.tables["metrics"].filter(pl.col("metric") == "contribution")
    told = {row["store_id"]: row for row in metrics.to_dicts()}
    assert frame["store_id"].unique(maintain_order=True).to_list() == list(
        sample_results.scope.store_ids
    )
    agreed = 0
    for row in frame.filter(pl.col("step") == "contribution").to_dicts():
        value = told[row["store_id"]]["value"]
        assert (row["amount"] is None) == (value is None)
        assert row["outcome_reason"] == told[row["store_id"]]["outcome_reason"]
        if value is not None:
            assert float(row["amount"]) == round(value, 2)
            agreed += 1
    assert agreed >= 5


def test_groups_of_stores_add_up_to_the_sum_of_their_members(
    sample_results: Results, sample_workspace: Path
) -> None:
    groups = pipeline.compare(Request(sample_workspace, by=GroupBy.KIND))
    frame, alone = (r.tables["pocket_waterfall"] for r in (groups, sample_results))
    flagships = alone.filter(pl.col("store_id").is_in(["F1", "F2"]))
    for step in ("list", "realised", "merchant", "refunds", "cost:ad_spend", "contribution"):
        own = steps(frame.filter(pl.col("step") == step), "kind:flagship")[step]
        members = flagships.filter(pl.col("step") == step)["amount"].cast(pl.Float64).sum()
        assert own == pytest.approx(members, abs=0.02)
    assert reasons(frame, "kind:distributor")["contribution"] == "reason.costs_partly_known"
