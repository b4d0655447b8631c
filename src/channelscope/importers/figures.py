"""Daily figures, traffic by source, service scores and settlements → rows of the contract."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from channelscope.contract import Type
from channelscope.domain import SEPARATOR, Period
from channelscope.errors import DataError, UsageError
from channelscope.importers import canonical, monthly_costs
from channelscope.importers.cells import ROWS_OF_A_SHEET
from channelscope.importers.layout import ExportKind, Layout
from channelscope.importers.monthly_costs import BASE, COSTS

SOURCE, DETAIL = "traffic_source", "traffic_detail"
TRAFFIC = tuple(
    word
    for word in canonical.FIGURES
    if word.startswith("traffic_") and word not in (SOURCE, DETAIL)
)
SERVICE = tuple(word for word in canonical.FIGURES if word.startswith("service_"))
CONTROL = {
    "control_paid": "paid_amount",
    "control_orders": "orders",
    "control_units": "units",
    "control_refunded": "refunded_amount",
}
WHOLE = ("汇总", "合计", "小计", "总计", "总和", "整体", "全部")
"""What a row is called that holds a whole source, or all of them."""

_TYPES = {
    Type.TEXT: pl.String(),
    Type.DATE: pl.Date(),
    Type.INT: pl.Int64(),
    Type.MONEY: pl.Decimal(18, 4),
    Type.DOUBLE: pl.Float64(),
}


def tables(
    frame: pl.DataFrame, *, store: str, layout: Layout, span: Period | None = None
) -> dict[str, pl.DataFrame]:
    """The tables that have rows: traffic, service, costs, control_totals.

    `frame`: words of `canonical.FIGURES` and `row`, of all sheets of one layout: only together do
    they show whole months. `span`: first and last day of a file that does not say its days.
    """
    rows = _dated(frame, layout, span)
    found = {
        "traffic": _traffic(rows, layout),
        "service": _service(rows, layout),
        "costs": monthly_costs.table(_costs(rows, layout), layout, span),
        "control_totals": _control(rows, layout),
    }
    return {
        name: table.select(pl.lit(store).alias("store_id"), pl.all())
        for name, table in found.items()
        if not table.is_empty()
    }


def costs_left_out(
    frame: pl.DataFrame, *, layout: Layout, span: Period | None = None
) -> pl.DataFrame:
    """Costs that stay unknown though the export speaks of them: month, kind and the reason."""
    return monthly_costs.left_out(_costs(_dated(frame, layout, span), layout), layout, span)


def _dated(frame: pl.DataFrame, layout: Layout, span: Period | None) -> pl.DataFrame:
    """The rows that say anything, each with its day, or with its month alone."""
    rows = _complete(frame).filter(_any((*TRAFFIC, *SERVICE, *CONTROL, BASE, *COSTS)))
    rows = rows.with_columns(pl.col("month").dt.truncate("1mo"))
    has_no_day = pl.col("date").is_null()
    undated = rows.filter(has_no_day & pl.col("month").is_null())
    if 0 < undated.height < rows.height:
        raise DataError(
            f"{undated.height:,} rows have no date; first: {_rows(undated)}",
            where=layout.title,
            expected="the date of every row that has figures",
            advice="export the file again, or remove rows of totals",
        )
    if not undated.is_empty():
        rows = _spanned(rows, layout, span)
    if not rows.filter(has_no_day & _any((*TRAFFIC, *SERVICE, *CONTROL))).is_empty():
        raise _not_by_day(layout, "its figures are of a month")
    month = pl.coalesce("month", pl.col("date").dt.truncate("1mo"))
    return rows.with_columns(month.alias("month"))


def _spanned(rows: pl.DataFrame, layout: Layout, span: Period | None) -> pl.DataFrame:
    """Rows of a file without dates, which are of the days a user names."""
    if span is None:
        raise UsageError(
            "the file does not say of which days it is",
            where=layout.title,
            expected="--from DAY --to DAY, as chosen when it was exported",
        )
    if span.days == 1:
        return rows.with_columns(pl.lit(span.first).alias("date"))
    if not rows.filter(_any((*TRAFFIC, *SERVICE, *CONTROL))).is_empty():
        raise _not_by_day(layout, f"its figures are of {span.days} days together")
    month = span.first.replace(day=1)
    if span.last.replace(day=1) != month:
        raise UsageError(
            f"costs from {span.first} to {span.last} are of no single month",
            where=layout.title,
            expected="days of one month",
            advice="export each month by itself",
        )
    return rows.with_columns(pl.lit(month).alias("month"))


def _not_by_day(layout: Layout, why: str) -> UsageError:
    return UsageError(
        f"gives no traffic or service by day: {why}",
        where=layout.title,
        expected="a file with a column of dates, or one file per day",
        advice="visitors are counted once a day, so figures of several days cannot be divided; "
        "export day by day and import each with --from DAY --to DAY",
    )


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    types = {word: _TYPES[type_] for word, type_ in canonical.FIGURES.items()}
    absent = [
        pl.lit(None, dtype=type_).alias(word)
        for word, type_ in types.items()
        if word not in frame.columns
    ]
    known = [pl.col(word).cast(type_) for word, type_ in types.items() if word in frame.columns]
    sheet = (pl.col("row") // ROWS_OF_A_SHEET).alias("sheet")
    return frame.with_columns(*known, *absent, sheet)


def _any(words: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(word).is_not_null() for word in words)


def _traffic(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Visitors by source. A source's own row gives way to its details, since both hold them."""
    known = rows.filter(pl.col("traffic_visitors").is_not_null())
    source, detail = _named(SOURCE), _named(DETAIL)
    known = known.with_columns(source.alias("source"), detail.alias("detail"))
    has_details = pl.col("detail").is_not_null().any().over("date", "source")
    is_of_one = pl.col("source").is_not_null()
    stays = ~(has_details & is_of_one & pl.col("detail").is_null())
    name = pl.concat_str("source", "detail", separator=SEPARATOR, ignore_nulls=True)
    named = known.filter(stays).with_columns(name.replace("", "all").alias("source"))
    one = _one_row_each(named, ("date", "source"), TRAFFIC, layout)
    return one.select(
        "date", "source", *(pl.col(word).alias(word.removeprefix("traffic_")) for word in TRAFFIC)
    )


def _named(word: str) -> pl.Expr:
    return pl.when(~pl.col(word).is_in(WHOLE)).then(pl.col(word))


def _service(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Scores as the platform publishes them, or of single orders."""
    scores = rows.unpivot(
        SERVICE,
        index=["date", "order_id", "row", "sheet"],
        variable_name="metric",
        value_name="value",
    )
    scores = scores.filter(pl.col("value").is_not_null())
    scores = scores.with_columns(pl.col("metric").str.strip_prefix("service_"))
    of_day = scores.filter(pl.col("order_id").is_null())
    published = _one_row_each(of_day, ("date", "metric"), ("value",), layout)
    n = pl.lit(None, dtype=pl.Int64).alias("n")
    columns = ("date", "metric", "value", n, "order_id")
    key = ["date", "metric", "order_id"]
    # Several reviews of one order on one day are cases of one row.
    cases = _latest(scores.filter(pl.col("order_id").is_not_null()), key).group_by(key)
    of_orders = cases.agg(pl.col("value").mean(), pl.len().cast(pl.Int64).alias("n"))
    of_orders = of_orders.with_columns(pl.when(pl.col("n") > 1).then(pl.col("n")))
    both = (published.select(columns), of_orders.select("date", "metric", "value", "n", "order_id"))
    return pl.concat(both).sort("date", "metric", "order_id", nulls_last=False)


def _control(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """What the platform says it sold. By source it is no total: an order counts with several."""
    if layout.kind is not ExportKind.DAILY:
        rows = rows.clear()
    known = _one_row_each(rows.filter(_any(tuple(CONTROL))), ("date",), tuple(CONTROL), layout)
    return known.select("date", *(pl.col(word).alias(name) for word, name in CONTROL.items()))


def _costs(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The rows that costs are made of; a later sheet stands for the days it covers."""
    known = rows.filter(_any((BASE, *COSTS)))
    if layout.kind is not ExportKind.SETTLEMENT:
        return _one_row_each(known, ("month", "date"), (BASE, *COSTS), layout)
    covered = known.group_by("sheet").agg(
        pl.col("date").min().alias("first"), pl.col("date").max().alias("last")
    )
    for sheet, first, last in covered.drop_nulls().iter_rows():
        is_covered = pl.col("date").is_between(first, last).fill_null(value=False)
        known = known.filter((pl.col("sheet") >= sheet) | ~is_covered)
    return known


def _latest(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    return rows.filter(pl.col("sheet") == pl.col("sheet").max().over(key))


def _one_row_each(
    rows: pl.DataFrame, key: Sequence[str], words: Sequence[str], layout: Layout
) -> pl.DataFrame:
    """One row per key, of the last sheet that has it; DataError when that sheet contradicts itself.

    Visitors of several rows cannot be added up: they may be the same people.
    """
    latest = _latest(rows, key).sort("row")
    distinct = latest.unique([*key, *words], keep="first", maintain_order=True)
    twice = distinct.filter(pl.len().over(key) > 1)
    if not twice.is_empty():
        named = twice.select(key).head(1)
        first = twice.join(named, on=key, how="semi", nulls_equal=True)
        shown = " ".join(str(value) for value in named.row(0) if value is not None)
        raise DataError(
            f"{shown} stands in several rows with different figures: {_rows(first)}",
            where=layout.title,
            expected=f"one row per {' and '.join(key)}",
            advice="export without further divisions, such as device or landing page",
        )
    return distinct.sort(key)


def _rows(rows: pl.DataFrame) -> str:
    numbers = rows["row"].sort().head(3) % ROWS_OF_A_SHEET
    return ", ".join(f"row {number}" for number in numbers)
