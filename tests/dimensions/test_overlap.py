"""Combinations of stores, exclusive sets, a pair against the other pairs, worked out by hand."""

from __future__ import annotations

from itertools import combinations
from math import exp, log, sqrt

import polars as pl
import pytest

from channelscope import circles
from channelscope.differentiation import outcomes
from channelscope.dimensions import _buyers, _overlap
from channelscope.domain import Store
from channelscope.results import TABLES
from channelscope.stats.overlap import chance_overlaps
from tests.dimensions.buyer_cubes import Row, compared, in_scope, pattern, slot
from tests.dimensions.small_cubes import frame, scope

THREE = (
    ("0a", "A", 1, 10), ("0a", "A+B", 2, 3), ("0a", "A+B+C", 3, 2), ("0a", "D", 4, 6),
    ("0b", "B", 2, 8), ("0b", "A+B+C", 4, 1), ("0b", "B+C", 2, 5), ("0b", "A+C", 5, 4),
    ("0c", "C", 1, 7), ("0c", "A+B+C+D", 6, 3), ("0c", "A+C", 2, 2), ("0c", "A+B", 3, 1),
)  # fmt: skip
"""Buyer group, stores, orders, buyers; D is in the scope and not compared."""
KNOWN = {"A": (40, 30, 20), "B": (20, 15, 10), "C": (8, 25, 12)}


def found() -> dict[str, pl.DataFrame]:
    patterns = [pattern(*row) for row in THREE]
    orders = [
        slot(store, group, known, known)
        for store, each in KNOWN.items()
        for group, known in zip(("0a", "0b", "0c"), each, strict=True)
    ]
    return compared(
        scope("A", "B", "C"), patterns=patterns, orders=orders, stores=in_scope(A="x", B="x", C="x")
    )


@pytest.fixture(autouse=True)
def a_few_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is worked out by hand is small: one shared buyer by chance bears an interval here."""
    monkeypatch.setattr(_overlap, "FEWEST_EXPECTED", 1)


def test_all_three_stores_stand_against_chance() -> None:
    row = found()["overlap"].filter(size=3).row(0, named=True)
    assert (row["stores"], row["buyers"]) == ("A+B+C", 6)
    buyers = [0] * 6
    for _, _, orders, size in THREE:
        buyers[orders - 1] += size
    # The orders of the known buyers of the stores are more than those of the patterns.
    total = max(sum(n * b for n, b in enumerate(buyers, start=1)), 180)
    shares = [sum(each) / total for each in KNOWN.values()]
    assert row["expected"] == pytest.approx(chance_overlaps(buyers, range(1, 7), shares)[7])
    assert row["lift"] == pytest.approx(6 / row["expected"])
    assert row["share"] == pytest.approx(6 / 23)
    assert row["lo"] < row["lift"] < row["hi"]


def test_exclusive_sets_hold_every_buyer_once() -> None:
    sets = found()["buyer_sets"]
    assert dict(sets.select("stores", "buyers").iter_rows()) == {
        "A": 10, "B": 8, "A+B": 4, "C": 7, "A+C": 6, "B+C": 5, "A+B+C": 6,
    }  # fmt: skip
    assert sets["share"].sum() == pytest.approx(1)
    assert sets.filter(stores="C")["share"].item() == pytest.approx(7 / 46)


def test_a_pair_stands_against_the_geometric_mean_of_the_others() -> None:
    rows = {row["stores"]: row for row in found()["overlap"].filter(size=2).to_dicts()}
    lifts = {name: row["lift"] for name, row in rows.items()}
    want = lifts["A+C"] / sqrt(lifts["A+B"] * lifts["B+C"])
    assert rows["A+C"]["relative"] == pytest.approx(want)
    assert log(rows["A+B"]["relative"]) + log(rows["B+C"]["relative"]) == pytest.approx(-log(want))
    middle = (log(rows["A+C"]["relative_lo"]) + log(rows["A+C"]["relative_hi"])) / 2
    assert exp(middle) == pytest.approx(want)


def test_an_empty_combination_has_a_row_only_where_chance_gives_somebody() -> None:
    few = [pattern(g, s, 2, 9) for g in ("0a", "0b", "0c") for s in ("A", "B", "C", "A+B")]
    many = [pattern(g, "A", 9, 90) for g in ("0a", "0b", "0c")]
    orders = [slot(s, g, 20, 20) for s in "ABC" for g in ("0a", "0b", "0c")]
    stores = in_scope(A="x", B="x", C="x")
    asked = scope("A", "B", "C")
    none = compared(asked, patterns=few, orders=orders, stores=stores)["overlap"]
    assert none.filter(size=3).is_empty() and none.height == 3
    told = compared(asked, patterns=few + many, orders=orders, stores=stores)["overlap"]
    row = told.filter(size=3).row(0, named=True)
    assert (row["buyers"], row["lo"], row["outcome_reason"]) == (0, None, "reason.no_shared_buyers")
    assert row["expected"] >= 1


def test_a_store_whose_buyers_are_unknown_is_in_pairs_alone() -> None:
    orders = [slot(s, g, 20, 9 if s == "C" else 20) for s in "ABC" for g in ("0a", "0b", "0c")]
    told = compared(
        scope("A", "B", "C"), patterns=[pattern(*row) for row in THREE], orders=orders,
        stores=in_scope(A="x", B="x", C="x"),
    )  # fmt: skip
    reasons = dict(told["overlap"].select("stores", "outcome_reason").iter_rows())
    few = "reason.few_buyer_ids"
    assert reasons == {"A+B": None, "A+C": few, "B+C": few}
    assert dict(told["buyer_sets"].select("stores", "buyers").iter_rows()) == {
        "A": 16, "B": 13, "A+B": 10
    }  # fmt: skip


def test_of_many_stores_the_twelve_with_most_known_buyers_are_combined() -> None:
    names = [chr(ord("A") + at) for at in range(14)]
    patterns = [
        pattern(group, f"{a}+{b}", 2, 1 + names.index(a) + names.index(b))
        for group in ("0a", "0b", "0c")
        for a, b in combinations(names, 2)
    ] + [pattern("0a", "+".join(names), 14, 1)]
    orders = [slot(s, g, 50, 50) for s in names for g in ("0a", "0b", "0c")]
    told = compared(
        scope(*names), patterns=patterns, orders=orders,
        stores=in_scope(**dict.fromkeys(names, "x")),
    )  # fmt: skip
    overlap = told["overlap"]
    assert overlap.filter(size=2).height == 14 * 13 / 2
    larger = overlap.filter(pl.col("size") > 2)
    assert set("+".join(larger["stores"]).split("+")) == set(names[2:])
    assert larger.height == 2**12 - 1 - 12 - 66
    assert larger["buyers"].unique().to_list() == [1]


def judged(**row: float | None) -> Row:
    base = {"scope": "x", "stores": "A+B", "size": 2, "p_value": 0.001, **row}
    return outcomes.of_overlap(pl.DataFrame([base], schema=TABLES["overlap"])).row(0, named=True)


@pytest.mark.parametrize(
    ("lo", "hi", "p", "outcome"),
    [
        (0.92, 1.09, 0.001, "same"), (0.90, 1.09, 0.9, "unclear"), (1.01, 1.2, 0.001, "differs"),
        (0.7, 0.89, 0.04, "differs"), (0.7, 0.89, 0.06, "unclear"),
        (None, None, None, "not_identifiable"),
    ],
)  # fmt: skip
def test_up_to_a_tenth_more_or_fewer_are_as_many(
    lo: float | None, hi: float | None, p: float | None, outcome: str
) -> None:
    assert judged(lift=1.0, lo=lo, hi=hi, p_value=p)["outcome"] == outcome


def members(*names: str) -> tuple[Store, ...]:
    return tuple(Store(name, name, "flagship", "p", members=(name,)) for name in names)


def test_stores_that_are_not_compared_share_one_bit() -> None:
    stores = frame("stores", [
        {"store_id": s, "platform": "p"} for s in ("A", "B", "C", "D")
    ] + [{"store_id": "Q", "platform": "q"}, {"store_id": "R", "platform": "q",
                                              "buyer_id_scope": "p"}])  # fmt: skip
    bits = circles.store_bits(stores, members("D", "B"), {})
    assert dict(bits.select("store_id", "place").iter_rows()) == {
        "A": 61, "B": 0, "C": 61, "D": 1, "R": 61
    }  # fmt: skip
    assert bits["bit"].max() == 2**61 and bits["circle"].unique().to_list() == [1]


def test_seventy_stores_of_a_scope_are_two_circles_and_groups_stay_whole() -> None:
    names = [f"S{at:02}" for at in range(70)]
    stores = frame("stores", [{"store_id": s, "platform": "p"} for s in names])
    lines = {name: at for at, name in enumerate(names)}
    bits = circles.store_bits(stores, members(*names), lines)
    assert bits.height == 140 and bits["bit"].min() == 1
    own = bits.filter(pl.col("place") < 61)
    assert own["store_id"].n_unique() == own.height == 70
    assert set(own.filter(circle=1)["store_id"]) == set(names[9:])
    whole = [bits.filter(circle=c).unique("bit")["bit"].sum() for c in (1, 2)]
    assert whole == [2**62 - 1, 2**9 - 1 + 2**61]
    # Of the operator with 65 stores a buyer counts once: its stores have one bit.
    asked = (Store("o:a", "a", "mixed", "p", members=tuple(names[:65])), *members(*names[65:]))
    grouped = circles.store_bits(stores, asked, lines)
    assert grouped["circle"].unique().to_list() == [1]
    assert grouped.filter(pl.col("store_id").is_in(names[:65]))["bit"].n_unique() == 1


def test_a_store_is_told_in_the_circle_where_it_has_a_bit_of_its_own() -> None:
    names = [f"S{at:02}" for at in range(63)]
    stores = frame("stores", [{"store_id": s, "platform": "x"} for s in names])
    bits = circles.store_bits(stores, members(*names), {}).rename({"bit": "bits"})
    assert set(_buyers.masks(bits, 1)) == set(names[:61])
    assert set(_buyers.masks(bits, 2)) == set(names[61:])
