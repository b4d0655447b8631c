"""The review: what it says agrees with its tables, in both languages, and is safe."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any

import polars as pl
import pytest

from channelscope import sqlfile
from channelscope.report.compose.speaker import Speaker
from channelscope.report.compose.tables import figure_table, shown_columns
from channelscope.report.facts import Facts
from channelscope.report.grids.review_variance import column_of
from channelscope.report.headings import by_review
from channelscope.report.language import Language
from channelscope.report.render import render_review
from channelscope.report.review_facts import TOTALS
from channelscope.report.texts import Texts, catalogue
from channelscope.report.wording import Wording
from channelscope.results import Results
from channelscope.review_figures import REVIEW_FIGURES
from channelscope.review_tables import REVIEW_TABLES
from tests.report import review_frames
from tests.report.conftest import BUILT

BOTH = ("en", "zh")
SECTIONS = ("decisions", "variance", "bridges", "pace", "exceptions", "next")
Say = Callable[[str], Wording]


@pytest.fixture(scope="module")
def rich() -> Results:
    return review_frames.reviewed(review_frames.rich())


@pytest.fixture(scope="module")
def page(rich: Results) -> str:
    return render_review(rich, languages=BOTH, generated_at=BUILT)


@pytest.fixture(scope="module")
def sparse() -> str:
    found = review_frames.reviewed(review_frames.sparse())
    return render_review(found, languages=BOTH, generated_at=BUILT)


@pytest.fixture(scope="module")
def watched() -> str:
    found = review_frames.reviewed(review_frames.watched(), review_frames.WATCHED)
    return render_review(found, languages=BOTH, generated_at=BUILT)


def _changed(results: Results, name: str, *, where: pl.Expr, **values: Any) -> Facts:
    """The facts with some values of one table otherwise, and the figures made anew."""
    frame = results.tables[name]
    changes = [
        pl.when(where).then(pl.lit(value, dtype=frame.schema[column])).otherwise(pl.col(column))
        .alias(column) for column, value in values.items()
    ]  # fmt: skip
    return Facts(review_frames.reviewed({**results.tables, name: frame.with_columns(changes)}))


def _heading(page: str, level: str, code: str = "en") -> list[str]:
    body = page[page.index(f'data-lang="{code}"') :]
    found = re.findall(rf"<{level}[^>]*>(.*?)</{level}>", body)
    return [unescape(text).replace("\u00a0", " ") for text in found]


def _section(page: str, name: str, code: str = "en") -> str:
    found = re.search(rf'<section[^>]*id="{code}-section-{name}".*?</section>', page, re.S)
    assert found is not None, name
    return found[0]


_ALL = (pl.col("store_id") == "all") & (pl.col("metric") == "sales")
_SAME = (pl.col("store_id") == "like_for_like") & (pl.col("metric") == "sales")


def test_the_title_is_the_change_of_all_stores_on_the_leading_base(
    rich: Results, page: str
) -> None:
    row = rich.tables["variance"].filter(_ALL, base="aligned").row(0, named=True)
    said = by_review.title(Facts(rich))
    assert said.key == "review.title.up.same_unclear"
    assert said.params["rate_all"] == pytest.approx(row["relative"])
    assert _heading(page, "h1")[0] == (
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
    rich: Results, every: tuple[float, str], same: tuple[float, str], form: str
) -> None:
    facts = _changed(rich, "variance", where=_ALL, relative=every[0], outcome=every[1])
    facts = _changed(facts.results, "variance", where=_SAME, relative=same[0], outcome=same[1])
    said = by_review.title(facts)
    assert said.key == f"review.title.{form}"
    if form == "down.same_down":
        lo, size, hi = (said.params[f"rate_all{end}"] for end in ("_lo", "", "_hi"))
        assert size == pytest.approx(0.1) and lo <= hi


def test_same_stores_are_named_only_where_they_are_others_than_all(rich: Results) -> None:
    stores = rich.tables["variance"].filter(_ALL)["stores"][0]
    facts = _changed(rich, "variance", where=_SAME, stores=stores)
    assert by_review.title(facts).key == "review.title.up"


def test_without_a_base_the_title_is_the_amount(rich: Results) -> None:
    facts = _changed(rich, "variance", where=_ALL, change=None, relative=None)
    assert by_review.title(facts).key == "review.title.alone"
    none = Facts(review_frames.reviewed(review_frames.tables()))
    assert by_review.title(none).key == "review.title.unknown"


def test_stores_in_a_heading_are_those_that_surely_moved(rich: Results) -> None:
    said = by_review.variance_table(Facts(rich))
    rows = rich.tables["variance"].filter(metric="sales", base="aligned", outcome="differs")
    stores = [row for row in rows.to_dicts() if row["store_id"] not in TOTALS]
    assert said is not None
    assert set(said.params["stores_down"]) == {r["store_id"] for r in stores if r["change"] < 0}
    assert set(said.params["stores_up"]) == {r["store_id"] for r in stores if r["change"] > 0}
    quiet = _changed(rich, "variance", where=pl.lit(value=True), outcome="unclear")
    told = by_review.variance_table(quiet)
    assert told is not None and told.key == "heading.variance_table.none"
    bridged = by_review.store_bridges(quiet)
    assert bridged is not None and bridged.key == "heading.store_bridges.none"
    slope = by_review.sales_slope(quiet)
    assert slope is not None and slope.key == "heading.sales_slope.none"


def test_kept_and_missed_are_counted_of_what_fell_due(rich: Results, page: str) -> None:
    said = by_review.decision_log(Facts(rich))
    counts = rich.tables["decisions"]["outcome"].value_counts()
    at = dict(counts.iter_rows())
    assert said is not None and said.key == "heading.decision_log.unknown"
    assert said.params["count_kept"] == at["kept"] == 2
    assert said.params["n"] == at["kept"] + at["missed"] == 4
    assert "2 of 4" in page and "Missed (2)" in page and "Kept (2)" in page


@pytest.mark.parametrize(
    ("lo", "hi", "way"),
    [(0.5, 0.9, "as_many"), (0.8, 0.9, "as_many"), (0.5, 0.79, "fewer"), (0.81, 1.0, "more")],
)
def test_predictions_are_judged_by_their_interval(
    rich: Results, lo: float, hi: float, way: str
) -> None:
    said = by_review.hit_rates(
        _changed(rich, "hit_rates", where=pl.col("made_in") == "all", lo=lo, hi=hi)
    )
    assert said is not None and said.key == f"heading.hit_rates.{way}"


def test_bars_of_stores_that_opened_are_facts_and_the_largest_other_is_sure(rich: Results) -> None:
    said = by_review.total_bridge(Facts(rich))
    assert said is not None and said.key == "heading.total_bridge.bar.events"
    assert [factor for factor, _ in said.params["events"]] == ["opened:S1", "closed:M2"]
    assert said.params["factor"] == "visitor_days"
    unsure = by_review.total_bridge(
        _changed(rich, "period_bridge", where=pl.lit(value=True), lo=-1e9, hi=1e9)
    )
    assert unsure is not None and unsure.key == "heading.total_bridge.unsure.events"


def test_sums_are_told_to_the_cent(rich: Results, page: str) -> None:
    frame = next(data.frame for data in rich.figures if data.figure.name == "total_bridge")
    effects = sum(frame["effect"].to_list(), Decimal(0))
    first = frame.row(0, named=True)
    assert effects == first["to_sales"] - first["from_sales"]
    shown = unescape(_section(page, "bridges"))
    assert f"¥{effects:,.2f} = ¥{first['to_sales']:,.2f} − ¥{first['from_sales']:,.2f}" in shown
    assert "Every row adds up to its change of sales, to the cent." in shown


def test_a_sum_that_is_off_is_said(rich: Results) -> None:
    moved = pl.col("factor") == "refunds"
    facts = _changed(rich, "period_bridge", where=moved, effect=Decimal("1.00"))
    text = render_review(facts.results, languages=("en",), generated_at=BUILT)
    assert "do not rest on them" in text and "adds up to its change" not in text


@pytest.mark.parametrize(
    ("factor", "column"),
    [("mechanism:coupon_shop", "promotions"), ("opened:S1", "events"),
     ("closed:products", "events"), ("visitor_days", "visitor_days")],
)  # fmt: skip
def test_bars_share_columns(factor: str, column: str) -> None:
    assert column_of(factor) == column


def test_totals_name_their_stores_and_stores_say_what_they_lack(page: str) -> None:
    shown = _section(page, "variance")
    assert "All stores: F1, F2, S1, M1, M2, D1, D2 and D3." in shown
    assert "Same stores: F1, F2, M1, D1 and D2." in shown
    for said in ("no data in the period", "data only to 18 Sep", "opened since", "closed"):
        assert f"<small>{said}</small>" in shown, said
    assert "Nothing could be noticed at X1" in _section(page, "exceptions")


def test_only_what_is_shown_to_differ_is_coloured(rich: Results) -> None:
    quiet = _changed(rich, "variance", where=pl.lit(value=True), outcome="unclear")
    text = render_review(quiet.results, languages=("en",), generated_at=BUILT)
    assert 'class="good"' not in _section(text, "variance")
    assert 'class="bad"' not in _section(text, "variance")


def test_pairs_are_named_only_where_one_surely_moved(rich: Results) -> None:
    said = by_review.drift(Facts(rich))
    assert said is not None and said.key == "heading.drift.apart.several"
    assert (said.params["store_a"], said.params["store_b"], said.params["n"]) == ("F1", "D1", 1)
    quiet = _changed(rich, "drift", where=pl.col("outcome") == "differs", outcome="unclear")
    text = render_review(quiet.results, languages=("en",), generated_at=BUILT)
    assert 'id="en-F6.3"' not in text
    assert "No two stores clearly became more alike or more different." in text


@pytest.mark.parametrize("name", ["decisions", "bridges", "exceptions", "next"])
@pytest.mark.parametrize("code", BOTH)
def test_a_section_without_rows_is_one_line(sparse: str, name: str, code: str) -> None:
    shown = _section(sparse, name, code)
    assert 'class="one-line"' in shown
    assert "<figure" not in shown and "<table" not in shown and "<p" not in shown
    assert len(re.sub(r"<[^>]+>|\s+", " ", shown).strip()) < 140


def test_what_cannot_be_told_is_not_called_unchanged(sparse: str) -> None:
    assert "whether stores drifted cannot be told" in _section(sparse, "exceptions")
    assert "No earlier review: nothing to hold against." in _section(sparse, "decisions")


def test_a_sparse_review_claims_no_change(sparse: str) -> None:
    assert "show no clear difference on the period before" in _heading(sparse, "h1")[0]
    assert "没有店铺的销售额较上期有明显差异" in _heading(sparse, "h2", "zh")


def test_a_watched_event_is_its_projection(watched: str) -> None:
    title = _heading(watched, "h1")[0]
    assert title.startswith("Double 11 will come to ¥29.0m [¥27.6m, ¥30.9m]: no clear difference")
    assert "after 14 of 22 days" in title
    sections = re.findall(r'id="en-section-(\w+)"', watched)
    assert sections == ["projection", "variance", "exceptions"]
    assert "so far ¥1.61m" in watched, "a store without a year before says what it has"


@pytest.mark.parametrize(
    ("low", "high", "way"), [(1.0, 2.0, "down"), (90.0, 95.0, "up"), (1.0, 95.0, "unclear")]
)
def test_more_than_a_year_before_is_said_only_where_the_range_says_it(
    low: float, high: float, way: str
) -> None:
    found = review_frames.reviewed(review_frames.watched())
    said = by_review.projection(_changed(
        found, "projection", where=pl.col("store_id") == "all", low=low, high=high, aligned=50.0,
    ))  # fmt: skip
    assert said is not None and said.key == f"heading.projection.{way}"


def test_texts_of_people_are_shown_and_never_run(page: str) -> None:
    assert "<script>alert" not in page and "<b>&#34;" not in page
    assert "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("name", ["page", "sparse", "watched"])
def test_ids_are_unique_links_lead_somewhere_and_it_is_small(
    name: str, request: pytest.FixtureRequest
) -> None:
    text = request.getfixturevalue(name)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for link in re.findall(r'href="#([^"]+)"', text):
        assert link in ids or link.startswith("k-"), link
    assert len(text.encode()) < 800_000
    assert re.findall(r'(?:src|href)="(?!#)', text) == []


def test_the_order_is_that_of_the_reader(page: str) -> None:
    for code in BOTH:
        assert tuple(re.findall(rf'id="{code}-section-(\w+)"', page)) == SECTIONS


@pytest.mark.parametrize("name", ["page", "sparse", "watched"])
def test_every_code_has_words(name: str, request: pytest.FixtureRequest) -> None:
    text = request.getfixturevalue(name)
    shown = re.sub(r"<pre.*?</pre>|<style.*?</style>|<script.*?</script>", "", text, flags=re.S)
    shown = re.sub(r"review/[a-z_]+", "", re.sub(r"<[^>]+>", " ", shown))
    assert re.findall(r"\b(?:review|reason|base|rule|figure|heading|grid|outcome)\.[a-z_]+",
                      shown) == []  # fmt: skip
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", shown) == []


@pytest.mark.parametrize("figure", REVIEW_FIGURES, ids=lambda figure: figure.name)
@pytest.mark.parametrize("language", list(Language))
def test_every_figure_has_a_title_and_a_name_for_every_column(
    figure: Any, language: Language
) -> None:
    texts = Texts(catalogue(language))
    names = [output.name for output in sqlfile.find(figure.query).outputs]
    shown = shown_columns(figure.name, names)
    assert [name for name in shown if f"column.{name}" not in texts] == []
    assert f"figure.{figure.name}.title" in texts and f"figure.{figure.name}.subtitle" in texts
    assert f"review.none.{figure.name}" in texts or figure.name == "aligned_days"


def test_changes_are_written_with_their_sign_in_their_unit(rich: Results, wording: Say) -> None:
    table = figure_table(Speaker(Facts(rich), wording("en")), "variance_table")
    heads = [head.text for head in table.heads]
    first = dict(zip(heads, (cell.text for cell in table.rows[0]), strict=True))
    assert (first["Store"], first["Against"], first["Change"]) == (
        "All stores", "Period before", "−¥2.28m",
    )  # fmt: skip
    assert first["Change, relative"] == "−14.2%"


def test_every_rule_reason_and_status_has_words() -> None:
    rules = ("sales_drop", "visitors_drop", "conversion_drop", "refunds_high", "sku_drop",
             "weak_conversion")  # fmt: skip
    reasons = (
        "no_earlier_review", "no_data_in_period", "no_data_in_base", "no_plan", "plan_incomplete",
        "event_without_last_year", "no_year_before_period", "store_not_open", "not_measured",
        "few_weeks", "opened_since", "closed_since", "too_few_days", "no_season",
    )  # fmt: skip
    for language in Language:
        texts = Texts(catalogue(language))
        for rule in (*rules, "price_order", "drift", "stop", "scale"):
            assert f"rule.{rule}" in texts and f"review.do.{rule}" in texts
        assert [name for name in reasons if f"reason.{name}" not in texts] == []
        for status in ("traded", "opened", "closed", "no_data", "late", "partial"):
            assert f"review.status_name.{status}" in texts
            assert status == "traded" or f"review.status.{status}" in texts


def test_the_same_tables_give_the_same_bytes(rich: Results, page: str) -> None:
    assert render_review(rich, languages=BOTH, generated_at=BUILT) == page


def test_a_review_of_nothing_is_a_page(rich: Results) -> None:
    none = review_frames.reviewed(review_frames.tables())
    text = render_review(replace(none, warnings=()), languages=BOTH, generated_at=BUILT)
    assert text.count('class="one-line"') == 2 * len(SECTIONS)


def test_made_up_tables_have_the_declared_columns(rich: Results) -> None:
    assert {name: frame.schema for name, frame in rich.tables.items()} == dict(REVIEW_TABLES)
