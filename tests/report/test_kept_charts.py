"""Charts kept between runs: drawn once a spec, and the same with and without."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from channelscope.cache import Cache
from channelscope.cli.page import page
from channelscope.preparation import Request
from channelscope.report import svg
from channelscope.report.kept_charts import drawing
from channelscope.report.render import render
from channelscope.results import Results
from tests.report.conftest import BUILT


def _spec(value: int) -> svg.Spec:
    return {"data": {"values": [{"x": value}]}, "mark": "bar", "encoding": {"x": {"field": "x"}}}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[svg.Spec]:
    """The specs that were drawn and not found."""
    specs: list[svg.Spec] = []
    draw = svg.draw

    def counted(spec: svg.Spec) -> str:
        specs.append(spec)
        return draw(spec)

    monkeypatch.setattr(svg, "draw", counted)
    return specs


def test_a_spec_is_drawn_once(tmp_path: Path, drawn: list[svg.Spec]) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        first = drawing(cache)(_spec(1))
    with closing(Cache.at(tmp_path)) as cache:
        draw = drawing(cache)
        assert [draw(_spec(1)), draw(_spec(2)) == first] == [first, False]
    assert drawn == [_spec(1), _spec(2)]


def test_another_renderer_draws_anew(
    tmp_path: Path, drawn: list[svg.Spec], monkeypatch: pytest.MonkeyPatch
) -> None:
    for renderer in ("one", "other"):
        monkeypatch.setattr(svg, "renderer", lambda told=renderer: told)
        with closing(Cache.at(tmp_path)) as cache:
            drawing(cache)(_spec(1))
    assert len(drawn) == 2


def test_a_page_is_the_same_drawn_kept_and_without(
    tmp_path: Path, results: Results, both: str, drawn: list[svg.Spec]
) -> None:
    counts = []
    for opened in (Cache.at, Cache.at, _off):
        drawn.clear()
        with closing(opened(tmp_path)) as cache:
            draw = drawing(cache)
            told = render(results, languages=("en", "zh"), generated_at=BUILT, draw=draw)
        assert told == both
        counts.append(len(drawn))
    assert counts[0] == counts[2] > counts[1] == 0


def test_charts_are_counted_as_they_are_drawn(
    tmp_path: Path, results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int, int]] = []

    def hear(stage: str, /, *, done: int = 0, of: int = 0) -> None:
        told.append((stage, done, of))

    empty = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'
    monkeypatch.setattr(svg, "draw", lambda _spec: empty)
    page(results, Request(tmp_path), "page", lang="both", progress=hear)
    charts = len({data.figure.name for data in results.figures if data.figure.chart})
    assert told == [("render", done, told[-1][2]) for done in range(told[-1][2] + 1)]
    assert charts <= told[-1][2] <= 2 * charts


def _off(_workspace: Path) -> Cache:
    return Cache.off()
