"""Every figure names a query, and running that query gives the figure's numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from channelscope import outputs, pipeline, sqlfile
from channelscope.preparation import Request
from channelscope.results import Results
from tests.cli.conftest import Run


@pytest.fixture(scope="module")
def results(small_workspace: Path) -> Results:
    return pipeline.compare(Request(small_workspace))


def test_the_sample_shows_every_figure(results: Results) -> None:
    found = {data.figure.figure_id for data in results.figures}
    wanted = {"F0.1", "F0.2", "F0.3", "F0.4", "F0.5", "F1.1", "F1.2", "F2.1", "F2.2", "F2.3",
              "F2.4", "F2.5", "F2.6", "F2.7", "F2.8", "F2.9", "F3.1", "F3.2", "F3.3", "F3.4",
              "F3.5", "F3.6", "F3.7", "F3.8", "F4.1", "F4.2", "F4.3", "F4.4", "F4.5", "F4.6",
              "F5.1", "F6.1", "F6.2", "F6.3", "F6.4", "F6.5", "F6.6", "F6.7",
              "F6.8"}  # fmt: skip
    assert found == wanted
    assert results.switched_off == {}


def test_provenance_names_a_query_for_every_figure(results: Results) -> None:
    rows = results.tables["provenance"].iter_rows(named=True)
    named = {row["figure_id"]: (row["query_id"], row["sql"], row["rows"]) for row in rows}
    for data in results.figures:
        query = sqlfile.find(data.figure.query)
        assert named[data.figure.figure_id] == (query.name, query.sql, data.frame.height)


def test_each_query_gives_its_figures_numbers(results: Results, small_workspace: Path) -> None:
    for data in results.figures:
        query = sqlfile.find(data.figure.query)
        again = pipeline.answer(query, Request(small_workspace), params={})
        assert_frame_equal(outputs.rounded(again), outputs.rounded(data.frame))


def test_the_command_prints_a_figures_numbers(
    results: Results, small_workspace: Path, run: Run
) -> None:
    data = next(data for data in results.figures if data.figure.name == "price_forest")
    found = run("query", data.figure.query, small_workspace)
    rows = list(csv.DictReader(io.StringIO(found.stdout)))
    values = [float(row["value"]) for row in rows if row["value"]]
    expected = [value for value in outputs.rounded(data.frame)["value"] if value is not None]
    assert values == pytest.approx(expected, rel=1e-11)
