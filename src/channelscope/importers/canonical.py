"""What columns of an export can become: one vocabulary for all platforms.

Orders and lines are turned into `order_lines` by `queries/import/`; everything else is small and
becomes rows of one table each. Money of a line is without postage; `order_…` amounts belong to the
whole order and are apportioned to its lines.
"""

from __future__ import annotations

from channelscope.contract import Type

LINE_MECHANISMS = (
    "markdown", "member", "coupon_item", "coupon_shop", "tier_amount", "coupon_platform", "redpack",
)  # fmt: skip
"""Discounts that exports give per line."""

ORDER_MECHANISMS = ("markdown", "coupon_shop", "coupon_platform", "points", "redpack")
"""Discounts that exports give per order."""

ORDER = {
    "order_id": Type.TEXT,
    "shop": Type.TEXT,  # the shop's name as the platform has it
    "state": Type.TEXT,  # paid | unpaid | closed | refunded
    "created_at": Type.TIMESTAMP,
    "paid_at": Type.TIMESTAMP,
    "buyer_id": Type.TEXT,  # salted hash
    "ship_region": Type.TEXT,
    "currency": Type.TEXT,
    "is_excluded": Type.BOOL,
    "order_paid": Type.MONEY,  # by the consumer, for goods
    "order_platform": Type.MONEY,  # refunded to the merchant by the platform
    "order_refunded": Type.MONEY,
    "refunded_at": Type.TIMESTAMP,
    **{f"order_{code}": Type.MONEY for code in ORDER_MECHANISMS},
}
"""Columns of `export_orders`; an order may come in several rows, whose known values agree."""

LINE = {
    "order_id": Type.TEXT,
    "line_id": Type.TEXT,
    "line_state": Type.TEXT,
    "item_id": Type.TEXT,  # the platform's id of the item
    "variant_id": Type.TEXT,  # and of its variant
    "sku_code": Type.TEXT,  # merchant code of the variant: the join key across stores
    "item_code": Type.TEXT,  # merchant code of the item
    "gtin": Type.TEXT,
    "title": Type.TEXT,
    "variant": Type.TEXT,  # colour, size
    "qty": Type.QUANTITY,
    "list_price": Type.MONEY,  # of one piece, where the export has one beside the selling price
    "unit_price": Type.MONEY,  # of one piece, before discounts
    "line_amount": Type.MONEY,  # of all pieces, before discounts; else unit_price × qty
    "line_paid": Type.MONEY,  # by the consumer; else the order's is apportioned
    "line_platform": Type.MONEY,
    "line_refunded": Type.MONEY,
    **{f"line_{code}": Type.MONEY for code in LINE_MECHANISMS},
}
"""Columns of `export_lines`."""

FIGURES = {
    "date": Type.DATE,
    "month": Type.DATE,
    "order_id": Type.TEXT,
    "shop": Type.TEXT,
    "traffic_source": Type.TEXT,
    "traffic_detail": Type.TEXT,
    **{f"traffic_{n}": Type.INT
       for n in ("visitors", "page_views", "cart_visitors", "favourite_visitors")},
    **{f"service_{n}": Type.DOUBLE
       for n in ("rating_item", "rating_service", "rating_logistics", "first_response_s",
                 "reply_3min_rate", "ship_hours", "deliver_hours", "ship_48h_rate", "dispute_rate",
                 "quality_refund_rate")},
    "cost_base": Type.MONEY,  # what the rates below are parts of
    **{f"cost_{n}": Type.MONEY
       for n in ("commission", "payment_fee", "affiliate", "ad_spend", "platform_annual_fee",
                 "other")},
    "control_paid": Type.MONEY,
    "control_orders": Type.INT,
    "control_units": Type.INT,
    "control_refunded": Type.MONEY,
}  # fmt: skip
"""Columns of daily figures, traffic by source, service scores and settlements. `control_…` is what
the platform says it sold, held against the imported order lines."""

ITEM = {
    "date": Type.DATE,
    "shop": Type.TEXT,
    "item_id": Type.TEXT,
    "variant_id": Type.TEXT,
    "sku_code": Type.TEXT,
    "item_code": Type.TEXT,
    "gtin": Type.TEXT,
    "title": Type.TEXT,
    "variant": Type.TEXT,
    "category": Type.TEXT,
    "observed_at": Type.TIMESTAMP,
    "list_price": Type.MONEY,
    "activity_price": Type.MONEY,
    "net_price": Type.MONEY,
    "promo_level": Type.TEXT,
    "promo_tool": Type.TEXT,
    "promo_label": Type.TEXT,
    "promo_text": Type.TEXT,
    "promo_id": Type.TEXT,
    "promo_window": Type.TEXT,  # first moment-last moment, as printed
    "promo_amount": Type.MONEY,
    "promo_rate": Type.DOUBLE,
    "control_paid": Type.MONEY,
    "control_orders": Type.INT,
    "control_units": Type.INT,
    "control_refunded": Type.MONEY,
}
"""Columns of exports about items: daily figures of items, price and promotion snapshots."""

REFUND = {
    "order_id": Type.TEXT,
    "line_id": Type.TEXT,
    "line_state": Type.TEXT,
    "shop": Type.TEXT,
    "line_refunded": Type.MONEY,
    "refunded_at": Type.TIMESTAMP,
}
"""Columns of after-sales exports: one row per case."""
