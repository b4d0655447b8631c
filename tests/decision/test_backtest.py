"""S1's real opening, decided with what was known before it, held against what came."""

from __future__ import annotations

import shutil
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope import assets, decision
from channelscope.config import PolicySection
from tests.decision.candidates import candidate, goods
from tests.decision.conftest import evidence_of

OPENED, ENDED = datetime(2025, 9, 1), datetime(2026, 3, 2)
TRUTH = tomllib.loads((assets.sample_workspace().parent / "TRUTH.toml").read_text("utf-8"))
LOST = {store: row["computed"] for store, row in TRUTH["diversion_s1"].items() if store != "new"}


def _rule(**terms: Any) -> dict[str, Any]:
    return {"merchant_share": 1.0, **terms}


PLAN = {
    "store_id": "S1", "name": "Cookware store", "opens_on": date(2025, 9, 1), "horizon_months": 6,
    "price.level": {"low": 96, "likely": 98, "high": 100},
    "promotions": [
        _rule(mechanism="tier_qty", threshold_kind="qty", threshold=2, benefit_kind="rate",
              benefit=0.08),
        _rule(mechanism="coupon_shop", threshold_kind="amount", threshold=399,
              benefit_kind="amount", benefit=15),
    ],
    "demand.start_share": {"low": 0.3, "likely": 0.5, "high": 0.8},
    "demand.ramp_up_months": {"low": 1, "likely": 3, "high": 6},
    "losses.at_full_overlap": {"low": 0.5, "likely": 0.9, "high": 1.0},
    "losses.other_platforms": {"low": 0.0, "likely": 0.3, "high": 0.8},
    "platform_fees.commission": 0.035, "platform_fees.payment_fee": 0.006,
    "costs.fulfilment": 9.6, "costs.affiliate": 0.0,
    "costs.advertising": {"low": 5000, "likely": 8000, "high": 11_000},
    "costs.staff": {"low": 22_000, "likely": 24_000, "high": 27_000},
    "costs.content": 0.0, "costs.set_up": 0.0, "costs.capital_cost": 0.0,
}  # fmt: skip
"""What could be said of S1 before it opened."""


def _cut(workspace: Path, into: Path) -> None:
    """The workspace as it was on the eve of the opening."""
    into.mkdir()
    for name in ("channelscope.toml", "products.csv", "fx.csv"):
        shutil.copy(workspace / name, into)
    lines = pl.read_parquet(workspace / "order_lines.parquet")
    known = pl.col("refunded_at") < OPENED
    lines.filter(pl.col("ordered_at") < OPENED).with_columns(
        refunded_amount=pl.when(pl.col("refunded_at").is_null() | known)
        .then("refunded_amount").otherwise(0).cast(lines.schema["refunded_amount"]),
        refunded_at=pl.when(known).then("refunded_at"),
    ).write_parquet(into / "order_lines.parquet")  # fmt: skip
    for name, day in (("price_snapshots", "observed_at"), ("traffic", "date"), ("service", "date")):
        frame = pl.read_parquet(workspace / f"{name}.parquet")
        early = pl.col(day).cast(pl.Date) < OPENED.date()
        frame.filter(early, pl.col("store_id") != "S1").write_parquet(into / f"{name}.parquet")
    for name, day in (("stores", None), ("costs", "month"), ("promotions", "starts_at")):
        frame = pl.read_csv(workspace / f"{name}.csv", infer_schema=False)
        early = pl.lit(True) if day is None else pl.col(day) < "2025-09-01"
        frame.filter(pl.col("store_id") != "S1", early).write_csv(into / f"{name}.csv")


@pytest.fixture(scope="module")
def came(sample_workspace: Path) -> dict[str, float]:
    """What S1 did in its first 26 weeks."""
    products = pl.read_csv(sample_workspace / "products.csv")
    lines = pl.read_parquet(sample_workspace / "order_lines.parquet").filter(
        pl.col("store_id") == "S1", pl.col("ordered_at") < ENDED,
        ~pl.col("is_excluded").fill_null(value=False),
    ).join(products.select("sku", "unit_cost"), on="sku")  # fmt: skip
    paid, back = (float(lines[name].sum()) for name in ("paid_amount", "refunded_amount"))
    goods_cost = float(
        lines.select((pl.col("qty").cast(pl.Float64) * pl.col("unit_cost")).sum()).item()
    )
    costs = pl.read_csv(sample_workspace / "costs.csv").filter(
        pl.col("store_id") == "S1", pl.col("month") < "2026-03-01",
        pl.col("kind").is_in(["ad_spend", "staff", "platform_annual_fee"]),
    )  # fmt: skip
    own = paid - back - goods_cost - 0.041 * paid - 9.6 * lines["order_id"].n_unique()
    return {"paid": paid, "sales": paid - back, "diverted": sum(LOST.values()),
            "own": own - float(costs["amount"].sum())}  # fmt: skip


def test_the_opening_of_s1_lies_in_what_was_foretold(
    sample_workspace: Path, tmp_path: Path, came: dict[str, float]
) -> None:
    _cut(sample_workspace, tmp_path / "before")
    lines = pl.read_parquet(sample_workspace / "order_lines.parquet")
    skus = sorted(set(lines.filter(pl.col("store_id") == "S1")["sku"]))
    plan = candidate({**PLAN, **goods(skus=skus)})
    with evidence_of(tmp_path / "before") as evidence:
        assert evidence.scope.data_end == date(2025, 8, 31) and "S1" not in evidence.ids
        tables = decision.decide([plan], evidence, PolicySection(), seed=1)
        margins = dict(zip(evidence.ids, evidence.losing_margin.tolist(), strict=True))
    row = tables["recommendation"].row(0, named=True)
    usual = float(np.nanmean(list(margins.values())))  # of two stores nobody knows the costs
    lost = sum(
        share * float(np.nan_to_num(margins[store], nan=usual)) for store, share in LOST.items()
    )
    actual = {**came, "contribution": came["own"] - came["paid"] * lost}
    for name in ("sales", "diverted", "contribution"):
        assert row[f"{name}_lo"] <= actual[name] <= row[f"{name}_hi"], name
    # Wide as they are, the ranges decide: it would not have been opened.
    assert row["recommendation"] == "do_not_open"
    assert row["contribution_hi"] < 0 < row["diverted_lo"]
    told = {r["store_id"]: r for r in tables["own_losses"].to_dicts()}
    held = [store for store, share in LOST.items()
            if told[store]["lo"] <= share <= told[store]["hi"]]  # fmt: skip
    assert {"F1", "F2", "D1"} <= set(held) and len(held) >= 5
