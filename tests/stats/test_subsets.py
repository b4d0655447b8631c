"""Sums over subsets and supersets, against sets written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope.stats.subsets import members, over_subsets, over_supersets


def _inside(small: int, large: int) -> bool:
    return small & large == small


@given(st.integers(0, 5).flatmap(
    lambda k: st.lists(st.integers(-99, 99), min_size=1 << k, max_size=1 << k)
))  # fmt: skip
def test_each_set_gets_what_it_holds_and_what_holds_it(values: list[int]) -> None:
    places = range(len(values))
    below = [sum(values[s] for s in places if _inside(s, place)) for place in places]
    above = [sum(values[s] for s in places if _inside(place, s)) for place in places]
    assert over_subsets(values).tolist() == below
    assert over_supersets(values).tolist() == above


def test_rows_are_summed_apart_and_left_as_they_were() -> None:
    rows = np.array([[1.0, 2, 4, 8], [3, 5, 7, 11]])
    assert over_subsets(rows).tolist() == [[1, 3, 5, 15], [3, 8, 10, 26]]
    assert rows.tolist() == [[1, 2, 4, 8], [3, 5, 7, 11]]


def test_members_are_the_digits_of_the_place() -> None:
    assert members(3).tolist() == [0, 1, 1, 2, 1, 2, 2, 3]
    with pytest.raises(ValueError, match="count"):
        members(-1)


@pytest.mark.parametrize("values", [[], [1.0, 2, 3], 4.0])
def test_what_is_no_power_of_two_is_refused(values: object) -> None:
    with pytest.raises(ValueError, match="power of two"):
        over_subsets(values)  # type: ignore[arg-type]


def test_of_no_groups_nothing_is_summed() -> None:
    assert over_supersets(np.zeros((0, 8))).shape == (0, 8)
