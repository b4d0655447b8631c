"""One section per dimension, made by one loop: figures, measures, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from channelscope.report import headings
from channelscope.report.charts.gallery import CHARTS
from channelscope.report.compose import legends, tables
from channelscope.report.compose.cautions import cautions
from channelscope.report.compose.overview import CARDS, MATRIX
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import FigurePart, Section
from channelscope.report.drawings import NARROW, NOTHING, WIDE, Drawn
from channelscope.results import FigureData

Drawings = Mapping[tuple[str, int], Drawn]
_ORDER = ("product", "price", "promotion", "sales", "service", "consumers")


def sections(speaker: Speaker, drawings: Drawings, at: int) -> tuple[Section, ...]:
    """Every dimension with a metric, a figure, or a reason to be missing."""
    return tuple(
        _section(speaker, drawings, at, name, number)
        for number, name in enumerate(_names(speaker), start=1)
    )


def dimension_of(data: FigureData) -> str:
    """The dimension of a figure: the folder of its query."""
    return data.figure.query.partition("/")[0]


def _names(speaker: Speaker) -> list[str]:
    results = speaker.facts.results
    metrics = speaker.facts.table("metrics")
    found = dict.fromkeys(metrics["dimension"].to_list() if metrics.height else [])
    shown = [d for d in results.figures if d.figure.name not in (MATRIX, CARDS)]
    found |= dict.fromkeys(dimension_of(data) for data in shown)
    found |= dict.fromkeys(name for name in results.switched_off if _is_dimension(speaker, name))
    known = [name for name in _ORDER if name in found]
    return [*known, *(name for name in found if name not in known)]


def _is_dimension(speaker: Speaker, name: str) -> bool:
    return f"dimension.{name}" in speaker.words.texts


def _section(speaker: Speaker, drawings: Drawings, at: int, name: str, number: int) -> Section:
    words, results = speaker.words, speaker.facts.results
    shown = [d for d in results.figures if dimension_of(d) == name]
    off = results.switched_off.get(name, "")
    return Section(
        name=name,
        anchor=speaker.anchor(f"section-{name}"),
        number=f"{number} {words.named('dimension', name)}",
        title=_title(speaker, name, off),
        off=words.text("section.off", reason=words.text(off)) if off else "",
        cautions=() if off else cautions(speaker, name),
        figures=tuple(_figure(speaker, drawings, at, data) for data in shown),
        missing=_missing(speaker, name),
        measures=tables.measures(speaker, name),
    )


def _title(speaker: Speaker, name: str, off: str) -> str:
    message = None if off else headings.of_section(name, speaker.facts)
    if message is not None:
        return speaker.heading(message)
    dimension = speaker.words.named("dimension", name)
    if off:
        return dimension
    return speaker.words.text("section.unknown_title", dimension=dimension)


def _missing(speaker: Speaker, dimension: str) -> tuple[str, ...]:
    """The figures of this dimension that are switched off, with the reason."""
    words = speaker.words
    found = []
    for name, reason in speaker.facts.results.switched_off.items():
        if OWNER.get(name) == dimension:
            title = words.message(f"figure.{name}.title", {"reference": speaker.facts.reference_id})
            found.append(words.text("section.off_figure", figure=title, reason=words.text(reason)))
    return tuple(found)


OWNER: Mapping[str, str] = {
    "sku_intersections": "product", "category_mix": "product", "price_forest": "price",
    "price_ladder": "price", "mechanism_mix": "promotion", "promotion_calendar": "promotion",
    "sales_decomposition": "sales", "weekly_sales": "sales", "cart_rate_by_source": "sales",
    "refund_cohorts": "sales", "service_levels": "service",
    "buyer_overlap": "consumers",
}  # fmt: skip
"""Where a figure belongs that is not there: a figure that is there says it by its query."""


def _figure(speaker: Speaker, drawings: Drawings, at: int, data: FigureData) -> FigurePart:
    words, figure = speaker.words, data.figure
    title = figure_title(speaker, data)
    kinds = speaker.kind_marks() if figure.chart in legends.WITH_KINDS else ()
    return FigurePart(
        anchor=speaker.anchor(figure.figure_id),
        number=figure.figure_id,
        title=title,
        subtitle=_say(speaker, data, "subtitle"),
        marks=kinds,
        swatches=legends.swatches(speaker, data),
        wide=_spoken(speaker, drawings, figure.name, at, width=WIDE, label=title),
        narrow=_spoken(speaker, drawings, figure.name, at, width=NARROW, label=title),
        note=_note(speaker, drawings, data),
        source=speaker.query_link(figure.name),
        table=tables.figure_table(speaker, figure.name),
        table_label=words.text("figure.table_label", figure=figure.figure_id),
    )


def figure_title(speaker: Speaker, data: FigureData) -> str:
    """The message of a figure, or its topic when its rows say nothing."""
    message = headings.of_figure(data.figure.name, speaker.facts)
    if message is not None:
        return speaker.heading(message)
    return _say(speaker, data, "title")


def _say(speaker: Speaker, data: FigureData, part: str) -> str:
    key = f"figure.{data.figure.name}.{part}"
    if key not in speaker.words.texts:
        return speaker.words.text(f"figure.other.{part}", name=data.figure.name)
    params = {"reference": speaker.reference, "grain": _grain(speaker, data)}
    return speaker.words.text(key, **params)


def _note(speaker: Speaker, drawings: Drawings, data: FigureData) -> str:
    """What to know beside the chart, or why there is none."""
    name, words = data.figure.name, speaker.words
    if data.figure.chart in CHARTS and (name, WIDE) not in drawings:
        return words.text("figure.nothing_known")
    note = f"figure.{name}.note"
    return words.text(note) if note in words.texts else ""


def _grain(speaker: Speaker, data: FigureData) -> str:
    if "time_grain" not in data.frame.columns or not data.frame.height:
        return ""
    return speaker.words.named("grain", str(data.frame["time_grain"].drop_nulls().first() or ""))


def _spoken(
    speaker: Speaker, drawings: Drawings, name: str, at: int, *, width: int, label: str
) -> Markup:
    drawn = drawings.get((name, width))
    if drawn is None:
        return NOTHING
    css = "w" if width == WIDE else "n"
    return drawn.spoken(at, css_class=css, label=label, language=speaker.words.language.value)
