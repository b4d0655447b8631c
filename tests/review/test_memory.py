"""What earlier reviews said, held against what came."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from channelscope.domain import Period
from channelscope.review.memory import Memory, due_products, hit_rates
from channelscope.review_file import Decision, Finding, Prediction, ReviewFile

Q = {
    "2026Q1": (date(2026, 1, 1), date(2026, 3, 31)),
    "2026Q2": (date(2026, 4, 1), date(2026, 6, 30)),
    "2026Q3": (date(2026, 7, 1), date(2026, 9, 30)),
    "2026Q4": (date(2026, 10, 1), date(2026, 12, 31)),
}
MONEY = ("CNY", "paid_net")


def _file(name: str, **more: Any) -> ReviewFile:
    first, last = Q[name]
    body = {"channelscope_review": 1, "period": name, "first": first, "last": last, "revision": 1,
            "data_to": last, "currency": "CNY", "basis": "paid_net", **more}  # fmt: skip
    return ReviewFile(**body)


def _decision(name: str, look_on: date, **more: Any) -> Decision:
    wanted = {"store": "D1", "metric": "sales", "at_least": 100.0, **more}
    if "at_most" in more:
        del wanted["at_least"]
    return Decision(id=name, look_on=look_on, **wanted)


def _memory(*files: ReviewFile, name: str = "2026Q3", money: tuple[str, str] = MONEY,
            **figures: dict[str, float]) -> Memory:  # fmt: skip
    return Memory.of(
        files, name=name, period=Period(*Q[name]), figures=figures, money=money, stores=("D1", "X")
    )


@pytest.mark.parametrize(
    ("decision", "figures", "outcome"),
    [
        ({}, {"sales": 100.0}, ("kept", None)),
        ({}, {"sales": 99.99}, ("missed", None)),
        ({"metric": "conversion", "at_most": 0.03}, {"conversion": 0.03}, ("kept", None)),
        ({"metric": "conversion", "at_most": 0.03}, {"conversion": 0.031}, ("missed", None)),
        ({"sku": "a"}, {"sales": 500.0, "sales:a": 3.0}, ("missed", None)),
        ({"metric": "conversion"}, {"sales": 1.0}, ("cannot_be_told", "reason.not_measured")),
        ({"store": "X"}, {"sales": 1.0}, ("cannot_be_told", "reason.no_data_in_period")),
        ({"store": "ZZ"}, {"sales": 1.0}, ("cannot_be_told", "reason.store_unknown")),
    ],
)
def test_a_decision_is_held_against_the_period_that_holds_its_day(
    decision: dict[str, Any], figures: dict[str, float], outcome: tuple[str, str | None]
) -> None:
    file = _file("2026Q2", decisions=(_decision("one", date(2026, 9, 30), **decision),))
    (row,) = _memory(file, D1=figures).decisions()
    assert (row["outcome"], row.get("outcome_reason")) == outcome
    assert (row["made_in"], row["decision_id"]) == ("2026Q2", "one")


def test_a_decision_waits_and_one_of_a_period_nobody_reviewed_cannot_be_told() -> None:
    early = _decision("early", date(2026, 5, 1))
    later = _decision("later", date(2026, 10, 1))
    last = _file("2026Q1", decisions=(early, later))
    rows = {row["decision_id"]: row for row in _memory(last, D1={"sales": 1.0}).decisions()}
    assert rows["later"]["outcome"] == "not_due" and "actual" not in rows["later"]
    assert rows["early"]["outcome"] == "cannot_be_told"
    assert rows["early"]["outcome_reason"] == "reason.not_reviewed"


def test_a_decision_that_fell_due_before_is_told_by_the_figures_of_that_review() -> None:
    first = _file("2026Q1", decisions=(_decision("one", date(2026, 6, 30)),))
    second = _file("2026Q2", figures={"D1": {"sales": 120.0}})
    assert [*_memory(first, second, D1={"sales": 1.0}).decisions()] == []  # told in the second
    own = [*_memory(first, D1={"sales": 120.0}, name="2026Q2").decisions()]
    assert [row["outcome"] for row in own] == ["kept"]


def test_a_quarter_is_not_judged_by_some_of_its_days_nor_days_by_a_quarter() -> None:
    quarter = _file("2026Q2", decisions=(_decision("q", date(2026, 9, 30)),))
    days = _file("2026Q2", decisions=(_decision("d", date(2026, 9, 30)),)).model_copy(
        update={"period": "2026-06-20..2026-06-30", "first": date(2026, 6, 20)}
    )
    rows = [*_memory(quarter, days, D1={"sales": 150.0}).decisions()]
    assert [row["decision_id"] for row in rows] == ["q"]
    window = Memory.of((quarter, days), name="2026-09-20..2026-09-30",
                       period=Period(date(2026, 9, 20), date(2026, 9, 30)),
                       figures={"D1": {"sales": 20.0}}, money=MONEY)  # fmt: skip
    assert [row["decision_id"] for row in window.decisions()] == ["d"]


def test_money_of_another_currency_or_basis_says_nothing() -> None:
    file = _file("2026Q2", decisions=(
        _decision("money", date(2026, 9, 30)),
        _decision("rate", date(2026, 9, 30), metric="conversion", at_least=0.01),
    ))  # fmt: skip
    figures = {"sales": 200.0, "conversion": 0.02}
    rows = [*_memory(file, money=("CNY", "paid"), D1=figures).decisions()]
    assert [row["outcome"] for row in rows] == ["cannot_be_told", "kept"]
    assert rows[0]["outcome_reason"] == "reason.other_basis"


def _prediction(name: str, low: float, high: float, store: str = "all") -> Prediction:
    first, last = Q[name]
    return Prediction(store=store, metric="sales", first=first, last=last, low=low,
                      likely=(low + high) / 2, high=high, level=0.8)  # fmt: skip


def test_predictions_are_inside_or_outside_also_those_of_long_ago() -> None:
    files = (
        _file("2026Q1", predictions=(_prediction("2026Q2", 90, 110),
                                     _prediction("2026Q2", 1, 2, "D1"))),
        _file("2026Q2", figures={"all": {"sales": 111.0}},
              predictions=(_prediction("2026Q3", 50, 60), _prediction("2026Q4", 50, 60))),
    )  # fmt: skip
    rows = [*_memory(*files, all={"sales": 50.0}).predictions()]
    told = [(row["made_in"], row["outcome"], row.get("actual")) for row in rows]
    assert told == [
        ("2026Q1", "outside", 111.0), ("2026Q1", "cannot_be_told", None),
        ("2026Q2", "inside", 50.0), ("2026Q2", "not_due", None),
    ]  # fmt: skip
    rates = hit_rates(rows).to_dicts()
    assert [(r["made_in"], r["due"], r["inside"]) for r in rates] == [
        ("2026Q1", 1, 0), ("2026Q2", 1, 1), ("all", 2, 1),
    ]  # fmt: skip
    assert rates[2]["rate"] == 0.5 and rates[2]["lo"] < 0.5 < rates[2]["hi"]


def test_the_newest_review_of_a_period_counts_and_its_own_is_not_an_earlier_one() -> None:
    finding = Finding(rule="sales_drop", store="D1")
    last = _file("2026Q2", findings=(finding,))
    own = _file("2026Q3", figures={"D1": {"sales": 5.0, "orders": 2.0}})
    memory = _memory(_file("2026Q1"), last, own, D1={"sales": 6.0, "orders": 2.0, "depth": 0.1})
    assert memory.own is own and memory.last is last
    assert memory.seen() == {("sales_drop", "D1", None)}
    moved = [(r["metric"], r["before"], r["now"]) for r in memory.moved().iter_rows(named=True)]
    assert moved == [("sales", 5.0, 6.0), ("depth", None, 0.1)]
    assert _memory(last, D1={"sales": 6.0}).moved().is_empty()


def test_products_of_decisions_due_now_are_looked_up() -> None:
    file = _file("2026Q2", decisions=(_decision("now", date(2026, 9, 30), sku="a"),
                                      _decision("later", date(2026, 12, 31), sku="b")))  # fmt: skip
    assert due_products((file,), Period(*Q["2026Q3"])) == {("D1", "a")}
