"""Findings: each of the sample read back against the tables, and none that they do not bear."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from channelscope import findings, outputs, pipeline, preparation, registry
from channelscope.domain import Outcome, Scope
from channelscope.results import TABLES, Results
from tests.dimensions.small_cubes import scope

Row = Mapping[str, Any]
Tables = Mapping[str, pl.DataFrame]

# ---------------------------------------------------------------------------------------------
# Reading back: for each template, what must be so in the tables.


def as_written(*values: float) -> Any:
    """To the twelve digits of what is written."""
    return pytest.approx(values[0] if len(values) == 1 else values, rel=1e-11)


def number(tables: Tables, store: str, metric: str) -> Row:
    return tables["metrics"].filter(store_id=store, metric=metric).row(0, named=True)


def level(tables: Tables, store: str, rung: str = "realised") -> Row:
    rows = tables["price_index"].filter(store_id=store, category="all", rung=rung)
    return rows.row(0, named=True)


def judged_on(tables: Tables, rung: str) -> set[str]:
    """The stores with a level on the rung, and on no better one."""
    known = tables["price_index"].filter(pl.col("value").is_not_null())
    realised = set(known.filter(rung="realised")["store_id"])
    return realised if rung == "realised" else set(known.filter(rung=rung)["store_id"]) - realised


def price_holds(sign: int) -> Callable[[Tables, Row], None]:
    def holds(tables: Tables, said: Row) -> None:
        rows = [level(tables, store, said["rung"]) for store in said["stores"].split("+")]
        assert said["count"] == len(rows)
        for row in rows:
            assert row["outcome"] == Outcome.DIFFERS
            assert (row["lo"] if sign > 0 else row["hi"]) * sign > 100 * sign, row
        furthest = max(rows, key=lambda row: sign * row["value"])
        assert said["store"] == furthest["store_id"]
        assert (said["level"], said["lo"], said["hi"]) == as_written(
            furthest["value"], furthest["lo"], furthest["hi"]
        )
        assert said["n"] == furthest["matched_skus"]
        nearest = min(rows, key=lambda row: sign * row["value"])
        assert said["level_nearest"] == as_written(nearest["value"])
        others = judged_on(tables, said["rung"]) - {said["reference"]}
        assert set(said["stores"].split("+")) <= others
        for store in others - set(said["stores"].split("+")):
            row = level(tables, store, said["rung"])
            differs = row["outcome"] == Outcome.DIFFERS
            assert not (differs and sign * (row["value"] - 100) > 0), f"{store} is left out"

    return holds


def price_same_holds(tables: Tables, said: Row) -> None:
    stores = said["stores"].split("+")
    assert said["reference"] not in stores and said["count"] == len(stores)
    rows = {store: level(tables, store, said["rung"]) for store in stores}
    assert all(row["outcome"] == Outcome.SAME for row in rows.values())
    distance = {store: abs(row["value"] - 100) for store, row in rows.items()}
    assert distance[said["store"]] == max(distance.values())


def apart_holds(metric: str, sign: int, word: str) -> Callable[[Tables, Row], None]:
    def holds(tables: Tables, said: Row) -> None:
        name = said.get("metric", metric)
        mine, theirs = number(tables, said["store"], name), number(tables, said["reference"], name)
        assert (said[word], said["lo"], said["hi"]) == as_written(
            mine["value"], mine["lo"], mine["hi"]
        )
        assert said[f"{word}_reference"] == as_written(theirs["value"])
        better = {"higher": 1, "lower": -1}[mine["better"]] if "metric" in said else 1
        gap = mine["lo"] - theirs["hi"] if sign * better > 0 else theirs["lo"] - mine["hi"]
        assert gap > 0, "the intervals meet"
        assert min(mine["n"], theirs["n"]) >= 30, "too few cases"
        entry = registry.find(name)
        delta = entry.delta * (abs(theirs["value"]) if entry.relative else 1)
        assert abs(mine["value"] - theirs["value"]) >= delta, "a difference that does not matter"

    return holds


def sales_gap_holds(sign: int) -> Callable[[Tables, Row], None]:
    def holds(tables: Tables, said: Row) -> None:
        assert said["money_gap"] * sign > 0
        gap_holds(tables, said)

    return holds


def gap_holds(tables: Tables, said: Row) -> None:
    bridge = tables["bridge"].filter(from_id=said["reference"])
    gaps = dict(bridge.group_by("to_id").agg(pl.col("effect").sum()).iter_rows())
    assert abs(gaps[said["store"]]) == max(map(abs, gaps.values()))
    assert said["money_gap"] == pytest.approx(float(gaps[said["store"]]), abs=0.005)
    sold = [number(tables, store, "sales")["value"] for store in (said["store"], said["reference"])]
    assert said["money_gap"] == pytest.approx(sold[0] - sold[1], abs=0.005)
    own = bridge.filter(to_id=said["store"])
    main = own.filter(factor=said["factor"]).row(0, named=True)
    assert said["money"] == float(main["effect"])
    assert said["money"] * said["money_gap"] > 0, "a factor that works against the gap"
    assert main["lo"] > 0 or main["hi"] < 0
    same_way = [float(e) for e in own["effect"] if float(e) * said["money_gap"] > 0]
    assert abs(said["money"]) == max(map(abs, same_way))
    assert said["share"] == pytest.approx(said["money"] / said["money_gap"])


def mechanism_holds(tables: Tables, said: Row) -> None:
    assert said["mechanism_a"] != said["mechanism_b"]
    assert level(tables, said["store_b"])["outcome"] == Outcome.SAME
    for side in ("a", "b"):
        own = tables["mechanisms"].filter(pl.col("mechanism") != "unexplained")
        own = own.filter(store_id=said[f"store_{side}"]).drop_nulls("share_of_discount")
        top = own.sort("share_of_discount").row(-1, named=True)
        assert said[f"mechanism_{side}"] == top["mechanism"]
        assert said[f"share_{side}"] == as_written(top["share_of_discount"])


def exclusive_holds(tables: Tables, said: Row) -> None:
    row = number(tables, said["store"], "exclusive_sales_share")
    assert (said["share"], said["lo"], said["hi"]) == as_written(row["value"], row["lo"], row["hi"])
    assert said["n"] == number(tables, said["store"], "exclusive_skus")["value"]
    assert row["lo"] > registry.find("exclusive_sales_share").delta
    shares = tables["metrics"].filter(metric="exclusive_sales_share")["value"]
    assert row["value"] == shares.max()


READERS: Mapping[str, Callable[[Tables, Row], None]] = {
    "price_below": price_holds(-1),
    "price_above": price_holds(1),
    "price_same": price_same_holds,
    "mechanism_differs": mechanism_holds,
    "promotion_deeper": apart_holds("depth", 1, "rate"),
    "sales_gap": sales_gap_holds(-1),
    "sales_lead": sales_gap_holds(1),
    "conversion_higher": apart_holds("conversion", 1, "rate"),
    "conversion_lower": apart_holds("conversion", -1, "rate"),
    "refunds_higher": apart_holds("refund_share", 1, "rate"),
    "service_higher": apart_holds("", 1, "value"),
    "service_lower": apart_holds("", -1, "value"),
    "product_exclusive": exclusive_holds,
}


def test_every_finding_of_the_sample_is_borne_out(sample_results: Results) -> None:
    found = sample_results.tables["findings"]
    assert found.height >= 5
    for row in found.iter_rows(named=True):
        READERS[row["template"]](sample_results.tables, json.loads(row["parameters"]))


def test_findings_of_the_sample_are_ranked_and_named(sample_results: Results) -> None:
    found = sample_results.tables["findings"]
    assert found["rank"].to_list() == list(range(1, found.height + 1))
    assert found["id"].to_list() == [f"N{rank}" for rank in found["rank"]]
    certainty = found["grade"].replace_strict({"A": 1.0, "B": 0.5, "C": 0.2})
    assert (found["money"].abs() * certainty).is_sorted(descending=True)
    known = set(sample_results.scope.store_ids)
    for stores in found["stores"]:
        assert set(stores.split("+")) <= known
    assert found["parameters"].str.contains("NaN|Infinity").sum() == 0


# ---------------------------------------------------------------------------------------------
# Nothing is claimed that the intervals do not bear.


def value(
    store: str, metric: str, at: float | None, *, half: float | None = None, n: int = 500
) -> Row:
    entry = registry.find(metric)
    bounds = (None, None) if half is None or at is None else (at - half, at + half)
    return {
        "store_id": store, "dimension": entry.dimension, "metric": metric, "value": at,
        "lo": bounds[0], "hi": bounds[1], "n": n, "unit": str(entry.unit),
        "better": str(entry.better), "coverage": None,
    }  # fmt: skip


def placed(
    store: str, at: float | None, outcome: Outcome, *, half: float = 1, rung: str = "realised"
) -> Row:
    lo, hi = (None, None) if at is None else (at - half, at + half)
    return {
        "store_id": store, "category": "all", "rung": rung, "unit": "piece", "value": at,
        "lo": lo, "hi": hi, "matched_skus": 200, "coverage": 0.9, "outcome": str(outcome),
    }  # fmt: skip


def effect(store: str, factor: str, money: str, *, half: float | None = 1) -> Row:
    lo, hi = (None, None) if half is None else (float(money) - half, float(money) + half)
    return {"from_id": "F1", "to_id": store, "factor": factor, "effect": Decimal(money),
            "lo": lo, "hi": hi}  # fmt: skip


def found_in(of: Scope | None = None, **tables: list[Row]) -> tuple[pl.DataFrame, Tables]:
    frames = {
        name: pl.DataFrame(list(tables.get(name, [])), schema=schema)
        for name, schema in TABLES.items()
    }
    return findings.find(frames, of or scope("F1", "D1", "M1")), frames


def told(of: Scope | None = None, **tables: list[Row]) -> dict[str, Any]:
    found, frames = found_in(of, **tables)
    said = {row["template"]: json.loads(row["parameters"]) for row in found.iter_rows(named=True)}
    for template, parameters in said.items():
        READERS[template](frames, parameters)
    return said


def test_nothing_known_is_nothing_said() -> None:
    assert told() == {}


TOLD_ABOVE = [
    ("depth", "promotion_deeper"),
    ("conversion", "conversion_higher"),
    ("refund_share", "refunds_higher"),
    ("rating_service", "service_higher"),
    ("ship_hours", "service_lower"),
    ("walkthrough_return", "service_higher"),
]


def beside(metric: str, gap: float, *, half: float, n: tuple[int, int] = (500, 500)) -> list[Row]:
    """D1 above F1 by a gap, both in smallest differences that matter, as are their intervals."""
    unit = registry.find(metric).delta
    return [
        value("F1", metric, 20 * unit, half=half * unit, n=n[0]),
        value("D1", metric, (20 + gap) * unit, half=half * unit, n=n[1]),
    ]


@pytest.mark.parametrize(("metric", "template"), TOLD_ABOVE)
def test_a_difference_is_told_only_where_intervals_part(metric: str, template: str) -> None:
    assert told(metrics=beside(metric, 3.9, half=2)) == {}
    assert set(told(metrics=beside(metric, 4.1, half=2))) == {template}
    theirs, mine = beside(metric, 9, half=2)
    assert told(metrics=[theirs, {**mine, "lo": None, "hi": None}]) == {}
    assert told(metrics=[mine]) == {}


@pytest.mark.parametrize(("metric", "template"), TOLD_ABOVE)
def test_a_difference_is_told_only_where_it_matters(metric: str, template: str) -> None:
    assert told(metrics=beside(metric, 0.99, half=0.1)) == {}
    assert set(told(metrics=beside(metric, 1.01, half=0.1))) == {template}


@pytest.mark.parametrize(("metric", "template"), TOLD_ABOVE)
def test_fewer_than_thirty_cases_bear_no_claim(metric: str, template: str) -> None:
    for n in ((29, 500), (500, 29)):
        assert told(metrics=beside(metric, 9, half=1, n=n)) == {}
    assert set(told(metrics=beside(metric, 9, half=1, n=(30, 30)))) == {template}


def test_a_lower_side_is_told_where_it_is_news() -> None:
    def rows(metric: str) -> list[Row]:
        return beside(metric, -9, half=1)

    assert set(told(metrics=rows("conversion"))) == {"conversion_lower"}
    assert set(told(metrics=rows("ship_hours"))) == {"service_higher"}
    assert told(metrics=rows("refund_share")) == {}
    assert told(metrics=rows("depth")) == {}


def test_prices_are_told_by_their_outcome() -> None:
    said = told(
        of=scope("F1", "A", "B", "C", "D", "E"),
        price_index=[
            placed("F1", 100, Outcome.SAME),
            placed("A", 90, Outcome.DIFFERS),
            placed("B", 85, Outcome.DIFFERS),
            placed("C", 80, Outcome.UNCLEAR),
            placed("D", None, Outcome.NOT_IDENTIFIABLE),
            placed("E", 100.5, Outcome.SAME),
        ],
    )
    assert set(said) == {"price_below", "price_same"}
    assert said["price_below"]["stores"] == "B+A"
    assert said["price_same"]["stores"] == "E"
    above = told(price_index=[placed("D1", 108, Outcome.DIFFERS)])
    assert set(above) == {"price_above"}


def test_a_store_known_from_its_shelf_is_told_on_one_piece() -> None:
    index = [placed("D1", 90, Outcome.DIFFERS), placed("M1", None, Outcome.NOT_IDENTIFIABLE),
             placed("D1", 70, Outcome.DIFFERS, rung="one_piece"),
             placed("M1", 78, Outcome.DIFFERS, rung="one_piece")]  # fmt: skip
    found, frames = found_in(price_index=index, metrics=[value("D1", "sales", 900)])
    said = [json.loads(parameters) for parameters in found["parameters"]]
    for parameters in said:
        READERS["price_below"](frames, parameters)
    assert [(row["stores"], row["level"], row["rung"]) for row in said] == [
        ("D1", 90, "realised"),
        ("M1", 78, "one_piece"),
    ]
    # 900 at 90% of the reference's prices are 1000 at its; M1's sales nobody knows.
    assert [row["money"] for row in said] == [pytest.approx(100), None]


def test_a_reference_known_from_its_shelf_judges_everybody_there() -> None:
    index = [placed("F1", 100, Outcome.SAME), placed("D1", None, Outcome.NOT_IDENTIFIABLE),
             placed("F1", 100, Outcome.SAME, rung="one_piece"),
             placed("D1", 128, Outcome.DIFFERS, rung="one_piece")]  # fmt: skip
    assert told(price_index=index)["price_above"]["rung"] == "one_piece"


def test_a_gap_is_laid_to_the_factor_that_works_its_way() -> None:
    # D1 has more visitors and still sells less: conversion is why, not the larger effect.
    rows = [effect("D1", "visitor_days", "900"), effect("D1", "conversion", "-800"),
            effect("D1", "order_value", "-300"), effect("M1", "orders", "-50")]  # fmt: skip
    sales = [value("F1", "sales", 1000), value("D1", "sales", 800)]
    said = told(bridge=rows, metrics=sales)["sales_gap"]
    assert (said["store"], said["factor"], said["money_gap"]) == ("D1", "conversion", -200)


@pytest.mark.parametrize("half", [None, 900])
def test_an_unsure_factor_explains_no_gap(half: float | None) -> None:
    assert told(bridge=[effect("D1", "orders", "-800", half=half)]) == {}


def test_selling_more_is_a_lead() -> None:
    sales = [value("F1", "sales", 1000), value("D1", "sales", 1900)]
    said = told(bridge=[effect("D1", "visitor_days", "900")], metrics=sales)
    assert set(said) == {"sales_lead"}


@pytest.mark.parametrize(
    ("factor", "says"), [("opened:2026-01", 0), ("closed:x", 0), ("orders", 1)]
)
def test_a_store_that_was_not_there_has_no_lever(factor: str, says: int) -> None:
    found, _ = found_in(bridge=[effect("D1", factor, "-900"), effect("D1", "order_value", "-9")])
    assert found.height == says


@pytest.mark.parametrize(
    ("n", "expected"), [((500, 500), "A"), ((99, 500), "B"), ((500, 29), "C"), ((500, None), "C")]
)
def test_gaps_and_mixes_are_as_sure_as_the_weaker_side(n: Any, expected: str) -> None:
    def both(metric: str) -> list[Row]:
        sides = zip(("F1", "D1"), n, strict=True)
        return [value(store, metric, 10, n=cases) for store, cases in sides if cases]

    gap, _ = found_in(bridge=[effect("D1", "visitor_days", "-900")], metrics=both("orders"))
    mixes = [{"store_id": store, "mechanism": code, "share_of_discount": 1.0}
             for store, code in (("F1", "markdown"), ("D1", "coupon_shop"))]  # fmt: skip
    mix, _ = found_in(
        mechanisms=mixes, price_index=[placed("D1", 100, Outcome.SAME)], metrics=both("depth")
    )
    assert gap["grade"].to_list() == [expected]
    assert mix.filter(template="mechanism_differs")["grade"].to_list() == [expected]


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [(("tmall", "tmall"), "A"), (("tmall", "jd"), "C"), (("mixed", "mixed"), "C")],
)
def test_groups_of_several_platforms_do_not_count_alike(
    platforms: tuple[str, str], expected: str
) -> None:
    of = scope("F1", "D1")
    stores = [dataclasses.replace(s, platform=p) for s, p in zip(of.stores, platforms, strict=True)]
    found, _ = found_in(
        dataclasses.replace(of, stores=tuple(stores)), metrics=beside("conversion", 9, half=1)
    )
    assert found["grade"].to_list() == [expected]


def test_no_gap_has_no_reason() -> None:
    rows = [effect("D1", "orders", "0.10"), effect("D1", "conversion", "0.20"),
            effect("D1", "order_value", "-0.30")]  # fmt: skip
    assert told(bridge=rows) == {}


def test_steps_of_a_walkthrough_are_counted_in_their_own_delta() -> None:
    # 20 points of a walkthrough are 4 deltas of 5; 30 hours are 7.5 deltas of 4.
    rows = [
        value(store, metric, at, half=1)
        for metric, pair in (("walkthrough_return", (90, 70)), ("ship_hours", (20, 50)))
        for store, at in zip(("F1", "D1"), pair, strict=True)
    ]
    assert told(metrics=rows)["service_lower"]["metric"] == "ship_hours"


def test_mechanisms_are_told_of_stores_of_the_same_price() -> None:
    def mix(store: str, mechanism: str, share: float) -> Row:
        return {"store_id": store, "mechanism": mechanism, "share_of_discount": share,
                "discount_amount": Decimal(1)}  # fmt: skip

    mixes = [mix("F1", "coupon_shop", 0.7), mix("F1", "markdown", 0.3), mix("D1", "markdown", 0.4),
             mix("D1", "unexplained", 0.6), mix("M1", "coupon_shop", 1.0)]  # fmt: skip
    same = [placed("D1", 100.2, Outcome.SAME), placed("M1", 100.1, Outcome.SAME)]
    assert told(mechanisms=mixes, price_index=same)["mechanism_differs"]["store_b"] == "D1"
    lower = [placed("D1", 80, Outcome.DIFFERS), placed("M1", 100.1, Outcome.SAME)]
    assert "mechanism_differs" not in told(mechanisms=mixes, price_index=lower)


def test_exclusive_goods_are_told_beyond_what_matters() -> None:
    delta = registry.find("exclusive_sales_share").delta

    def rows(share: float) -> list[Row]:
        return [
            value("D1", "exclusive_sales_share", share, half=0.01),
            value("D1", "exclusive_skus", 7),
        ]

    assert told(metrics=rows(delta + 0.009)) == {}
    assert told(metrics=rows(delta + 0.011))["product_exclusive"]["n"] == 7


def test_conversions_of_different_platforms_are_weakly_supported(sample_results: Results) -> None:
    found = sample_results.tables["findings"].filter(
        pl.col("template").str.starts_with("conversion")
    )
    platform = {store.store_id: store.platform for store in sample_results.scope.stores}
    reference = platform[sample_results.scope.reference_id]
    for row in found.iter_rows(named=True):
        if platform[row["stores"]] != reference:
            assert row["grade"] == "C"


@pytest.mark.parametrize(
    ("n", "coverage", "expected"),
    [
        (100, 0.8, "A"),
        (99, 0.8, "B"),
        (100, 0.79, "B"),
        (30, 0.5, "B"),
        (29, 1.0, "C"),
        (500, 0.49, "C"),
        (None, None, "C"),
        (100, None, "A"),
    ],
)
def test_grades_follow_cases_and_coverage(
    n: int | None, coverage: float | None, expected: str
) -> None:
    assert findings.grade({"n": n, "coverage": coverage}) == expected


def test_threads_leave_no_trace(sample_workspace: Path, sample_results: Results) -> None:
    def text(results: Results) -> str:
        tables = {name: outputs.rounded(frame) for name, frame in results.tables.items()}
        # The time of writing is no result.
        meta = dataclasses.replace(results.meta, generated_at="")
        return outputs.as_json(dataclasses.replace(results, meta=meta), tables)

    texts = [
        text(pipeline.compare(preparation.Request(sample_workspace, threads=threads)))
        for threads in (1, 2)
    ]
    assert texts[0] == texts[1] == text(sample_results)


def test_order_of_rows_changes_nothing(sample_results: Results) -> None:
    first = findings.find(sample_results.tables, sample_results.scope)
    assert first.equals(sample_results.tables["findings"])
    metrics = sample_results.tables["metrics"]
    order = list(range(metrics.height))
    random.Random(7).shuffle(order)
    shuffled = {**sample_results.tables, "metrics": metrics[order]}
    assert findings.find(shuffled, sample_results.scope).equals(first)
