"""Nothing planted, nothing found; and what is planted is found: 100 draws of buyers each.

Through the real scan, the real nulls and the real judging; some through a whole comparison.
`benchmarks/false_exchange.py` prints the same for more kinds of buyers.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from benchmarks.false_exchange import Count, count
from benchmarks.simulated_switches import EXCHANGING, LOYAL, RANDOM, Market, judged, scope_of, write
from channelscope import pipeline
from channelscope.preparation import Request
from tests.findings.ledger import Ledger
from tests.findings.readers import read_back

SEEDS = range(100)
ENOUGH = 88
"""Of 100 draws."""


@pytest.fixture(scope="module")
def loyal() -> Count:
    return count(LOYAL, SEEDS)


def test_buyers_who_pick_at_random_by_share_exchange_nothing() -> None:
    found = count(RANDOM, SEEDS)
    assert found.quiet >= ENOUGH
    # Nor are they loyal: four stores a draw, one in twenty of the draws at most by the rule.
    assert found.loyal <= 12


def test_loyal_buyers_exchange_nothing(loyal: Count) -> None:
    assert loyal.quiet >= ENOUGH
    assert loyal.loyal == 4 * len(SEEDS)


def test_a_threefold_exchange_under_loyalty_is_found() -> None:
    assert count(replace(EXCHANGING, buyers=2000), SEEDS).found >= ENOUGH


def test_so_is_one_of_three_stores_only() -> None:
    three = replace(EXCHANGING, stores=("F1", "D1", "S1"), pull=(0.5, 0.3, 0.2), loyalty=(0.7,) * 3)
    assert count(three, range(20)).found >= 18


def test_the_planted_pair_has_most_orders_beyond_chance() -> None:
    """It is the one that is told: it draws on the shares of all, so that others may show too."""
    for _, pairs in judged(replace(EXCHANGING, buyers=6000), range(5)):
        told = pairs.filter(pl.col("outcome") == "differs", pl.col("lift") > 1)
        most = told.sort(pl.col("orders") - pl.col("expected"), descending=True)
        assert most.select("store_a", "store_b").row(0) == ("D1", "F1")


def asked(folder: Path, market: Market) -> Request:
    period = scope_of(market).period
    return Request(folder, first=period.first, last=period.last)


@pytest.mark.parametrize(
    ("market", "told"), [(RANDOM, False), (LOYAL, False), (replace(EXCHANGING, buyers=2500), True)]
)
def test_the_whole_way_says_so_too(market: Market, told: bool, tmp_path: Path) -> None:
    folder = write(market, tmp_path, seed=11)
    results = pipeline.compare(asked(folder, market))
    found = results.tables["findings"].filter(template="buyer_exchange")
    assert found["stores"].to_list() == (["D1+F1"] if told else [])
    read_back(Ledger.of(results), results.tables["findings"])
    _, pairs = next(judged(market, [11]))
    again = results.tables["exchange"].select(pairs.columns)
    same = ["store_a", "store_b", "orders", "switches", "outcome"]
    assert again.select(same).sort(same).rows() == pairs.select(same).sort(same).rows()


def test_the_days_are_a_setting(tmp_path: Path) -> None:
    folder = write(replace(LOYAL, buyers=200), tmp_path, seed=11)
    usual = pipeline.compare(asked(folder, LOYAL)).tables["switching"]["switches"].sum()
    with (folder / "channelscope.toml").open("a", encoding="utf-8") as file:
        file.write("\n[buyers]\nswitching_days = 10\n")
    fewer = pipeline.compare(asked(folder, LOYAL)).tables["switching"]["switches"].sum()
    assert 0 < fewer < usual / 2
