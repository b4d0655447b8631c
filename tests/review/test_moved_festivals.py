"""Festivals moved between the years: the same dates are wrong then, the aligned days right."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from channelscope import quarters
from channelscope import review as reviewing
from channelscope.history import History
from channelscope.preparation import Request, prepare
from channelscope.review import sums
from channelscope.review.variance import Change, change
from channelscope.reviewing import history_of

TRUTH = tomllib.loads(
    (Path(__file__).parents[2] / "sample_data" / "TRUTH.toml").read_text("utf-8")
)["year_on_year"]
WINDOWS = {
    "2026-01": "2026-01-01..2026-01-31", "2026-05": "2026-05-01..2026-05-31",
    "2026Q2": "2026Q2", "2026Q3": "2026Q3",
}  # fmt: skip
Changes = dict[tuple[str, str], Change]


@pytest.fixture(scope="module")
def known(sample_workspace: Path) -> History:
    return history_of(Request(sample_workspace))


@pytest.fixture(scope="module")
def changes(sample_workspace: Path, known: History) -> Changes:
    return dict(_changes(sample_workspace, known))


def _changes(workspace: Path, known: History) -> Iterator[tuple[tuple[str, str], Change]]:
    """Paid sales of all stores against the year before, by window and base."""
    for name, text in WINDOWS.items():
        asked = reviewing.asked(
            quarters.named(text, fiscal_year_starts="01-01"), against=None,
            events=known.config.events, sales=known.sales, data_end=known.data.last,
        )  # fmt: skip
        span = asked.period
        request = Request(workspace, first=span.first, last=span.last, bases=asked.bases)
        with closing(prepare(request)) as prepared:
            found = sums.read(prepared.answers, prepared.scope, prepared.frames["stores"])
            stores = [store.store_id for store in prepared.scope.every_store]
            for base in asked.bases:
                yield (name, base.name), change(found, stores, "sales", base)


@pytest.mark.parametrize("window", ["2026-01", "2026-05", "2026Q2"])
def test_where_a_festival_moved_the_aligned_change_holds_the_planted_one(
    changes: Changes, window: str
) -> None:
    _, lo, hi = changes[window, "aligned"].relative
    assert lo is not None and hi is not None
    assert lo <= TRUTH[window]["aligned"] <= hi


@pytest.mark.parametrize("window", WINDOWS)
def test_the_aligned_change_is_nearer_to_the_planted_one_where_a_festival_moved(
    changes: Changes, window: str
) -> None:
    naive = changes[window, "year_before"].relative[0]
    aligned = changes[window, "aligned"].relative[0]
    truth = TRUTH[window]["aligned"]
    assert naive is not None and aligned is not None
    if abs(TRUTH[window]["calendar"] - 1) > 0.02:
        assert abs(aligned - truth) < 0.5 * abs(naive - truth)
    else:
        assert abs(aligned - naive) < 0.03


def test_the_same_dates_tell_the_calendar_as_growth(changes: Changes) -> None:
    """May 2026 holds 16 days of a festival, May 2025 five: 12 points of growth that is none."""
    truth = TRUTH["2026-05"]
    assert truth["calendar"] > 1.1
    naive, aligned = (changes["2026-05", base].relative[0] for base in ("year_before", "aligned"))
    assert naive == pytest.approx(truth["naive"], abs=0.03)
    assert naive is not None and aligned is not None
    assert naive - truth["aligned"] > 0.1
    # Weeks are held against weeks of their own kind, so the interval is narrower by far.
    widths = [
        changes["2026-05", base].relative[2] - changes["2026-05", base].relative[1]
        for base in ("year_before", "aligned")
    ]
    assert widths[1] < 0.6 * widths[0]
