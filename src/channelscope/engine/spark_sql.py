"""A scan query → the Spark SQL that gives the same rows, by SQLGlot and a small dialect of our own.

SQLGlot's own Spark differs silently from DuckDB in a few places; each transform below is one.
`tests/engine/test_constructs.py` tells when an upgrade changes what is right and what is not.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from channelscope.errors import ConfigError, QueryError
from channelscope.sqlfile import SqlFile

if TYPE_CHECKING:
    from sqlglot import exp

MISSING_EXTRA = 'pip install "channelscope[spark]"'


def render(query: SqlFile) -> str:
    """The statement of `query` as Spark runs it: without the order of its rows, which they get
    here; parameters are `:name`.

    ConfigError when the extra is not installed; QueryError when the text cannot be rendered.
    """
    return render_text(query.sql_unordered, where=query.name)


def render_text(sql: str, *, where: str) -> str:
    """One DuckDB statement as Spark has it, with line breaks and an end of line."""
    try:
        from sqlglot import errors, parse_one  # noqa: PLC0415  heavy, and of an extra
    except ImportError as error:
        raise missing_extra("sqlglot") from error
    try:
        tree = parse_one(sql, read="duckdb")
        text = _dialect()().generate(
            tree, pretty=True, unsupported_level=errors.ErrorLevel.RAISE, comments=False
        )
    except errors.SqlglotError as error:
        raise QueryError(str(error).split("\n", 1)[0], where=where) from error
    return f"{text}\n"


def missing_extra(package: str) -> ConfigError:
    """That `package`, of the extra, is not installed."""
    return ConfigError(
        f"the engine spark needs {package}, which is not installed",
        where="--engine spark",
        advice=MISSING_EXTRA,
    )


@cache
def _dialect() -> type[Any]:
    from sqlglot import exp  # noqa: PLC0415  heavy, and of an extra
    from sqlglot.dialects.spark import Spark  # noqa: PLC0415

    def day(node: exp.Expression) -> exp.Expression:
        return exp.cast(node.copy(), "date")

    def date_diff(self: Any, node: exp.DateDiff) -> str:
        """Spark counts whole 24 hours between times, DuckDB midnights."""
        return str(self.func("DATEDIFF", day(node.this), day(node.expression)))

    def percentile(self: Any, node: exp.PercentileCont) -> str:
        """Exact, where SQLGlot writes an approximate one."""
        return str(self.func("PERCENTILE_CONT", node.this))

    def within_group(self: Any, node: exp.WithinGroup) -> str:
        """SQLGlot puts the order into an approximate function's arguments."""
        return f"{self.sql(node, 'this')} WITHIN GROUP ({self.sql(node, 'expression').strip()})"

    def round_half(self: Any, node: exp.Round) -> str:
        """Decimals of a double by DuckDB's arithmetic: Spark rounds how the double is written."""
        digits = node.args.get("decimals")
        if digits is None or not _is_double(node.this):
            return str(self.function_fallback_sql(node))
        ten = f"1E{digits.name}D"
        return f"ROUND(({self.sql(node, 'this')}) * {ten}) / {ten}"

    def hashed(self: Any, node: exp.Expression) -> str:
        return str(self.func("XXHASH64", *node.expressions))

    def cast(self: Any, node: exp.Cast) -> str:
        """A number written in hexadecimal digits: DuckDB casts '0x…', Spark converts the digits."""
        inner = node.this
        if isinstance(inner, exp.DPipe) and inner.this.name == "0x":
            digits = self.sql(inner, "expression")
            return f"CAST(CONV({digits}, 16, 10) AS {self.sql(node, 'to')})"
        return str(self.cast_sql(node))

    def concat(self: Any, node: exp.Concat) -> str:
        """DuckDB leaves nulls out and writes numbers as they are; Spark makes doubles of them."""
        texts = [exp.cast(part.copy(), "text") for part in node.expressions]
        given = [self.func("COALESCE", text, exp.Literal.string("")) for text in texts]
        return f"CONCAT({', '.join(given)})"

    def day_of_week(self: Any, node: exp.DayOfWeek) -> str:
        """Sunday is 0, not 1."""
        return f"({self.func('DAYOFWEEK', node.this)} - 1)"

    def iso_day_of_week(self: Any, node: exp.DayOfWeekIso) -> str:
        """Monday is 1, and Sunday 7."""
        return f"(({self.func('DAYOFWEEK', node.this)} + 5) % 7 + 1)"

    class ChannelscopeSpark(Spark):
        """Spark, where it means what DuckDB means."""

        class Generator(Spark.Generator):  # type: ignore[valid-type, misc]
            """The differences."""

            TRANSFORMS = {  # noqa: RUF012  as SQLGlot declares it
                **Spark.Generator.TRANSFORMS,
                exp.DateDiff: date_diff,
                exp.PercentileCont: percentile,
                exp.WithinGroup: within_group,
                exp.Round: round_half,
                exp.Cast: cast,
                exp.Concat: concat,
                exp.DayOfWeek: day_of_week,
                exp.DayOfWeekIso: iso_day_of_week,
                exp.Anonymous: lambda self, node: (
                    hashed(self, node) if node.name.lower() == "hash" else self.anonymous_sql(node)
                ),
            }

    return ChannelscopeSpark


def _is_double(node: exp.Expression) -> bool:
    """Whether a value is calculated from something cast to a double."""
    from sqlglot import exp  # noqa: PLC0415

    return any(found.to.this == exp.DataType.Type.DOUBLE for found in node.find_all(exp.Cast))
