"""Reading back: for each template, what must be so in the result tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import Any

import polars as pl
import pytest

from channelscope.domain import Outcome
from tests.findings.bar_readers import BAR_READERS, expected_bars
from tests.findings.basket_readers import BASKET_READERS, expected_on_baskets
from tests.findings.exchange_readers import EXCHANGE_READERS, exchanging
from tests.findings.ledger import Ledger, Row, as_written
from tests.findings.lift_readers import LIFT_READERS, told_lifts
from tests.findings.need_readers import NEED_READERS, told_of_needs
from tests.findings.opening_readers import OPENING_READERS, told_openings
from tests.findings.order_readers import BOTH, ORDER_READERS, below
from tests.findings.order_readers import TEMPLATES as ORDER
from tests.findings.region_readers import outside, outside_holds
from tests.findings.rule_readers import RULE_READERS, told_of_rules
from tests.findings.verdict_readers import VERDICT_READERS

Reader = Callable[[Ledger, Row], None]


def price_holds(sign: int) -> Reader:
    def holds(book: Ledger, said: Row) -> None:
        rows = [book.level(store, said["rung"]) for store in said["stores"].split("+")]
        for row in rows:
            assert row["outcome"] == Outcome.DIFFERS
            assert (row["lo"] if sign > 0 else row["hi"]) * sign > 100 * sign, row
            assert book.judged_level(row)["outcome"] == Outcome.DIFFERS
            assert book.judged_level(row)["value"] * sign > 0
            # Less than what matters is not told, though it may be shown.
            assert abs(row["value"] - 100) >= book.least_level(said["rung"])
        furthest = max(rows, key=lambda row: sign * row["value"])
        assert said["store"] == furthest["store_id"]
        assert said["n"] == furthest["matched_skus"]
        assert (said["level"], said["lo"], said["hi"]) == as_written(
            furthest["value"], furthest["lo"], furthest["hi"]
        )
        nearest = min(rows, key=lambda row: sign * row["value"])
        assert said["level_nearest"] == as_written(nearest["value"])
        every_store_of_its_side(
            book,
            said,
            Outcome.DIFFERS,
            lambda row: sign * (row["value"] - 100) >= book.least_level(said["rung"]),
        )

    return holds


def price_same_holds(book: Ledger, said: Row) -> None:
    rows = {store: book.level(store, said["rung"]) for store in said["stores"].split("+")}
    assert all(row["outcome"] == Outcome.SAME for row in rows.values())
    distance = {store: abs(row["value"] - 100) for store, row in rows.items()}
    assert distance[said["store"]] == max(distance.values())
    # The interval of the difference lies inside what does not matter: so does the level.
    assert max(distance.values()) <= book.scope.delta["price_level"]
    every_store_of_its_side(book, said, Outcome.SAME, lambda _row: True)


def every_store_of_its_side(
    book: Ledger, said: Row, outcome: Outcome, on_side: Callable[[Row], bool]
) -> None:
    """All stores of that outcome are named, once, and the worth is that of them all."""
    stores = said["stores"].split("+")
    assert said["count"] == len(set(stores)) == len(stores)
    levels = [book.level(store, said["rung"]) for store in book.judged_on(said["rung"])]
    expected = {row["store_id"] for row in levels if row["outcome"] == outcome and on_side(row)}
    assert set(stores) == expected
    sales = {store: book.sales(store) for store in stores}
    known = {store: amount for store, amount in sales.items() if amount is not None}
    # What the store sold at its level would have cost a hundredth of 100 / level at the reference.
    worth = sum(
        amount * abs(100 / book.level(store, said["rung"])["value"] - 1)
        for store, amount in known.items()
    )
    assert said["money"] == (as_written(worth) if known else None)


def apart_holds(metric: str, sign: int, word: str) -> Reader:
    def holds(book: Ledger, said: Row) -> None:
        name = said.get("metric", metric)
        mine, theirs = book.number(said["store"], name), book.number(said["reference"], name)
        gap = book.claim(said["store"], name)
        assert gap is not None, "a difference that may not be claimed"
        assert said[word] == as_written(mine["value"])
        assert said[f"{word}_reference"] == as_written(theirs["value"])
        assert said["unit"] == mine["unit"]
        assert (said["change"], said["change_lo"], said["change_hi"]) == as_written(
            gap["value"], gap["lo"], gap["hi"]
        )
        assert gap["value"] == pytest.approx(mine["value"] - theirs["value"], rel=1e-6)
        assert book.side(said["store"], name, metric == "") == sign
        assert abs(book.size(said["store"], name, metric == "")) == as_written(
            max(book.sizes(metric, sign))
        )

    return holds


def sales_holds(sign: int) -> Reader:
    def holds(book: Ledger, said: Row) -> None:
        gaps = {s: gap for s, gap in book.sales_gaps().items() if book.claim(s, "sales")}
        assert said["money_gap"] * sign > 0
        assert abs(gaps[said["store"]]) == max(map(abs, gaps.values()))
        assert said["money_gap"] == pytest.approx(float(gaps[said["store"]]), abs=0.005)
        sold = [
            book.number(store, "sales")["value"] for store in (said["store"], said["reference"])
        ]
        assert said["money_gap"] == pytest.approx(sold[0] - sold[1], abs=0.01)
        own = book.between(said["reference"]).filter(to_id=said["store"])
        assert book.claim(said["store"], "sales") is not None
        main = own.filter(factor=said["factor"]).row(0, named=True)
        assert said["money"] == float(main["effect"])
        assert (said["change_lo"], said["change_hi"]) == as_written(main["lo"], main["hi"])
        assert said["money"] * sign > 0, "a factor that works against the gap"
        # As the largest of all bars of the reference: each has its share of one chance in twenty.
        count = book.bars().height
        wider = NormalDist().inv_cdf(1 - 0.025 / count) / NormalDist().inv_cdf(0.975)
        assert abs(said["money"]) > (main["hi"] - main["lo"]) / 2 * wider
        same_way = [float(effect) for effect in own["effect"] if float(effect) * sign > 0]
        assert abs(said["money"]) == max(map(abs, same_way))
        assert said["share"] == pytest.approx(said["money"] / said["money_gap"])

    return holds


def exclusive_holds(book: Ledger, said: Row) -> None:
    row = book.number(said["store"], "exclusive_sales_share")
    assert (said["share"], said["lo"], said["hi"]) == as_written(row["value"], row["lo"], row["hi"])
    assert said["n"] == book.number(said["store"], "exclusive_skus")["value"]
    told = book.exclusive()
    assert said["store"] in told
    assert row["value"] == max(told.values())


READERS: Mapping[str, Reader] = {
    "price_below": price_holds(-1),
    "price_above": price_holds(1),
    "price_same": price_same_holds,
    "promotion_deeper": apart_holds("depth", 1, "rate"),
    "sales_gap": sales_holds(-1),
    "sales_lead": sales_holds(1),
    "conversion_higher": apart_holds("conversion", 1, "rate"),
    "conversion_lower": apart_holds("conversion", -1, "rate"),
    "refunds_higher": apart_holds("refund_share", 1, "rate"),
    "service_higher": apart_holds("", 1, "value"),
    "service_lower": apart_holds("", -1, "value"),
    "product_exclusive": exclusive_holds,
    "out_of_region": outside_holds,
    **VERDICT_READERS,
    **BAR_READERS,
    **ORDER_READERS,
    **RULE_READERS,
    **LIFT_READERS,
    **OPENING_READERS,
    **BASKET_READERS,
    **NEED_READERS,
    **EXCHANGE_READERS,
}
METRIC_OF = {
    ("promotion_deeper", 1): "depth", ("conversion_higher", 1): "conversion",
    ("conversion_lower", -1): "conversion", ("refunds_higher", 1): "refund_share",
    ("service_higher", 1): "", ("service_lower", -1): "",
}  # fmt: skip


def read_back(book: Ledger, findings: pl.DataFrame) -> None:
    """Every finding follows from the tables, and what may be told is told."""
    for row in findings.iter_rows(named=True):
        said = json.loads(row["parameters"])
        try:
            READERS[row["template"]](book, said)
            well_formed(book, row, said)
        except AssertionError as wrong:
            raise AssertionError(f"{row['template']} {said}: {wrong}") from wrong
    templates = set(findings["template"])
    clash = "price_clash" in set(book.tables["verdicts"]["verdict"])
    assert bool(templates & {"price_clash", "price_clash_wide"}) == clash
    assert templates >= expected(book)
    assert templates & set(RULE_READERS) == told_of_rules(book)
    assert templates & set(NEED_READERS) == told_of_needs(book)
    bars = findings.filter(pl.col("template").is_in(list(BAR_READERS)))
    told = _factors(bars)
    gaps = _factors(findings.filter(pl.col("template").is_in(["sales_gap", "sales_lead"])))
    assert told == expected_bars(book, {bar[1:] for bar in gaps})
    # A bar of a store is told once, by whatever template.
    assert len({bar[1:] for bar in told | gaps}) == bars.height + len(gaps)
    by_both = findings.filter(pl.col("template") == BOTH)
    assert sorted(by_both["stores"]) == sorted(below(book, BOTH))
    far = findings.filter(pl.col("template") == "out_of_region")
    assert sorted(far["stores"]) == sorted(outside(book))
    exchange = findings.filter(pl.col("template") == "buyer_exchange")
    assert exchange.height == min(1, len(exchanging(book)))
    for template in LIFT_READERS:
        said = findings.filter(pl.col("template") == template)
        assert said.height == min(1, len(told_lifts(book, template)))
    took = findings.filter(pl.col("template") == "opening_took")
    assert took.height == len(told_openings(book))
    ranked(findings)


def _factors(findings: pl.DataFrame) -> set[tuple[str, str, str]]:
    return {
        (row["template"], row["stores"], json.loads(row["parameters"])["factor"])
        for row in findings.iter_rows(named=True)
    }


def well_formed(book: Ledger, row: Row, said: Mapping[str, Any]) -> None:
    named = {said[name] for name in ("store", "store_a", "store_b", "reference") if name in said}
    assert named | set(row["stores"].split("+")) <= set(book.scope.store_ids)
    assert said.get("reference", book.scope.reference_id) == book.scope.reference_id
    assert book.scope.reference_id not in {said.get("store")} or (
        row["template"]
        in (
            "product_exclusive",
            "out_of_region",
            "year_opened",
            "year_closed",
            *ORDER,
            *RULE_READERS,
            *LIFT_READERS,
            *OPENING_READERS,
            *BASKET_READERS,
            *NEED_READERS,
        )
    )
    assert row["evidence"]
    for part in row["evidence"].split(","):
        known = part in book.tables or part in set(book.tables["metrics"]["metric"])
        assert known, f"evidence that does not exist: {part}"


def expected(book: Ledger) -> set[str]:
    """The templates of which the tables hold something that may be claimed."""
    found = {name for (name, sign), metric in METRIC_OF.items() if book.sizes(metric, sign)}
    found |= {"product_exclusive"} if book.exclusive() else set()
    found |= {template for template in ORDER if below(book, template)}
    found |= expected_on_baskets(book)
    verdicts = set(book.tables["verdicts"]["verdict"])
    return found | (verdicts & {"complements", "twins"})


def ranked(findings: pl.DataFrame) -> None:
    """The weightiest first; ids follow the rank."""
    assert findings["rank"].to_list() == list(range(1, findings.height + 1))
    assert findings["id"].to_list() == [f"N{rank}" for rank in findings["rank"]]
    certainty = findings["grade"].replace_strict(
        {"A": 1.0, "B": 0.5, "C": 0.2}, return_dtype=pl.Float64
    )
    assert (findings["money"].abs() * certainty).is_sorted(descending=True)
    assert findings["parameters"].str.contains("NaN|Infinity").sum() == 0
