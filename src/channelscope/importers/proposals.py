"""Which product an exported item may be: by trade number, by code, by title. A person decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import polars as pl

from channelscope.importers import likeness, trade_numbers
from channelscope.importers.nearest import nearest
from channelscope.importers.titles import Said, line_markers, said

THRESHOLD = 0.84
"""From which score on a title is proposed."""

MARGIN = 0.03
"""Two products whose scores lie nearer than this cannot be told apart by the title."""

DOUBTFUL = 0.9
"""The score of a number or code whose product has another size, colour or line than the title."""

NEAREST = 40
"""Products per item whose titles are looked at closely."""

GTIN, CODE, TITLE = "gtin", "code", "title"

COLUMNS = {
    "store_id": pl.String,
    "item_key": pl.String,
    "sku": pl.String,
    "pieces": pl.Int64,
    "route": pl.String,
    "score": pl.Float64,
    "others": pl.String,
}
"""`sku` is null where several products fit equally; `others` names them."""

_ITEM = ("sku_code", "item_code", "gtin", "title", "variant", "list_price")
_PRODUCT = ("title", "line", "gtin", "unit_size", "unit", "suggested_price")


@dataclass(frozen=True, slots=True)
class _Product:
    sku: str
    said: Said
    price: float | None


@dataclass(frozen=True, slots=True)
class _Found:
    """A product an item may be."""

    sku: str
    pieces: int
    route: str
    score: float


@dataclass(frozen=True, slots=True)
class _Catalogue:
    products: Mapping[str, _Product]
    by_gtin: Mapping[str, str]
    by_code: Mapping[str, str]
    markers: Mapping[str, str]


def propose(
    items: pl.DataFrame,
    products: pl.DataFrame,
    *,
    turned_down: Set[tuple[str, str, str]] = frozenset(),
    threshold: float = THRESHOLD,
) -> pl.DataFrame:
    """Rows of `COLUMNS`, in order of store and item; several for the parts of a bundle.

    `items` needs store_id and item_key, `products` sku and title; what else is there is used.
    `turned_down`: (store_id, item_key, sku) that a person rejected.
    """
    catalogue = _catalogue(products)
    ordered = _filled(items, _ITEM).unique(["store_id", "item_key"], keep="first")
    rows = ordered.sort("store_id", "item_key").to_dicts()
    understood = [said(row["title"], row["variant"], markers=catalogue.markers) for row in rows]
    no: dict[tuple[str, str], set[str]] = {}
    for store, key, sku in turned_down:
        no.setdefault((store, key), set()).add(sku)
    refused = [no.get((row["store_id"], row["item_key"]), set()) for row in rows]
    sure = [
        _by_number(row, item, catalogue, refused=of_item)
        for row, item, of_item in zip(rows, understood, refused, strict=True)
    ]
    open_ = [at for at, found in enumerate(sure) if not found]
    titles = _by_title(
        [(understood[at], _number(rows[at]["list_price"]), refused[at]) for at in open_],
        list(catalogue.products.values()),
        threshold=threshold,
    )
    proposed: list[dict[str, Any]] = []
    for row, found in zip(rows, sure, strict=True):
        proposed += _rows(row, found or next(titles))
    return pl.DataFrame(proposed, schema=COLUMNS)


def _filled(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    lost = [pl.lit(None, pl.String).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(lost)


def _number(value: Any) -> float | None:
    return None if value is None or value == "" else float(value)


def _catalogue(products: pl.DataFrame) -> _Catalogue:
    rows = _filled(products, _PRODUCT).sort("sku").to_dicts()
    of_line: dict[str, list[str]] = {}
    for row in rows:
        of_line.setdefault(row["line"] or "", []).append(row["title"] or "")
    markers = line_markers(of_line)
    return _Catalogue(
        products={row["sku"]: _product(row, markers) for row in rows},
        by_gtin=_once((trade_numbers.gtin(row[name]), row["sku"])
                      for row in rows for name in ("gtin", "sku")),
        by_code=_once((trade_numbers.code(row["sku"]), row["sku"]) for row in rows),
        markers=markers,
    )  # fmt: skip


def _once(pairs: Iterator[tuple[str | None, str]]) -> Mapping[str, str]:
    """What names one product alone."""
    named = sorted({(key, sku) for key, sku in pairs if key})
    times = Counter(key for key, _ in named)
    return {key: sku for key, sku in named if times[key] == 1}


def _product(row: Mapping[str, Any], markers: Mapping[str, str]) -> _Product:
    text = said(row["title"], markers=markers)
    size, unit = _number(row["unit_size"]), row["unit"]
    dimension = "set" if unit == "piece" else unit
    counted = dimension == "set" and (size == 1 or text.packs)
    if size and unit and dimension not in text.sizes and not counted:
        text = text.with_size(dimension, size)
    return _Product(row["sku"], text, _number(row["suggested_price"]))


def _by_number(
    row: Mapping[str, Any], item: Said, catalogue: _Catalogue, *, refused: Set[str]
) -> list[_Found]:
    """By its trade number, else by its codes; several when a code names a bundle."""
    for name in ("gtin", "sku_code", "item_code"):
        number = trade_numbers.gtin(row[name])
        sku = catalogue.by_gtin.get(number) if number else None
        if sku and sku not in refused:
            return [_named(sku, GTIN, item, catalogue)]
    for name in ("sku_code", "item_code"):
        found = _by_code(row[name], item, catalogue)
        if found and not any(each.sku in refused for each in found):
            return found
    return []


def _by_code(text: str | None, item: Said, catalogue: _Catalogue) -> list[_Found]:
    code = trade_numbers.code(text)
    if code and (sku := catalogue.by_code.get(code)):
        return [_named(sku, CODE, item, catalogue)]
    pieces: dict[str, int] = {}
    for part in trade_numbers.parts(text):
        sku = catalogue.by_code.get(trade_numbers.code(part.code) or "")
        if sku is None:
            return []
        pieces[sku] = pieces.get(sku, 0) + part.pieces
    return [_Found(sku, count, CODE, 1.0) for sku, count in sorted(pieces.items())]


def _named(sku: str, route: str, item: Said, catalogue: _Catalogue) -> _Found:
    """Pieces as the title says, if it says; a title that speaks of another product lowers it."""
    agreed = likeness.agreement(item, catalogue.products[sku].said)
    if agreed is None:
        return _Found(sku, 1, route, DOUBTFUL)
    return _Found(sku, agreed.pieces, route, 1.0)


def _by_title(
    items: Sequence[tuple[Said, float | None, Set[str]]],
    products: Sequence[_Product],
    *,
    threshold: float,
) -> Iterator[list[_Found]]:
    """Per item what fits its title: nothing, one product, or several that fit equally."""
    if not items or not products:
        yield from ([] for _ in items)
        return
    worth = likeness.weights([product.said for product in products])
    spoken = [likeness.spoken(product.said, worth=worth) for product in products]
    near = nearest(
        [item for item, *_ in items],
        [product.said for product in products],
        spoken=spoken,
        worth=worth,
        most=NEAREST,
    )
    for (item, price, refused), candidates in zip(items, near, strict=True):
        fits = [
            found
            for at in candidates
            if products[at].sku not in refused
            and (found := _fit(item, price, products[at], spoken[at], worth=worth))
        ]
        fits.sort(key=lambda each: (-each.score, each.sku))
        good = [each for each in fits if each.score >= threshold]
        yield [each for each in fits if good and each.score > good[0].score - MARGIN]


def _fit(
    item: Said,
    price: float | None,
    product: _Product,
    spoken: likeness.Spoken,
    *,
    worth: likeness.Weights,
) -> _Found | None:
    agreed = likeness.agreement(item, product.said)
    if agreed is None:
        return None
    words = max(
        (
            likeness.of_words(item, product.said, script=script, worth=worth)
            for script in spoken.asked(item)
        ),
        default=0.0,
    )
    per_piece = price / agreed.pieces if price else None
    score = likeness.score(words, likeness.of_price(per_piece, product.price))
    score *= likeness.SILENT**agreed.silent * (likeness.SEVERAL if agreed.pieces > 1 else 1.0)
    return _Found(product.sku, agreed.pieces, TITLE, round(score, 4))


def _rows(item: Mapping[str, Any], found: Sequence[_Found]) -> Iterator[dict[str, Any]]:
    key = {"store_id": item["store_id"], "item_key": item["item_key"]}
    if len(found) > 1 and found[0].route == TITLE:
        yield {**key, "others": " | ".join(each.sku for each in found)}
        return
    for each in found:
        yield {
            **key,
            "sku": each.sku,
            "pieces": each.pieces,
            "route": each.route,
            "score": each.score,
        }
