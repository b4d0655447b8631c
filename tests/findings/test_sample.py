"""The findings of the sample: read back, said in both languages, the same whatever the order."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import polars as pl
import pytest

from channelscope import findings, outputs, pipeline, preparation
from channelscope.results import Results
from tests.differentiation import invariants
from tests.findings.ledger import Ledger
from tests.findings.readers import read_back
from tests.findings.saying import can_be_said


def test_every_finding_of_the_sample_is_borne_out(sample_results: Results) -> None:
    found = sample_results.tables["findings"]
    assert found.height >= 12
    read_back(Ledger.of(sample_results), found)
    can_be_said(sample_results)
    invariants.hold(sample_results)


def test_conversions_of_different_platforms_are_weakly_supported(sample_results: Results) -> None:
    found = sample_results.tables["findings"].filter(
        pl.col("template").str.starts_with("conversion")
    )
    platform = {store.store_id: store.platform for store in sample_results.scope.stores}
    reference = platform[sample_results.scope.reference_id]
    for row in found.iter_rows(named=True):
        if platform[row["stores"]] != reference:
            assert row["grade"] == "C"


@pytest.mark.parametrize(
    ("n", "coverage", "expected"),
    [
        (100, 0.8, "A"),
        (99, 0.8, "B"),
        (100, 0.79, "B"),
        (30, 0.5, "B"),
        (29, 1.0, "C"),
        (500, 0.49, "C"),
        (None, None, "C"),
        (100, None, "A"),
    ],
)
def test_grades_follow_cases_and_coverage(
    n: int | None, coverage: float | None, expected: str
) -> None:
    assert findings.grade({"n": n, "coverage": coverage}) == expected


def test_threads_leave_no_trace(sample_workspace: Path, sample_results: Results) -> None:
    def text(results: Results) -> str:
        tables = {name: outputs.rounded(frame) for name, frame in results.tables.items()}
        # The time of writing is no result.
        meta = dataclasses.replace(results.meta, generated_at="")
        return outputs.as_json(dataclasses.replace(results, meta=meta), tables)

    texts = [
        text(pipeline.compare(preparation.Request(sample_workspace, threads=threads)))
        for threads in (1, 2)
    ]
    assert texts[0] == texts[1] == text(sample_results)


def test_order_of_rows_changes_nothing(sample_results: Results) -> None:
    first = findings.find(sample_results.tables, sample_results.scope)
    assert first.equals(sample_results.tables["findings"])
    metrics = sample_results.tables["metrics"]
    order = list(range(metrics.height))
    random.Random(7).shuffle(order)
    shuffled = {**sample_results.tables, "metrics": metrics[order]}
    assert findings.find(shuffled, sample_results.scope).equals(first)
