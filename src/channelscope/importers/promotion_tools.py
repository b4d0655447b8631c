"""The names of promotions as Chinese marketplaces print them, and the mechanism each stands for."""

from __future__ import annotations

import re

from channelscope.importers.promotion_parts import Tool

_ALL, _MEMBER, _NEW = "all", "member", "new"

# (expression, tool); of the names that fit at a place the longest is taken.
_NAMES: tuple[tuple[str, Tool], ...] = (
    (r"一口价|特价|促销价|活动价|限时价|限时特价|特惠价|折扣价|直降价|官方大促价",
     Tool(mechanism="markdown", bare="price")),
    (r"单品(?:立减|直降|折扣|优惠|宝)?", Tool(mechanism="markdown", bare="amount")),
    (r"限时直降|大促直降|限时立减|拍下立减|下单立减", Tool(mechanism="markdown", bare="amount")),
    (r"(?:淘宝|限时|整点|今日|超级)?秒杀价?|限时购|限量购|限时抢购价?|抢购价|聚划算价?|淘抢购|闪购价?",
     Tool(mechanism="flash", bare="price")),
    (r"(?:百亿|平台|官方|限时|政府|国家)?补贴价|国补价", Tool(mechanism="subsidy", bare="price")),
    (r"(?:百亿|平台|官方|限时|政府|国家|家电)?补贴|国补|已补",
     Tool(mechanism="subsidy", bare="amount")),
    (r"(?:官方|超级)(?:立减|直降)", Tool(mechanism="official_cut", bare="amount")),
    (r"(?:88VIP|PLUS|VIP|店铺)?(?:会员)?(?:专享)?会员(?:专享)?价|(?:88VIP|PLUS|VIP)(?:会员)?(?:专享)?价",
     Tool(mechanism="member", bare="price", eligibility=_MEMBER)),
    (r"88VIP(?:会员)?(?:专享)?|PLUS(?:会员)?(?:专享)?|(?:店铺|VIP)?会员(?:专享)?",
     Tool(mechanism="member", eligibility=_MEMBER)),
    (r"(?:店铺)?(?:会员|入会)(?:专享)?(?:优惠)?券",
     Tool(mechanism="coupon_shop", bare="amount", eligibility=_MEMBER)),
    (r"88VIP(?:会员)?(?:专享)?(?:大额)?(?:消费|优惠)?券",
     Tool(mechanism="coupon_platform", bare="amount", eligibility=_MEMBER)),
    (r"拼团价|拼单价|团购价|\d+人团价?", Tool(mechanism="group", bare="price")),
    (r"(?:店铺)?(?:新客|新人|首单|首购)(?:专享)?价",
     Tool(mechanism="new_customer", bare="price", eligibility=_NEW)),
    (r"(?:店铺)?(?:新客|新人|首单|首购)(?:专享)?(?:立减|礼金|优惠)?(?:优惠券|券)?",
     Tool(mechanism="new_customer", bare="amount", eligibility=_NEW)),
    (r"平台(?:新客|新人)(?:专享)?(?:立减|礼金)?",
     Tool(mechanism="new_customer", bare="amount", eligibility=_NEW, merchant_share=0.0)),
    (r"(?:商品|单品|宝贝)(?:优惠)?券", Tool(mechanism="coupon_item", bare="amount")),
    (r"(?:店铺|领取?|无门槛)?(?:优惠)?券|店券|无门槛",
     Tool(mechanism="coupon_shop", bare="amount")),
    (r"(?:平台|跨店|品类)(?:优惠|消费)?券|消费券|神券",
     Tool(mechanism="coupon_platform", bare="amount")),
    (r"跨店(?:满减|满折)?|(?:购物)?津贴", Tool(mechanism="tier_cross")),
    (r"(?:平台|超级|现金)?红包|(?:多多|京东)?支付(?:立减|优惠)",
     Tool(mechanism="redpack", bare="amount")),
    (r"店铺红包", Tool(mechanism="redpack", bare="amount", merchant_share=1.0)),
    # 淘金币 is the merchant's money, 集分宝 the platform's.
    (r"淘金币", Tool(mechanism="points", merchant_share=1.0)),
    (r"集分宝", Tool(mechanism="points", merchant_share=0.0)),
    (r"京豆|积分", Tool(mechanism="points")),
    (r"(?:直播|下单|购物)?(?:返现|返利)", Tool(mechanism="cashback", bare="amount")),
    (r"以旧换新(?:补贴|立减)?", Tool(mechanism="trade_in", bare="amount")),
    (r"运费(?:优惠)?券|运费(?:立减)?", Tool(mechanism="shipping", bare="amount")),
    (r"(?:店铺|全店)?满(?:额|就|件)?(?:立)?[减折]|多[买件]多折|多[买件]优惠|店铺宝",
     Tool(mechanism=None)),
    (r"大促|限时(?:折扣|打折|特惠)?|每周特惠|今日特惠|特惠|促销|全场|全店|店铺|同店|官方大促|优惠信息|拍下",
     Tool(mechanism=None)),
)  # fmt: skip
_TOOLS = tuple((re.compile(names, re.IGNORECASE), tool) for names, tool in _NAMES)


def tool_at(text: str, start: int) -> tuple[Tool, int] | None:
    """The longest name that stands at a place of the text, and where it ends."""
    fits = [
        (match.end(), tool) for names, tool in _TOOLS if (match := names.match(text, start))
    ]  # fmt: skip
    if not fits:
        return None
    end = max(end for end, _ in fits)
    return next(tool for at, tool in fits if at == end), end


def tool_named(name: str) -> Tool | None:
    """The tool of a column that holds a name alone; None for names that are not known."""
    found = tool_at(name, 0)
    return found[0] if found and found[1] == len(name) else None
