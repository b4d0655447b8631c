"""Who moves first: against a count by hand, against chance, and with a planted follower."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from channelscope.stats.price_leads import Changes, first_mover_p, follow
from tests.stats.shelves import DAYS, Prices, campaigns, claims, copies, deals, seen

DAILY = np.arange(DAYS)
WEEKLY = np.arange(0, DAYS, 7)
STORES, SEEDS = 4, 40
PAIRS = STORES * (STORES - 1) * SEEDS
WITHIN = 7


def changes(*rows: tuple[int, int, int]) -> Changes:
    """Item, day, last day of the old price."""
    item, day, before = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Changes(item, day, before)


def by_hand(leader: Changes, follower: Changes, visits: list[int], shift: int) -> list[bool]:
    """Every change of the leader looked up one by one; `shift` visits moved around the circle."""
    size, told = len(visits), []
    places = [
        (visits.index(int(day)), sum(v <= before for v in visits) - 1)
        for day, before in zip(follower.day, follower.before, strict=True)
    ]
    rounds = [(int(item), made + shift + lap * size, last + shift + lap * size)
              for item, (made, last) in zip(follower.item, places, strict=True)
              for lap in (-2, -1, 0, 1)]  # fmt: skip
    for item, day in zip(leader.item, leader.day, strict=True):
        first = sum(v < day for v in visits)
        end = sum(v <= day + WITHIN for v in visits) - 1
        mine = [(made, last) for code, made, last in rounds if code == item]
        after = any(last >= first and made <= end for made, last in mine)
        unsure = any(last < first <= made for made, last in mine)
        told.append(after and not unsure and end > first)
    return told


def steps(day: int, visits: list[int]) -> int:
    """Visits of the week after a change, but for the first that may have seen it with the other."""
    return sum(day <= visit <= day + WITHIN for visit in visits) - 1


def together(changes: Changes, others: Changes) -> list[bool]:
    """Spans of days in which either may have come first."""
    return [
        any(i == j and b < e and c < d for j, e, c in rows(others)) for i, d, b in rows(changes)
    ]


def rows(changes: Changes) -> list[tuple[int, int, int]]:
    return list(zip(changes.item, changes.day, changes.before, strict=True))


@st.composite
def looked_at(draw: st.DrawFn, visits: list[int]) -> Changes:
    """Changes between visits; one product's follow one another."""
    found = []
    for item in range(2):
        marks = sorted(draw(st.sets(st.sampled_from(range(-1, len(visits))), max_size=16)))
        for last, made in zip(marks[::2], marks[1::2], strict=False):
            before = visits[last] if last >= 0 else visits[0] - 3
            found.append((item, visits[made], before))
    return changes(*found)


VISITS = st.sets(st.integers(0, 40), min_size=3, max_size=25).map(sorted)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_followed_is_what_a_count_by_hand_finds(data: st.DataObject) -> None:
    mine, theirs = data.draw(VISITS), data.draw(VISITS)
    leader, follower = data.draw(looked_at(mine)), data.draw(looked_at(theirs))
    found = follow(leader, follower, theirs)
    assert found.together.tolist() == together(leader, follower)
    alone = leader.only(~found.together)
    rest = follower.only(~np.array(together(follower, leader), dtype=bool))
    assert found.did[~found.together].tolist() == by_hand(alone, rest, theirs, 0)
    assert not found.did[found.together].any() and not found.did[~found.could].any()
    size, reach = len(theirs), max([1, *(steps(int(day), theirs) for day in leader.day)])
    shifts = range(reach, size - reach + 1)
    assert found.draws.tolist() == [sum(by_hand(alone, rest, theirs, k)) for k in shifts]


@given(data=st.data(), offset=st.integers(-400, 800_000))
@settings(max_examples=60, deadline=None)
def test_neither_the_calendar_nor_the_names_of_products_matter(
    data: st.DataObject, offset: int
) -> None:
    visits = data.draw(VISITS)
    leader, follower = data.draw(looked_at(visits)), data.draw(looked_at(visits))
    found = follow(leader, follower, visits)
    renamed = np.array([7, 2, 40])

    def moved(each: Changes) -> Changes:
        return Changes(renamed[each.item], each.day + offset, each.before + offset)

    again = follow(moved(leader), moved(follower), np.array(visits) + offset)
    assert again.did.tolist() == found.did.tolist()
    assert again.draws.tolist() == found.draws.tolist()


def test_a_follower_must_have_been_seen_at_the_old_price_after_the_leaders_change() -> None:
    leader = changes((1, 10, 9))
    found = [
        follow(leader, changes((1, day, before)), range(30)).did.item()
        for day, before in ((11, 10), (17, 16), (18, 17), (10, 9), (12, 8), (9, 8))
    ]
    assert found == [True, True, False, False, False, False]


def test_stores_seen_on_other_weekdays_cannot_be_seen_to_follow() -> None:
    monday, tuesday = np.arange(0, 70, 7), np.arange(1, 70, 7)
    leader, follower = changes((1, 14, 7)), changes((1, 15, 8))
    assert not follow(leader, follower, tuesday).could.any()
    assert not follow(follower, leader, monday).could.any()
    assert follow(leader, changes((1, 21, 14)), monday).did.all()


def test_another_direction_or_another_product_is_no_following() -> None:
    leader = changes((2, 10, 9))
    assert not follow(leader, changes((3, 12, 11)), range(30)).did.any()
    assert not follow(leader, changes(), range(30)).did.any()
    assert follow(changes(), changes((3, 12, 11)), range(30)).draws.sum() == 0


def test_shifts_within_the_week_are_no_chance() -> None:
    """Fewer visits than lie in the week would leave what follows in it."""
    found = follow(changes((1, 10, 9)), changes((1, 14, 13)), range(40))
    assert len(found.draws) == 40 - 2 * 7 + 1
    assert found.did.all() and found.draws.sum() == 0


def test_a_change_on_a_day_without_a_visit_is_an_error() -> None:
    with pytest.raises(ValueError, match="visits"):
        follow(changes((1, 3, 2)), changes((1, 4, 2)), [0, 2, 3])
    with pytest.raises(ValueError, match="visits"):
        follow(changes((1, 3, 2)), changes((1, 3, 3)), [0, 2, 3])


def test_both_chance_and_the_other_direction_have_to_be_beaten() -> None:
    signs = np.random.default_rng(3).choice([-1.0, 1.0], size=(999, 20))
    few, many, none = np.full(20, 1.0), np.full(20, 6.0), np.zeros(20)
    usual = np.random.default_rng(4).poisson(20, 200).astype(float)
    assert first_mover_p(many, none, usual, signs) < 1e-4
    assert first_mover_p(few, none, usual, signs) > 0.2, "no more than shifted calendars"
    assert first_mover_p(many, many, usual, signs) == 1.0, "followed as often as it follows"
    one_block = np.zeros(20)
    one_block[3] = 120
    assert first_mover_p(one_block, none, usual, signs) > 0.4, "one campaign is one case"
    with pytest.raises(ValueError, match="signs"):
        first_mover_p(many, none[:-1], usual, signs)


def alone(random: np.random.Generator) -> list[Prices]:
    return [deals(random) for _ in range(STORES)]


def same_campaigns(late: int) -> object:
    def make(random: np.random.Generator) -> list[Prices]:
        starts = np.sort(random.integers(5, DAYS - 12, 8))
        return [
            np.minimum(deals(random), campaigns(random, starts, late=late)) for _ in range(STORES)
        ]

    return make


def nothing_else(random: np.random.Generator) -> list[Prices]:
    starts = np.sort(random.integers(5, DAYS - 12, 8))
    return [campaigns(random, starts, late=3) for _ in range(STORES)]


@pytest.mark.parametrize("visits", [DAILY, WEEKLY], ids=["daily", "weekly"])
@pytest.mark.parametrize(
    "make",
    [alone, same_campaigns(0), same_campaigns(3), nothing_else],
    ids=["alone", "campaigns", "early_or_late", "campaigns_only"],
)
def test_stores_that_share_no_more_than_a_calendar_are_not_told_apart(
    make: object, visits: NDArray[np.int64]
) -> None:
    false = 0
    for seed in range(SEEDS):
        stores = make(np.random.default_rng(seed))  # type: ignore[operator]
        false += len(claims(stores, visits, seed=seed))
    assert false <= 0.05 * PAIRS


@pytest.mark.parametrize("campaign", [False, True], ids=["alone", "campaigns"])
@pytest.mark.parametrize(
    ("visits", "after"), [(DAILY, (3, 5)), (WEEKLY, (7, 7))], ids=["daily", "weekly"]
)
def test_a_planted_follower_is_found(
    visits: NDArray[np.int64], after: tuple[int, int], campaign: bool
) -> None:
    found, turned = 0, 0
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        leader = deals(random)
        follower = copies(random, leader, deals(random, a_year=1.5), after=after)
        stores = [leader, follower, deals(random), deals(random)]
        if campaign:
            starts = np.sort(random.integers(5, DAYS - 12, 8))
            stores = [np.minimum(each, campaigns(random, starts)) for each in stores]
        told = claims(stores, visits, seed=seed)
        found += (0, 1) in told
        turned += (1, 0) in told
    assert found >= 0.9 * SEEDS
    assert turned == 0


def test_visits_show_the_days_between_which_a_price_moved() -> None:
    price = np.ones((DAYS, 2))
    price[10:, 1] = 0.9
    found = seen(price, WEEKLY)
    assert rows(found) == [(2, 14, 7)]
