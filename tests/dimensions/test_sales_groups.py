"""Sales of stores joined into groups: what is known of one member is not known of all."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import polars as pl

from channelscope import preparation, sqlfile
from channelscope.domain import GroupBy


def test_a_group_with_members_without_costs_has_no_contribution(sample_workspace: Path) -> None:
    request = preparation.Request(sample_workspace, by=GroupBy.KIND)
    with closing(preparation.prepare(request)) as prepared:
        found = prepared.answers.run(sqlfile.find("sales/contribution"))
    group = found.filter(pl.col("store_id") == "kind:distributor").row(0, named=True)
    assert group["other_costs"] is not None and group["contribution"] is None
    assert group["outcome_reason"] == "reason.costs_partly_known"
    assert group["coverage"] < 0.8
    flagship = found.filter(pl.col("store_id") == "kind:flagship").row(0, named=True)
    assert flagship["contribution"] is not None and flagship["coverage"] > 0.8
