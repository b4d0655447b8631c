"""One store split at random into two: workspaces in which nothing differs, and what is found.

A buyer belongs to one half with all orders; visitors and service cases are split as well. The
second half may be thinned to a part of itself, as a small store beside a large one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from channelscope import assets, pipeline
from channelscope.preparation import Request
from channelscope.results import Results

FIRST, LAST = date(2025, 10, 1), date(2026, 9, 30)
STORES = pl.DataFrame(
    {
        "store_id": ["A", "B"], "name": ["A", "B"], "kind": ["flagship", "distributor"],
        "platform": ["p", "p"],
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """The data of one store: a table of the contract each, without its store."""

    tables: Mapping[str, pl.DataFrame]
    first: date
    last: date


def sample_store(store: str) -> Source:
    """A store of the shipped sample in the last twelve months."""
    folder = assets.sample_workspace()
    found = {"products": pl.read_csv(folder / "products.csv", infer_schema=False)}
    for name in ("order_lines", "traffic", "service"):
        own = pl.read_parquet(folder / f"{name}.parquet").filter(store_id=store)
        day = "ordered_at" if name == "order_lines" else "date"
        found[name] = own.filter(pl.col(day).cast(pl.Date).is_between(FIRST, LAST))
    return Source(found, FIRST, LAST)


def journey_store(folder: Path, rank: int) -> Source:
    """One of the largest stores of the complete journey: 0 has the most lines."""
    lines = pl.read_parquet(folder / "complete_journey" / "transactions.parquet")
    sizes = lines.group_by("store_id").len().sort("len", "store_id", descending=True)
    own = lines.filter(
        pl.col("store_id") == sizes["store_id"][rank],
        pl.col("quantity") > 0,
        pl.col("sales_value") > 0,
    )
    quantity = pl.col("quantity").cast(pl.Float64)
    shelf = pl.col("sales_value") + pl.col("retail_disc") + pl.col("coupon_match_disc")
    order_lines = own.select(
        order_id=pl.col("basket_id").cast(pl.String),
        line_no=pl.int_range(1, pl.len() + 1),
        sku=pl.col("product_id").cast(pl.String),
        ordered_at=pl.col("transaction_timestamp").cast(pl.Datetime("us")),
        qty=quantity,
        list_price=(shelf / quantity).round(4),
        paid_amount=pl.max_horizontal(pl.col("sales_value") - pl.col("coupon_disc"), 0.0),
        discount_member=pl.col("retail_disc"),
        discount_coupon_platform=pl.col("coupon_disc"),
        discount_coupon_shop=pl.col("coupon_match_disc"),
        buyer_id=pl.col("household_id").cast(pl.String),
    )
    skus = order_lines["sku"].unique().sort()
    kinds = pl.read_parquet(folder / "complete_journey" / "products.parquet").select(
        sku=pl.col("product_id").cast(pl.String), category=pl.col("department").cast(pl.String)
    )
    products = skus.to_frame().join(kinds, on="sku", how="left").select(
        "sku", title="sku", category=pl.col("category").fill_null("other")
    )  # fmt: skip
    days = order_lines["ordered_at"].dt.date()
    return Source({"order_lines": order_lines, "products": products}, days.min(), days.max())


def write_split(source: Source, folder: Path, *, keep: float, seed: int) -> Path:
    """A workspace of two halves; of the second one only the share `keep` of buyers and cases."""
    random = np.random.default_rng(seed)
    lines = source.tables["order_lines"]
    bought = pl.coalesce("buyer_id", "order_id")
    buyers = lines.select(buyer=bought).unique().sort("buyer")
    drawn = random.random(buyers.height)
    half = np.where(drawn < 0.5, "A", np.where(drawn < 0.5 + keep / 2, "B", "-"))
    owner = buyers.with_columns(store_id=pl.Series(half))
    split = lines.drop("store_id", strict=False).with_columns(buyer=bought)
    split = split.join(owner, on="buyer").filter(pl.col("store_id") != "-").drop("buyer")
    STORES.write_csv(folder / "stores.csv")
    source.tables["products"].write_csv(folder / "products.csv")
    split.write_parquet(folder / "order_lines.parquet")
    if "traffic" in source.tables:
        _traffic(source.tables["traffic"], random, keep).write_parquet(folder / "traffic.parquet")
    if "service" in source.tables:
        _service(source.tables["service"], random, keep).write_parquet(folder / "service.parquet")
    (folder / "channelscope.toml").write_text(
        '[workspace]\nreference = "A"\nbasis = "paid_net"\n', encoding="utf-8"
    )
    return folder


def thinned(source: Source, random: np.random.Generator, keep: float) -> Source:
    """The store with a part of its buyers, visitors and service cases."""
    if keep == 1:
        return source
    lines = source.tables["order_lines"].with_columns(buyer=pl.coalesce("buyer_id", "order_id"))
    buyers = lines.select("buyer").unique().sort("buyer")
    kept = buyers.filter(pl.Series(random.random(buyers.height) < keep))
    traffic, service = source.tables["traffic"], source.tables["service"]
    visitors = random.binomial(traffic["visitors"].to_numpy(), keep)
    return Source(
        {
            **source.tables,
            "order_lines": lines.join(kept, on="buyer", how="semi").drop("buyer"),
            "traffic": traffic.with_columns(visitors=pl.Series(visitors)),
            "service": _service(service, random, keep, first=0.0).filter(store_id="B"),
        },
        source.first,
        source.last,
    )


def _traffic(traffic: pl.DataFrame, random: np.random.Generator, keep: float) -> pl.DataFrame:
    visitors = traffic["visitors"].to_numpy()
    first = random.binomial(visitors, 0.5)
    parts = {"A": first, "B": random.binomial(visitors - first, keep)}
    return pl.concat(
        traffic.select("date", "source", store_id=pl.lit(store), visitors=pl.Series(counts))
        for store, counts in parts.items()
    )


def _service(
    service: pl.DataFrame, random: np.random.Generator, keep: float, *, first: float = 0.5
) -> pl.DataFrame:
    """Cases dealt between the halves. Of a mean, cases vary as much as its weeks show."""
    found = []
    for (metric,), rows in service.group_by("metric", maintain_order=True):
        n, value = rows["n"].to_numpy(), rows["value"].to_numpy().astype(np.float64)
        own = random.binomial(n, first)
        kept = random.binomial(n - own, keep)
        if str(metric).endswith("_rate"):
            dealt = _dealt_rate(random, n, value, own, kept)
        else:
            dealt = _dealt_mean(random, n, value, own, kept)
        for store, cases, mean in zip("AB", (own, kept), dealt, strict=True):
            part = rows.select("date", "metric").with_columns(
                store_id=pl.lit(store), n=pl.Series(cases), value=pl.Series(mean)
            )
            found.append(part.filter(pl.col("n") > 0))
    return pl.concat(found)


Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def _dealt_rate(
    random: np.random.Generator, n: Ints, value: Floats, own: Ints, kept: Ints
) -> tuple[Floats, Floats]:
    hits = np.rint(value * n).astype(np.int64)
    first = random.hypergeometric(hits, n - hits, own)
    rest = hits - first
    second = random.hypergeometric(rest, n - own - rest, kept)
    return first / np.maximum(own, 1), second / np.maximum(kept, 1)


def _dealt_mean(
    random: np.random.Generator, n: Ints, value: Floats, own: Ints, kept: Ints
) -> tuple[Floats, Floats]:
    mean = np.average(value, weights=n)
    case_variance = float((n * (value - mean) ** 2).sum() / max(len(n) - 1, 1))
    # Drawn without replacement from the cases of the row; the rest of the row has what is left.
    first = value + random.normal(size=len(n)) * np.sqrt(
        case_variance * (1 / np.maximum(own, 1) - 1 / n)
    )
    left = np.maximum(n - own, 1)
    rest = (n * value - own * first) / left
    spread = np.maximum(1 / np.maximum(kept, 1) - 1 / left, 0.0)
    second = rest + random.normal(size=len(n)) * np.sqrt(case_variance * spread)
    low, high = value.min() - 4 * case_variance**0.5, value.max() + 4 * case_variance**0.5
    bounds = (max(low, 0.0), min(high, 5.0) if value.max() <= 5 else high)
    return np.clip(first, *bounds), np.clip(second, *bounds)


def compare_split(source: Source, folder: Path, *, keep: float, seed: int) -> Results:
    """What is found between the two halves."""
    path = write_split(source, folder, keep=keep, seed=seed)
    return pipeline.compare(Request(path, first=source.first, last=source.last, threads=1))
