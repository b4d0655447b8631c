"""The net price of a basket: item level, then shop level, then platform level, to the cent."""

from __future__ import annotations

from channelscope.promotion_rules.apportion import apportion, divide_half_up
from channelscope.promotion_rules.baskets import BasketLines, OrderRules, PricedLines
from channelscope.promotion_rules.net_price import (
    OrderDeductions,
    order_deductions,
    price_orders,
)

__all__ = [
    "BasketLines",
    "OrderDeductions",
    "OrderRules",
    "PricedLines",
    "apportion",
    "divide_half_up",
    "order_deductions",
    "price_orders",
]
