"""The whole schema of channelscope.toml, one pydantic model. Everything has a default."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from channelscope import limits
from channelscope.domain import Basis

FILE_NAME = "channelscope.toml"


class Section(BaseModel):
    """A table of the toml: no key it does not know, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, regex_engine="python-re")


class WorkspaceSection(Section):
    """The brand and the way its stores are compared."""

    name: str | None = Field(
        default=None,
        description="the brand as the report prints it; default: the folder's name",
        examples=["Lanxi Home"],
    )
    currency: str = Field(
        default="CNY", pattern=r"^[A-Z]{3}$", description="ISO 4217; all money is reported in it"
    )
    reference: str | None = Field(
        default=None,
        description="the store_id others are compared with; default: the flagship with most sales",
        examples=["F1"],
    )
    basis: Basis = Field(
        default=Basis.PAID_NET,
        description="what counts as sales: paid | paid_net (less refunds) | merchant (with platform"
        " money) | merchant_net",
    )


class TableSource(Section):
    """Where one table comes from, when not from the file of its own name."""

    path: str | None = Field(
        default=None, min_length=1, description="file or glob, relative to the workspace"
    )
    database: str | None = Field(
        default=None, min_length=1, description="a DuckDB file; with `table`"
    )
    table: str | None = Field(
        default=None, min_length=1, description="table or view of the database"
    )
    sql: str | None = Field(
        default=None,
        min_length=1,
        description="exactly one select; reads files of the workspace and other declared tables",
    )

    @model_validator(mode="after")
    def _one_way(self) -> TableSource:
        ways = (self.path, self.database or self.table, self.sql)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("exactly one of: path; database with table; sql")
        if (self.database is None) != (self.table is None):
            raise ValueError("both database and table")
        return self


class PeriodSection(Section):
    """How years are cut."""

    fiscal_year_starts: str = Field(
        default="01-01", pattern=r"^\d\d-\d\d$", description="month and day the fiscal year begins"
    )

    @field_validator("fiscal_year_starts")
    @classmethod
    def _real_day(cls, value: str) -> str:
        date.fromisoformat(f"2025-{value}")  # not a leap year: 02-29 starts no year
        return value


def _first_to_last(window: tuple[date, date]) -> tuple[date, date]:
    if window[0] > window[1]:
        raise ValueError("the first day, then the last day")
    return window


Window = Annotated[tuple[date, date], AfterValidator(_first_to_last)]
Year = Annotated[str, Field(pattern=r"^\d{4}$")]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Rate = Annotated[float, Field(ge=0, le=1)]


RESERVED_SET = "brand_history"
"""The one built-in set that no set of goods can stand in for."""


class SegmentSet(Section):
    """One way to divide demand, by what is bought."""

    by: Literal["category", "line", "sku"] = Field(
        default="category", description="the column of products the groups are made of"
    )
    is_need: bool = Field(
        default=True,
        description="false: the store itself produces it, so it is behaviour and not a need",
    )
    groups: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="segment = the values it holds; of a category path one level or several",
    )

    @field_validator("groups")
    @classmethod
    def _apart(cls, groups: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        empty = [segment for segment, values in groups.items() if not values]
        if empty:
            raise ValueError(f"at least one value in {empty[0]}")
        counts = Counter(value for values in groups.values() for value in set(values))
        twice = [value for value, times in counts.items() if times > 1]
        if twice:
            raise ValueError(f"'{twice[0]}' in one segment alone")
        return groups


class BuyersSection(Section):
    """How orders of one buyer follow one another."""

    switching_days: int = Field(
        default=180,
        ge=1,
        le=3650,
        description="an order so many days or fewer after the buyer's last one stays at that store"
        " or switches",
    )


class TrafficSection(Section):
    """What a visitor is."""

    definition: dict[str, str] = Field(
        default_factory=dict,
        description="per platform: how it counts visitors; unlike definitions print a warning",
        examples=[
            '{ tmall = "logged-in visitors of the shop", jd = "devices on any shop page" }',
        ],
    )


class Floors(Section):
    """Both have to be passed before something is an exception."""

    relative: Rate
    absolute: NotNegative


def _floors(relative: float, absolute: float, description: str) -> Any:
    """A rule of `[exceptions]` with its defaults."""
    return Field(default=Floors(relative=relative, absolute=absolute), description=description)


class ExceptionsSection(Section):
    """When a review tells an exception: both floors of a rule must be passed."""

    sales_drop: Floors = _floors(
        0.20, 500, "a store's sales fell by this share, and by this much money"
    )
    visitors_drop: Floors = _floors(
        0.30, 100, "its visitor-days fell by this share, and by so many"
    )
    conversion_drop: Floors = _floors(
        0.25, 0.01, "its conversion fell by this share, and by so much (0.01: one in a hundred)"
    )
    weak_conversion: Floors = _floors(
        0.25, 100, "it converts by this share worse than all stores, with so many visitor-days"
    )
    refunds_high: Floors = _floors(
        0.05, 300, "this share of paid sales came back, so much money, and more than before"
    )
    sku_drop: Floors = _floors(
        0.50, 500, "a product's sales in a store fell by this share, and by this much money"
    )
    price_order: Floors = _floors(
        0.10,
        500,
        "a product is below its suggested price on this share of days more or less, and"
        " this much money was given away",
    )


class PolicySection(Section):
    """When `decide` says open, pilot or do not open."""

    horizon_months: int = Field(default=24, ge=1, description="within this time it must pay back")
    open_probability: Rate = Field(
        default=0.8, description="open: at least this probability to pay back"
    )
    pilot_probability: Rate = Field(default=0.5, description="pilot: at least this probability")


class PrivacySection(Section):
    """How buyers are kept unknown."""

    salt_file: str | None = Field(
        default=None,
        description="secret used by `import` to hash buyers; outside the workspace",
        examples=["~/.channelscope-salt"],
    )


class EngineSection(Section):
    """What runs the scans."""

    name: Literal["duckdb", "spark"] = Field(default="duckdb", description="duckdb | spark")
    memory_limit: Annotated[str, AfterValidator(limits.memory)] = Field(
        default=limits.DEFAULT, description="of the machine's memory, or an amount such as 4GB"
    )
    threads: int | None = Field(
        default=None,
        ge=1,
        le=limits.MOST_THREADS,
        description="default: one per core",
        examples=[4],
    )
    temp_dir: str | None = Field(
        default=None,
        description="where what memory does not hold lies for a while; default: the system's",
        examples=["/var/tmp"],
    )
    remote: str | None = Field(
        default=None, description="address of a Spark Connect server", examples=["sc://host:15002"]
    )
    tables: str | None = Field(
        default=None, description="a schema of Spark, or a folder", examples=["catalog.schema"]
    )
    shared: str | None = Field(
        default=None, description="a folder both see, for large cubes", examples=["/mnt/shared"]
    )


class Config(Section):
    """channelscope.toml. `[delta]` and `[weights]` name metrics and dimensions of the registry."""

    workspace: WorkspaceSection = WorkspaceSection()
    tables: dict[str, TableSource] = Field(
        default_factory=dict,
        description="where a table comes from, when not from the file of its name:\n"
        "path (or glob) | database with table | sql (one select)",
        examples=[
            '[tables.order_lines]\npath = "orders/2026-*.parquet"',
            '[tables.traffic]\ndatabase = "shop.duckdb"\ntable = "daily_traffic"',
            '[tables.stores]\nsql = """select id as store_id from \'raw/shops.csv\'"""',
        ],
    )
    period: PeriodSection = PeriodSection()
    events: dict[str, dict[Year, Window]] = Field(
        default_factory=dict,
        description="festivals and sales, first and last day per year; years are aligned on them",
        examples=['[events.double_11]\n"2025" = ["2025-10-24", "2025-11-11"]'],
    )
    delta: dict[str, Positive] = Field(
        default_factory=dict,
        description="smallest difference of a metric that matters, in its unit; of a dimension:\n"
        "smallest distance between two stores, from 0 to 1",
        examples=["price_level = 2.0\nproduct = 0.15"],
    )
    weights: dict[str, NotNegative] = Field(
        default_factory=dict,
        description="weight of a dimension in the map of stores; default: equal",
        examples=["price = 1.0"],
    )
    segments: dict[str, SegmentSet] = Field(
        default_factory=dict,
        description="ways to divide demand, by what is bought",
        examples=[
            '[segments.use]\nby = "category"\nis_need = true\n'
            'groups = { cooking = ["Cookware"], drinking = ["Cups", "Tea"] }'
        ],
    )
    buyers: BuyersSection = BuyersSection()
    traffic: TrafficSection = TrafficSection()
    exceptions: ExceptionsSection = ExceptionsSection()
    policy: PolicySection = PolicySection()
    privacy: PrivacySection = PrivacySection()
    engine: EngineSection = EngineSection()

    @field_validator("segments")
    @classmethod
    def _named_apart(cls, segments: dict[str, SegmentSet]) -> dict[str, SegmentSet]:
        if RESERVED_SET in segments:
            raise ValueError(f"another name than '{RESERVED_SET}', which orders decide, not goods")
        return segments
