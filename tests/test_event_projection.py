"""Projections of events in progress hold what they say, and the benchmark would notice if not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.event_projection import HEADLINE, WORLDS, Judged, event, judge

EVENTS = 400
LEAST, MOST = 0.74, 0.86


@pytest.fixture(scope="module")
def half() -> Judged:
    """Events of the headline's world, of which half is over."""
    return judge(WORLDS[HEADLINE], events=EVENTS, gone=(0.5,), seed=1111)[0]


def test_ranges_hold_what_came_as_often_as_they_say(half: Judged) -> None:
    assert LEAST <= half.coverage <= MOST


def test_ranges_of_half_and_of_twice_the_width_are_noticed(half: Judged) -> None:
    away = (half.high - half.low) / 2
    assert replace(half, low=half.low + away / 2, high=half.high - away / 2).coverage < LEAST
    assert replace(half, low=half.low - away, high=half.high + away).coverage > MOST


def test_projections_are_as_often_too_high_as_too_low(half: Judged) -> None:
    assert abs((half.total > half.actual).mean() - 0.5) < 0.08


def test_worlds_differ_in_what_they_say() -> None:
    random = np.random.default_rng(5)
    this, last = event(WORLDS["5 days longer this year"], random)
    assert np.isnan(last).sum() == 5 and not np.isnan(this).any()
    alike, unlike = (
        judge(WORLDS[name], events=60, gone=(0.5,))[0]
        for name in ("years much alike", "years very unlike")
    )
    assert alike.width < unlike.width / 2
    assert alike.error < unlike.error / 2
