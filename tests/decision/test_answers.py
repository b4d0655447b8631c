"""What is recommended, why, and what the ranges do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from channelscope.decision import Evidence
from tests.decision.candidates import BASE, KITCHEN, candidate, goods

Answer = Callable[..., dict[str, Any]]
Decide = Callable[..., dict[str, pl.DataFrame]]
ONE_SIDED = 0.035
"""A lower low end of a part of a product makes all of it smaller, and its range a little."""
BOTH_SIDED = 0.025
LIMITS = {"exclusive_share": 1.0, "at_full_overlap": 1.0, "other_platforms": 1.0,
          "start_share": 1.0, "commission": 1.0, "affiliate": 1.0}  # fmt: skip
RANGES = [
    f"{section}.{name}"
    for section, part in BASE.items() if isinstance(part, dict)
    for name, value in part.items() if isinstance(value, dict) and "likely" in value
]  # fmt: skip


def _twin(evidence: Evidence) -> dict[str, Any]:
    """The store that S1 is, once more, at costs that its sales would bear."""
    skus = evidence.goods.filter(pl.col("store_id") == "S1")["sku"].to_list()
    return {
        **goods(skus=sorted(skus)), "price.level": 95.8, "losses.at_full_overlap":
        {"low": 0.5, "likely": 0.8, "high": 1.0}, "costs.advertising": 1500.0,
        "costs.staff": 5000.0, "costs.content": 500.0,
    }  # fmt: skip


def test_a_twin_is_not_opened_because_of_what_it_takes(evidence: Evidence, answer: Answer) -> None:
    row = answer(candidate(_twin(evidence)))
    assert row["recommendation"] == "do_not_open"
    assert row["reason"] == "decision.diversion"
    assert row["p_without_losses"] >= row["open_probability"]
    assert row["diverted_lo"] > 0.5


def test_goods_that_nobody_sells_are_better_than_the_twin_by_the_whole_range(
    evidence: Evidence, answer: Answer
) -> None:
    twin = _twin(evidence)
    other = {**twin, **goods(category_shares={KITCHEN: 1.0}, exclusive_share=1.0)}
    alike, exclusive = answer(candidate(twin)), answer(candidate(other))
    assert exclusive["diverted"] == 0.0
    assert exclusive["contribution_lo"] > alike["contribution_hi"]
    assert exclusive["recommendation"] == "open" and exclusive["reason"] == "decision.pays_back"


@pytest.mark.parametrize("name", RANGES)
def test_wider_ranges_never_narrow_the_answer(answer: Answer, name: str) -> None:
    section, key = name.split(".")
    given = BASE[section][key]
    most, least = LIMITS.get(key, 1e9), -1e9 if key == "price_elasticity" else 0.01
    before = answer(candidate(), draws=20_000)
    for times in (1.5, 3.0):
        low = max(given["likely"] - (given["likely"] - given["low"]) * times, least)
        high = min(given["likely"] + (given["high"] - given["likely"]) * times, most)
        high = min(high, 0.0) if key == "price_elasticity" else high
        for wide, tolerance in (
            ({"low": low, "high": high}, BOTH_SIDED), ({"low": low}, ONE_SIDED),
            ({"high": high}, ONE_SIDED),
        ):  # fmt: skip
            after = answer(candidate({name: {**given, **wide}}), draws=20_000)
            for figure in ("contribution", "sales", "diverted"):
                width = before[f"{figure}_hi"] - before[f"{figure}_lo"]
                wider = after[f"{figure}_hi"] - after[f"{figure}_lo"]
                assert wider >= width * (1 - tolerance), (figure, wide)


def test_the_seed_fixes_every_number(decide: Decide) -> None:
    plan = candidate()
    once, again, other = decide(plan), decide(plan), decide(plan, seed=8)
    assert all(once[name].equals(again[name]) for name in once)
    a, b = (t["recommendation"].row(0, named=True)["contribution"] for t in (once, other))
    assert a != b and a == pytest.approx(b, rel=0.05, abs=20_000)


def test_candidates_in_one_call_are_decided_as_if_alone(decide: Decide) -> None:
    one = candidate()
    two = candidate({"store_id": "P2", "name": "Second", "platform": "douyin", "kind": "live"})
    together = decide(one, two)
    for plan in (one, two):
        alone = decide(plan)
        for name, frame in alone.items():
            mine = together[name].filter(pl.col("candidate_id") == plan.store_id)
            assert mine.equals(frame), name


def test_a_platform_without_a_store_makes_demand_wider_and_says_so(decide: Decide) -> None:
    def sales(platform: str) -> dict[str, Any]:
        table = decide(candidate({"platform": platform}))["assumptions"]
        return table.filter(pl.col("input") == "monthly_sales").row(0, named=True)

    known, strange = sales("tmall"), sales("douyin")
    assert strange["high"] / strange["low"] > 1.2 * known["high"] / known["low"]
    assert (strange["grade"], strange["source"]) == ("C", "reason.platform_without_store")
    assert (known["grade"], known["source"]) == ("B", None)


def test_positions_are_ranked_in_the_same_futures(decide: Decide) -> None:
    coupon = {"mechanism": "coupon_shop", "threshold_kind": "amount", "threshold": 150,
              "benefit_kind": "amount", "benefit": 30, "merchant_share": 1.0}  # fmt: skip
    free = {"price_levels": [88.0, 104.0], "promotions": {"coupon": [coupon]}}
    table = decide(candidate({"free": free}))["positions"]
    assert table.height == 6 and table["rank"].to_list() == [1, 2, 3, 4, 5, 6]
    assert table["contribution"].is_sorted(descending=True)
    assert table["is_planned"].sum() == 1 and table["is_as_good"][0]
    assert (table["gap"][1:] <= 0).all() and table["gap"][0] == 0
    worse = table.filter(~pl.col("is_as_good"))
    assert worse.height and (worse["gap_hi"] < 0).all()
    # Paired: ranges of the first and of a surely worse one overlap all the same.
    assert (worse["hi"] > table["lo"][0]).any()


def test_the_tornado_is_sorted_and_its_likely_base_is_the_same_for_all(decide: Decide) -> None:
    table = decide(candidate())["tornado"]
    assert table["swing"].is_sorted(descending=True) and table["base"].n_unique() == 1
    assert table["rank"].to_list() == list(range(1, table.height + 1))
    staff = table.filter(pl.col("input") == "staff").row(0, named=True)
    assert staff["at_low"] - staff["at_high"] == pytest.approx(24 * (staff["high"] - staff["low"]))


_NEAR_THE_LINE = {
    **goods(category_shares={KITCHEN: 1.0}, exclusive_share=0.6), "platform": "douyin",
    "costs.staff": 45_000.0,
}  # fmt: skip
"""Between a pilot and an opening."""


def test_what_would_change_the_answer_is_another_one(decide: Decide) -> None:
    plan = _NEAR_THE_LINE
    tables = decide(candidate(plan))
    row = tables["recommendation"].row(0, named=True)
    found = tables["changes"]
    assert found.height and (found["recommendation"] != row["recommendation"]).all()
    assert found["rank"].to_list() == list(range(1, found.height + 1))
    assert "monthly_sales" in set(found["input"])


def test_rules_stop_below_what_they_scale_above(decide: Decide) -> None:
    plan = {**_NEAR_THE_LINE, "policy": {"pilot_probability": 0.4, "open_probability": 0.7}}
    table = decide(candidate(plan), draws=20_000)["checkpoints"]
    assert table.filter(metric="sales")["rule"].n_unique() == 2
    for (_,), rows in table.filter(metric="sales").group_by("month"):
        limits = dict(rows.select("rule", "limit_value").iter_rows())
        assert limits.get("stop", 0.0) < limits.get("scale", float("inf"))
    told = dict(table.filter(metric="sales").group_by("rule").agg(pl.mean("p_payback")).iter_rows())
    assert told.get("stop", 0.4) == pytest.approx(0.4, abs=0.05)
    assert told.get("scale", 0.7) == pytest.approx(0.7, abs=0.05)
