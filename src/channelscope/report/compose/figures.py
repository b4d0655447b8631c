"""A figure in its fixed order: message, what it shows, legend, chart, note, source, table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
from markupsafe import Markup

from channelscope.domain import Rung
from channelscope.registry import METRIC_OF_RUNG
from channelscope.report import headings
from channelscope.report.charts.canvas import Row
from channelscope.report.charts.gallery import CHARTS
from channelscope.report.compose import legends, review_notes, tables
from channelscope.report.compose.bridges import bridge_notes
from channelscope.report.compose.remainders import remainders
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import FigurePart, Grid
from channelscope.report.drawings import NARROW, NOTHING, WIDE, Drawn
from channelscope.report.grids import out_of_region
from channelscope.report.grids.gallery import GRIDS
from channelscope.results import FigureData
from channelscope.spans import against

Drawings = Mapping[tuple[str, int], Drawn]


def figure(speaker: Speaker, drawings: Drawings, at: int, data: FigureData) -> FigurePart:
    """A figure with all that stands around it."""
    words, shown = speaker.words, data.figure
    title = figure_title(speaker, data)
    kinds = speaker.kind_marks() if shown.chart in legends.WITH_KINDS else ()
    return FigurePart(
        anchor=speaker.anchor(shown.figure_id),
        number=shown.figure_id,
        title=title,
        subtitle=_say(speaker, data, "subtitle"),
        marks=kinds,
        swatches=legends.swatches(speaker, data),
        wide=_spoken(speaker, drawings, shown.name, at, width=WIDE, label=title),
        narrow=_spoken(speaker, drawings, shown.name, at, width=NARROW, label=title),
        grid=grid(speaker, data),
        note=_note(speaker, drawings, data),
        source=speaker.query_link(shown.name),
        table=tables.figure_table(speaker, shown.name),
        table_label=words.text("figure.table_label", figure=shown.figure_id),
    )


def grid(speaker: Speaker, data: FigureData) -> Grid | None:
    """The shaded table of a figure that is one."""
    name = data.figure.name
    if data.figure.chart != "grid":
        return None
    return GRIDS[name](speaker, speaker.facts.rows(name))


def figure_title(speaker: Speaker, data: FigureData) -> str:
    """The message of a figure, or its topic when its rows say nothing."""
    message = headings.of_figure(data.figure.name, speaker.facts)
    if message is not None:
        return speaker.heading(message)
    return _say(speaker, data, "title")


def _say(speaker: Speaker, data: FigureData, part: str) -> str:
    key = f"figure.{data.figure.name}.{part}"
    key += ".against" if _before(data) else ""
    if key not in speaker.words.texts:
        return speaker.words.text(f"figure.other.{part}", name=data.figure.name)
    params = {
        "reference": speaker.reference, "grain": _grain(speaker, data),
        "stress": _stress(speaker, data), "before": speaker.words.before(_before(data)),
        **review_notes.parameters(speaker, data),
    }  # fmt: skip
    return speaker.words.text(key, **params)


def _note(speaker: Speaker, drawings: Drawings, data: FigureData) -> str:
    """What to know beside the chart, or why there is none."""
    name, words = data.figure.name, speaker.words
    if data.figure.chart in CHARTS and (name, WIDE) not in drawings:
        return words.text("figure.nothing_known")
    note = f"figure.{name}.note"
    said = [words.text(note, least=_least(speaker, data))] if note in words.texts else []
    if name in _SAID_BESIDE:
        said += _SAID_BESIDE[name](speaker, speaker.facts.rows(name))
    said += [*bridge_notes(speaker, data), *left_out(speaker, data), *remainders(speaker, data)]
    said += review_notes.notes(speaker, data)
    return words.sentences(said)


_SAID_BESIDE: Mapping[str, Callable[[Speaker, list[Row]], list[str]]] = {
    "out_of_region": out_of_region.left_out,
}
"""What a note says of the rows it stands under."""
_ENDS = ("store_id", "store_a", "store_b", "leader_id", "follower_id", "from_store",
         "to_store")  # fmt: skip


def left_out(speaker: Speaker, data: FigureData) -> list[str]:
    """That a matrix has no room for all stores, and which it shows."""
    if "is_shown" not in data.frame.columns:
        return []
    names = [name for name in _ENDS if name in data.frame.columns]
    ends = pl.concat([data.frame.select(pl.col(end).alias("store_id"), "is_shown")
                      for end in names])  # fmt: skip
    every, shown = ends["store_id"].n_unique(), ends.filter("is_shown")["store_id"].n_unique()
    if every == shown:
        return []
    numbers = speaker.words.numbers
    return [speaker.words.text("pairs.left", n=numbers.plain(shown), m=numbers.plain(every))]


def _before(data: FigureData) -> str:
    """What a bridge over time begins at where that is not the year before."""
    if "from_period" not in data.frame.columns or not data.frame.height:
        return ""
    first = data.frame.row(0, named=True)
    return against(first["from_period"], first["to_period"])


def _grain(speaker: Speaker, data: FigureData) -> str:
    if "time_grain" not in data.frame.columns or not data.frame.height:
        return ""
    return speaker.words.named("grain", str(data.frame["time_grain"].drop_nulls().first() or ""))


def _least(speaker: Speaker, data: FigureData) -> str:
    """The smallest difference that matters on the rung of the figure, in points of the index."""
    if "rung" not in data.frame.columns or not data.frame.height:
        return ""
    rung = str(data.frame["rung"].drop_nulls().first() or "")
    metric = METRIC_OF_RUNG.get(Rung(rung)) if rung else None
    return speaker.words.numbers.plain(speaker.facts.smallest(metric), 1) if metric else ""


def _stress(speaker: Speaker, data: FigureData) -> str:
    if "stress" not in data.frame.columns or not data.frame.height:
        return ""
    return speaker.words.numbers.plain(data.frame["stress"][0], 2)


def _spoken(
    speaker: Speaker, drawings: Drawings, name: str, at: int, *, width: int, label: str
) -> Markup:
    drawn = drawings.get((name, width))
    if drawn is None:
        return NOTHING
    css = "w" if width == WIDE else "n"
    return drawn.spoken(at, css_class=css, label=label, language=speaker.words.language.value)
