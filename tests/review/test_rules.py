"""Status, variance and exceptions on made-up stores."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from channelscope.config import ExceptionsSection
from channelscope.review.exceptions import exceptions
from channelscope.review.standing import standings
from channelscope.review.sums import Sums
from channelscope.review.variance import variance
from channelscope.stats.tails import fewer_p
from channelscope.trading import PERIOD
from tests.review.made_up import Daily, scope, steady, store, sums

SKU_SUMS = {"store_id": pl.String, "span": pl.String, "sku": pl.String, "title": pl.String,
            "units": pl.Decimal(18, 3), "sales": pl.Decimal(18, 4)}  # fmt: skip


class Products:
    """Answers what each store sold of each product."""

    def __init__(self, rows: Iterable[tuple[Any, ...]] = ()) -> None:
        self.frame = pl.DataFrame([*rows], schema=SKU_SUMS, orient="row")

    def run(self, _query: object) -> pl.DataFrame:
        """The rows of `sku_sums`."""
        return self.frame


def _found(these: Sums, rules: ExceptionsSection | None = None, *, products: Any = None,
           seen: Any = ()) -> pl.DataFrame:  # fmt: skip
    told = variance(these, standings(these))
    definitions = {each.store_id: "visitors of the shop" for each in these.scope.every_store}
    return exceptions(
        products or Products(), these, told, rules or ExceptionsSection(),
        definitions=definitions, seen=seen,
    )  # fmt: skip


def test_what_is_said_beside_a_store() -> None:
    stores = [store(name) for name in ("F", "LATE", "SLOW", "GONE", "NONE")]
    stores.append(store("NEW", opened_on=date(2026, 7, 20)))
    these = sums(scope(*stores), {
        ("F", PERIOD): steady(100), ("NEW", PERIOD): lambda at: steady(9)(at) if at >= 19 else {},
        ("LATE", PERIOD): lambda at: steady(9)(at) if at < 40 else {},
        # Sells every sixth day: thirteen quiet days say nothing of it.
        ("SLOW", PERIOD): lambda at: steady(9)(at) if at % 6 == 0 and at < 43 else {},
        ("GONE", PERIOD): lambda at: steady(9)(at) if at < 30 else {},
        ("NONE", "previous"): steady(100),
    })  # fmt: skip
    these = replace(these, closed={"GONE": date(2026, 7, 30)})
    found = {name: str(each.status) for name, each in standings(these).items()}
    assert found == {"F": "traded", "LATE": "late", "SLOW": "traded", "GONE": "closed",
                     "NONE": "no_data", "NEW": "opened"}  # fmt: skip
    late = standings(these)["LATE"]
    assert (late.days, late.last_day) == (40, date(2026, 8, 9))
    early = sums(scope(store("F"), data_end=date(2026, 8, 20)), {
        ("F", PERIOD): lambda at: steady(9)(at) if at < 51 else {},
    })  # fmt: skip
    assert str(standings(early)["F"].status) == "partial"


def test_a_change_is_told_with_the_interval_of_paired_weeks() -> None:
    these = sums(scope(store("UP"), store("SAME"), store("NEW", opened_on=date(2026, 6, 1)),
                       store("NONE")), {
        ("UP", PERIOD): steady(150), ("UP", "previous"): steady(100),
        ("SAME", PERIOD): steady(101), ("SAME", "previous"): steady(99),
        ("NEW", PERIOD): steady(50), ("NEW", "previous"): steady(20),
        ("NONE", "previous"): steady(10),
    })  # fmt: skip
    told = variance(these, standings(these)).filter(metric="sales")
    rows = {row["store_id"]: row for row in told.iter_rows(named=True)}
    assert rows["UP"]["relative"] == pytest.approx(0.5, abs=0.01)
    assert rows["UP"]["relative_lo"] <= rows["UP"]["relative"] <= rows["UP"]["relative_hi"]
    assert rows["UP"]["change"] == pytest.approx(rows["UP"]["actual"] - rows["UP"]["baseline"])
    assert rows["UP"]["outcome"] == "differs" and rows["SAME"]["outcome"] == "same"
    assert rows["NEW"]["relative"] is None and rows["NEW"]["outcome"] == "not_identifiable"
    assert rows["NEW"]["outcome_reason"] == "reason.opened_since"
    assert rows["NONE"]["actual"] is None and rows["NONE"]["change"] is None
    assert rows["NONE"]["outcome_reason"] == "reason.no_data_in_period"
    assert rows["all"]["stores"] == "UP+SAME+NEW+NONE"
    assert rows["like_for_like"]["stores"] == "UP+SAME"
    assert rows["all"]["change"] == pytest.approx(
        sum(r["actual"] or 0 for n, r in rows.items() if n not in ("all", "like_for_like"))
        - sum(r["baseline"] or 0 for n, r in rows.items() if n not in ("all", "like_for_like"))
    )


def test_weeks_that_differ_make_the_interval_wider() -> None:
    def uneven(at: int) -> dict[str, float]:
        return {"sales": 100.0 * (1 + (at // 7) % 2), "orders": 10}

    both = sums(scope(store("A"), store("B")), {
        ("A", PERIOD): uneven, ("A", "previous"): steady(100),
        ("B", PERIOD): steady(150), ("B", "previous"): steady(100),
    })  # fmt: skip
    told = variance(both, standings(both)).filter(metric="sales")
    width = {
        row["store_id"]: row["relative_hi"] - row["relative_lo"]
        for row in told.iter_rows(named=True)
    }
    assert width["A"] > 3 * width["B"]


def _uneven(day: dict[str, float]) -> Daily:
    """In every other week a little more: weeks that never differ show no spread."""
    back, visitors = day.get("back", 0) * 0.1, day.get("visitors", 0) // 20

    def told(at: int) -> dict[str, float]:
        odd = (at // 7) % 2
        more = {"visitors": day["visitors"] + visitors * odd} if "visitors" in day else {}
        return {**day, "back": day.get("back", 0) + back * odd, **more}

    return told


def _one(now: dict[str, float], then: dict[str, float]) -> Sums:
    return sums(scope(store("F"), store("REST")), {
        ("F", PERIOD): _uneven(now), ("F", "previous"): _uneven(then),
        ("REST", PERIOD): steady(1000, 50, visitors=1000),
        ("REST", "previous"): steady(1000, 50, visitors=1000),
    })  # fmt: skip


@pytest.mark.parametrize(
    ("now", "then", "rules"),
    [
        ({"sales": 80, "orders": 10}, {"sales": 100, "orders": 10}, {"sales_drop"}),
        ({"sales": 81, "orders": 10}, {"sales": 100, "orders": 10}, set()),  # less than a fifth
        ({"sales": 7, "orders": 1}, {"sales": 14, "orders": 1}, set()),  # less than 500 in all
        ({"sales": 100, "orders": 9, "visitors": 69}, {"sales": 100, "orders": 9, "visitors": 100},
         {"visitors_drop"}),
        ({"sales": 100, "orders": 6, "visitors": 100}, {"sales": 100, "orders": 9, "visitors": 100},
         {"conversion_drop"}),
        # A quarter less, but not one in a hundred.
        ({"sales": 100, "orders": 2, "visitors": 300}, {"sales": 100, "orders": 3, "visitors": 300},
         {"weak_conversion"}),
        ({"sales": 95, "orders": 9, "back": 9}, {"sales": 95, "orders": 9, "back": 2},
         {"refunds_high"}),
        ({"sales": 95, "orders": 9, "back": 9}, {"sales": 95, "orders": 9, "back": 9}, set()),
    ],
)  # fmt: skip
def test_an_exception_has_passed_both_floors(
    now: dict[str, float], then: dict[str, float], rules: set[str]
) -> None:
    found = _found(_one(now, then))
    assert set(found.filter(store_id="F")["rule"]) == rules


def test_what_falls_with_all_others_is_the_season() -> None:
    """A third less, as the other stores: no exception; half of a store alone is one."""

    def brand(now: float) -> Sums:
        return sums(scope(store("F"), store("G"), store("H")), {
            ("F", PERIOD): steady(now), ("F", "previous"): steady(149),
            **{(name, PERIOD): steady(670) for name in ("G", "H")},
            **{(name, "previous"): steady(999) for name in ("G", "H")},
        })  # fmt: skip

    assert _found(brand(100)).is_empty()
    told = _found(brand(60))
    assert told["rule"].to_list() == ["sales_drop"] and told["store_id"].to_list() == ["F"]


def test_visitors_that_are_not_known_are_not_visitors_that_stayed_away() -> None:
    def half(at: int) -> dict[str, float]:
        day = {"sales": 100.0 + (at // 7) % 2, "orders": 9}
        return {**day, "visitors": 100 + (at // 7) % 2} if at < 28 else day

    these = sums(scope(store("F"), store("REST")), {
        ("F", PERIOD): half, ("F", "previous"): steady(100, 9, visitors=100),
        ("REST", PERIOD): steady(1000, 50, visitors=1000),
        ("REST", "previous"): steady(1000, 50, visitors=1000),
    })  # fmt: skip
    assert _found(these).is_empty()
    told = variance(these, standings(these))
    row = told.filter(store_id="F", metric="visitor_days").row(0, named=True)
    assert row["actual"] is None and row["outcome_reason"] == "reason.traffic_incomplete"
    for metric in ("visitor_days", "conversion"):
        assert told.filter(store_id="all", metric=metric)["stores"].item() == "REST"
    assert told.filter(store_id="all", metric="sales")["stores"].item() == "F+REST"


def test_a_store_whose_data_are_late_is_held_against_nothing() -> None:
    these = sums(scope(store("F"), store("REST")), {
        ("F", PERIOD): lambda at: steady(100, 20)(at) if at < 50 else {},
        ("F", "previous"): steady(149, 20),
        ("REST", PERIOD): steady(1000, 50), ("REST", "previous"): steady(999, 50),
    })  # fmt: skip
    told = variance(these, standings(these)).filter(store_id="F", metric="sales")
    assert told["status"].item() == "late" and told["relative"].item() is None
    assert told["outcome_reason"].item() == "reason.data_late"
    assert _found(these).is_empty()


def test_a_product_fell_when_luck_does_not_explain_it() -> None:
    these = sums(scope(store("F")), {
        ("F", PERIOD): steady(1000), ("F", "previous"): steady(1000),
    })  # fmt: skip
    rows = []
    for n in range(40):  # forty products that sell as they did
        rows += [("F", span, f"p{n}", "P", 50, 5000) for span in (PERIOD, "previous")]
    rows += [("F", "previous", "fell", "Fell", 60, 6000), ("F", PERIOD, "fell", "Fell", 10, 1000),
             ("F", "previous", "gone", "Gone", 40, 4000),
             ("F", "previous", "luck", "Luck", 6, 1200), ("F", PERIOD, "luck", "Luck", 2, 400),
             ("F", "previous", "less", "Less", 60, 6000), ("F", PERIOD, "less", "Less", 31, 3100),
             ("F", "previous", "cheap", "Cheap", 90, 400)]  # fmt: skip
    found = _found(these, products=Products(rows), seen={("sku_drop", "F", "gone")})
    told = found.filter(rule="sku_drop")
    assert told["sku"].to_list() == ["fell", "gone"]
    assert told["relative"].to_list() == pytest.approx([-5 / 6, -1.0])
    assert told["seen_before"].to_list() == [False, True]
    assert told["title"].to_list() == ["Fell", "Gone"]


def test_fewer_by_luck_agrees_with_the_binomial() -> None:
    from scipy.stats import binom  # noqa: PLC0415

    for now, then, share in ((4, 15, 0.5), (0, 7, 0.3), (12, 3, 0.6)):
        total = now + then
        expected = binom.cdf(now - 1, total, share) + binom.pmf(now, total, share) / 2
        assert fewer_p([now], [then], share=share)[0] == pytest.approx(expected)
    with pytest.raises(ValueError, match="between 0 and 1"):
        fewer_p([1], [1], share=1.0)
