"""How the stores of the sample results differ: differences, pairs, verdicts, a map, roles."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import polars as pl

from channelscope.domain import Kind, Store
from channelscope.results import TABLES, FigureData, Results
from tests.report import frames

DIMENSIONS = ("product", "price", "promotion", "sales", "service")
VERDICTS = ("price_clash", "complements", "mechanism_split", "twins", "unclear", "not_identifiable")
_REASONS = {"price_clash": "verdict.price_clash.reason.overlap_unknown"}
_EVIDENCE = {
    "price_clash": "price,shared_sales", "complements": "product,shared_sales",
    "mechanism_split": "price,promotion", "twins": "product,price,service",
}  # fmt: skip


def differences() -> pl.DataFrame:
    """Every metric of every store against F1: by its interval, and untested without one."""
    metrics = {(row[0], row[2]): row for row in frames.metric_rows()}
    rows: list[tuple[object, ...]] = []
    for (store, metric), row in metrics.items():
        base = metrics["F1", metric]
        if store == "F1":
            continue
        _, dimension, _, value, lo, hi, n, unit, _, _, reason = row
        if value is None or lo is None:
            reason = reason or "reason.not_in_data"
            rows.append((store, "F1", dimension, metric, None, None, None, None, None,
                         "not_identifiable", reason, unit, None, None))  # fmt: skip
            continue
        gap, half = value - base[3], (hi - lo) / 2
        apart = abs(gap) > 2 * half
        outcome = "differs" if apart else "same" if abs(gap) < half / 2 else "unclear"
        p = 0.0004 if apart else 0.4
        rows.append((store, "F1", dimension, metric, gap, gap - half, gap + half, p, p,
                     outcome, None, unit, min(n, base[6]), 1.5 * half))  # fmt: skip
    return pl.DataFrame(rows, schema=dict(TABLES["differences"]), orient="row")


def _outcome(verdict: str, dimension: str, *, at: int) -> str:
    if verdict == "not_identifiable" or (dimension == "sales" and at % 4 == 3):
        return "not_identifiable"
    told = {
        "price_clash": {"product": "same", "price": "differs"},
        "complements": {"product": "differs"},
        "mechanism_split": {"price": "same", "promotion": "differs"},
        "twins": {"product": "same", "price": "same", "service": "same", "promotion": "same"},
    }.get(verdict, {})
    return told.get(dimension, "unclear")


_DISTANCES = {"same": 0.03, "differs": 0.31, "unclear": 0.12}


def _pairs() -> list[tuple[str, str, str]]:
    """Pairs in the order of their ids, each with its verdict; X1 is known by its shelf alone."""
    found = []
    for at, (one, other) in enumerate(combinations(sorted(frames.IDS), 2)):
        verdict = "not_identifiable" if "X1" in (one, other) else VERDICTS[at % 5]
        found.append((one, other, verdict))
    return found


def pairs() -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    for at, (one, other, verdict) in enumerate(_pairs()):
        for place, dimension in enumerate(DIMENSIONS):
            outcome = _outcome(verdict, dimension, at=at)
            if outcome == "not_identifiable":
                rows.append((one, other, dimension, None, None, None, None, None, None, outcome,
                             "reason.not_in_data", None))  # fmt: skip
                continue
            far = _DISTANCES[outcome] + 0.004 * ((at + place) % 6)
            p = 0.0004 if outcome == "differs" else 0.4
            rows.append((one, other, dimension, far, far - 0.02, far + 0.02, 0.01, p, p, outcome,
                         None, 24 if "D3" in (one, other) else 310 - at))  # fmt: skip
    return pl.DataFrame(rows, schema=dict(TABLES["pairs"]), orient="row")


def verdicts() -> pl.DataFrame:
    rows = [
        (one, other, verdict, _REASONS.get(verdict, f"verdict.{verdict}.reason"),
         _EVIDENCE.get(verdict), "sales" if at % 4 == 3 else None)
        for at, (one, other, verdict) in enumerate(_pairs())
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict(TABLES["verdicts"]), orient="row")


def store_map() -> pl.DataFrame:
    places = ((0.0, 0.0), (0.05, 0.01), (-0.2, 0.12), (0.11, -0.09), (0.16, -0.05), (0.02, 0.2),
              (0.03, 0.21), (-0.02, 0.19))  # fmt: skip
    rows = [(store, x, y, 0.08) for store, (x, y) in zip(frames.SELLING, places, strict=True)]
    return pl.DataFrame(rows, schema=dict(TABLES["store_map"]), orient="row")


def roles() -> pl.DataFrame:
    rows = [
        ("F1", "image", 0.4, 0.3, 0.5, True, False), ("F1", "launch", 0.9, 0.8, 1.0, False, True),
        ("D1", "clearance", 0.7, 0.6, 0.8, True, True),
        ("D2", "volume", 0.7, 0.6, 0.8, False, True),
        ("S1", "long_tail", None, None, None, True, False),
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict(TABLES["roles"]), orient="row")


def _ordered(frame: pl.DataFrame) -> pl.DataFrame:
    """Pairs by the places of their stores in the report."""
    place = {store: at for at, store in enumerate(frames.IDS)}
    ends = [pl.col(end).replace_strict(place, return_dtype=pl.Int64) for end in
            ("store_a", "store_b")]  # fmt: skip
    return frame.sort(pl.min_horizontal(ends), pl.max_horizontal(ends), maintain_order=True)


def pair_verdicts() -> pl.DataFrame:
    """F0.3: those with a verdict first."""
    joined = _ordered(pairs().drop("p_value").join(verdicts(), on=["store_a", "store_b"]))
    open_last = pl.col("verdict").is_in(["unclear", "not_identifiable"])
    return joined.with_columns(is_shown=pl.lit(True)).sort(open_last, maintain_order=True)


def similarity() -> pl.DataFrame:
    """F0.4: one minus the mean distance."""
    told = pl.col("distance").is_not_null()
    counted = pairs().group_by("store_a", "store_b", maintain_order=True).agg(
        similarity=pl.when(told.sum() >= 2).then(1 - pl.col("distance").mean()),
        dimensions=told.sum().cast(pl.Int64),
        differs=(told & (pl.col("outcome") == "differs")).sum().cast(pl.Int64),
        same=(told & (pl.col("outcome") == "same")).sum().cast(pl.Int64),
    )  # fmt: skip
    supported = (pl.col("differs") > 0) | (pl.col("same") == pl.col("dimensions"))
    return _ordered(counted.with_columns(
        supported=pl.when(pl.col("dimensions") >= 2).then(supported), is_shown=pl.lit(True)
    ))  # fmt: skip


def frame_of(results: Results, name: str) -> pl.DataFrame:
    """The rows of a figure."""
    return next(data.frame for data in results.figures if data.figure.name == name)


def with_frame(results: Results, name: str, frame: pl.DataFrame) -> Results:
    """The results with other rows in one figure."""
    figures = tuple(
        FigureData(data.figure, frame, data.sql, data.params) if data.figure.name == name else data
        for data in results.figures
    )
    return replace(results, figures=figures)


def many(results: Results, n: int) -> Results:
    """A brand of so many stores, of which the query has room for twelve."""
    stores = tuple(Store(f"Z{at:02d}", "", Kind.OUTLET, "jd") for at in range(n))
    shown = {store.store_id for store in stores[-12:]}
    rows = [
        {
            "store_a": one.store_id, "store_b": other.store_id, "verdict": "twins",
            "reason": "verdict.twins.reason", "evidence": None, "missing": None,
            "dimension": "price", "distance": 0.02, "lo": 0.01, "hi": 0.03, "null_mean": 0.01,
            "p_adjusted": 0.5, "outcome": "same", "outcome_reason": None, "n": 99,
            "is_shown": {one.store_id, other.store_id} <= shown, "similarity": 0.9,
            "dimensions": 2, "differs": 0, "same": 2, "supported": True,
        }
        for one, other in combinations(stores, 2)
    ]  # fmt: skip
    frame = pl.DataFrame(rows)
    figures = tuple(
        replace(data, frame=frame.select(data.frame.columns))
        for data in results.figures
        if data.figure.name in ("pair_verdicts", "similarity")
    )
    tables = {name: table.clear() for name, table in results.tables.items()}
    scope = replace(results.scope, stores=stores, reference_id="Z00")
    return replace(results, scope=scope, figures=figures, tables=tables, warnings=())
