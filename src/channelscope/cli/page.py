"""The report of a command, in the languages asked for."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from channelscope.preparation import Request
    from channelscope.progress import Progress
    from channelscope.results import Results


def page(
    results: Results, request: Request, kind: Literal["page", "decision", "review"], *, lang: str,
    progress: Progress,
) -> str:  # fmt: skip
    """The page in `lang`, or in both; charts of a run before are not drawn again."""
    from channelscope.preparation import build_time, kept  # noqa: PLC0415  heavy
    from channelscope.progress import Count  # noqa: PLC0415
    from channelscope.report import drawings, render, svg  # noqa: PLC0415
    from channelscope.report.kept_charts import drawing  # noqa: PLC0415

    kinds = {
        "page": render.render,
        "decision": render.render_decision,
        "review": render.render_review,
    }
    languages = ("en", "zh") if lang == "both" else (lang,)
    count = Count(progress, "render", of=drawings.number(results))
    with closing(kept(request, without="charts are not kept")) as cache:
        kept_or_drawn = drawing(cache)

        def draw(spec: svg.Spec) -> str:
            drawn = kept_or_drawn(spec)
            count.add()
            return drawn

        return kinds[kind](results, languages=languages, generated_at=build_time(), draw=draw)
