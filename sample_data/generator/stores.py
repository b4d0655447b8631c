"""The nine stores: who they are, what level of price and service they are meant to have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One row of stores.csv and the design behind it.

    `price_level`: realised like-for-like price, F1 = 100. `conversion`: paid orders per visitor-day
    over the data. `refund_rate`: share of orders with a refund. Null: the sample has no such data.
    """

    store_id: str
    name: str
    kind: str
    platform: str
    operator: str
    opened_on: date
    declared_role: str
    price_level: float | None
    conversion: float | None
    refund_rate: float
    regions: tuple[str, ...] = ()
    sells: bool = True


EAST = ("浙江", "江苏", "上海", "安徽", "福建", "江西", "山东")

STORES = (
    Store(
        store_id="F1", name="兰溪家居官方旗舰店 Lanxi Home Official Flagship", kind="flagship",
        platform="tmall", operator="own", opened_on=date(2018, 3, 8), declared_role="image",
        price_level=100.0, conversion=0.032, refund_rate=0.078,
    ),
    Store(
        store_id="F2", name="兰溪家居京东旗舰店 Lanxi Home JD Flagship", kind="flagship",
        platform="jd", operator="own", opened_on=date(2019, 6, 1), declared_role="image",
        price_level=99.0, conversion=0.036, refund_rate=0.066,
    ),
    Store(
        store_id="S1", name="兰溪锅具专卖店 Lanxi Cookware Store", kind="specialty",
        platform="tmall", operator="合作商甲 Partner A", opened_on=date(2025, 9, 1),
        declared_role="volume", price_level=96.0, conversion=0.027, refund_rate=0.071,
    ),
    Store(
        store_id="M1", name="悦厨家居专营店 Yuechu Kitchen & Home", kind="multibrand",
        platform="jd", operator="合作商乙 Partner B", opened_on=date(2021, 4, 15),
        declared_role="long_tail", price_level=92.5, conversion=0.024, refund_rate=0.074,
    ),
    Store(
        store_id="M2", name="好物集家居专营店 Haowuji Home", kind="multibrand",
        platform="pdd", operator="合作商丙 Partner C", opened_on=date(2022, 2, 20),
        declared_role="volume", price_level=90.0, conversion=0.041, refund_rate=0.094,
    ),
    Store(
        store_id="D1", name="兰溪家居华通店 Lanxi Home Huatong", kind="distributor",
        platform="tmall", operator="合作商丁 Partner D", opened_on=date(2021, 9, 10),
        declared_role="reach", price_level=85.0, conversion=0.038, refund_rate=0.092,
    ),
    Store(
        store_id="D2", name="兰溪厨具优选店 Lanxi Kitchen Select", kind="distributor",
        platform="pdd", operator="合作商戊 Partner E", opened_on=date(2022, 11, 1),
        declared_role="reach", price_level=82.0, conversion=0.045, refund_rate=0.105,
        regions=EAST,
    ),
    Store(
        store_id="D3", name="兰溪厨具百货店 Lanxi Kitchen Mart", kind="distributor",
        platform="pdd", operator="合作商己 Partner F", opened_on=date(2023, 3, 20),
        declared_role="reach", price_level=82.0, conversion=None, refund_rate=0.105,
    ),
    Store(
        store_id="X1", name="兰溪厨房小铺 Lanxi Kitchen Corner", kind="distributor",
        platform="taobao", operator="合作商庚 Partner G", opened_on=date(2023, 8, 8),
        declared_role="reach", price_level=None, conversion=None, refund_rate=0.0,
        regions=("广东", "广西", "海南"), sells=False,
    ),
)  # fmt: skip

SELLING = tuple(store for store in STORES if store.sells)
IDS = tuple(store.store_id for store in SELLING)
PLATFORMS = ("tmall", "jd", "pdd")
F1, F2, S1, M1, M2, D1, D2, D3 = range(len(SELLING))

# Where buyers live: the brand sits in Zhejiang and sells most near home.
REGIONS = {
    "浙江": 13, "江苏": 11, "上海": 7, "安徽": 5, "福建": 4, "江西": 3, "山东": 7, "广东": 11,
    "湖北": 5, "湖南": 5, "河南": 6, "四川": 6, "重庆": 3, "北京": 5, "天津": 2, "河北": 4,
    "陕西": 3, "辽宁": 3, "广西": 2, "云南": 2, "黑龙江": 1, "吉林": 1, "山西": 2, "贵州": 1,
}  # fmt: skip
