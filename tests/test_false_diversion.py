"""Buyers who pick stores at random: nothing is diverted, and nothing is said to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.false_diversion import CLAIMS, judged, quiet
from benchmarks.simulated_switches import ALIKE, RANDOM, write
from channelscope import pipeline
from channelscope.preparation import Request

DRAWS, ENOUGH = 100, 88
OF_DIVERSION = {"needs_divided", "buyer_exchange", "opening_took"}


@pytest.mark.slow
def test_stores_picked_at_random_divert_nothing() -> None:
    found = quiet(ALIKE, range(DRAWS))
    assert set(found) == set(CLAIMS)
    assert min(found.values()) >= ENOUGH, found


def test_quiet_is_an_answer_and_no_silence() -> None:
    for name, frame in judged(ALIKE, 0).items():
        assert set(frame["outcome"]) & {"same", "unclear"}, name


@pytest.mark.parametrize("seed", range(3))
def test_no_finding_speaks_of_diversion(tmp_path: Path, seed: int) -> None:
    results = pipeline.compare(Request(write(ALIKE, tmp_path, seed=seed)))
    assert not OF_DIVERSION & set(results.tables["findings"]["template"])


def test_stores_that_lean_to_goods_of_their_own_are_found_to_divide_needs(tmp_path: Path) -> None:
    results = pipeline.compare(Request(write(RANDOM, tmp_path, seed=0)))
    assert "needs_divided" in set(results.tables["findings"]["template"])
