"""Queries over raw tables keep to the portable subset; and every rule of it is seen to fire."""

from __future__ import annotations

from pathlib import Path

import pytest

from channelscope import sqlfile
from channelscope.sqlfile import SqlFile
from tests import portable, sql_inputs

CATALOGUE = sqlfile.catalogue()
SCANS = [pytest.param(q, id=name) for name, q in CATALOGUE.items() if q.folder == "scan"]

SCHEMA = {
    "t": {
        "k": "VARCHAR",
        "n": "BIGINT",
        "m": "DECIMAL(18,4)",
        "x": "DOUBLE",
        "d": "DATE",
        "at": "TIMESTAMP",
        "yes": "BOOLEAN",
    },
    "u": {"k": "VARCHAR", "d": "DATE", "y": "DOUBLE"},
    "order_lines": sql_inputs.columns_of("order_lines", {}),
}

BAD = [
    ("one-select", "select k from t union all select k from u"),
    ("one-select", "pivot t on k using sum(n)"),
    ("one-select", "with a as materialized (select k from t) select k from a"),
    ("one-select", "select k from t pivot (sum(n) for k in ('a', 'b'))"),
    ("table-names", "select k from read_parquet('t.parquet')"),
    ("table-names", "select k from main.t"),
    ("table-names", "select day from generate_series(1, 3) as g(day)"),
    ("table-names", "select a from (values (1)) as v(a)"),
    ("division", "select x / n as a from t"),
    ("division", "select n // n as a from t"),
    ("division", "select x / nullif(n, 1) as a from t"),
    ("division", "select x / 0 as a from t"),
    ("division-type", "select m / nullif(m, 0) as a from t"),
    ("division-type", "select m / nullif(n, 0) as a from t"),
    ("division-type", "select m / 100 as a from t"),
    ("average", "select avg(m) as a from t"),
    ("average", "select avg(n) as a from t"),
    ("sum-type", "select sum(m) as a from t"),
    ("sum-type", "select sum(n) as a from t"),
    ("sum-type", "select sum(n) filter (where yes) as a from t"),
    ("sum-type", "with a as (select sum(m) * 2 as b from t) select b from a"),
    ("sum-type", "select cast(sum(yes) as bigint) as a from t"),
    ("whole-numbers", "select cast(x as bigint) as a from t"),
    ("whole-numbers", "select cast(m as integer) as a from t"),
    ("whole-numbers", "select cast(k as bigint) as a from t"),
    ("types", "select cast(n as hugeint) as a from t"),
    ("types", "select cast(n as utinyint) as a from t"),
    ("types", "select cast(d as timestamptz) as a from t"),
    ("calendar", "select date_trunc('week', at) as a from t"),
    ("calendar", "select date_diff('month', d, d) as a from t"),
    ("calendar", "select dayname(d) as a from t"),
    ("calendar", "select dayofweek(d) as a from t"),
    ("calendar", "select extract(isodow from d) as a from t"),
    ("calendar", "select week(d) as a from t"),
    ("calendar", "select time_bucket(interval 7 day, d) as a from t"),
    ("calendar", "select d + interval (n) day as a from t"),
    ("calendar", "select d + to_days(n) as a from t"),
    ("calendar", "select d - d as a from t"),
    ("joins", "select t.k from t asof join u on t.k = u.k and t.d >= u.d"),
    ("joins", "select t.k from t positional join u"),
    ("joins", "select t.k from t inner join u on t.d >= u.d"),
    ("joins", "select x from t inner join u on t.k = u.k"),
    ("joins", "select t.k from t, lateral (select u.y from u where u.k = t.k) as l"),
    ("lists", "select array_agg(k order by d) as a from t"),
    ("lists", "select list(k) as a from t"),
    ("lists", "select [n, n] as a from t"),
    ("lists", "select {'a': n} as a from t"),
    ("lists", "select unnest([n]) as a from t"),
    ("lists", "select string_split(k, ' ') as a from t"),
    ("functions", "select hash(k) as a from t"),
    ("functions", "select approx_count_distinct(k) as a from t"),
    ("functions", "select approx_quantile(x, 0.5) as a from t"),
    ("functions", "select kurtosis(x) as a from t"),
    ("functions", "select first(k order by d) as a from t"),
    ("functions", "select any_value(k) as a from t"),
    ("functions", "select log(x) as a from t"),
    ("functions", "select count() as a from t"),
    ("functions", "select grouping(k, d) as a from t group by k, d"),
    ("functions", "select regexp_replace(k, 'a', 'b') as a from t"),
    ("functions", "select histogram(k) as a from t"),
    ("functions", "select mad(x) as a from t"),
    ("functions", "select isoyear(d) as a from t"),
    ("functions", "select date_part('dow', d) as a from t"),
    ("logarithm", "select ln(x) as a from t"),
    ("logarithm", "select log10(x) as a from t"),
    ("quantiles", "select quantile_cont(x, 0.5) as a from t"),
    ("quantiles", "select quantile_disc(x, 0.5) as a from t"),
    ("quantiles", "select percentile_cont(0.5) within group (order by m) as a from t"),
    ("quantiles", "select median(m) as a from t"),
    ("windows", "select row_number() over (partition by k) as a from t"),
    ("windows", "select lag(x) over (partition by k order by d) as a from t"),
    ("windows", "select rank() over (order by ordered_at) as a from order_lines"),
    ("windows", "select count(distinct k) over () as a from t"),
    (
        "windows",
        "select sum(x) over (order by d rows between 1 preceding and current row "
        "exclude current row) as a from t",
    ),
    ("stars", "select * exclude (k) from t"),
    ("stars", "select * replace (n + 1 as n) from t"),
    ("stars", "select columns('k.*') from t"),
    ("stars", "select distinct on (k) k, d from t"),
    ("stars", "with a as (select k from t union by name select k from u) select k from a"),
    ("aliases", "select n + 1 as a from t where a > 2"),
    ("names", "select z from t"),
    ("names", "select k from z"),
    ("names", "select k from 't.parquet'"),
]

GOOD = [
    "with a as (select * from t) select * from a",
    "with a as (select k from t union all select k from u) select k from a",
    "select x / nullif(n, 0) as a, m / 2.5e0 as b, n / nullif(n, 0) as c from t",
    "select cast(m as double) / nullif(cast(m as double), 0) as a from t",
    "select cast(sum(m) as double) / nullif(cast(sum(n) as double), 0) as a from t",
    "select x / -2 as a from t",
    "select avg(cast(m as double)) as a, avg(x) as b from t",
    "select cast(sum(m) as decimal(18, 2)) as a, cast(sum(n) as bigint) as b, sum(x) as c from t",
    "select cast(sum(m) filter (where yes) as decimal(18, 4)) as a from t",
    "with a as (select k, sum(m) as b from t group by k), "
    "final as (select cast(sum(b) as decimal(18, 4)) as b from a) select * from final",
    "select cast(round(x) as bigint) as a, cast(count(*) as bigint) as b from t",
    "select cast(date_trunc('week', at) as date) as a, year(d) as b from t",
    "select date_diff('day', d, cast(at as date)) as a, d + interval 7 day as b from t",
    "select t.k from t inner join u on t.k = u.k and t.d >= u.d",
    "select k from t inner join u using (k)",
    "select string_agg(k, ',' order by k) as a, md5(k) as b, split_part(k, ' > ', 1) as c from t",
    "select ln(nullif(x, 0)) as a, case when x > 0 then ln(x) end as b, log10(10) as c from t",
    "select median(x) as a, median(n) as b, median(cast(m as double)) as c from t",
    "select percentile_cont(0.9) within group (order by x) as a from t",
    "select lag(ordered_at) over (partition by buyer_id order by ordered_at, store_id, order_id, "
    "line_no) as a from order_lines",
    "with a as (select k, d, sum(x) as b from t group by k, d) "
    "select row_number() over (partition by k order by b desc, d) as c from a",
    "select sum(x) over (partition by k) as a from t",
    "select grouping(k) as a from t group by grouping sets ((k), ())",
    "select regexp_replace(k, 'a', 'b', 'g') as a from t",
    "select n + 1 as a from t where n > 2 and d >= $first",
]


def _query(sql: str) -> SqlFile:
    return SqlFile("scan/toy", Path("toy.sql"), "", (), (), {}, (), "", sql)


@pytest.mark.parametrize("query", SCANS)
def test_scan_keeps_to_the_portable_subset(query: SqlFile) -> None:
    schema = {name: sql_inputs.columns_of(name, CATALOGUE) for name in query.inputs}
    assert portable.faults(query, schema) == []


def test_scans_are_there() -> None:
    assert SCANS


@pytest.mark.parametrize(("rule", "sql"), BAD)
def test_rule_fires(rule: str, sql: str) -> None:
    found = portable.faults(_query(sql), SCHEMA)
    assert rule in {fault.split(":")[0] for fault in found}


@pytest.mark.parametrize("sql", GOOD)
def test_rules_stay_quiet(sql: str) -> None:
    assert portable.faults(_query(sql), SCHEMA) == []


def test_every_rule_is_seen_to_fire() -> None:
    assert {*portable.RULES, "names"} == {rule for rule, _ in BAD}


def test_waiver_with_a_reason_is_heard() -> None:
    sql = (
        "-- portable: ok(division) n is a count of rows in its own group\nselect x / n as a from t"
    )
    assert portable.faults(_query(sql), SCHEMA) == []


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("-- portable: ok(division)\nselect x / n as a from t", "division has no reason"),
        ("-- portable: ok(division) why\nselect x as a from t", "division is not needed"),
        ("-- portable: ok(nothing) why\nselect x as a from t", "nothing is not needed"),
    ],
)
def test_idle_waiver_is_a_fault(sql: str, fault: str) -> None:
    assert portable.faults(_query(sql), SCHEMA) == [f"waiver: {fault}"]
