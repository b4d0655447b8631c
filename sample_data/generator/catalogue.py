"""160 kitchen products in six categories. The same for every seed: only buyers are drawn anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

DESIGN_SEED = 20241001
SUGGESTED_SHARE = 0.82  # of list: between D1 with and without the platform's subsidy
MIDDLE_PRICE, PRICE_SPREAD = 120, 0.70  # a mid-price brand: most pieces cost 80 to 200
TAIL_START, TAIL_SLOPE = 1.0, 1.25
COOKWARE, KNIVES, BAKING, TABLEWARE, DRINKWARE, STORAGE = range(6)
CATEGORIES = (
    "Kitchen 厨房 > Cookware 锅具",
    "Kitchen 厨房 > Knives & boards 刀具砧板",
    "Kitchen 厨房 > Baking & tools 烘焙工具",
    "Kitchen 厨房 > Tableware 餐具",
    "Kitchen 厨房 > Drinkware 杯壶水具",
    "Kitchen 厨房 > Food storage 保鲜收纳",
)
CODES = ("CK", "KB", "BT", "TW", "DW", "ST")
COUNTS = (36, 22, 24, 34, 24, 20)
LINES = ("青岚 Qinglan", "云釉 Yunyou", "竹里 Zhuli", "山月 Shanyue")


@dataclass(frozen=True, slots=True)
class Family:
    """One product in its sizes: (Chinese size, English size, unit size) and the middle price."""

    chinese: str
    english: str
    price: int
    sizes: tuple[tuple[str, str, float | None], ...]
    unit: str | None = None
    gift: bool = False


def _cm(*sizes: int) -> tuple[tuple[str, str, float | None], ...]:
    return tuple((f"{size}cm", f"{size} cm", None) for size in sizes)


def _ml(*sizes: int) -> tuple[tuple[str, str, float | None], ...]:
    return tuple((f"{size}ml", f"{size} ml", float(size)) for size in sizes)


def _pieces(*sizes: int) -> tuple[tuple[str, str, float | None], ...]:
    return tuple((f"{size}件套", f"{size} pcs", float(size)) for size in sizes)


FAMILIES: tuple[tuple[Family, ...], ...] = (
    (
        Family("铸铁炒锅", "Cast-iron wok", 189, _cm(30, 32, 34)),
        Family("不粘平底锅", "Non-stick frying pan", 139, _cm(24, 26, 28)),
        Family("珐琅汤锅", "Enamel stockpot", 199, _cm(20, 22, 24)),
        Family("小奶锅", "Milk pan", 99, _cm(16, 18)),
        Family("双层蒸锅", "Two-tier steamer", 169, _cm(26, 28)),
        Family("陶瓷砂锅", "Ceramic casserole", 149, _ml(2500, 3500), "ml"),
    ),
    (
        Family("切片刀", "Slicing knife", 109, _cm(18, 20)),
        Family("厨师刀具套装", "Chef knife set", 219, _pieces(5, 7), "piece", gift=True),
        Family("整竹砧板", "Bamboo chopping board", 89, _cm(36, 40)),
        Family("水果刀", "Paring knife", 59, _cm(9, 11)),
    ),
    (
        Family("不粘烤盘", "Non-stick baking tray", 79, _cm(28, 33)),
        Family("硅胶铲勺套装", "Silicone utensils", 99, _pieces(4, 7), "piece"),
        Family("蛋糕模具", "Cake tin", 69, _cm(15, 20)),
        Family("电子厨房秤", "Kitchen scale", 89, (("3kg", "3 kg", None), ("5kg", "5 kg", None))),
    ),
    (
        Family("骨瓷餐具礼盒", "Bone china gift box", 229, _pieces(16, 22), "piece", gift=True),
        Family("釉下彩饭碗", "Underglaze rice bowls", 79, _pieces(4, 6), "piece"),
        Family("深口汤盘", "Deep plates", 89, _pieces(2, 4), "piece"),
        Family("合金筷", "Alloy chopsticks", 59, _pieces(5, 10), "piece"),
        Family("牛排刀叉礼盒", "Steak cutlery gift box", 169, _pieces(8, 12), "piece", gift=True),
    ),
    (
        Family("真空保温杯", "Vacuum flask", 119, _ml(350, 500, 750), "ml"),
        Family("高硼硅凉水壶", "Glass water jug", 89, _ml(1200, 1800), "ml"),
        Family("茶具礼盒", "Gift tea set", 199, _pieces(6, 8), "piece", gift=True),
        Family("马克杯对杯", "Pair of mugs", 79, _ml(320, 400), "ml"),
    ),
    (
        Family("玻璃保鲜盒", "Glass food containers", 99, _pieces(3, 5, 7), "piece"),
        Family("密封储物罐", "Airtight jars", 79, _ml(800, 1500), "ml"),
        Family("米桶", "Rice bin", 109, (("5kg", "5 kg", 5000.0), ("10kg", "10 kg", 10000.0)), "g"),
    ),
)

# Launches inside the data: (share of each category's last SKUs, day). S1's own come with S1.
LAUNCHES = (
    date(2024, 12, 2), date(2025, 3, 3), date(2025, 4, 21), date(2025, 8, 4), date(2025, 10, 6),
    date(2026, 1, 5), date(2026, 3, 9), date(2026, 5, 11), date(2026, 7, 20),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The products as arrays, one entry per SKU; prices in cents."""

    sku: NDArray[np.str_]
    title: list[str]
    category: NDArray[np.int64]
    line: list[str]
    gtin: list[str]
    unit_size: list[float | None]
    unit: list[str | None]
    list_price: NDArray[np.int64]
    unit_cost: NDArray[np.int64]
    launched_on: NDArray[np.datetime64]
    appeal: NDArray[np.float64]
    is_gift: NDArray[np.bool_]

    @property
    def suggested_price(self) -> NDArray[np.int64]:
        """Whole yuan, in cents."""
        return np.round(self.list_price * SUGGESTED_SHARE / 100).astype(np.int64) * 100

    def frame(self) -> pl.DataFrame:
        """products.csv."""
        return pl.DataFrame(
            {
                "sku": self.sku,
                "title": self.title,
                "category": [CATEGORIES[c] for c in self.category],
                "line": self.line,
                "gtin": self.gtin,
                "unit_size": self.unit_size,
                "unit": self.unit,
                "suggested_price": self.suggested_price / 100,
                "unit_cost": self.unit_cost / 100,
                "launched_on": self.launched_on,
            }
        )


def build_catalogue() -> Catalogue:
    """All products, category by category; later ones within a category are the newer ones."""
    rng = np.random.default_rng(DESIGN_SEED)
    rows = [
        (category, number, *_variant(FAMILIES[category], number))
        for category, count in enumerate(COUNTS)
        for number in range(count)
    ]
    category = np.array([row[0] for row in rows])
    number = np.array([row[1] for row in rows])
    asked = [MIDDLE_PRICE * (row[5] / MIDDLE_PRICE) ** PRICE_SPREAD for row in rows]
    price = np.array([_ending(yuan * rng.uniform(0.93, 1.09)) for yuan in asked], dtype=np.int64)
    return Catalogue(
        sku=np.array([f"LX-{CODES[c]}-{n + 1:03d}" for c, n in zip(category, number, strict=True)]),
        title=[row[2] for row in rows],
        category=category,
        line=[row[3] for row in rows],
        gtin=[_gtin(index) for index in range(len(rows))],
        unit_size=[row[4][2] for row in rows],
        unit=[row[6] if row[4][2] else None for row in rows],
        list_price=price,
        unit_cost=(price * rng.uniform(0.30, 0.40, len(rows)) / 10).astype(np.int64) * 10,
        launched_on=_launches(category, number, rng=rng),
        appeal=_appeal(category, number, rng=rng),
        is_gift=np.array([row[7] for row in rows]),
    )


def _variant(
    families: tuple[Family, ...], number: int
) -> tuple[str, str, tuple[str, str, float | None], float, str | None, bool]:
    """Title, line, size, price, unit and whether it is a gift, of a category's n-th SKU."""
    family = families[number % len(families)]
    turn = number // len(families)
    line = LINES[turn % len(LINES)]
    size = family.sizes[(turn // len(LINES) + turn) % len(family.sizes)]
    step = family.sizes.index(size) - (len(family.sizes) - 1) / 2
    edition = turn // (len(LINES) * len(family.sizes))
    chinese_line, english_line = line.split(" ")
    mark = ("", " 新款", " 升级款")[edition], ("", " New", " Plus")[edition]
    title = (
        f"{chinese_line}{family.chinese} {size[0]}{mark[0]}"
        f" · {english_line} {family.english} {size[1]}{mark[1]}"
    )
    price = family.price * (1 + 0.16 * step) * (1 + 0.05 * (turn % len(LINES)))
    return title, line, size, price, family.unit, family.gift


def _appeal(
    category: NDArray[np.int64], number: NDArray[np.int64], *, rng: np.random.Generator
) -> NDArray[np.float64]:
    """A few best sellers and a long tail in every category; older products stand better."""
    standing = number + rng.normal(0, 5.0, len(number))
    appeal = np.empty(len(number))
    for group in range(len(COUNTS)):
        mine = np.flatnonzero(category == group)
        place = np.argsort(np.argsort(standing[mine]))
        appeal[mine] = (place + TAIL_START) ** -TAIL_SLOPE
    return appeal


def _ending(yuan: float) -> int:
    """A price as shops write it, in cents: 59.90 below a hundred, 139.00 or 168.00 above."""
    if yuan < 100:
        return max(1, round(yuan / 10)) * 1000 - 10
    whole = round(yuan / 10) * 10
    return (whole - 1 if round(yuan) % 3 else whole - 2) * 100


def _gtin(index: int) -> str:
    digits = f"6970{20240000 + index * 7:08d}"
    total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(digits))
    return digits + str(-total % 10)


def _launches(
    category: NDArray[np.int64], number: NDArray[np.int64], *, rng: np.random.Generator
) -> NDArray[np.datetime64]:
    """The last quarter of every category arrives inside the data, one launch day after another."""
    counts = np.array(COUNTS)[category]
    age = rng.integers(120, 1500, len(category))
    days = [date(2024, 10, 1) - timedelta(days=int(a)) for a in age]
    first_new = np.floor(counts * 0.75).astype(int)
    for index in np.flatnonzero(number >= first_new):
        turn = (number[index] - first_new[index]) * 3 + category[index]
        days[index] = LAUNCHES[turn % len(LAUNCHES)]
    return np.array(days, dtype="datetime64[D]")
