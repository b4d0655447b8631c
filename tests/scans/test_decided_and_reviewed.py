"""`decide` and `review` find the same with results of runs before, and without."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from channelscope import candidate_file, pipeline, reviewing
from channelscope.preparation import Prepared, Request, prepare
from channelscope.progress import Progress, silence
from channelscope.results import Results

STORES = ("F1", "F2", "S1", "D1")
"""Few pairs: what is compared with one another is not what a cache holds."""


@pytest.fixture(scope="module")
def workspace(small_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that may keep results; what a test of this file leaves there, the others find."""
    return Path(shutil.copytree(small_workspace, tmp_path_factory.mktemp("kept") / "workspace"))


def _frames(found: Results) -> Mapping[str, pl.DataFrame]:
    return {**found.tables, **{data.figure.name: data.frame for data in found.figures}}


def _assert_equal(found: Results, wanted: Results) -> None:
    one, other = _frames(found), _frames(wanted)
    assert one.keys() == other.keys()
    assert sum(frame.height for frame in one.values()) > 0
    assert [name for name in one if not one[name].equals(other[name])] == []
    assert [name for name in one if one[name].schema != other[name].schema] == []


def _made_before(
    find: Callable[[Request], Results], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> Results:
    """What is found without a cache; all that is scanned for it is kept afterwards."""
    scanned: list[Request] = []

    def noted(request: Request, *, progress: Progress = silence) -> Prepared:
        scanned.append(request)
        return prepare(request, progress=progress)

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "prepare", noted)
        patched.setattr(reviewing, "prepare", noted)
        found = find(Request(workspace, stores=STORES, no_cache=True))
    for request in scanned:
        prepare(replace(request, no_cache=False)).close()
    return found


@pytest.mark.slow
def test_candidates_are_decided_alike(
    workspace: Path, tmp_path: Path, made: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, text = tmp_path / "plan.toml", candidate_file.template()
    goods = 'category_shares = { "Cookware" = 0.8, "Knives" = 0.2 }'
    assert goods in text
    plan.write_text(text.replace(goods, 'category_shares = { "Cookware 锅具" = 1.0 }'), "utf-8")
    told: list[tuple[int, int]] = []

    def hear(stage: str, /, *, done: int = 0, of: int = 0) -> None:
        if stage == "compare":
            told.append((done, of))

    def decided(request: Request) -> Results:
        return pipeline.decide(request, [candidate_file.read(plan)], progress=hear)

    wanted = _made_before(decided, workspace, monkeypatch)
    assert told == [(done, 6) for done in range(7)]
    made.clear()
    _assert_equal(decided(Request(workspace, stores=STORES)), wanted)
    assert made.total() == 0


@pytest.mark.slow
def test_periods_are_reviewed_alike(
    workspace: Path, made: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def reviewed(request: Request) -> Results:
        return reviewing.review(request, period="2026Q3")[0]

    wanted = _made_before(reviewed, workspace, monkeypatch)
    assert made["store_days"]
    made.clear()
    _assert_equal(reviewed(Request(workspace, stores=STORES)), wanted)
    assert set(made) <= {"sold_days"}  # of the history, which the scans of a comparison leave out
