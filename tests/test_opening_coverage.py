"""Drawn openings: intervals hold what was taken, and nothing taken is not claimed."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.opening_diversion import counted
from benchmarks.simulated_openings import YEAR, draw
from channelscope.trading import LONG, SHORT

OPENINGS = 40


@pytest.mark.parametrize("weeks", [SHORT, LONG])
def test_what_was_taken_lies_in_the_interval(weeks: int) -> None:
    count = counted((draw(seed, lines=180_000) for seed in range(OPENINGS)), range(weeks))
    assert np.mean(count.first_holds) >= 0.9
    assert np.mean(count.holds) >= 0.92
    assert np.mean(count.claims) >= 0.5
    assert count.off <= 0.06 * count.tried


def test_nothing_taken_is_not_claimed() -> None:
    drawn = (draw(seed, lines=180_000, zero=True) for seed in range(OPENINGS))
    count = counted(drawn, range(LONG))
    assert np.mean(count.claims) <= 0.08
    assert np.mean(count.holds) >= 0.92


def test_the_drawn_truth_is_what_is_missing() -> None:
    """With so many lines that chance is small: what the first store lacks, of what is gained."""
    with_loss, without = (draw(3, lines=300_000_000, zero=zero) for zero in (False, True))
    missing = (without.panel.paid - with_loss.panel.paid)[0][..., YEAR:].sum()
    assert missing / with_loss.panel.gained.sum() == pytest.approx(with_loss.shares[0], abs=0.01)
    assert with_loss.shares[0] > 0.05
    assert without.shares.sum() == 0
