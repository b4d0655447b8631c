"""Stores that opened or closed inside a bridge: what is compared, and what stands apart by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from channelscope import scoping
from channelscope.domain import GroupBy, Period, Scope
from tests.dimensions.bridge_cells import bridged, effects, goods, sales, visits
from tests.dimensions.small_cubes import MONDAY, scope

WEEKS = 12
Dates = tuple[int | None, int | None]


def day(week: int | None) -> date | None:
    return None if week is None else MONDAY + timedelta(weeks=week)


def asked(*stores: str, history: bool = False, **dates: Dates) -> Scope:
    """Twelve weeks; a store opens in the first of its two weeks and closes before the second."""
    plain = scope(*stores, days=7 * WEEKS)
    dated = tuple(
        replace(
            store, opened_on=day(dates[store.store_id][0]),
            closed_on=before(dates[store.store_id][1]),
        ) if store.store_id in dates else store
        for store in plain.stores
    )  # fmt: skip
    first = plain.period.year_before.first if history else None
    return replace(plain, stores=dated, members=dated, data_first=first)


def before(week: int | None) -> date | None:
    start = day(week)
    return start and start - timedelta(days=1)


def trading(of: Scope, **priced: float) -> tuple[list[list[Any]], list[list[Any]]]:
    """Cells and days of every store in the weeks in which it was open; each at its own price."""
    cells, days = [], []
    for store in of.every_store:
        weeks = [
            week for week in range(WEEKS)
            if (store.opened_on or MONDAY) <= (day(week) or MONDAY)
            and (store.closed_on is None or (day(week) or MONDAY) <= store.closed_on)
        ]  # fmt: skip
        cells.append(goods(store.store_id, price=priced[store.store_id], weeks=weeks))
        days.append(visits(store.store_id, weeks=weeks))
    return cells, days


def found(of: Scope, **priced: float) -> dict[str, pl.DataFrame]:
    return bridged(of, *trading(of, **priced))


def test_one_that_closes_and_one_that_opens_are_two_bars_with_their_names() -> None:
    """They share six of twelve weeks: these are opened up; the others stand under their names."""
    of = asked("D1", "D2", D1=(None, 9), D2=(3, None))
    bars = effects(found(of, D1=10, D2=14), "D2", "D1")
    assert (bars.pop("closed:D1"), bars.pop("opened:D2")) == (-3 * 100, 3 * 140)
    assert bars.pop("list_price") == 6 * 40
    assert set(bars.values()) == {0}


def test_stores_that_never_met_are_two_bars_and_nothing_else() -> None:
    of = asked("D1", "D2", D1=(None, 5), D2=(7, None))
    there = found(of, D1=10, D2=14)
    assert effects(there, "D2", "D1") == {"closed:D1": -500, "opened:D2": 700}
    # What a piece cost is known of both all the same.
    assert effects(there, "D2", "D1", "piece_price_bridge")["list_price"] == pytest.approx(4)
    assert there["bridge"].select(pl.col("lo", "hi").is_null().all()).row(0) == (True, True)


@pytest.mark.parametrize("events", [{"S1": (1, None)}, {"F1": (1, None)}])
def test_a_reference_that_opened_late_leaves_the_bridge_whole(events: dict[str, Dates]) -> None:
    """Only the week in which one of the two was not open stands apart, under that one's name."""
    of = asked("F1", "S1", **events)
    bars = effects(found(of, F1=10, S1=7), "S1")
    (name,) = events
    assert bars[f"opened:{name}"] == (-100 if name == "S1" else 70)
    assert bars["list_price"] == 11 * -30
    assert len(bars) > 4


def test_a_store_that_closed_later_than_another_has_the_rest_under_its_name() -> None:
    of = asked("D1", "D2", D1=(None, 8), D2=(None, 10))
    assert effects(found(of, D1=10, D2=10), "D2", "D1")["closed:D2"] == 200
    assert effects(found(asked("F1", "D1", D1=(None, 8)), F1=10, D1=9), "D1")["closed:D1"] == -400


def test_days_after_both_were_open_stand_under_the_closing() -> None:
    bars = effects(found(asked("F1", "D1", D1=(2, 10)), F1=10, D1=9), "D1")
    assert (bars["opened:D1"], bars["closed:D1"]) == (-200, -200)


@pytest.mark.parametrize(("opens", "compared"), [(8, True), (9, False)])
def test_four_common_weeks_are_asked_for(opens: int, compared: bool) -> None:
    bars = effects(found(asked("F1", "S1", S1=(opens, None)), F1=10, S1=7), "S1")
    assert ("list_price" in bars) == compared
    if not compared:
        assert bars == {"opened:S1": 3 * 70 - 12 * 100}


def test_a_week_is_cut_where_a_store_opens() -> None:
    """D2 opens on a Thursday: what F1 sold from Monday to Wednesday is compared with nothing."""
    plain = asked("F1", "D2")
    thursday = MONDAY + timedelta(weeks=2, days=3)
    dated = (plain.stores[0], replace(plain.stores[1], opened_on=thursday))
    of = replace(plain, stores=dated, members=dated)
    early = goods("F1", weeks=range(3))
    late = [{**row, "first_day": thursday} for row in goods("F1", units=64, weeks=[2])]
    rest = goods("F1", weeks=range(3, WEEKS))
    other = [{**row, "first_day": thursday} for row in goods("D2", units=64, weeks=[2])]
    days = [visits("F1", weeks=range(WEEKS)), visits("D2", weeks=range(3, WEEKS))]
    days += [[{**row, "day": thursday} for row in visits(name, weeks=[2])] for name in ("F1", "D2")]
    cells = [early, late, rest, other, goods("D2", weeks=range(3, WEEKS))]
    bars = effects(bridged(of, cells, days), "D2")
    assert bars.pop("opened:D2") == -300
    assert set(bars.values()) == {0}


def grouped(of: Scope, by: GroupBy | None) -> Scope:
    if by is None:
        return of
    groups = scoping.group(of.members, by)
    return replace(of, stores=groups, reference_id=groups[0].store_id)


def with_kinds(of: Scope, **kinds: str) -> Scope:
    stores = tuple(
        replace(s, kind=kinds[s.store_id], operator=s.store_id[0]) for s in of.every_store
    )
    return replace(of, stores=stores, members=stores)


KINDS = {"F1": "flagship", "F2": "flagship", "S1": "flagship", "D1": "outlet", "D2": "outlet"}
PRICED = {"F1": 10, "F2": 20, "S1": 7, "D1": 9, "D2": 6}


def of_groups(*, history: bool = False) -> Scope:
    of = asked("F1", "F2", "S1", "D1", "D2", history=history, S1=(4, None), D2=(None, 2))
    return grouped(with_kinds(of, **KINDS), GroupBy.KIND)


def test_stores_of_a_group_that_came_or_went_stand_apart_under_their_names() -> None:
    there = found(of_groups(), **PRICED)
    bars = effects(there, "kind:outlet", "kind:flagship")
    assert bars["opened:S1"] == -8 * 70
    assert bars["closed:D2"] == 2 * 60
    # 3000 and 900 a quarter are left: half as many visitors, and 9 for 15 a piece.
    assert sum(bars.values()) - bars["opened:S1"] - bars["closed:D2"] == 12 * (90 - 300)
    assert bars["visitor_days"] < 0 and bars["list_price"] < 0
    assert list(bars)[-2:] == ["opened:S1", "closed:D2"]


def test_a_group_of_one_store_is_bridged_as_the_store() -> None:
    of = asked("F1", "S1", S1=(4, None))
    kinds = with_kinds(of, F1="flagship", S1="live")
    alone, joined = (found(each, F1=10, S1=7) for each in (of, grouped(kinds, GroupBy.KIND)))
    assert effects(joined, "kind:live", "kind:flagship") == effects(alone, "S1")


def test_of_a_group_in_which_all_came_or_went_the_one_that_traded_longest_is_compared() -> None:
    of = with_kinds(
        asked("F1", "S1", "S2", S1=(2, None), S2=(None, 6)), F1="flagship", S1="live", S2="live"
    )
    bars = effects(
        found(grouped(of, GroupBy.KIND), F1=10, S1=10, S2=8), "kind:live", "kind:flagship"
    )
    assert (bars.pop("closed:S2"), bars.pop("opened:S1")) == (6 * 80, -200)
    assert set(bars.values()) == {0}


def years(of: Scope) -> dict[str, pl.DataFrame]:
    cells, days = trading(of, **PRICED)
    for store, units in {"F1": 8, "F2": 16, "D1": 4, "D2": 5}.items():
        price = PRICED[store]
        cells.append(goods(store, units=units, price=price + 1, weeks=range(WEEKS), year=1))
        days.append(visits(store, orders=7, weeks=range(WEEKS), year=1))
    return bridged(of, cells, days)


def test_the_bridge_of_all_stores_is_the_same_however_they_are_grouped() -> None:
    of = asked("F1", "F2", "S1", "D1", "D2", history=True, S1=(4, None), D2=(None, 2))
    kinds = with_kinds(of, **KINDS)
    plain, *others = (years(grouped(kinds, by))["bridge"] for by in (None, *GroupBy))
    whole = plain.filter(from_id="all")
    assert {"opened:S1", "closed:D2"} < set(whole["factor"])
    for other in others:
        assert other.filter(from_id="all").equals(whole)
    changed = plain.filter(pl.col("from_period") != pl.col("to_period"))
    assert sum(whole["effect"]) == sum(changed.filter(pl.col("from_id") != "all")["effect"])


def test_a_group_over_time_sets_apart_who_came_or_went() -> None:
    there = years(of_groups(history=True))
    bars = effects(there, "kind:flagship", "kind:flagship")
    assert bars.pop("opened:S1") == 8 * 70
    assert sum(bars.values()) == 12 * (100 + 200 - 8 * 11 - 16 * 21)
    assert effects(there, "kind:outlet", "kind:outlet")["closed:D2"] == 2 * 60 - 12 * 5 * 7


def test_a_store_that_opened_inside_the_earlier_period_is_one_bar() -> None:
    plain = asked("F1", history=True)
    opened = MONDAY + timedelta(weeks=6 - 52)
    stores = (replace(plain.stores[0], opened_on=opened),)
    of = replace(plain, stores=stores, members=stores)
    cells = [goods("F1", weeks=range(WEEKS)), goods("F1", weeks=range(6, WEEKS), year=1)]
    days = [visits("F1", weeks=range(WEEKS)), visits("F1", weeks=range(6, WEEKS), year=1)]
    assert effects(bridged(of, cells, days), "F1", "F1") == {"opened:F1": 600}


def test_half_of_a_short_period_is_enough() -> None:
    plain = scope("F1", "S1", days=14)
    for day_, compared in ((7, True), (8, False)):
        late = replace(plain.stores[1], opened_on=MONDAY + timedelta(days=day_))
        of = replace(plain, stores=(plain.stores[0], late))
        cells = [goods("F1", weeks=range(2)), goods("S1", weeks=[1])]
        cells[1][0]["first_day"] = MONDAY + timedelta(days=day_)
        days = [visits("F1", weeks=range(2)), visits("S1", weeks=[1])]
        assert ("list_price" in effects(bridged(of, cells, days), "S1")) == compared


def test_a_later_period_turns_the_names_of_what_came_and_went() -> None:
    """From a later period back to this one: a product that is gone there has closed, not opened."""
    plain = asked("F1", "S1")
    later = Period(MONDAY + timedelta(weeks=52), MONDAY + timedelta(weeks=52 + WEEKS, days=-1))
    of = replace(plain, against=later)
    cells = [goods("F1", weeks=range(WEEKS)), goods("F1", "old", weeks=range(WEEKS))]
    cells += [goods(name, price=12, weeks=range(WEEKS), year=-1) for name in ("F1", "S1")]
    cells += [goods("F1", "new", price=7, weeks=range(WEEKS), year=-1)]
    days = [visits("F1", weeks=range(WEEKS))]
    days += [visits(name, weeks=range(WEEKS), year=-1) for name in ("F1", "S1")]
    there = bridged(of, cells, days)
    bars = effects(there, "F1", "F1")
    assert (bars["closed:products"], bars["opened:products"]) == (1200, -840)
    assert effects(there, "S1", "S1") == {"opened:S1": -12 * 120}
    ends = there["bridge"].filter(from_id="F1", to_id="F1").select("from_period", "to_period")
    assert set(ends.row(0)) == {f"{p.first}..{p.last}" for p in (later, of.period)}
    assert ends["from_period"][0] == f"{later.first}..{later.last}"


def test_periods_of_other_lengths_are_bridged_all_the_same() -> None:
    plain = asked("F1")
    of = replace(plain, against=Period(MONDAY - timedelta(weeks=52), MONDAY - timedelta(days=337)))
    cells = [goods("F1", weeks=range(WEEKS)), goods("F1", weeks=range(4), year=1)]
    days = [visits("F1", weeks=range(WEEKS)), visits("F1", weeks=range(4), year=1)]
    there = bridged(of, cells, days)["bridge"].filter(from_id="F1")
    assert effects({"bridge": there}, "F1")["visitor_days"] == 800
    assert there["lo"].null_count() == 0


week = st.none() | st.integers(1, WEEKS - 1)
a_store = st.tuples(week, week, st.integers(1, 20), st.sampled_from(["flagship", "live", "outlet"]))


@settings(max_examples=40, deadline=None)
@example(stores=[(None, None, 5, "flagship"), (9, None, 20, "flagship")], by=None)
@given(stores=st.lists(a_store, min_size=2, max_size=4), by=st.sampled_from([None, *GroupBy]))
def test_whoever_comes_and_goes_bars_sum_to_the_cent_and_flip(
    stores: Sequence[tuple[int | None, int | None, int, str]], by: GroupBy | None
) -> None:
    names = [f"S{at}" for at in range(len(stores))]
    dates = {
        name: (opens, closes if closes is None or opens is None or closes > opens else None)
        for name, (opens, closes, _, _) in zip(names, stores, strict=True)
    }
    of = with_kinds(asked(*names, **dates), **dict(zip(names, (s[3] for s in stores), strict=True)))
    cells, days = trading(of, **dict(zip(names, (s[2] for s in stores), strict=True)))
    money = dict(zip(names, map(sales, cells), strict=True))
    shown = grouped(of, by)
    there = {
        (a.store_id, b.store_id): effects(
            bridged(replace(shown, stores=(a, b), reference_id=a.store_id), cells, days),
            b.store_id, a.store_id,
        )
        for a, b in permutations(shown.stores, 2)
    }  # fmt: skip
    sold = {s.store_id: sum((money[m] for m in s.members), Decimal(0)) for s in shown.stores}
    for (a, b), bars in there.items():
        assert sum(bars.values()) == pytest.approx(float(sold[b] - sold[a]), abs=0.001)
        back = there[b, a]
        assert bars == pytest.approx({name: -effect for name, effect in back.items()}, abs=0.011)


def test_an_opening_that_sold_as_much_as_the_other_is_a_bar_of_nothing() -> None:
    of = asked("F1", "S1", S1=(9, None))
    cells, days = trading(of, F1=5, S1=20)
    assert effects(bridged(of, cells, days), "S1", "F1") == {"opened:S1": 0}
