"""Data tables speak the reader's language: no names of columns, no codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import polars as pl
import pytest

from channelscope import dimensions, sqlfile
from channelscope.domain import Figure
from channelscope.report.compose.speaker import Speaker
from channelscope.report.compose.tables import figure_table, shown_columns
from channelscope.report.context import Table
from channelscope.report.facts import Facts
from channelscope.report.language import Language
from channelscope.report.texts import Texts, catalogue
from channelscope.report.wording import Wording
from channelscope.results import FigureData, Results
from tests.findings.saying import voices

HAN = re.compile("[\u4e00-\u9fff]")
CODE = re.compile(r"^[a-z][a-z0-9]*(?:[_:.][a-z0-9]+)+$")
NO_WORDS = re.compile(r"^[^A-Za-z]*$|^(?:n|SKU)$")
GIVEN = ("sku", "title", "label", "promo_id", "ship_region")
"""Columns of what users call their own things."""
FIGURES = [figure for module in dimensions.modules() for figure in module.FIGURES]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
@pytest.mark.parametrize("language", list(Language))
def test_every_column_of_a_figure_has_a_name(figure: Figure, language: Language) -> None:
    names = [output.name for output in sqlfile.find(figure.query).outputs]
    texts = Texts(catalogue(language))
    shown = shown_columns(figure.name, names)
    assert [name for name in shown if f"column.{name}" not in texts] == []


def _tables(results: Results, code: str) -> Iterator[tuple[str, Table]]:
    facts = Facts(results)
    words = next(words for words in voices(results) if words.language == code)
    for name, data in facts.figures.items():
        if not data.figure.query.startswith("overview/") or data.figure.chart:
            yield name, figure_table(Speaker(facts, words), name)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_no_cell_of_the_sample_is_a_code(sample_results: Results, code: str) -> None:
    seen = 0
    for name, table in _tables(sample_results, code):
        cells = [*table.heads, *(cell for row in table.rows for cell in row)]
        raw = {cell.text for cell in cells if CODE.match(cell.text)}
        assert raw == set(), name
        seen += len(cells)
    assert seen > 1000


def test_every_word_of_the_chinese_tables_is_chinese(sample_results: Results) -> None:
    stores = set(sample_results.scope.store_ids)
    for name, table in _tables(sample_results, "zh"):
        given = {Texts(catalogue(Language.ZH)).text(f"column.{column}") for column in GIVEN}
        for at, head in enumerate(table.heads):
            words = [head, *(row[at] for row in table.rows)] if head.text not in given else [head]
            wrong = {
                cell.text for cell in words if not cell.is_number
                and not HAN.search(cell.text) and not NO_WORDS.match(cell.text)
                and not set(cell.text.split(" + ")) <= stores
            }  # fmt: skip
            assert wrong == set(), (name, head.text)


def test_rows_of_a_table_are_told_apart(
    results: Results, wording: Callable[[str], Wording]
) -> None:
    """All goods, and packs by their content, are no category called `all`."""
    frame = pl.DataFrame({
        "category": ["all", "all", None, "Pans"], "unit": ["piece", "g", "piece", "piece"],
        "scope": ["pdd", "our own", None, "pdd"], "intersection": ["other", "F1+D1", "F1", None],
        "from_period": ["2024-10-01..2025-09-30"] * 4,
    })  # fmt: skip
    data = FigureData(Figure("F9.1", "mixed", "price/mixed", None), frame, "select 1", {})
    facts = Facts(replace(results, figures=(data,)))
    table = figure_table(Speaker(facts, wording("en")), "mixed")
    columns = list(zip(*([cell.text for cell in row] for row in table.rows), strict=True))
    assert columns == [
        ("All goods", "Packs, per gram", "Category not known", "Pans"),
        ("Pinduoduo", "our own", "–", "Pinduoduo"),
        ("Other combinations", "F1 + D1", "F1", "–"),
        ("1 October 2024 – 30 September 2025",) * 4,
    ]
