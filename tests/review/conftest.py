"""The sample reviewed quarter after quarter, once for all tests that read it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from channelscope import review_file, reviewing
from channelscope.preparation import Request
from channelscope.results import Results
from channelscope.review_file import ReviewFile

QUARTERS = ("2026Q1", "2026Q2", "2026Q3")
Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Reviews:
    """The workspace with its reviews, and the results of each quarter."""

    workspace: Path
    results: Mapping[str, Results]

    def tables(self, quarter: str) -> Frames:
        """The tables of one quarter."""
        return self.results[quarter].tables


def remember(workspace: Path, kept: ReviewFile | None) -> None:
    """Write what a review has to say to the next."""
    assert kept is not None
    review_file.write(kept, workspace, name="Lanxi Home")


@pytest.fixture(scope="session")
def reviews(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Reviews:
    """Three reviews in a row; each reads those before it."""
    workspace = tmp_path_factory.mktemp("reviews") / "workspace"
    shutil.copytree(sample_workspace, workspace)
    results = {}
    for quarter in QUARTERS:
        results[quarter], found = reviewing.review(Request(workspace), period=quarter)
        remember(workspace, found.memory)
    return Reviews(workspace, results)
