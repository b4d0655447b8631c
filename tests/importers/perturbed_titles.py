"""Labelled pairs: titles of the sample catalogue as another shop might write them, and sisters."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from tests.conftest import ROOT

_SIZE = re.compile(r"(\d+)\s?(cm|ml|kg|件套|pcs)")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_NUMERALS = {"2": "两", "4": "四", "5": "五", "6": "六", "8": "八"}
_SAID_OTHERWISE: Mapping[str, tuple[Callable[[int], str], ...]] = {
    "cm": (lambda n: f"{n}厘米", lambda n: f"{n * 10}mm", lambda n: f"{n / 100:g}m"),
    "ml": (lambda n: f"{n / 1000:g}L", lambda n: f"{n}毫升", lambda n: f"{n / 1000:g} 升"),
    "kg": (lambda n: f"{n * 1000}g", lambda n: f"{n * 2}斤", lambda n: f"{n}公斤"),
    "件套": (
        lambda n: f"{n}pcs",
        lambda n: f"{_NUMERALS.get(str(n), n)}件套",
        lambda n: f"{n} 件套",
    ),
    "pcs": (lambda n: f"{n}-piece", lambda n: f"set of {n}", lambda n: f"{n} pieces"),
}
_HEADS = "炒锅|平底锅|汤锅|蒸锅|砂锅|砧板|烤盘|套装|礼盒|饭碗|汤盘|保温杯|凉水壶|对杯|保鲜盒|储物罐"
_PRAISE = ("2026新款", "家用", "大容量", "高颜值", "加厚", "网红", "送礼", "包邮", "耐用")


@dataclass(frozen=True, slots=True)
class Pair:
    """A title, how it was made, and the product it is; None when no product of the catalogue is."""

    title: str
    how: str
    sku: str | None
    price: float | None = None


def catalogue() -> pl.DataFrame:
    """The sample's products, some of them in one colour, some in two."""
    products = pl.read_csv(
        ROOT / "sample_data" / "workspace" / "products.csv", schema_overrides={"gtin": pl.String}
    )
    flasks = products.filter(pl.col("title").str.contains("保温杯|砧板"))
    coloured = [
        flasks.filter(pl.col("title").str.contains(goods)).with_columns(
            pl.col("sku") + f"-{code}",
            pl.col("title").str.replace(" · ", f" {han} · ") + f" {latin}",
            pl.lit(None, pl.String).alias("gtin"),
        )
        for code, han, latin, goods in (
            ("WH", "米白色", "white", "杯|板"),
            ("GR", "墨绿色", "dark green", "杯"),
        )
    ]
    return pl.concat([products.filter(~pl.col("sku").is_in(flasks["sku"].to_list())), *coloured])


def reordered(title: str, draw: random.Random) -> str:
    """The words in another order; a size stays with its unit."""
    apart = re.sub(f"青岚|云釉|竹里|山月|(?={_HEADS})", r"\g<0> ", title)
    words = re.findall(r"\d+ (?:cm|ml|kg|pcs)|\S+", apart)
    draw.shuffle(words)
    return " ".join(words)


def resized(title: str, draw: random.Random) -> str:
    """The same size in another unit."""
    return _SIZE.sub(lambda m: draw.choice(_SAID_OTHERWISE[m[2]])(int(m[1])), title)


def without_line(title: str, draw: random.Random) -> str:
    """Without the word for the line; two products may then read the same."""
    return re.sub(r"青岚|云釉|竹里|山月|Qinglan|Yunyou|Zhuli|Shanyue", "", title).strip()


def full_width(title: str, draw: random.Random) -> str:
    """Digits as wide as Chinese signs."""
    return title.translate(_WIDE)


def praised(title: str, draw: random.Random) -> str:
    """With words that name nothing."""
    return f"【蓝溪】{draw.choice(_PRAISE)} {title} {' '.join(draw.sample(_PRAISE, 2))}"


def other_size(title: str, draw: random.Random) -> str:
    """A size that no product of the catalogue has."""
    return _SIZE.sub(lambda m: f"{int(m[1]) * 3 + 1}{m[2]}", title)


def other_material(title: str, draw: random.Random) -> str:
    """Of something else."""
    return re.sub(
        "铸铁|珐琅|陶瓷|整竹|骨瓷|合金|玻璃|硅胶|不粘",
        lambda _: draw.choice(("不锈钢", "紫砂", "实木")),
        title,
    )


def other_colour(title: str, draw: random.Random) -> str:
    """In a colour that it does not come in."""
    return re.sub("米白色|墨绿色", lambda _: draw.choice(("酒红色", "藏蓝色", "浅灰色")), title)


SAME = {
    "order": (reordered,),
    "size": (resized,),
    "line": (without_line,),
    "width": (full_width,),
    "praise": (praised,),
    "all but line": (reordered, resized, full_width, praised),
}
OTHER = {"size": other_size, "material": other_material, "colour": other_colour}


def pairs(*, seed: int, of_same: int = 50, of_other: int = 40) -> list[Pair]:
    """`of_same` titles per way to write a product otherwise, `of_other` per way to be a sister."""
    draw = random.Random(seed)
    rows = catalogue().select("sku", "title", "suggested_price").rows()
    made: list[Pair] = []
    for how, changes in SAME.items():
        for sku, title, suggested in draw.sample(rows, of_same):
            text = _part(title, draw, chinese=how != "size")
            for change in changes:
                text = change(text, draw)
            price = draw.choice((None, round(suggested * draw.uniform(0.85, 1.2), 2)))
            made.append(Pair(text, how, sku, price))
    for how, change in OTHER.items():
        changed = [(row, change(row[1].split(" · ")[0], draw)) for row in rows]
        sisters = [(row, text) for row, text in changed if text != row[1].split(" · ")[0]]
        for (_, _, suggested), text in draw.sample(sisters, min(of_other, len(sisters))):
            made.append(Pair(text, f"other {how}", None, suggested))
    return made


def _part(title: str, draw: random.Random, *, chinese: bool) -> str:
    """One language or both, as shops do."""
    han, latin = title.split(" · ")
    return draw.choice((han, han, f"{han} {latin}")) if chinese else draw.choice((han, latin))
