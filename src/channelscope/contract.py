"""The data contract as data: tables, grain, columns. Read by loading, `init` and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from channelscope.domain import Kind
from channelscope.mechanisms import CODES, MECHANISMS, PREFIX


class Type(StrEnum):
    """The types of the contract, as DuckDB spells them."""

    TEXT = "VARCHAR"
    DATE = "DATE"
    TIMESTAMP = "TIMESTAMP"
    INT = "BIGINT"
    BOOL = "BOOLEAN"
    MONEY = "DECIMAL(18,4)"
    QUANTITY = "DECIMAL(18,3)"
    DOUBLE = "DOUBLE"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, what it holds, whether it must be there."""

    name: str
    type: Type
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a workspace and the columns that identify a row."""

    name: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _r(name: str, type_: Type, meaning: str, allowed: tuple[str, ...] = ()) -> Column:
    return Column(name, type_, meaning, required=True, allowed=allowed)


_T = Type
_ROLES = ("image", "volume", "long_tail", "reach", "clearance", "launch", "service")
_COSTS = (
    "commission_rate", "payment_fee_rate", "affiliate_rate", "ad_spend", "fulfilment_per_order",
    "staff", "platform_annual_fee", "deposit", "gift_cost", "other",
)  # fmt: skip

STORES = Table("stores", ("store_id",), (
    _r("store_id", _T.TEXT, "key"),
    _r("name", _T.TEXT, "shown to people"),
    _r("kind", _T.TEXT, "what the store is to the brand", tuple(Kind)),
    _r("platform", _T.TEXT, "tmall, taobao, jd, pdd, douyin, shopify, amazon or free text"),
    Column("operator", _T.TEXT, "legal owner: own, or a partner's name"),
    Column("currency", _T.TEXT, "ISO 4217; default: the workspace's"),
    Column("opened_on", _T.DATE, "first day of trade"),
    Column("closed_on", _T.DATE, "last day of trade"),
    Column("regions", _T.TEXT, "where the store may sell, separated by |; null = anywhere"),
    Column("declared_role", _T.TEXT, "the role the brand gives the store", allowed=_ROLES),
    Column("prices_include_tax", _T.BOOL, "default true"),
    Column("buyer_id_scope", _T.TEXT, "stores of one scope share buyer ids; default: platform"),
), required=True)  # fmt: skip

PRODUCTS = Table("products", ("sku",), (
    _r("sku", _T.TEXT, "key"),
    _r("title", _T.TEXT, "shown to people"),
    _r("category", _T.TEXT, "path, levels separated by ' > '"),
    Column("line", _T.TEXT, "product line"),
    Column("gtin", _T.TEXT, "trade item number"),
    Column("unit_size", _T.DOUBLE, "content of one piece"),
    Column("unit", _T.TEXT, "unit of the content", allowed=("g", "ml", "piece")),
    Column("suggested_price", _T.MONEY, "suggested retail price"),
    Column("unit_cost", _T.MONEY, "cost of one piece"),
    Column("launched_on", _T.DATE, "first day on sale anywhere"),
), required=True)  # fmt: skip

ORDER_LINES = Table("order_lines", ("store_id", "order_id", "line_no"), (
    _r("order_id", _T.TEXT, "order number"),
    _r("line_no", _T.INT, "line of the order"),
    _r("store_id", _T.TEXT, "store"),
    _r("sku", _T.TEXT, "product"),
    _r("ordered_at", _T.TIMESTAMP, "time of payment, the store's local time"),
    _r("qty", _T.QUANTITY, "pieces or weight, > 0"),
    _r("list_price", _T.MONEY, "regular price of one unit that day"),
    _r("paid_amount", _T.MONEY, "what the consumer paid for the line after every discount"),
    *(Column(f"{PREFIX}{m.code}", _T.MONEY, f"discount by {m.code} {m.chinese}")
      for m in MECHANISMS),
    Column("platform_amount", _T.MONEY, "part of the discounts refunded to the merchant"),
    Column("buyer_id", _T.TEXT, "salted hash; null = guest or masked"),
    Column("refunded_amount", _T.MONEY, "money given back"),
    Column("refunded_at", _T.TIMESTAMP, "time of the refund"),
    Column("promo_id", _T.TEXT, "promotion"),
    Column("ship_region", _T.TEXT, "province or country of delivery"),
    Column("is_excluded", _T.BOOL, "orders to leave out: fake, staff, test"),
))  # fmt: skip

TRAFFIC = Table("traffic", ("store_id", "date", "source"), (
    _r("store_id", _T.TEXT, "store"),
    _r("date", _T.DATE, "day"),
    Column("source", _T.TEXT, "traffic source; default: all"),
    _r("visitors", _T.INT, "visitors, de-duplicated within the day only"),
    Column("page_views", _T.INT, "pages seen"),
    Column("cart_visitors", _T.INT, "visitors who put something into the cart"),
    Column("favourite_visitors", _T.INT, "visitors who marked a favourite"),
))  # fmt: skip

PROMOTIONS = Table("promotions", ("promo_id",), (
    _r("promo_id", _T.TEXT, "key"),
    _r("store_id", _T.TEXT, "store"),
    _r("mechanism", _T.TEXT, "mechanism code", CODES),
    _r("starts_at", _T.TIMESTAMP, "start"),
    _r("ends_at", _T.TIMESTAMP, "end, the last moment: a date alone is its midnight"),
    Column("label", _T.TEXT, "as the shop prints it"),
    Column("scope", _T.TEXT, "store, category:<prefix> or sku:<a|b|c>"),
    Column("threshold_kind", _T.TEXT, "what is tested", allowed=("none", "amount", "qty")),
    Column("threshold", _T.DOUBLE, "from how much"),
    Column("threshold_base", _T.TEXT, "on which price", allowed=("list", "activity", "running")),
    Column("benefit_kind", _T.TEXT, "what is given",
           allowed=("rate", "amount", "price", "gift", "credit")),
    Column("benefit", _T.DOUBLE, "how much; a rate is the part taken off, 0.15 for 8.5折"),
    Column("repeat", _T.BOOL, "for every threshold reached"),
    Column("cap", _T.MONEY, "at most"),
    Column("stack_group", _T.TEXT, "of one group only the best applies; without one, prices of a "
           "piece (markdown, flash, subsidy, member, presale, group) exclude each other"),
    Column("priority", _T.INT, "order within its level"),
    Column("eligibility", _T.TEXT, "who", allowed=("all", "member", "new", "presale")),
    Column("merchant_share", _T.DOUBLE, "part the merchant bears, 0-1"),
    Column("gift_sku", _T.TEXT, "product given; the benefit is pieces of it, else its worth"),
))  # fmt: skip

PRICE_SNAPSHOTS = Table("price_snapshots", ("store_id", "sku", "observed_at"), (
    _r("store_id", _T.TEXT, "store"),
    _r("sku", _T.TEXT, "product"),
    _r("observed_at", _T.TIMESTAMP, "time of observation"),
    _r("list_price", _T.MONEY, "struck-through price"),
    Column("activity_price", _T.MONEY, "price after item-level activity"),
    Column("net_price", _T.MONEY, "one piece, no special eligibility"),
    Column("in_stock", _T.BOOL, "can be bought"),
    Column("listed", _T.BOOL, "is on the shelf"),
))  # fmt: skip

SERVICE = Table("service", ("store_id", "date", "metric"), (
    _r("store_id", _T.TEXT, "store"),
    _r("date", _T.DATE, "day"),
    _r("metric", _T.TEXT, "service metric"),
    _r("value", _T.DOUBLE, "its value"),
    Column("n", _T.INT, "how many cases the value averages; null = unknown"),
    Column("order_id", _T.TEXT, "order, where the case is one"),
))  # fmt: skip

COSTS = Table("costs", ("store_id", "month", "kind"), (
    _r("store_id", _T.TEXT, "store"),
    _r("month", _T.DATE, "first day of the month"),
    _r("kind", _T.TEXT, "kind of cost", _COSTS),
    _r("amount", _T.DOUBLE, "money, or a rate 0-1 for the *_rate kinds"),
))  # fmt: skip

FX = Table("fx", ("date", "currency"), (
    _r("date", _T.DATE, "day"),
    _r("currency", _T.TEXT, "ISO 4217"),
    _r("rate", _T.DOUBLE, "units of the workspace's currency for one unit"),
))  # fmt: skip

TARGETS = Table("targets", ("store_id", "month", "metric"), (
    _r("store_id", _T.TEXT, "store"),
    _r("month", _T.DATE, "first day of the month"),
    _r("metric", _T.TEXT, "metric"),
    _r("value", _T.DOUBLE, "the plan"),
))  # fmt: skip

TABLES: tuple[Table, ...] = (
    STORES, PRODUCTS, ORDER_LINES, TRAFFIC, PROMOTIONS, PRICE_SNAPSHOTS, SERVICE, COSTS, FX,
    TARGETS,
)  # fmt: skip

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}

ROW = "_row"
"""Every loaded table carries its row number in the source, counted from 1, under this name."""


def described() -> str:
    """The contract as Markdown: what each table and column is, which are required, which codes."""
    lines = ["# The tables of a workspace", "", "An empty cell means: not known. It is never zero."]
    for table in TABLES:
        need = " (required)" if table.required else ""
        lines += ["", f"## {table.name}{need}: one row per {', '.join(table.grain)}", ""]
        lines += ["| column | type | required | meaning |", "|-|-|-|-|"]
        lines += [_described(column) for column in table.columns]
    lines += ["", "Besides stores and products, order_lines or price_snapshots must have rows."]
    return "\n".join(lines) + "\n"


def _described(column: Column) -> str:
    codes = f": {', '.join(column.allowed)}" if column.allowed else ""
    need = "yes" if column.required else ""
    meaning = f"{column.meaning}{codes}".replace("|", "\\|")
    return f"| {column.name} | {column.type.name.lower()} | {need} | {meaning} |"
