"""What two stores are to one another, as statements: of each verdict the weightiest pair."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from channelscope.domain import Grade
from channelscope.findings.evidence import Book, Finding, Row, grade, weaker
from channelscope.registry import FULL_PRICE_GAP

DIMENSIONS = ("product", "price", "promotion", "sales", "service")


def pairs(book: Book) -> Iterator[Finding]:
    """Clashes, splits, complements and twins; each names the pair that touches most money."""
    makers: Mapping[str, Callable[[Row, Book], Finding | None]] = {
        "price_clash": _clash,
        "mechanism_split": _split,
        "complements": _complements,
        "twins": _twins,
    }
    for verdict, make in makers.items():
        rows = book.tables["verdicts"].filter(verdict=verdict)
        found = [
            finding
            for row in rows.iter_rows(named=True)
            if (finding := make(row, book)) is not None
        ]
        if found:
            # Of equals the pair with the reference, then the first.
            top = max(found, key=lambda f: (f.weight, book.reference in f.stores, f.stores[::-1]))
            yield _counted(top, rows.height)


def _counted(finding: Finding, count: int) -> Finding:
    return Finding(
        finding.dimension, finding.stores, finding.template,
        {**finding.parameters, "count": count}, finding.evidence, finding.money, finding.grade,
    )  # fmt: skip


def _common(row: Row, book: Book) -> dict[str, Any]:
    shared = book.shared_sales(row["store_a"], row["store_b"])
    return {
        "store_a": row["store_a"], "store_b": row["store_b"], "share": shared,
        "reason": row["reason"],
    }  # fmt: skip


def _smaller_sales(row: Row, book: Book) -> float:
    """The sales of the smaller of two stores: what the one could take from the other at most."""
    known = [book.sales(row[end]) for end in ("store_a", "store_b")]
    return min(value or 0.0 for value in known)


def _known_smaller(row: Row, book: Book) -> float | None:
    """The same where both stores' sales are known."""
    known = [book.sales(row[end]) for end in ("store_a", "store_b")]
    return None if None in known else _smaller_sales(row, book)


def _distance(row: Row, book: Book, dimension: str) -> Row | None:
    found = book.pair(row["store_a"], row["store_b"], dimension)
    return found if found and found["distance"] is not None else None


def _clash(row: Row, book: Book) -> Finding | None:
    price, shared = _distance(row, book, "price"), book.shared_sales(row["store_a"], row["store_b"])
    if price is None or shared is None:
        return None
    # By how much the cheaper one lies below the dearer.
    gap = {name: -math.expm1(-FULL_PRICE_GAP * price[end]) for name, end in (
        ("rate", "distance"), ("rate_lo", "lo"), ("rate_hi", "hi"),
    )}  # fmt: skip
    worth = _smaller_sales(row, book) * shared * gap["rate"]
    # A distance of 1 is a gap of that size or of any larger one.
    template = "price_clash_wide" if price["distance"] >= 1 else "price_clash"
    return Finding(
        "price", (row["store_a"], row["store_b"]), template,
        {**_common(row, book), **gap, "n": price["n"], "money": worth},
        ("verdicts", "price_level"), worth,
        _sureness(row, book, "price"),
    )  # fmt: skip


def _split(row: Row, book: Book) -> Finding | None:
    promotion = _distance(row, book, "promotion")
    if promotion is None:
        return None
    mains = [_main(row[end], book) for end in ("store_a", "store_b")]
    if mains[0] is None or mains[1] is None:
        return None
    names = {
        f"{name}_{end}": value
        for end, main in zip("ab", mains, strict=True)
        if main
        for name, value in zip(("mechanism", "share"), main, strict=True)
    }
    return Finding(
        "promotion", (row["store_a"], row["store_b"]), "mechanism_split",
        {
            **_common(row, book), **names, **_ratio(promotion),
            "ratio_delta": book.delta["price"], "money": _known_smaller(row, book),
        },
        ("verdicts", "mechanisms"), _smaller_sales(row, book), _sureness(row, book, "promotion"),
    )  # fmt: skip


def _main(store: str, book: Book) -> tuple[str, float] | None:
    """The way most of a store's list value is sold: a mechanism, or none."""
    own = {
        row["mechanism"]: row["share_of_list"]
        for row in book.tables["mechanisms"].filter(store_id=store).iter_rows(named=True)
        if row["share_of_list"] is not None and row["mechanism"] != "unexplained"
    }
    return max(own.items(), key=lambda item: (item[1], item[0])) if own else None


def _complements(row: Row, book: Book) -> Finding | None:
    product = _distance(row, book, "product")
    if product is None:
        return None
    return Finding(
        "product", (row["store_a"], row["store_b"]), "complements",
        {**_common(row, book), **_ratio(product), "money": _known_smaller(row, book)},
        ("verdicts", "assortment_pairs"), _smaller_sales(row, book),
        _sureness(row, book, "product"),
    )  # fmt: skip


def _twins(row: Row, book: Book) -> Finding | None:
    told = [_distance(row, book, name) for name in DIMENSIONS]
    known = [found for found in told if found is not None]
    product = _distance(row, book, "product")
    if product is None:
        return None
    same = [found["dimension"] for found in known if found["outcome"] == "same"]
    return Finding(
        "product", (row["store_a"], row["store_b"]), "twins",
        {
            **_common(row, book), **_ratio(product), "n": len(same), "m": len(DIMENSIONS),
            "ratio_delta": book.delta["product"], "money": _known_smaller(row, book),
        },
        ("verdicts", "assortment_pairs"), _smaller_sales(row, book),
        weaker(*(_sureness(row, book, name) for name in same)),
    )  # fmt: skip


def _ratio(found: Row) -> dict[str, float]:
    return {"ratio": found["distance"], "ratio_lo": found["lo"], "ratio_hi": found["hi"]}


def _sureness(row: Row, book: Book, dimension: str) -> Grade:
    """By the cases behind the distance, and the orders of both stores behind all of them."""
    found = _distance(row, book, dimension)
    if found is None:
        return Grade.C
    orders = [book.row(row[end], "orders") for end in ("store_a", "store_b")]
    sides = [grade(order) if order else Grade.C for order in orders]
    # Products are not cases: five hundred orders of twenty products are many.
    own = sides if dimension == "price" else [grade({"n": found["n"], "coverage": None}), *sides]
    return weaker(*own)
