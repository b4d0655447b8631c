"""Runs every query of queries/checks: each returns the values that must not exist.

Failing rows stay in DuckDB; only their number, their money and the first three come out. A check
whose table is absent is left out, unless its header names the table as `optional`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from channelscope import contract, results, sqlfile
from channelscope.domain import Severity
from channelscope.engine.protocol import Engine
from channelscope.errors import ChannelscopeError, DataError, did_you_mean
from channelscope.loading import Loaded, raise_failures
from channelscope.scans import LINES, summary
from channelscope.sqlfile import SqlFile


@dataclass(frozen=True, slots=True)
class Sample:
    """One value that breaks a rule, and where a person finds it."""

    where: str
    value: str


@dataclass(frozen=True, slots=True)
class ColumnFailures:
    """What a check found in one column."""

    column: str
    failed: int
    first: tuple[Sample, ...]

    def __str__(self) -> str:
        return "; ".join(f"{s.where}: {self.column} = {s.value}" for s in self.first)


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check. `money_share`: part of sales on failing lines; None: no money."""

    check: str
    table: str
    severity: Severity
    rule: str
    advice: str
    rows: int
    failed: int
    money_share: float | None
    columns: tuple[ColumnFailures, ...]

    @property
    def sample(self) -> str | None:
        """The first failing values, column by column."""
        return "; ".join(map(str, self.columns)) or None

    @property
    def told(self) -> tuple[str, ...]:
        """Per column: how many values fail, and the first three."""
        return tuple(f"{p.column}: {p.failed:,} values; first: {p}" for p in self.columns)

    def without(self, column: str) -> Finding:
        """The same of the other columns alone."""
        others = tuple(part for part in self.columns if part.column != column)
        if len(others) == len(self.columns):
            return self
        failed = min(self.failed, sum(part.failed for part in others))
        return replace(self, columns=others, failed=failed)

    @property
    def worse_first(self) -> tuple[bool, bool, float, float, str]:
        """Sorts fatal before warning, failed before passed, much money before little."""
        share = self.failed / self.rows if self.rows else 0.0
        return (
            self.failed == 0,
            self.severity is not Severity.FATAL,
            -(self.money_share or 0.0),
            -share,
            self.check,
        )


@dataclass(frozen=True, slots=True)
class Quality:
    """All findings, worst first, passed checks last."""

    findings: tuple[Finding, ...]

    @property
    def fatal(self) -> tuple[Finding, ...]:
        """The failures that stop everything."""
        return tuple(f for f in self.findings if f.failed and f.severity is Severity.FATAL)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The failures that are printed beside the figures they touch."""
        return tuple(f for f in self.findings if f.failed and f.severity is Severity.WARN)

    def without(self, *, table: str, column: str) -> Quality:
        """The findings that speak neither of a table nor of a column of another one."""
        told = (finding.without(column) for finding in self.findings if finding.table != table)
        return Quality(tuple(sorted(told, key=lambda finding: finding.worse_first)))

    @property
    def frame(self) -> pl.DataFrame:
        """The `quality` result table."""
        rows = [
            (f.check, f.table, f.severity.value, f.rows, f.failed, f.money_share, f.sample)
            for f in self.findings
        ]
        return pl.DataFrame(rows, schema=dict(results.TABLES["quality"]), orient="row")


def check(
    loaded: Loaded, *, only: Collection[str] | None = None, scans: Engine | None = None
) -> Quality:
    """Every check that applies to the tables that are there, or to `only` these of them.

    `scans`: what has been read of order lines, so that those checked before are not read again.
    """
    money = _money(loaded, scans) if only is None else None
    chosen = [query for query in checks() if only is None or _tables(query) <= set(only)]
    applied = [query for query in chosen if _applies(query, loaded)]
    if scans is not None:
        scans.begin("check", scans=sum(LINES in _tables(query) for query in applied))
    findings = [_finding(loaded, query, money, scans) for query in applied]
    return Quality(tuple(sorted(findings, key=lambda finding: finding.worse_first)))


def joined(checked: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The `quality` table with what the comparison found of the data, in the order of a check."""
    share = pl.col("failed") / pl.max_horizontal("rows", 1)
    return pl.concat([checked, told]).sort(
        pl.col("failed") == 0, pl.col("severity") != Severity.FATAL.value,
        -pl.col("money_share").fill_null(0.0), -share, "check",
    )  # fmt: skip


def checks() -> Iterator[SqlFile]:
    """The queries of queries/checks."""
    return (query for query in sqlfile.catalogue().values() if query.folder == "checks")


def raise_if_fatal(quality: Quality, failures: Sequence[ChannelscopeError] = ()) -> None:
    """One error with every failure to read and every fatal finding; nothing when there is none."""
    faults = [fault for finding in quality.fatal for fault in _faults(finding)]
    raise_failures([*failures, *faults])


def supply(query: SqlFile, loaded: Loaded, scans: Engine | None) -> None:
    """Make readable what `query` reads beside tables: little, of rows that stay where they are."""
    for step in _steps(query):
        loaded.session.register(step.stem, (scans or loaded.session).run(step))


def _steps(query: SqlFile) -> list[SqlFile]:
    return [sqlfile.find(f"load/{n}") for n in query.inputs if n not in contract.BY_NAME]


def _tables(query: SqlFile) -> set[str]:
    """The tables that a check reads, itself or through what is made of them."""
    read = {name for each in (query, *_steps(query)) for name in each.inputs}
    return read & contract.BY_NAME.keys()


def _applies(query: SqlFile, loaded: Loaded) -> bool:
    optional = {name.strip() for name in query.extra.get("optional", "").split(",")}
    return _tables(query) - optional <= loaded.present


def _money(loaded: Loaded, scans: Engine | None) -> float | None:
    """All the money of the order lines, the whole that shares are parts of."""
    if LINES not in loaded.present:
        return None
    total = (scans or loaded.session).run(sqlfile.find("load/paid_total"))["paid_amount"].item()
    return float(total) if total else None


def _finding(loaded: Loaded, query: SqlFile, money: float | None, scans: Engine | None) -> Finding:
    params = {"currency": loaded.config.workspace.currency} if query.params else {}
    supply(query, loaded, scans)
    if scans is None or not scans.holds & set(query.inputs):
        found = loaded.session.run(summary(query), params).rows()
    else:
        found = _together(scans.failing(query, params))
    table = query.extra["table"]
    failed, touched = found[0][-2:] if found else (0, None)
    return Finding(
        check=query.stem,
        table=table,
        severity=Severity(query.extra["severity"]),
        rule=query.extra["rule"],
        advice=query.extra["advice"],
        rows=loaded.rows.get(table, 0),
        failed=failed,
        money_share=abs(float(touched)) / money if touched is not None and money else None,
        columns=tuple(_columns(loaded, table, found)),
    )


def _together(found: Sequence[pl.DataFrame]) -> list[tuple[Any, ...]]:
    """What a check found in each unit as one: numbers added up, the first three values of all."""
    if len(found) == 1:
        return found[0].rows()
    rows = pl.concat(found)
    once = pl.concat([frame.head(1) for frame in found])
    first = pl.col("position") == 1
    money = once["failed_money"].drop_nulls()  # the sum of none is 0, which would be known
    failed = {
        "failed_rows": once["failed_rows"].sum(),
        "failed_money": money.sum() if len(money) else None,
    }
    told = (
        rows.with_columns(pl.col("failed_values").filter(first).sum().over("column_name"))
        .sort("column_name", "row_no")
        .group_by("column_name", maintain_order=True)
        .head(3)
        .with_columns(pl.lit(value).alias(name) for name, value in failed.items())
    )
    return told.select(rows.columns).rows()


def _columns(
    loaded: Loaded, table: str, found: Sequence[tuple[Any, ...]]
) -> Iterator[ColumnFailures]:
    for name, rows in groupby(found, key=itemgetter(0)):
        first = list(rows)
        samples = tuple(Sample(loaded.locate(table, row[2]), row[3]) for row in first)
        yield ColumnFailures(name, first[0][4], samples)


def _faults(finding: Finding) -> Iterator[DataError]:
    share = finding.money_share
    money = "" if share is None else f", {share:.2%} of the money"
    for part in finding.columns:
        first = ", ".join(f"{sample.where} '{sample.value}'" for sample in part.first)
        yield DataError(
            f"{part.failed:,} of {finding.rows:,} rows{money}; first: {first}",
            where=f"{finding.table}.{part.column}",
            expected=finding.rule,
            advice=_nearest(finding.table, part) or finding.advice,
        )


def _nearest(table: str, part: ColumnFailures) -> str | None:
    """'Did you mean' where the contract lists the values a column may have."""
    allowed = {c.name: c.allowed for c in contract.BY_NAME[table].columns}.get(part.column, ())
    return did_you_mean(part.first[0].value, allowed)
