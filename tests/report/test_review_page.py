"""The page of a review: sections without a change, sums, words, escapes, bytes."""

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
from channelscope.report.language import Language
from channelscope.report.render import render_review
from channelscope.report.texts import Texts, catalogue
from channelscope.report.wording import Wording
from channelscope.results import Results
from channelscope.review_figures import REVIEW_FIGURES
from channelscope.review_tables import REVIEW_TABLES
from tests.report import review_frames
from tests.report.conftest import BUILT
from tests.report.review_pages import BOTH, changed, heading, section

SECTIONS = ("decisions", "variance", "bridges", "pace", "exceptions", "next")
Say = Callable[[str], Wording]


def test_sums_are_told_to_the_cent(review: Results, review_page: str) -> None:
    frame = next(data.frame for data in review.figures if data.figure.name == "total_bridge")
    effects = sum(frame["effect"].to_list(), Decimal(0))
    first = frame.row(0, named=True)
    assert effects == first["to_sales"] - first["from_sales"]
    shown = unescape(section(review_page, "bridges"))
    assert f"¥{effects:,.2f} = ¥{first['to_sales']:,.2f} − ¥{first['from_sales']:,.2f}" in shown
    assert "Every row adds up to its change of sales, to the cent." in shown


def test_a_sum_that_is_off_is_said(review: Results) -> None:
    moved = pl.col("factor") == "refunds"
    facts = changed(review, "period_bridge", where=moved, effect=Decimal("1.00"))
    text = render_review(facts.results, languages=("en",), generated_at=BUILT)
    assert "do not rest on them" in text and "adds up to its change" not in text


def test_totals_name_their_stores_and_stores_say_what_they_lack(review_page: str) -> None:
    shown = section(review_page, "variance")
    assert "All stores: F1, F2, S1, M1, M2, D1, D2 and D3." in shown
    assert "Same stores: F1, F2, M1, D1 and D2." in shown
    for said in ("no data in the period", "data only to 18 Sep", "opened since", "closed"):
        assert f"<small>{said}</small>" in shown, said
    assert "Nothing could be noticed at X1" in section(review_page, "exceptions")


def test_only_what_is_shown_to_differ_is_coloured(review: Results) -> None:
    quiet = changed(review, "variance", where=pl.lit(value=True), outcome="unclear")
    text = render_review(quiet.results, languages=("en",), generated_at=BUILT)
    assert 'class="good"' not in section(text, "variance")
    assert 'class="bad"' not in section(text, "variance")


@pytest.mark.parametrize("name", ["decisions", "bridges", "exceptions", "next"])
@pytest.mark.parametrize("code", BOTH)
def test_a_section_without_rows_is_one_line(sparse_review: str, name: str, code: str) -> None:
    shown = section(sparse_review, name, code)
    assert 'class="one-line"' in shown
    assert "<figure" not in shown and "<table" not in shown and "<p" not in shown
    assert len(re.sub(r"<[^>]+>|\s+", " ", shown).strip()) < 140


def test_what_cannot_be_told_is_not_called_unchanged(sparse_review: str) -> None:
    assert "whether stores drifted cannot be told" in section(sparse_review, "exceptions")
    assert "No earlier review: nothing to hold against." in section(sparse_review, "decisions")


def test_a_sparse_review_claims_no_change(sparse_review: str) -> None:
    assert "show no clear difference on the period before" in heading(sparse_review, "h1")[0]
    assert "没有店铺的销售额较上期有明显差异" in heading(sparse_review, "h2", "zh")


def test_texts_of_people_are_shown_and_never_run(review_page: str) -> None:
    assert "<script>alert" not in review_page and "<b>&#34;" not in review_page
    assert "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in review_page


@pytest.mark.parametrize("name", ["review_page", "sparse_review", "watched_review"])
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


def test_the_order_is_that_of_the_reader(review_page: str) -> None:
    for code in BOTH:
        assert tuple(re.findall(rf'id="{code}-section-(\w+)"', review_page)) == SECTIONS


@pytest.mark.parametrize("name", ["review_page", "sparse_review", "watched_review"])
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


def test_changes_are_written_with_their_sign_in_their_unit(review: Results, wording: Say) -> None:
    table = figure_table(Speaker(Facts(review), wording("en")), "variance_table")
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


def test_the_same_tables_give_the_same_bytes(review: Results, review_page: str) -> None:
    assert render_review(review, languages=BOTH, generated_at=BUILT) == review_page


def test_a_review_of_nothing_is_a_page(review: Results) -> None:
    none = review_frames.reviewed(review_frames.tables())
    text = render_review(replace(none, warnings=()), languages=BOTH, generated_at=BUILT)
    assert text.count('class="one-line"') == 2 * len(SECTIONS)


def test_made_up_tables_have_the_declared_columns(review: Results) -> None:
    assert {name: frame.schema for name, frame in review.tables.items()} == dict(REVIEW_TABLES)
