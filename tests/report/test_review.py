"""The headings of a review claim no more than its tables support."""

from __future__ import annotations

import re

import polars as pl
import pytest

from channelscope.report.facts import Facts
from channelscope.report.grids.review_variance import column_of
from channelscope.report.headings import by_review
from channelscope.report.render import render_review
from channelscope.report.review_facts import TOTALS
from channelscope.results import Results
from tests.report import review_frames
from tests.report.conftest import BUILT
from tests.report.review_pages import changed, heading

_ALL = (pl.col("store_id") == "all") & (pl.col("metric") == "sales")
_SAME = (pl.col("store_id") == "like_for_like") & (pl.col("metric") == "sales")


def test_the_title_is_the_change_of_all_stores_on_the_leading_base(
    review: Results, review_page: str
) -> None:
    row = review.tables["variance"].filter(_ALL, base="aligned").row(0, named=True)
    said = by_review.title(Facts(review))
    assert said.key == "review.title.up.same_unclear"
    assert said.params["rate_all"] == pytest.approx(row["relative"])
    assert heading(review_page, "h1")[0] == (
        "Sales of all stores rose by 9.53% [7.33%, 11.7%] on the matching days of the year before; "
        "of the same stores no clear difference is left: −1.06% [−3.46%, 1.34%]"
    )


@pytest.mark.parametrize(
    ("every", "same", "form"),
    [
        ((0.1, "unclear"), (0.1, "unclear"), "unclear.same_unclear"),
        ((-0.1, "differs"), (-0.1, "differs"), "down.same_down"),
        ((-0.1, "same"), (0.1, "differs"), "unclear.same_up"),
        ((0.1, "not_identifiable"), (-0.1, "differs"), "unclear.same_down"),
    ],
)
def test_a_title_claims_no_more_than_the_outcome(
    review: Results, every: tuple[float, str], same: tuple[float, str], form: str
) -> None:
    facts = changed(review, "variance", where=_ALL, relative=every[0], outcome=every[1])
    facts = changed(facts.results, "variance", where=_SAME, relative=same[0], outcome=same[1])
    said = by_review.title(facts)
    assert said.key == f"review.title.{form}"
    if form == "down.same_down":
        lo, size, hi = (said.params[f"rate_all{end}"] for end in ("_lo", "", "_hi"))
        assert size == pytest.approx(0.1) and lo <= hi


def test_same_stores_are_named_only_where_they_are_others_than_all(review: Results) -> None:
    stores = review.tables["variance"].filter(_ALL)["stores"][0]
    facts = changed(review, "variance", where=_SAME, stores=stores)
    assert by_review.title(facts).key == "review.title.up"


def test_without_a_base_the_title_is_the_amount(review: Results) -> None:
    facts = changed(review, "variance", where=_ALL, relative=None)
    assert by_review.title(facts).key == "review.title.alone"
    none = Facts(review_frames.reviewed(review_frames.tables()))
    assert by_review.title(none).key == "review.title.unknown"


def test_stores_in_a_heading_are_those_that_surely_moved(review: Results) -> None:
    said = by_review.variance_table(Facts(review))
    rows = review.tables["variance"].filter(metric="sales", base="aligned", outcome="differs")
    stores = [row for row in rows.to_dicts() if row["store_id"] not in TOTALS]
    assert said is not None
    assert set(said.params["stores_down"]) == {r["store_id"] for r in stores if r["change"] < 0}
    assert set(said.params["stores_up"]) == {r["store_id"] for r in stores if r["change"] > 0}
    quiet = changed(review, "variance", where=pl.lit(value=True), outcome="unclear")
    told = by_review.variance_table(quiet)
    assert told is not None and told.key == "heading.variance_table.none"
    bridged = by_review.store_bridges(quiet)
    assert bridged is not None and bridged.key == "heading.store_bridges.none"
    slope = by_review.sales_slope(quiet)
    assert slope is not None and slope.key == "heading.sales_slope.none"


def test_kept_and_missed_are_counted_of_what_fell_due(review: Results, review_page: str) -> None:
    said = by_review.decision_log(Facts(review))
    counts = review.tables["decisions"]["outcome"].value_counts()
    at = dict(counts.iter_rows())
    assert said is not None and said.key == "heading.decision_log.unknown"
    assert said.params["count_kept"] == at["kept"] == 2
    assert said.params["n"] == at["kept"] + at["missed"] == 4
    assert "2 of 4" in review_page and "Missed (2)" in review_page and "Kept (2)" in review_page


@pytest.mark.parametrize(
    ("lo", "hi", "way"),
    [(0.5, 0.9, "as_many"), (0.8, 0.9, "as_many"), (0.5, 0.79, "fewer"), (0.81, 1.0, "more")],
)
def test_predictions_are_judged_by_their_interval(
    review: Results, lo: float, hi: float, way: str
) -> None:
    said = by_review.hit_rates(
        changed(review, "hit_rates", where=pl.col("made_in") == "all", lo=lo, hi=hi)
    )
    assert said is not None and said.key == f"heading.hit_rates.{way}"


def test_bars_of_stores_that_opened_are_facts_and_the_largest_other_is_sure(
    review: Results,
) -> None:
    said = by_review.total_bridge(Facts(review))
    assert said is not None and said.key == "heading.total_bridge.bar.events"
    assert [factor for factor, _ in said.params["events"]] == ["opened:S1", "closed:M2"]
    assert said.params["factor"] == "visitor_days"
    unsure = by_review.total_bridge(
        changed(review, "period_bridge", where=pl.lit(value=True), lo=-1e9, hi=1e9)
    )
    assert unsure is not None and unsure.key == "heading.total_bridge.unsure.events"


@pytest.mark.parametrize(
    ("factor", "column"),
    [("mechanism:coupon_shop", "promotions"), ("opened:S1", "events"),
     ("closed:products", "events"), ("visitor_days", "visitor_days")],
)  # fmt: skip
def test_bars_share_columns(factor: str, column: str) -> None:
    assert column_of(factor) == column


def test_pairs_are_named_only_where_one_surely_moved(review: Results) -> None:
    said = by_review.drift(Facts(review))
    assert said is not None and said.key == "heading.drift.apart.several"
    assert (said.params["store_a"], said.params["store_b"], said.params["n"]) == ("F1", "D1", 1)
    quiet = changed(review, "drift", where=pl.col("outcome") == "differs", outcome="unclear")
    text = render_review(quiet.results, languages=("en",), generated_at=BUILT)
    assert 'id="en-F6.3"' not in text
    assert "No two stores clearly became more alike or more different." in text


def test_a_watched_event_is_its_projection(watched_review: str) -> None:
    title = heading(watched_review, "h1")[0]
    assert title.startswith("Double 11 is projected at ¥29.0m [¥27.6m, ¥30.9m]: no clear")
    assert "after 14 of 22 days" in title
    sections = re.findall(r'id="en-section-(\w+)"', watched_review)
    assert sections == ["projection", "variance", "exceptions"]
    assert "so far ¥1.61m" in watched_review, "a store without a year before says what it has"


@pytest.mark.parametrize(
    ("low", "high", "way"), [(1.0, 2.0, "down"), (90.0, 95.0, "up"), (1.0, 95.0, "unclear")]
)
def test_more_than_a_year_before_is_said_only_where_the_range_says_it(
    low: float, high: float, way: str
) -> None:
    found = review_frames.reviewed(review_frames.watched())
    said = by_review.event(changed(
        found, "projection", where=pl.col("store_id") == "all", low=low, high=high, aligned=50.0,
    ))  # fmt: skip
    assert said is not None and said.key == f"review.event.{way}"


def test_stores_of_an_event_are_counted_where_their_range_says_it() -> None:
    found = review_frames.reviewed(review_frames.watched())
    rows = [row for row in found.tables["projection"].to_dicts()
            if row["store_id"] != "all" and row["aligned"] is not None]  # fmt: skip
    said = by_review.projection(Facts(found))
    assert said is not None and said.params["n"] == len(rows) == 7
    assert said.params["count_up"] == sum(row["low"] > row["aligned"] for row in rows) > 0
    assert said.params["count_down"] == sum(row["high"] < row["aligned"] for row in rows) > 0
