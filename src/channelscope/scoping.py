"""What is compared: which stores or groups, with which reference, over which days."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from channelscope import registry
from channelscope.domain import GroupBy, Kind, Period, Scope, Store
from channelscope.errors import ConfigError, DataError, UsageError, did_you_mean

MONTHS = 12


def data_span(spans: Mapping[str, pl.DataFrame]) -> Period:
    """First and last day of the order lines, or of the snapshots where there are no orders."""
    for name in ("line_counts", "shelf_span"):
        frame = spans[name]
        if frame.height:
            return Period(_day(frame["first_day"].min()), _day(frame["last_day"].max()))
    raise UsageError("the workspace holds neither an order line nor a shelf snapshot")


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value


def choose_period(span: Period, *, first: date | None, last: date | None) -> Period:
    """The asked days, or the last twelve complete calendar months of the data.

    A last day before all of these asks for the year up to it.
    """
    chosen = _last_months(span)
    begin = first or chosen.first
    if first is None and last is not None and last < chosen.first:
        begin = min(max(span.first, last - timedelta(days=364)), last)
    end = last or max(chosen.last, begin)
    if begin > end:
        raise UsageError(f"the period ends ({end}) before it begins ({begin})", where="--from/--to")
    if end < span.first or begin > span.last:
        raise UsageError(
            f"no data between {begin} and {end}",
            where="--from/--to",
            expected=f"days from {span.first} to {span.last}",
        )
    return Period(begin, end)


def check_against(against: Period | None, *, period: Period, data: Period) -> Period | None:
    """The period asked for beside the compared one; UsageError unless it is another and known."""
    if against is None:
        return None
    if against.first <= period.last and period.first <= against.last:
        raise UsageError(
            f"{against.first}..{against.last} and the period, {period.first}..{period.last}, "
            "have days in common",
            where="--against",
            expected=f"days that end before {period.first} or begin after {period.last}",
            advice="choose other days, or the period itself with --from and --to",
        )
    if against.first < data.first or against.last > data.last:
        raise UsageError(
            f"the data do not hold all days of {against.first}..{against.last}",
            where="--against",
            expected=f"days from {data.first} to {data.last}",
            advice="days without data are not days without sales: choose days that are known",
        )
    return against


def check_sold(frames: Mapping[str, pl.DataFrame], scope: Scope) -> None:
    """UsageError when the compared stores have data, and none of it lies in the period."""
    days, period = frames["store_days"], scope.period
    inside = days.filter(pl.col("day").is_between(period.first, period.last), pl.col("lines") > 0)
    sold = days.filter(pl.col("lines") > 0)["day"]
    if sold.is_empty() or inside.height or frames["shelf_weeks"].height:
        return
    raise UsageError(
        f"no order of the compared stores lies between {period.first} and {period.last}",
        where="--from/--to",
        expected=f"days with orders: from {_day(sold.min())} to {_day(sold.max())}",
        advice="a single order dated wrongly moves the period: look at the last days of the data",
    )


def _last_months(span: Period) -> Period:
    end = span.last
    if end.day != calendar.monthrange(end.year, end.month)[1]:
        end = end.replace(day=1) - timedelta(days=1)
    if end < span.first:
        return span
    months = end.year * 12 + end.month - MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    return Period(max(first, span.first), end)


def read_stores(frame: pl.DataFrame) -> tuple[Store, ...]:
    """The stores of the workspace in report order: by kind, then as the table lists them."""
    kinds = list(Kind)
    found = [
        Store(
            store_id=row["store_id"], name=row["name"], kind=row["kind"],
            platform=row["platform"], operator=row["operator"], opened_on=row["opened_on"],
            closed_on=row["closed_on"], declared_role=row.get("declared_role"),
            members=(row["store_id"],),
        )
        for row in frame.iter_rows(named=True)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda store: kinds.index(Kind(store.kind))))


def pick(
    stores: Iterable[Store], asked: Iterable[str], *, where: str = "--stores"
) -> tuple[Store, ...]:
    """The asked stores, or all; UsageError names the nearest store for a wrong id."""
    known = {store.store_id: store for store in stores}
    for name in asked:
        if name not in known:
            raise UsageError(
                f"there is no store '{name}'",
                where=where,
                advice=did_you_mean(name, known) or f"known stores: {', '.join(known)}",
            )
    wanted = set(asked) or set(known)
    return tuple(store for name, store in known.items() if name in wanted)


def check_configured(stores: Iterable[Store], reference: str | None) -> None:
    """ConfigError when the workspace names a reference that is no store."""
    known = [store.store_id for store in stores]
    if reference is not None and reference not in known:
        raise ConfigError(
            f"the reference '{reference}' is not in the table stores",
            where="channelscope.toml: workspace.reference",
            expected="the store_id of a store",
            advice=did_you_mean(reference, known) or f"known stores: {', '.join(known)}",
        )


def check_several(compared: tuple[Store, ...], *, by: GroupBy | None, asked: Iterable[str]) -> None:
    """UsageError, or DataError where nothing else was asked for: there is nothing to compare."""
    if len(compared) < 2:
        what = f"groups by {by}" if by else "stores"
        if not by and not list(asked):
            raise DataError(
                f"holds one store only: {compared[0].store_id}",
                where="stores",
                expected="at least two stores to compare",
                advice="add the other stores, also those of which only shelf prices are known",
            )
        raise UsageError(
            f"there is only one to compare: {', '.join(store.store_id for store in compared)}",
            where="--by" if by else "--stores",
            expected=f"at least two {what}",
        )


def member_of(compared: Iterable[Store], asked: str | None) -> str | None:
    """A store of the group that is asked for by its id (`kind:flagship`) or its name."""
    for store in compared:
        if asked in (store.store_id, store.name) and asked not in store.members:
            return store.members[0]
    return asked


def choose_reference(
    stores: tuple[Store, ...],
    sales: Mapping[str, Decimal],
    *,
    asked: str | None,
    default: str | None,
) -> str:
    """The asked store, the workspace's, or the flagship with most sales."""
    known = {store.store_id for store in stores}
    if asked and asked not in known:
        raise UsageError(
            f"the reference '{asked}' is not among the compared stores",
            where="--reference",
            advice=did_you_mean(asked, known) or f"compared stores: {', '.join(sorted(known))}",
        )
    if asked or default in known:
        return asked or str(default)
    flagships = [store for store in stores if store.kind == Kind.FLAGSHIP] or list(stores)
    return max(flagships, key=lambda store: sales.get(store.store_id, Decimal())).store_id


def group(stores: tuple[Store, ...], by: GroupBy) -> tuple[Store, ...]:
    """The stores joined into groups whose ids read `kind:flagship`."""
    found: dict[str, list[Store]] = {}
    for store in stores:
        value = getattr(store, str(by)) or "unknown"
        found.setdefault(str(value), []).append(store)
    return tuple(_joined(value, members, by) for value, members in found.items())


def _joined(value: str, members: list[Store], by: GroupBy) -> Store:
    declared = {store.declared_role for store in members}

    def common(values: set[str]) -> str:
        return next(iter(values)) if len(values) == 1 else "mixed"

    opened = [store.opened_on for store in members if store.opened_on]
    closed = [store.closed_on for store in members if store.closed_on]
    return Store(
        store_id=f"{by}:{value}",
        name=value,
        kind=common({store.kind for store in members}),
        platform=common({store.platform for store in members}),
        operator=common({store.operator or "unknown" for store in members}),
        opened_on=min(opened) if len(opened) == len(members) else None,
        closed_on=max(closed) if len(closed) == len(members) else None,
        declared_role=next(iter(declared)) if len(declared) == 1 else None,
        members=tuple(store.store_id for store in members),
    )


def owner_of(stores: Iterable[Store], member: str) -> str:
    """The store or group that `member` belongs to."""
    return next(store.store_id for store in stores if member in store.members)


def smallest_differences(configured: Mapping[str, float]) -> dict[str, float]:
    """The smallest difference that matters per metric: the registry's, overridden by `[delta]`."""
    known = {metric.id: metric.delta for metric in registry.METRICS}
    distances = dict.fromkeys(registry.dimensions(), registry.DISTANCE_DELTA)
    distances |= registry.TABLE_DELTAS
    for name, size in configured.items():
        if name in distances and size > 1:
            raise ConfigError(
                f"a distance between two stores is never above 1, not {size:g}",
                where=f"channelscope.toml: delta.{name}",
                expected="a number above 0, at most 1",
            )
        if name not in distances:
            _find_metric(name, distances)
    return {**known, **distances, **configured}


def _find_metric(name: str, distances: Iterable[str]) -> None:
    try:
        registry.find(name)
    except UsageError as error:
        known = [metric.id for metric in registry.METRICS]
        raise ConfigError(
            f"there is no metric or dimension '{name}'",
            where=f"channelscope.toml: delta.{name}",
            advice=did_you_mean(name, [*known, *distances]) or "'channelscope explain' names all",
        ) from error


def check_weights(configured: Mapping[str, float]) -> None:
    """ConfigError when a weight is given to something that is no dimension."""
    known = registry.dimensions()
    for name in configured:
        if name not in known:
            raise ConfigError(
                f"there is no dimension '{name}'",
                where=f"channelscope.toml: weights.{name}",
                advice=did_you_mean(name, known) or f"known: {', '.join(known)}",
            )
    if configured and not any(configured.get(name, 1.0) for name in known):
        raise ConfigError(
            "every dimension has the weight 0",
            where="channelscope.toml: weights",
            expected="at least one weight above 0",
        )
