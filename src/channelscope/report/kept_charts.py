"""Charts kept between runs: a spec is drawn once, for drawing is most of what a report costs."""

from __future__ import annotations

import json

import polars as pl

from channelscope.cache import Cache, key
from channelscope.report import svg
from channelscope.report.drawings import Draw


def drawing(cache: Cache) -> Draw:
    """Draws what `cache` does not hold; the same SVG comes out with and without."""
    renderer = svg.renderer()

    def draw(spec: svg.Spec) -> str:
        name = key(renderer, json.dumps(spec, ensure_ascii=False))
        return str(cache.frame("chart", name, lambda: pl.DataFrame({"svg": svg.draw(spec)})).item())

    return draw
