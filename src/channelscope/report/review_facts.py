"""What a review is asked again and again: the base that matters most, totals, due decisions."""

from __future__ import annotations

from collections.abc import Iterable

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import Row
from channelscope.report.facts import Facts

ALL, LIKE_FOR_LIKE = "all", "like_for_like"
TOTALS = (ALL, LIKE_FOR_LIKE)
SALES, PLAN = "sales", "plan"
BASES = ("previous", "year_before", "aligned", "against", "plan")
WORSE, MENDED = ("broken", "worse"), ("mended", "better")


def is_watch(facts: Facts) -> bool:
    """Whether an event in progress is looked at."""
    return bool(facts.rows("projection"))


def left_out(facts: Facts) -> str:
    """The form of a text about earlier decisions in a copy that does not hold them."""
    return ".left_out" if facts.results.meta.redacted else ""


def sales_rows(facts: Facts) -> list[Row]:
    """Sales of all stores and of each against everything they are held against."""
    return [row for row in facts.rows("variance_table") if row["metric"] == SALES]


def leading(facts: Facts) -> Row | None:
    """Sales of all stores against the base that matters most."""
    return next((r for r in sales_rows(facts) if r["store_id"] == ALL and r["is_leading"]), None)


def total(facts: Facts, base: str, store: str = ALL) -> Row | None:
    """Sales of all stores, or of those that traded throughout, against one base."""
    return next(
        (r for r in sales_rows(facts) if r["store_id"] == store and r["base"] == base), None
    )


def same_stores(facts: Facts, row: Row) -> Row | None:
    """What the stores that traded throughout did, where these are others than all."""
    same = total(facts, row["base"], LIKE_FOR_LIKE)
    if same is None or same["relative"] is None or same["stores"] == row["stores"]:
        return None
    return same


def is_clear(row: Row) -> bool:
    """Whether the change is shown to be one."""
    return bool(row["outcome"] == Outcome.DIFFERS and row["change"] is not None)


def moved(rows: Iterable[Row], *, up: bool) -> list[str]:
    """The stores, totals left out, that surely sold more, or less."""
    return [
        row["store_id"] for row in rows
        if row["store_id"] not in TOTALS and row["outcome"] == Outcome.DIFFERS
        and row["relative"] is not None and (row["relative"] > 0) == up
    ]  # fmt: skip


def with_outcome(rows: Iterable[Row], *outcomes: str) -> list[Row]:
    """Decisions or predictions of these outcomes."""
    return [row for row in rows if row["outcome"] in outcomes]


def status_rows(facts: Facts) -> list[Row]:
    """One row for each store that did not trade throughout: it says so beside its name."""
    found: dict[str, Row] = {}
    for row in sales_rows(facts):
        if row["store_id"] not in TOTALS and row["status"] not in (None, "traded"):
            found.setdefault(row["store_id"], row)
    return list(found.values())
