"""What a figure has no room for, said in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from channelscope.report.charts.promotion_calendar import LANES
from channelscope.report.compose.speaker import Speaker
from channelscope.report.grids.thresholds import SHOWN
from channelscope.results import FigureData

_MOST_NAMED = 4


def remainders(speaker: Speaker, data: FigureData) -> list[str]:
    """The sentence that says what is not drawn; none where all is."""
    say = _SAY.get(data.figure.name)
    return say(speaker, data) if say else []


def _lanes(speaker: Speaker, data: FigureData) -> list[str]:
    """Activities beyond the lanes of a store."""
    rows = speaker.facts.rows(data.figure.name)
    left = Counter(row["store_id"] for row in rows if row["lane"] > LANES)
    if not left:
        return []
    words, plain = speaker.words, speaker.words.numbers.plain
    named = [words.text("calendar.left.item", store=words.store(store), n=plain(count))
             for store, count in left.most_common(_MOST_NAMED)]  # fmt: skip
    if len(left) > _MOST_NAMED:
        named.append(words.text("list.more", n=plain(len(left) - _MOST_NAMED)))
    return [words.text(
        "calendar.left", n=plain(left.total()), m=plain(len(rows)),
        stores=words.numbers.names(named), query=data.figure.query,
    )]  # fmt: skip


def _terms(speaker: Speaker, data: FigureData) -> list[str]:
    """Thresholds with fewer orders than those shown."""
    if data.rows <= SHOWN:
        return []
    plain = speaker.words.numbers.plain
    return [speaker.words.text("thresholds.left", n=plain(SHOWN), m=plain(data.rows))]


_SAY: Mapping[str, Callable[[Speaker, FigureData], list[str]]] = {
    "promotion_calendar": _lanes,
    "thresholds": _terms,
}
