"""All charts of a report, each drawn once per width for all its languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from channelscope.report import svg
from channelscope.report.charts.canvas import Canvas
from channelscope.report.charts.gallery import CHARTS
from channelscope.report.phrases import Phrases
from channelscope.report.wording import Wording
from channelscope.results import FigureData, Results

WIDTHS = WIDE, NARROW = 900, 330
NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure at one width, waiting for a language."""

    drawing: svg.Drawing
    phrases: Phrases

    def spoken(self, at: int, *, css_class: str, label: str, language: str) -> Markup:
        """The finished element in the language at that place."""
        inner = self.phrases.spoken(self.drawing.inner, at)
        return svg.tag(self.drawing, inner, css_class=css_class, label=label, language=language)


Draw = Callable[[svg.Spec], str]


def draw_all(
    results: Results, wordings: tuple[Wording, ...], draw: Draw
) -> Mapping[tuple[str, int], Drawn]:
    """Figure name and width to drawing, for every figure that asks for a chart and has rows.

    `draw`: gives the raw SVG of a spec.
    """
    return {
        (data.figure.name, width): _draw(data, width, results, wordings, draw)
        for data in _drawable(results)
        for width in WIDTHS
    }


def number(results: Results) -> int:
    """How often `draw_all` draws."""
    return len(WIDTHS) * sum(1 for _ in _drawable(results))


def _drawable(results: Results) -> Iterator[FigureData]:
    for data in results.figures:
        if data.figure.chart in CHARTS and data.frame.height and not _is_blank(data):
            yield data


_DRAWN = {
    "cart_rate_by_source": "cart_rate", "service_dots": "value", "service_levels": "value",
    "dots": "value", "price_ladder": "ratio", "refund_cohorts": "refund_share",
    "similarity": "similarity",
    "overlap_forest": "lift", "quarterly_buyers": "new_to_brand",
    "pocket_waterfall": "share_of_list", "source_of_volume": "share",
}  # fmt: skip
"""The column that a chart draws: without a single known value it would be empty axes."""


def _is_blank(data: FigureData) -> bool:
    column = _DRAWN.get(str(data.figure.chart))
    return column in data.frame.columns and data.frame[column].null_count() == data.frame.height


def _draw(
    data: FigureData, width: int, results: Results, wordings: tuple[Wording, ...], draw: Draw
) -> Drawn:
    phrases = Phrases(wordings)
    canvas = Canvas(
        width=width,
        narrow=width == NARROW,
        looks=wordings[0].looks,
        reference_id=results.scope.reference_id,
        phrases=phrases,
    )
    spec = CHARTS[str(data.figure.chart)](data.frame, canvas)
    prefix = f"svg-{data.figure.figure_id.replace('.', '-')}-{'n' if canvas.narrow else 'w'}"
    return Drawn(svg.clean(draw(spec), size=spec["usermeta"]["size"], prefix=prefix), phrases)
