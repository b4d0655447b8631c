"""Reports rendered once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from channelscope import pipeline
from channelscope.preparation import Request
from channelscope.report.charts.canvas import Canvas
from channelscope.report.drawings import NARROW
from channelscope.report.language import Language
from channelscope.report.looks import look_of
from channelscope.report.numbers import Numbers
from channelscope.report.phrases import Phrases
from channelscope.report.render import render, render_decision, render_review
from channelscope.report.texts import Texts, catalogue
from channelscope.report.wording import Wording
from channelscope.results import Results
from tests.decision.candidates import KITCHEN, candidate, goods
from tests.report import frames as sample
from tests.report import review_frames

BUILT = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def frames() -> ModuleType:
    """The module that builds results to render."""
    return sample


@pytest.fixture(scope="session")
def results(frames: ModuleType) -> Results:
    """A full set of results: nine stores, every figure."""
    return frames.results()


@pytest.fixture(scope="session")
def both(results: Results) -> str:
    """The report in both languages."""
    return render(results, languages=("en", "zh"), generated_at=BUILT)


@pytest.fixture(scope="session")
def english(results: Results) -> str:
    """The report in English alone."""
    return render(results, languages=("en",), generated_at=BUILT)


@pytest.fixture(scope="session")
def bare(frames: ModuleType) -> str:
    """The report of a workspace of snapshots alone."""
    return render(frames.bare(), languages=("en", "zh"), generated_at=BUILT)


@pytest.fixture(scope="session")
def wording(frames: ModuleType) -> Callable[[str], Wording]:
    """A language's voice over the nine stores."""
    looks = {store.store_id: look_of(store) for store in frames.STORES}

    def speak(code: str) -> Wording:
        language = Language(code)
        return Wording(language, Texts(catalogue(language)), Numbers(language, "CNY"), looks)

    return speak


@pytest.fixture
def canvas(frames: ModuleType, wording: Callable[[str], Wording]) -> Callable[[int], Canvas]:
    """A canvas of that width in English."""
    looks = {store.store_id: look_of(store) for store in frames.STORES}

    def make(width: int) -> Canvas:
        return Canvas(width, width == NARROW, looks, "F1", Phrases((wording("en"),)))

    return make


LEFT = {"store_id": "P1", "name": "Left <script>alert(1)</script>"}
OPENED = {
    **goods(category_shares={KITCHEN: 1.0}, exclusive_share=0.9), "store_id": "P2",
    "name": "Opened", "platform": "douyin", "kind": "live", "free": {"price_levels": [92.0, 99.0]},
}  # fmt: skip


@pytest.fixture(scope="session")
def decided(sample_workspace: Path) -> Results:
    """Two candidates on the sample: one to leave, one to open."""
    return pipeline.decide(Request(sample_workspace), [candidate(LEFT), candidate(OPENED)])


@pytest.fixture(scope="session")
def decision(decided: Results) -> str:
    """The report of the two in both languages."""
    return render_decision(decided, languages=("en", "zh"), generated_at=BUILT)


@pytest.fixture(scope="session")
def review() -> Results:
    """A review of nine stores with every table."""
    return review_frames.reviewed(review_frames.rich())


@pytest.fixture(scope="session")
def review_page(review: Results) -> str:
    """Its page in both languages."""
    return render_review(review, languages=("en", "zh"), generated_at=BUILT)


@pytest.fixture(scope="session")
def sparse_review() -> str:
    """The page of a review that knows sales alone, and nothing sure."""
    found = review_frames.reviewed(review_frames.sparse())
    return render_review(found, languages=("en", "zh"), generated_at=BUILT)


@pytest.fixture(scope="session")
def watched_review() -> str:
    """The page of an event in progress."""
    found = review_frames.reviewed(review_frames.watched(), review_frames.WATCHED)
    return render_review(found, languages=("en", "zh"), generated_at=BUILT)
