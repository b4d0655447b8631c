"""One section per dimension, made by one loop: figures, measures, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from channelscope.report import headings
from channelscope.report.compose import figures, measures
from channelscope.report.compose.cautions import cautions
from channelscope.report.compose.figures import Drawings
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Section
from channelscope.results import FigureData

OVERVIEW = "overview"
"""The folder of the figures that stand before the sections."""
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
    folders = (dimension_of(data) for data in results.figures)
    found |= dict.fromkeys(folder for folder in folders if folder != OVERVIEW)
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
        figures=tuple(figures.figure(speaker, drawings, at, data) for data in shown),
        missing=_missing(speaker, name),
        measures=measures.measures(speaker, name),
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
    "price_ladder": "price", "category_levels": "price", "price_links": "price",
    "price_order": "price", "pocket_waterfall": "price",
    "price_leads": "price", "price_tiers": "price", "out_of_region": "price",
    "mechanism_mix": "promotion", "promotion_calendar": "promotion",
    "thresholds": "promotion", "funding_split": "promotion", "reconcile": "promotion",
    "lift": "promotion",
    "clashes": "promotion", "basket_prices": "promotion",
    "sales_decomposition": "sales", "weekly_sales": "sales", "cart_rate_by_source": "sales",
    "refund_cohorts": "sales", "year_bridge": "sales", "piece_price_gaps": "sales",
    "service_levels": "service",
    "buyer_overlap": "consumers", "buyer_intersections": "consumers",
    "quarterly_buyers": "consumers",
    "source_of_volume": "consumers", "opening_path": "consumers",
    "segment_shares": "consumers", "diversion": "consumers", "buyer_switches": "consumers",
}  # fmt: skip
"""Where a figure belongs that is not there: a figure that is there says it by its query."""
