"""A misspelled region of a store is told where it is declared and claimed of nowhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from channelscope import comparison, preparation, sqlfile
from channelscope.dimensions import _regions
from tests.dimensions.small_cubes import scope

RIGHT = "浙江|江苏|上海|安徽|福建|江西|山东"
CHECK = "stores_region_unknown"


def _prepared(sample: Path, folder: Path, *, declared: str) -> preparation.Prepared:
    """The sample with other regions of D2."""
    shutil.copytree(sample, folder / "workspace")
    stores = folder / "workspace" / "stores.csv"
    text = stores.read_text(encoding="utf-8")
    assert text.count(RIGHT) == 1
    stores.write_text(text.replace(RIGHT, declared), encoding="utf-8")
    return preparation.prepare(preparation.Request(folder / "workspace"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (RIGHT.replace("浙江", "浙江省"), "D2: 浙江省 (浙江?)"),
        (RIGHT.replace("浙江", "Zhejiang"), "D2: Zhejiang"),
        (RIGHT.replace("|", ","), f"D2: {RIGHT.replace('|', ',')}"),
    ],
)
def test_a_misspelled_region_warns_and_nothing_is_claimed(
    sample_workspace: Path, tmp_path: Path, wrong: str, told: str
) -> None:
    prepared = _prepared(sample_workspace, tmp_path, declared=f'"{wrong}"')
    found = _regions.shipped(prepared.answers, prepared.scope)
    row = found["metrics"].filter(store_id="D2").row(0, named=True)
    assert (row["value"], row["outcome_reason"]) == (None, "reason.regions_not_matched")
    assert found["out_of_region"].is_empty()
    warned = {finding.check: finding for finding in prepared.checked.warnings}
    assert warned[CHECK].failed == 1
    assert told in str(warned[CHECK].sample)
    assert comparison.without_rows("out_of_region", found["metrics"], prepared.scope) == (
        "off.declared_regions_in_no_delivery"
    )
    prepared.close()


def test_the_sample_spells_its_regions(sample_workspace: Path) -> None:
    prepared = preparation.prepare(preparation.Request(sample_workspace))
    assert CHECK in {finding.check for finding in prepared.checked.findings}
    assert CHECK not in {finding.check for finding in prepared.checked.warnings}
    found = _regions.shipped(prepared.answers, prepared.scope)
    for name, frame in found.items():
        prepared.answers.register(name, frame)
    shown = prepared.answers.run(sqlfile.find("price/shipped_outside")).filter(rank=0)
    # X1 declares regions as well; what it shipped is not known.
    assert shown.select("store_id", "outcome_reason").rows() == [
        ("D2", None), ("X1", "reason.snapshots_only"),
    ]  # fmt: skip
    assert (
        shown.filter(store_id="X1").select("orders", "share", "paid_amount").row(0) == (None,) * 3
    )
    prepared.close()


@pytest.mark.parametrize(
    ("reasons", "off"),
    [
        (["reason.no_regions"], "off.no_regions"),
        (["reason.no_regions", "reason.snapshots_only"],
         "off.no_ship_region_of_a_store_with_regions"),
        (["reason.snapshots_only", "reason.regions_not_matched", None],
         "off.declared_regions_in_no_delivery"),
    ],
)  # fmt: skip
def test_a_figure_without_rows_says_the_true_reason(reasons: list[str | None], off: str) -> None:
    rows = [{"metric": "out_of_region_share", "outcome_reason": reason} for reason in reasons]
    compared = scope("F1", "D2")
    other = {"metric": "list_level", "outcome_reason": "reason.regions_not_matched"}
    if off != "off.declared_regions_in_no_delivery":
        rows.append(other)
    assert comparison.without_rows("out_of_region", pl.DataFrame(rows), compared) == off
    assert comparison.without_rows("price_order", pl.DataFrame(rows), compared) == "off.no_gaps"
    assert comparison.without_rows("price_tiers", pl.DataFrame(rows), compared) == "off.no_rows"
