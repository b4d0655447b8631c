"""What tests of the review ask of its pages, and its tables with some values otherwise."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import polars as pl

from channelscope.report.facts import Facts
from channelscope.results import Results
from tests.report import review_frames

BOTH = ("en", "zh")


def changed(results: Results, name: str, *, where: pl.Expr, **values: Any) -> Facts:
    """The facts with some values of one table otherwise, and the figures made anew."""
    frame = results.tables[name]
    changes = [
        pl.when(where).then(pl.lit(value, dtype=frame.schema[column])).otherwise(pl.col(column))
        .alias(column) for column, value in values.items()
    ]  # fmt: skip
    return Facts(review_frames.reviewed({**results.tables, name: frame.with_columns(changes)}))


def heading(page: str, level: str, code: str = "en") -> list[str]:
    body = page[page.index(f'data-lang="{code}"') :]
    found = re.findall(rf"<{level}[^>]*>(.*?)</{level}>", body)
    return [unescape(text).replace("\u00a0", " ") for text in found]


def section(page: str, name: str, code: str = "en") -> str:
    found = re.search(rf'<section[^>]*id="{code}-section-{name}".*?</section>', page, re.S)
    assert found is not None, name
    return found[0]
