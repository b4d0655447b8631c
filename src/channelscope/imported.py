"""What a reader must know of imported data: the manifest as small frames, and as result tables.

As frames they go the way of every cube: stores that are not compared drop out, groups take the
place of their members, and neutral names that of real ones.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from channelscope import manifest
from channelscope.domain import Basis
from channelscope.manifest import Manifest
from channelscope.result_tables import TABLES

PRODUCT_MAP = "product_map.csv"
DECISION, ACCEPTED = "decision", ("accept", "new")
_DECIDED = ("store_id", "item_key", "sku", "pieces", DECISION)
_AROUND = " \t\r'\"="
"""What spreadsheets, and those who outwit them, put around an id."""
ROUTES = ("code", "map", "new", "unmatched")
"""How products were found, best first."""
BETWEEN = "+"
"""Between the words of one cell."""
_EXPORTS = pl.Schema(TABLES["imports"])
_ROUTES = pl.Schema({n: of for n, of in TABLES["product_routes"].items() if n != "share"})
_TEXTS = pl.Schema({"store_id": pl.String, "texts": pl.Int64})
_EDITED = pl.Schema({"is_edited": pl.Boolean})


def frames(root: Path) -> dict[str, pl.DataFrame]:
    """The manifest of the workspace in `root`."""
    found = manifest.read(root)
    return told(found, edited=_edited(root, found))


def told(found: Manifest, *, edited: bool) -> dict[str, pl.DataFrame]:
    """One row an import, route, span of days, store; `edited`: the product map since then."""
    routes = [(m["store"], m["route"], m["lines"], _money(m["sales"])) for m in found.matched]
    texts = [(row["store"], row["texts"]) for row in found.not_understood]
    return {
        "imported_exports": pl.DataFrame(list(map(_export, _current(found))), schema=_EXPORTS),
        "imported_routes": pl.DataFrame(routes, schema=_ROUTES, orient="row"),
        "imported_controls": pl.DataFrame(
            list(map(_control, found.control)), schema=TABLES["platform_totals"], orient="row"
        ),
        "imported_texts": pl.DataFrame(texts, schema=_TEXTS, orient="row"),
        "product_map_state": pl.DataFrame([{"is_edited": edited}], schema=_EDITED),
    }


def _current(found: Manifest) -> list[Mapping[str, Any]]:
    """The imports; what lines explain and leave out is told of those that count now, once a store.

    Newer exports take the place of older ones, so what each said by itself does not add up.
    """
    now = {one["store"]: one for one in found.lines}
    latest = {one["store"]: at for at, one in enumerate(found.imports) if one.get("residual")}
    told: list[Mapping[str, Any]] = []
    for at, one in enumerate(found.imports):
        of_store = now.get(one["store"])
        if not of_store or not one.get("residual"):
            told.append(one)
        elif at == latest[one["store"]]:
            alone = {k: n for k, n in (one.get("left_out") or {}).items() if k == "no_lines"}
            left_out = {**of_store["left_out"], **alone}
            told.append({**one, "left_out": left_out, "residual": of_store["residual"]})
        else:
            told.append({**one, "left_out": {}, "residual": None})
    return told


def _export(one: Mapping[str, Any]) -> dict[str, Any]:
    residual = one.get("residual") or {}
    return {
        "store_id": one["store"], "source": one["source"],
        "layouts": BETWEEN.join(one["layouts"]), "files": len(one["files"]),
        "rows": sum(file["rows"] for file in one["files"]),
        "first_day": _day(one.get("first")), "last_day": _day(one.get("last")),
        "left_out": _counts(one.get("left_out") or {}),
        "bases": BETWEEN.join(one.get("bases") or ()),
        "cannot_tell": BETWEEN.join(one.get("cannot_tell") or ()),
        **{f"{name}_amount": _money(residual.get(name))
           for name in ("discount", "explained", "unexplained")},
    }  # fmt: skip


def _control(row: Mapping[str, Any]) -> tuple[Any, ...]:
    amounts = _money(row["platform"]), _money(row["lines"])
    return row["store"], _day(row["first"]), _day(row["last"]), row["days"], *amounts


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _counts(left_out: Mapping[str, int]) -> str:
    return BETWEEN.join(f"{reason}={n}" for reason, n in left_out.items() if n)


def counts(left_out: str) -> dict[str, int]:
    """`left_out` of a row: rows by reason."""
    pairs = (part.rpartition("=") for part in words(left_out))
    return {reason: int(count) for reason, _, count in pairs}


def words(cell: str | None) -> list[str]:
    """The words of a cell."""
    return [word for word in (cell or "").split(BETWEEN) if word]


def _edited(root: Path, found: Manifest) -> bool:
    """Whether a person decided something in the product map that the imported rows do not have."""
    if not found.imports or not (root / PRODUCT_MAP).is_file():
        return False
    whole = hashlib.sha256((root / PRODUCT_MAP).read_bytes()).hexdigest()
    return found.product_map not in (whole, decisions(root))


def decisions(root: Path) -> str | None:
    """What stands for all that is decided in the product map of a workspace; None without any.

    Not the bytes of the file: an import adds proposals to it, and a spreadsheet writes it anew.
    """
    path = root / PRODUCT_MAP
    if not path.is_file():
        return None
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    rows = [
        {name: str(cell or "").strip(_AROUND) for name, cell in row.items() if name}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]
    decided = sorted(
        [row.get(name, "").casefold() for name in _DECIDED]
        for row in rows
        if row.get(DECISION, "").casefold() in ACCEPTED
    )
    if not decided:
        return None
    return hashlib.sha256(json.dumps(decided, ensure_ascii=False).encode()).hexdigest()


def tables(cubes: Mapping[str, pl.DataFrame], stores: Sequence[str]) -> dict[str, pl.DataFrame]:
    """`imports`, `product_routes` and `platform_totals` of the compared stores, in their order."""
    exports = _joined(cubes["imported_exports"])
    routes = (
        cubes["imported_routes"]
        .group_by("store_id", "route")
        .agg(pl.col("lines", "sales").sum())
        .with_columns(share=_part(pl.col("sales"), pl.col("sales").sum().over("store_id")))
    )
    controls = (
        cubes["imported_controls"]
        .group_by("store_id", "first_day", "last_day")
        .agg(pl.col("days").max(), pl.col("platform_amount", "lines_amount").sum())
    )
    found = {"imports": exports, "product_routes": routes, "platform_totals": controls}
    return {name: _shaped(name, frame, stores) for name, frame in found.items()}


def _part(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    sold = whole.cast(pl.Float64)
    return pl.when(sold > 0).then(part.cast(pl.Float64) / sold)


def _shaped(name: str, frame: pl.DataFrame, stores: Sequence[str]) -> pl.DataFrame:
    schema = TABLES[name]
    places = {store: at for at, store in enumerate(stores)}
    order = [pl.col("store_id").replace_strict(places, default=len(places))]
    if name == "product_routes":
        ranks = {route: at for at, route in enumerate(ROUTES)}
        order.append(pl.col("route").replace_strict(ranks, default=len(ranks)))
    return frame.select(list(schema)).cast(schema).sort(*order, pl.all())


def _joined(exports: pl.DataFrame) -> pl.DataFrame:
    """One row a store and set of layouts: months are imported one after the other."""
    key = ("store_id", "source", "layouts")
    rows = []
    for values, group in exports.group_by(key, maintain_order=True):
        left = Counter[str]()
        for cell in group["left_out"]:
            left.update(counts(cell))
        rows.append({
            **dict(zip(key, values, strict=True)),
            **{name: group[name].sum() for name in ("files", "rows")},
            **{name: group[name].sum() if group[name].null_count() < group.height else None
               for name in exports.columns if name.endswith("_amount")},
            "first_day": group["first_day"].min(), "last_day": group["last_day"].max(),
            "left_out": _counts(left), "bases": BETWEEN.join(common_bases(group["bases"])),
            "cannot_tell": BETWEEN.join(
                dict.fromkeys(word for cell in group["cannot_tell"] for word in words(cell))
            ),
        })  # fmt: skip
    return pl.DataFrame(rows, schema=_EXPORTS)


def common_bases(cells: Iterable[str]) -> list[str]:
    """The bases that all imports with sales allow; those without any sales do not count."""
    allowed = [set(words(cell)) for cell in cells if cell]
    common = set.intersection(*allowed) if allowed else set()
    return [basis for basis in Basis if basis in common]
