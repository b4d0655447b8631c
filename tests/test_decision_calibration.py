"""The calibration of decisions: few of its brands here, and that it would notice a fault."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.decision_calibration import Judged, judge

BRANDS = 60
CHANCE = 0.13
"""Two and a half standard errors of a share of 60 brands that is 80%."""


@pytest.fixture(scope="module")
def judged() -> Judged:
    """Some brands with one held-out opening each."""
    return judge(BRANDS, first=1001, draws=2000)


def test_ranges_hold_what_came_as_often_as_they_say(judged: Judged) -> None:
    assert np.all(np.abs(judged.coverage - 0.80) <= CHANCE), judged.coverage


def test_ranges_of_half_the_width_are_noticed(judged: Judged) -> None:
    middle, half = (judged.low + judged.high) / 2, (judged.high - judged.low) / 4
    narrow = replace(judged, low=middle - half, high=middle + half)
    assert np.all(narrow.coverage < 0.80 - CHANCE)


def test_stores_that_are_likely_to_pay_back_do_so_more_often(judged: Judged) -> None:
    likely = judged.chance >= 0.5
    assert 5 <= likely.sum() <= BRANDS - 5
    assert judged.paid_back[likely].mean() > judged.paid_back[~likely].mean() + 0.3
    assert abs(float((judged.paid_back - judged.chance).mean())) < CHANCE
