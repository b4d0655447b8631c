"""What every two stores are to one another: every word by an outcome, nothing hover-only."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from channelscope.report import headings
from channelscope.report.compose.appendix import appendix
from channelscope.report.compose.pairs import pairs
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import PairMatrix, Pairs
from channelscope.report.facts import Facts
from channelscope.report.looks import look_of
from channelscope.report.render import render
from channelscope.report.wording import Wording
from channelscope.results import Results
from channelscope.verdict_rules import CLAIMS, NUMBERS, RULES
from tests.report.conftest import BUILT
from tests.report.pair_frames import frame_of, many, with_frame

Voice = Callable[[str], Wording]
MARKS = {"differs": "≠", "same": "=", "unclear": "?", "not_identifiable": "–"}


def _composed(results: Results, words: Wording) -> Pairs:
    found = pairs(Speaker(Facts(results), words), {}, 0)
    assert found is not None
    return found


def _matrix(results: Results, words: Wording) -> PairMatrix:
    found = _composed(results, words).matrix
    assert found is not None
    return found


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_cell_names_the_verdict_of_its_pair(
    results: Results, wording: Voice, code: str
) -> None:
    words = wording(code)
    matrix = _matrix(results, words)
    ids = list(results.scope.store_ids)
    assert [head.text for head in matrix.heads] == ids
    verdicts = {
        frozenset((row["store_a"], row["store_b"])): row["verdict"]
        for row in results.tables["verdicts"].to_dicts()
    }
    for one, row in zip(ids, matrix.rows, strict=True):
        for other, cell in zip(ids, row.cells, strict=True):
            if one == other:
                assert (cell.text, cell.lines, cell.css) == ("", (), "none")
                continue
            verdict = verdicts[frozenset((one, other))]
            assert cell.text == words.text(f"verdict.{verdict}.short")
            assert cell.css == f"v-{verdict}"


def test_every_dimension_has_the_sign_of_its_outcome(results: Results, wording: Voice) -> None:
    ids = list(results.scope.store_ids)
    matrix = _matrix(results, wording("en"))
    told = results.tables["pairs"].filter(store_a="D1", store_b="F1").to_dicts()
    lines = matrix.rows[ids.index("F1")].cells[ids.index("D1")].lines
    assert [line.text.split()[1] for line in lines] == [MARKS[row["outcome"]] for row in told]
    assert [line.text for line in lines][1] == f"Price {MARKS[told[1]['outcome']]} 0.04"
    assert [line.css for line in lines] == ["sure" * (row["outcome"] == "differs") for row in told]


def test_few_cases_are_no_sure_difference(results: Results, wording: Voice) -> None:
    frame = frame_of(results, "pair_verdicts").with_columns(n=pl.lit(29, pl.Int64))
    matrix = _matrix(with_frame(results, "pair_verdicts", frame), wording("en"))
    sure = [line.text for row in matrix.rows for c in row.cells for line in c.lines if line.css]
    # The cases of a price are products: they are no few.
    assert sure and all(text.startswith("Price") for text in sure)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_what_a_tooltip_says_stands_in_the_table(
    results: Results, wording: Voice, code: str
) -> None:
    matrix = _matrix(results, wording(code))
    whys = [row[3].text for row in matrix.table.rows]
    tips = {cell.tip for row in matrix.rows for cell in row.cells if cell.tip}
    assert len(tips) == 72 and len(whys) == 36
    assert all(any(tip.endswith(why) for why in whys) for tip in tips)
    evidence = {"en": "Evidence: Price and Sales on the same products.",
                "zh": "依据：价格和同款商品占销售。"}[code]  # fmt: skip
    missing = {"en": "Cannot be told: Sales.", "zh": "无法判断：销售。"}[code]
    assert any(evidence in why for why in whys) and any(missing in why for why in whys)


def test_the_table_begins_with_claims_and_gives_intervals_or_reasons(
    results: Results, wording: Voice
) -> None:
    rows = _matrix(results, wording("en")).table.rows
    verdicts = [row[2].text for row in rows]
    first_open = next(at for at, text in enumerate(verdicts) if text == "Not clear yet")
    assert set(verdicts[first_open:]) == {"Not clear yet", "Cannot be told"}
    told = [cell.text for row in rows for cell in row[4:]]
    assert all(
        re.fullmatch(r"[≠=?]\xa00\.\d\d\xa0\[0\.\d\d,\xa00\.\d\d\], n\xa0=\xa0\d+", text)
        or text == "cannot be told: The data of this store do not answer this."
        for text in told
    )


def test_of_forty_stores_twelve_are_shown_and_the_reader_is_told(
    results: Results, wording: Voice
) -> None:
    forty = many(results, 40)
    looks = {store.store_id: look_of(store) for store in forty.scope.stores}
    words = replace(wording("en"), looks=looks)
    found = _composed(forty, words)
    assert found.matrix is not None
    assert [head.text for head in found.matrix.heads] == [f"Z{at}" for at in range(28, 40)]
    assert "Shown: the 12 of 40 with most pairs" in found.matrix.note
    assert len(found.matrix.table.rows) == 60 and "First 60 rows" in found.matrix.table.note
    html = render(forty, languages=("en", "zh"), generated_at=BUILT)
    assert html.count("Shown: the 12 of 40 with most pairs") == 2, "by the matrix and the heatmap"
    assert html.count("The data table begins with") == 1
    assert html.count('class="v-twins"') == 2 * 12 * 11
    assert "共 40 家，只列出有明确结论最多的 12 家" in html


def test_nine_stores_are_all_shown_without_a_word(results: Results, wording: Voice) -> None:
    assert _matrix(results, wording("en")).note == ""


def test_without_any_pair_there_is_no_section(results: Results, wording: Voice) -> None:
    none = replace(results, figures=tuple(d for d in results.figures if d.figure.figure_id > "F1"))
    assert pairs(Speaker(Facts(none), wording("en")), {}, 0) is None
    html = render(none, languages=("en",), generated_at=BUILT)
    assert 'id="en-pairs"' not in html


def test_the_heading_counts_the_verdict_that_calls_for_a_decision_first(results: Results) -> None:
    frame = frame_of(results, "pair_verdicts")
    facts = Facts(results)
    counts = results.tables["verdicts"]["verdict"].value_counts()
    for verdict in CLAIMS:
        message = headings.of_figure("pair_verdicts", facts)
        assert message and message.key == f"heading.pair_verdicts.{verdict}"
        assert message.params["n"] == counts.filter(verdict=verdict)["count"].item()
        assert message.params["m"] == 36
        gone = pl.when(pl.col("verdict") == verdict).then(pl.lit("unclear"))
        frame = frame.with_columns(gone.otherwise("verdict").alias("verdict"))
        facts = Facts(with_frame(results, "pair_verdicts", frame))
    message = headings.of_figure("pair_verdicts", facts)
    assert message and message.key == "heading.pair_verdicts.unclear"


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_appendix_prints_the_rules_in_their_order(
    results: Results, wording: Voice, code: str
) -> None:
    words = wording(code)
    printed = appendix(Speaker(Facts(results), words)).verdicts.rows
    assert [row[1].text for row in printed] == [words.text(f"verdict.{r.verdict}") for r in RULES]
    assert [row[2].text for row in printed] == [words.message(r.when, NUMBERS) for r in RULES]
    assert [row[0].text for row in printed] == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_appendix_explains_outcomes_in_the_order_they_are_decided(
    results: Results, wording: Voice, code: str
) -> None:
    terms = appendix(Speaker(Facts(results), wording(code))).terms.rows
    decided = ("not_identifiable", "same", "differs", "unclear")
    assert [row[0].text for row in terms][:4] == [
        wording(code).text(f"outcome.{outcome}") for outcome in decided
    ]
    said = " ".join(row[1].text for row in terms)
    assert all(word in said for word in ("Holm", "Benjamini–Hochberg", "80%", "30"))
