"""Thresholds and funders of the sample: counted again from its raw files."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from channelscope.report import headings
from channelscope.report.facts import Facts
from channelscope.results import Results


def _shares(workspace: Path, results: Results, own: dict[str, object], base: str) -> list[float]:
    """Shares that reach it and fall just short: orders of the store on the days it ran."""
    period = results.meta.period
    days: set[object] = set()
    for row in pl.read_csv(workspace / "promotions.csv", try_parse_dates=True).to_dicts():
        if all(row[name] == own[name] for name in ("store_id", "mechanism", "benefit")):
            start, end = row["starts_at"].date(), row["ends_at"].date()
            days |= set(pl.date_range(start, end, eager=True).to_list())
    lines = pl.read_parquet(workspace / "order_lines.parquet").filter(
        pl.col("store_id") == own["store_id"], ~pl.col("is_excluded").fill_null(value=False)
    )
    items = pl.sum_horizontal("discount_markdown", "discount_subsidy")
    above = pl.sum_horizontal("discount_tier_qty", "discount_coupon_shop", "discount_tier_cross")
    listed = pl.col("qty").cast(pl.Float64) * pl.col("list_price").cast(pl.Float64)
    paid = pl.col("paid_amount").cast(pl.Float64)
    rest = listed - items.cast(pl.Float64) - above.cast(pl.Float64) - paid
    orders = lines.group_by("order_id").agg(
        day=pl.col("ordered_at").min().dt.date(),
        amount=(listed - items.cast(pl.Float64)).sum().round(4),
        pieces=pl.col("qty").cast(pl.Float64).sum(),
        is_told=(rest.abs() <= 0.01 * pl.col("qty").cast(pl.Float64) + 1e-9).all(),
    )
    asked = orders.filter(
        pl.col("day").is_in(list(days)),
        pl.col("day").is_between(period.first, period.last),
        pl.lit(base == "pieces") | pl.col("is_told"),
    )
    value, threshold = asked[base], float(str(own["threshold"]))
    short = max(0.2 * threshold, 1.0 if base == "pieces" else 0.0)
    near = (value < threshold) & (value >= threshold - short)
    return [float(str((value >= threshold).mean())), float(str(near.mean()))]


TERMS = (
    ("F1", 359, 110, "amount"), ("F1", 300, 50, "amount"), ("D2", 149, 8, "amount"),
    ("S1", 399, 30, "amount"), ("M2", 3, 0.1, "pieces"), ("S1", 2, 0.08, "pieces"),
)  # fmt: skip


@pytest.mark.parametrize("term", TERMS)
def test_shares_are_those_of_the_raw_orders(
    sample_results: Results, sample_workspace: Path, term: tuple[str, float, float, str]
) -> None:
    store, threshold, benefit, base = term
    rows = sample_results.tables["thresholds"].filter(
        store_id=store, threshold=threshold, benefit=benefit
    )
    (row,) = rows.to_dicts()
    reached, near = _shares(sample_workspace, sample_results, row, base)
    assert (row["reached_share"], row["near_share"]) == pytest.approx((reached, near))
    assert row["lo"] < row["reached_share"] < row["hi"]


def test_every_terms_of_the_sample_has_one_row(sample_results: Results) -> None:
    rows = sample_results.tables["thresholds"]
    counts = dict(rows.group_by("store_id").len().iter_rows())
    assert counts == {"F1": 3, "S1": 4, "M1": 2, "M2": 2, "D2": 2, "D3": 2}
    assert rows["outcome_reason"].null_count() == rows.height
    # The twins are alike in this as well, and both lie far from the flagship's orders.
    told = {(r["store_id"], r["benefit"]): r for r in rows.to_dicts()}
    for benefit in (8.0, 10.0):
        one, other = told["D2", benefit], told["D3", benefit]
        assert max(one["lo"], other["lo"]) < min(one["hi"], other["hi"])
        assert one["outcome"] == other["outcome"] == "differs"
        assert one["reference_lo"] > one["hi"]


def test_the_heading_tells_two_shares_whose_intervals_do_not_meet(sample_results: Results) -> None:
    message = headings.of_figure("thresholds", Facts(sample_results))
    assert message
    assert message.key == "heading.thresholds.apart"
    assert message.params["store"] == "S1"
    assert message.params["share"] < 0.03
    assert message.params["store_other"] in {"D2", "D3"}  # twins
    assert 0.3 < message.params["share_other"] < 0.4


def _split(results: Results) -> pl.DataFrame:
    (data,) = (data for data in results.figures if data.figure.name == "funding_split")
    return data.frame


def test_funders_add_up_and_agree_with_the_metric_and_the_mechanisms(
    sample_results: Results,
) -> None:
    borne = _split(sample_results).pivot("funder", index="store_id", values="discount_amount")
    metric = sample_results.tables["metrics"].filter(metric="merchant_funded_share")
    mechanisms = sample_results.tables["mechanisms"].filter(pl.col("share_of_list").is_not_null())
    listed = mechanisms.filter(pl.col("mechanism") != "unexplained").with_columns(
        platform=pl.col("discount_amount").cast(pl.Float64) * (1 - pl.col("merchant_funded"))
    )
    for row in borne.to_dicts():
        mine = mechanisms.filter(store_id=row["store_id"])
        total = row["merchant"] + row["platform"] + row["unknown"]
        assert total == mine["discount_amount"].sum()
        share = metric.filter(store_id=row["store_id"])["value"][0]
        known = row["merchant"] + row["platform"]
        assert float(row["merchant"] / known) == pytest.approx(share)
        by_mechanism = listed.filter(store_id=row["store_id"])["platform"].sum()
        assert float(row["platform"]) == pytest.approx(by_mechanism, abs=0.01)
        assert row["unknown"] == 0


def test_only_the_subsidised_store_has_the_platforms_money(sample_results: Results) -> None:
    rows = _split(sample_results).filter(funder="platform")
    assert rows.filter(pl.col("discount_amount") > 0)["store_id"].to_list() == ["D1"]
    assert rows.filter(store_id="D1")["share_of_list"][0] == pytest.approx(0.055, abs=0.001)
    message = headings.of_figure("funding_split", Facts(sample_results))
    assert message
    assert (message.key, message.params["store"]) == ("heading.funding_split.platform", "D1")
    assert message.params["lo"] <= message.params["share"] <= message.params["hi"]
