"""The glossary: the words of the trade as types, and what crosses from stage to stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a store is to the brand."""

    FLAGSHIP = "flagship"
    SPECIALTY = "specialty"
    MULTIBRAND = "multibrand"
    DISTRIBUTOR = "distributor"
    OUTLET = "outlet"
    LIVE = "live"
    MARKETPLACE = "marketplace"


class GroupBy(StrEnum):
    """How stores are joined into groups before they are compared."""

    KIND = "kind"
    PLATFORM = "platform"
    OPERATOR = "operator"


class Redacted(StrEnum):
    """What a copy for a partner can leave out."""

    COSTS = "costs"
    BUYERS = "buyers"
    STORES = "stores"


class Basis(StrEnum):
    """What counts as sales: paid by the consumer, or with platform money; net of refunds or not."""

    PAID = "paid"
    PAID_NET = "paid_net"
    MERCHANT = "merchant"
    MERCHANT_NET = "merchant_net"

    @property
    def net_of_refunds(self) -> bool:
        """Whether refunds are taken off."""
        return self in (Basis.PAID_NET, Basis.MERCHANT_NET)

    @property
    def with_platform_money(self) -> bool:
        """Whether platform-funded discounts are added back."""
        return self in (Basis.MERCHANT, Basis.MERCHANT_NET)


class Better(StrEnum):
    """Which direction of a metric is favourable."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Outcome(StrEnum):
    """What a comparison may say, in the order in which it is decided."""

    NOT_IDENTIFIABLE = "not_identifiable"
    SAME = "same"
    DIFFERS = "differs"
    UNCLEAR = "unclear"


class Grade(StrEnum):
    """How well a statement is supported."""

    A = "A"
    B = "B"
    C = "C"


class Rung(StrEnum):
    """A step of the price ladder; two prices meet on one rung only."""

    LIST = "list"
    ACTIVITY = "activity"
    ONE_PIECE = "one_piece"
    REALISED = "realised"
    MERCHANT = "merchant"
    POCKET = "pocket"


class TimeGrain(StrEnum):
    """The length of the time cells in which prices are matched, finest first."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    PERIOD = "period"


class Severity(StrEnum):
    """`fatal` stops before anything is written; `warn` is printed beside what it touches."""

    FATAL = "fatal"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Store:
    """One store, or one group of stores (`store_id` is then `kind:flagship`)."""

    store_id: str
    name: str
    kind: str
    platform: str
    operator: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    declared_role: str | None = None
    members: tuple[str, ...] = ()


OWN = "own"
"""The operator of stores that the brand runs itself."""
SEPARATOR = " > "
"""Between the levels of a category path."""
WEEKS_A_YEAR = 364
"""Days of a year in whole weeks."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, in the store's local time."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.last - self.first).days + 1

    @property
    def every_day(self) -> tuple[date, ...]:
        """Its days, in order."""
        return tuple(self.first + timedelta(days=i) for i in range(self.days))

    @property
    def year_before(self) -> Period:
        """The same span 364 days earlier, so that weekdays meet weekdays; a span of 365 days or a
        few more would meet itself, so it is the same number of days right before."""
        days = self.days if 0 < self.days - WEEKS_A_YEAR < 7 else WEEKS_A_YEAR
        shift = timedelta(days=days)
        return Period(self.first - shift, self.last - shift)

    @property
    def history(self) -> Period:
        """The 365 days before, in which a returning buyer had bought already."""
        return Period(self.first - timedelta(days=365), self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Base:
    """Days that the period is held against; each stands for one day of the period.

    `pairs`: the day, and the day of the period it stands for. A day may stand for several.
    """

    name: str
    period: Period
    pairs: tuple[tuple[date, date], ...]

    @classmethod
    def side_by_side(cls, name: str, base: Period, period: Period) -> Base:
        """Day by day from the first of both; days beyond the period's last stand for that one."""
        shift = period.first - base.first
        pairs = tuple((day, min(day + shift, period.last)) for day in base.every_day)
        return cls(name, base, pairs)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared with what: handed to every dimension."""

    stores: tuple[Store, ...]
    reference_id: str
    period: Period
    data_end: date
    basis: Basis
    currency: str
    present: frozenset[str]
    delta: dict[str, float]
    seed: int
    weights: Mapping[str, float] = field(default_factory=dict)
    data_first: date | None = None
    against: Period | None = None
    members: tuple[Store, ...] = ()
    switching_days: int = 180
    """Days within which an order after another one of the same buyer stays or switches."""
    bases: tuple[Base, ...] = ()
    """What the period is held against in a review, beside `before`."""
    workspace_stores: tuple[Store, ...] = ()
    """All stores of the workspace: what those do that are not compared can move the others."""
    redacted: tuple[Redacted, ...] = ()
    """What is left out at the author's wish, and said to be."""

    @property
    def every_store(self) -> tuple[Store, ...]:
        """The single stores, also where groups of them are compared."""
        return self.members or self.stores

    @property
    def store_ids(self) -> tuple[str, ...]:
        """The ids in report order."""
        return tuple(store.store_id for store in self.stores)

    @property
    def before(self) -> Period | None:
        """The period asked for, or the year before where the data reach back so far; no day is in
        both."""
        if self.against is not None:
            return self.against
        earlier = self.period.year_before
        # A slow seller need not sell on the very first day.
        week = timedelta(days=6)
        known = self.data_first is not None and self.data_first <= earlier.first + week
        return earlier if known and earlier.last < self.period.first else None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure a dimension offers: its data are the rows of one named query."""

    figure_id: str
    name: str
    query: str
    chart: str | None


def calendar_quarter(day: date) -> int:
    """The number of the calendar quarter of a day: 4 x year + 1 to 4."""
    return 4 * day.year + (day.month - 1) // 3 + 1


def quarter_begins(quarter: int) -> date:
    """The first day of a calendar quarter by its number."""
    year, place = divmod(quarter - 1, 4)
    return date(year, 3 * place + 1, 1)
