"""Every metric: id, unit, formula, favourable direction, smallest difference that matters, query.

The one place that `explain`, the report's appendix and the contract tests read. `delta` is in the
unit of the metric; for money and counts it is a share of the reference's value (`relative`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from channelscope.domain import Better, Rung
from channelscope.errors import UsageError, did_you_mean

H, L, N = Better.HIGHER, Better.LOWER, Better.NEITHER


class Unit(StrEnum):
    """What a metric is counted in. Rates are 0-1."""

    MONEY = "money"
    COUNT = "count"
    RATE = "rate"
    RATIO = "ratio"
    INDEX = "index"
    EFFECTIVE = "effective"
    SECONDS = "seconds"
    HOURS = "hours"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of the registry. `shown`: it has a column in the five-dimension matrix.

    `compared`: stores are compared on it; a count that has no interval is not, nor is what
    compares with the reference already.
    """

    id: str
    dimension: str
    unit: Unit
    better: Better
    delta: float
    query: str
    formula: str
    shown: bool = False
    relative: bool = False
    compared: bool = True


_PRODUCT = (
    Metric("active_skus", "product", Unit.COUNT, N, 0.10, "product/assortment",
           "products with a sale in the period (shelf only: products listed)", shown=True,
           relative=True, compared=False),
    Metric("category_breadth", "product", Unit.COUNT, N, 1, "product/assortment",
           "top-level categories with a sale", compared=False),
    Metric("category_depth", "product", Unit.RATIO, N, 2, "product/assortment",
           "active_skus / category_breadth", compared=False),
    Metric("exclusive_skus", "product", Unit.COUNT, N, 5, "product/assortment",
           "active products that no other compared store has", compared=False),
    Metric("exclusive_sales_share", "product", Unit.RATE, N, 0.03, "product/sku_sales_by_group",
           "sales of exclusive products / sales", shown=True),
    Metric("sell_through", "product", Unit.RATE, H, 0.05, "product/assortment",
           "products listed and sold / products listed (动销率)"),
    Metric("new_product_share", "product", Unit.RATE, N, 0.03, "product/sku_sales_by_group",
           "sales of products launched within 365 days before the period's end / sales of products "
           "whose launch date is known"),
    Metric("full_price_share", "product", Unit.RATE, H, 0.03, "product/sku_sales_by_group",
           "paid amount of lines at 90% of list or more / paid amount"),
    Metric("top10_share", "product", Unit.RATE, N, 0.05, "product/sku_sales_by_group",
           "sales of the ten best-selling products / sales"),
    Metric("hill_0", "product", Unit.EFFECTIVE, N, 10, "product/sku_sales_by_group",
           "number of products with sales left after refunds (Hill number of order 0)",
           compared=False),
    Metric("hill_1", "product", Unit.EFFECTIVE, N, 5, "product/sku_sales_by_group",
           "exp of the Shannon entropy of sales shares (Hill number of order 1)"),
    Metric("hill_2", "product", Unit.EFFECTIVE, N, 5, "product/sku_sales_by_group",
           "1 / sum of squared sales shares (Hill number of order 2)"),
)  # fmt: skip

_PRICE = (
    Metric("price_level", "price", Unit.INDEX, N, 3.0, "price/matched_prices",
           "realised prices of the same products at the same time, reference = 100: least squares "
           "of linked Törnqvist relatives", shown=True),
    Metric("list_level", "price", Unit.INDEX, N, 3.0, "price/matched_prices",
           "the same on list prices"),
    Metric("activity_level", "price", Unit.INDEX, N, 3.0, "price/matched_prices",
           "the same on shelf prices after item-level activities"),
    Metric("one_piece_level", "price", Unit.INDEX, N, 3.0, "price/matched_prices",
           "the same on the shelf's net price of one piece", shown=True),
    Metric("merchant_level", "price", Unit.INDEX, N, 3.0, "price/matched_prices",
           "the same on what the merchant is paid: realised prices and the platform's money"),
    Metric("pocket_level", "price", Unit.INDEX, N, 3.0, "price/matched_prices",
           "the same on what is left of that after commission, fees, advertising, fulfilment and "
           "gifts, of the kinds of cost that every store with costs knows"),
    Metric("price_dispersion", "price", Unit.RATE, N, 0.02, "price/matched_prices",
           "standard deviation over products of ln(price / reference price)", compared=False),
    Metric("price_dispersion_weighted", "price", Unit.RATE, N, 0.02, "price/matched_prices",
           "the same, weighted by sales", compared=False),
    # Each store is read against the suggested price, not against another store's share.
    Metric("below_suggested_share", "price", Unit.RATE, N, 0.05, "price/order_cells",
           "days with a price more than 1% below the suggested price / days with a price, over "
           "products with a suggested price", compared=False),
    Metric("own_breach_share", "price", Unit.RATE, N, 0.05, "price/order_cells",
           "the same, of days whose gap the platform's money alone does not make",
           compared=False),
    Metric("platform_gap_share", "price", Unit.RATE, N, 0.05, "price/order_cells",
           "the same, of days on which the price would not be below without the platform's money",
           compared=False),
    Metric("below_suggested_depth", "price", Unit.RATE, N, 0.01, "price/order_cells",
           "mean of 1 - price / suggested price over the days below", compared=False),
    Metric("out_of_region_share", "price", Unit.RATE, N, 0.02, "price/shipped_by_group",
           "orders shipped outside the regions in which the store is meant to sell / orders whose "
           "region is known", compared=False),
)  # fmt: skip

_PROMOTION = (
    Metric("depth", "promotion", Unit.RATE, N, 0.01, "promotion/discounts_by_group",
           "1 - paid amount / list amount", shown=True),
    Metric("breadth", "promotion", Unit.RATE, N, 0.03, "promotion/discounts_by_group",
           "pieces sold with a discount in their price / pieces sold", shown=True),
    Metric("frequency", "promotion", Unit.RATE, N, 0.03, "promotion/promotion_frequency",
           "product-days with a sale below list price / product-days with a sale"),
    Metric("stacking", "promotion", Unit.RATIO, N, 0.1, "promotion/discounts_by_group",
           "mechanisms per discounted line"),
    Metric("merchant_funded_share", "promotion", Unit.RATE, L, 0.05,
           "promotion/discounts_by_group",
           "1 - platform amount / (list - paid), where the platform amount is known"),
    Metric("unexplained_share", "promotion", Unit.RATE, L, 0.01, "promotion/discounts_by_group",
           "sum over lines of |list - discounts - paid| beyond 0.01 a piece / list amount"),
    # How well the data are kept is no trait on which stores are told apart.
    Metric("reconciled_share", "promotion", Unit.RATE, H, 0.01, "promotion/observed_lines",
           "order lines paid as the promotion rules imply, to the cent / order lines looked at",
           compared=False),
)  # fmt: skip

_SALES = (
    Metric("sales", "sales", Unit.MONEY, H, 0.05, "sales/sales_by_block",
           "paid amount on the chosen basis", shown=True, relative=True),
    Metric("orders", "sales", Unit.COUNT, H, 0.05, "sales/sales_by_block",
           "paid orders", relative=True),
    Metric("visitor_days", "sales", Unit.COUNT, H, 0.05, "sales/sales_by_block",
           "sum over days of visitors, de-duplicated within a day only", shown=True,
           relative=True),
    Metric("conversion", "sales", Unit.RATE, H, 0.002, "sales/sales_by_block",
           "orders / visitor-days, on days with known traffic", shown=True),
    Metric("order_value", "sales", Unit.MONEY, H, 0.03, "sales/sales_by_block",
           "sales / orders", shown=True, relative=True),
    Metric("units_per_order", "sales", Unit.RATIO, H, 0.05, "sales/sales_by_block",
           "units / orders (连带率)"),
    Metric("piece_price", "sales", Unit.MONEY, N, 0.03, "sales/sales_by_block",
           "sales / units (件单价)", relative=True),
    Metric("visitor_value", "sales", Unit.MONEY, H, 0.05, "sales/sales_by_block",
           "sales / visitor-days, on days with known traffic (UV价值)", relative=True),
    Metric("refund_share", "sales", Unit.RATE, L, 0.01, "sales/sales_by_block",
           "refunded / paid amount of the orders of the period, without the last 15 days",
           shown=True),
    Metric("growth", "sales", Unit.RATE, H, 0.03, "sales/sales_by_block",
           "sales / sales of as many days a year before - 1"),
    Metric("concentration", "sales", Unit.RATE, N, 0.05, "sales/sales_by_block",
           "share of sales made in the best tenth of the period's days"),
    Metric("contribution", "sales", Unit.MONEY, H, 0.05, "sales/contribution",
           "sales + platform money - product cost - fees - other known costs", relative=True,
           compared=False),
    Metric("contribution_margin", "sales", Unit.RATE, H, 0.02, "sales/contribution",
           "contribution / sales", compared=False),
)  # fmt: skip

_SERVICE = (
    Metric("rating_item", "service", Unit.SCORE, H, 0.05, "service/service_by_week",
           "mean rating of the goods, 1-5"),
    Metric("rating_service", "service", Unit.SCORE, H, 0.05, "service/service_by_week",
           "mean rating of the service, 1-5", shown=True),
    Metric("rating_logistics", "service", Unit.SCORE, H, 0.05, "service/service_by_week",
           "mean rating of the delivery, 1-5"),
    Metric("first_response_s", "service", Unit.SECONDS, L, 15, "service/service_by_week",
           "mean seconds to the first human answer"),
    Metric("reply_3min_rate", "service", Unit.RATE, H, 0.03, "service/service_by_week",
           "enquiries answered within three minutes / enquiries"),
    Metric("ship_hours", "service", Unit.HOURS, L, 4, "service/service_by_week",
           "mean hours from payment to dispatch", shown=True),
    Metric("deliver_hours", "service", Unit.HOURS, L, 6, "service/service_by_week",
           "mean hours from dispatch to delivery"),
    Metric("ship_48h_rate", "service", Unit.RATE, H, 0.02, "service/service_by_week",
           "orders dispatched within 48 hours / orders"),
    Metric("dispute_rate", "service", Unit.RATE, L, 0.002, "service/service_by_week",
           "orders with a dispute / orders"),
    Metric("quality_refund_rate", "service", Unit.RATE, L, 0.005, "service/service_by_week",
           "orders refunded for quality / orders"),
    Metric("walkthrough", "service", Unit.SCORE, H, 5, "service/service_by_week",
           "points 0-100 of one step of a walk through the shop as a consumer"),
)  # fmt: skip

_CONSUMERS = (
    Metric("returning_buyer_share", "consumers", Unit.RATE, N, 0.03, "consumers/buyers_by_history",
           "known buyers of the period who had bought in the same store within the 365 days before "
           "it / known buyers of the period"),
    Metric("loyalty", "consumers", Unit.RATIO, N, 0.05, "consumers/switched_orders",
           "next orders at the store of the order before / as many as the store's share of the "
           "week and category would give", compared=False),
    Metric("exchange", "consumers", Unit.RATIO, N, 0.05, "consumers/switched_orders",
           "orders with which buyers who leave go from one of two stores to the other / as many as "
           "the stores' shares of what is bought elsewhere would give", compared=False),
)  # fmt: skip

NO_PARTS = frozenset({
    "growth", "contribution_margin", "price_dispersion", "price_dispersion_weighted",
})  # fmt: skip
"""Rates that are no parts of a whole: a growth of 120% and a loss on sales are possible."""

METRICS: tuple[Metric, ...] = (*_PRODUCT, *_PRICE, *_PROMOTION, *_SALES, *_SERVICE, *_CONSUMERS)


METRIC_OF_RUNG = {
    Rung.LIST: "list_level", Rung.ACTIVITY: "activity_level", Rung.ONE_PIECE: "one_piece_level",
    Rung.REALISED: "price_level", Rung.MERCHANT: "merchant_level", Rung.POCKET: "pocket_level",
}  # fmt: skip
"""The level of a store on each rung of the price ladder."""


DISTANCE_DELTA = 0.10
"""The smallest distance of two stores in one dimension that matters, from 0 to 1."""


LIFT_DELTA = 0.10
"""Up to a tenth more or fewer shared buyers than chance gives are as many."""
TABLE_DELTAS = {"diversion": DISTANCE_DELTA**2, "segment_share": 0.05}
"""Smallest differences that matter in tables of their own: of the diversion index, from 0 to 1, and
of the share of a segment in a store's orders."""


FULL_PRICE_GAP = 0.30
"""A mean log price gap of this size is a distance of 1."""

MOST_DAYS, ENOUGH_DAYS = 2 / 3, 28
"""A store is told to be cheapest where it is so on this part of the days and products, of so many
days at least."""

PIECE_GAP, OFTEN = 0.03, 0.1
"""A clash is told from this gap of one piece (the trade's price change) on this part of the common
product-days."""


def dimensions() -> tuple[str, ...]:
    """The dimensions that metrics belong to, in their order."""
    return tuple(dict.fromkeys(metric.dimension for metric in METRICS))


def find(metric_id: str) -> Metric:
    """The metric of that id; `walkthrough_<step>` is read as `walkthrough`."""
    known = {metric.id: metric for metric in METRICS}
    name = "walkthrough" if metric_id.startswith("walkthrough_") else metric_id
    if name in known:
        return known[name]
    raise UsageError(
        f"there is no metric '{metric_id}'",
        advice=did_you_mean(metric_id, known) or f"known: {', '.join(known)}",
    )
