"""A new dimension touches its queries, its module, the registry, one partial and the catalogues.

The test adds a toy one to a copy of the checkout in just these places, and compares with it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from channelscope.results import TABLES

ROOT = Path(__file__).resolve().parents[2]

QUERY = """\
-- purpose: how many regions each store may sell in
-- grain: store_id
-- inputs: stores, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   metric varchar, metric id
--   unit varchar, its unit
--   value double, regions, null = anywhere
--   lo double, the same: a count has no interval
--   hi double, the same
-- source: DATA stores
with listed as (
    select
        scope_stores.position,
        stores.store_id,
        cast(len(string_split(stores.regions, '|')) as double) as regions,
    from stores
    inner join scope_stores on stores.store_id = scope_stores.store_id
),

final as (
    select
        store_id,
        'regions' as metric,
        'count' as unit,
        regions as value,
        regions as lo,
        regions as hi,
        position,
    from listed
)

select * exclude (position) from final
order by position
"""

MODULE = '''\
"""Reach: in how many regions a store may sell."""

from __future__ import annotations

import polars as pl

from channelscope import sqlfile
from channelscope.domain import Figure, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import rows

POSITION = 9
FIGURES = (Figure("F9.1", "regions_by_store", "reach/regions_by_store", "dots"),)


def off(scope: Scope) -> str | None:
    """Every workspace has stores."""
    return None


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `metrics`."""
    found = session.run(sqlfile.find("reach/regions_by_store"))
    value = found["value"].fill_null(float("nan")).to_numpy()
    return {"metrics": rows("regions", found["store_id"].to_list(), value=value, n=value)}
'''

REGISTRY = """
_REACH = (
    Metric("regions", "reach", Unit.COUNT, H, 1, "reach/regions_by_store", "regions listed"),
)
METRICS = (*METRICS, *_REACH)
"""

TEXTS = {
    "dimension.reach": ("Reach", "覆盖"),
    "metric.regions": ("Regions", "可售地区数"),
    "metric.regions.short": ("Regions", "地区"),
    "metric.regions.reading": ("More regions, more buyers.", "地区越多，买家越多。"),
    "metric.regions.formula": ("regions listed", "登记的地区数"),
    "figure.regions_by_store.title": ("Regions by store", "各店可售地区"),
    "figure.regions_by_store.subtitle": ("Number of regions", "地区数"),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the command needs, with the toy dimension added."""
    folder = tmp_path / "checkout"
    for part in ("src", "queries", "reports"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "queries" / "reach").mkdir()
    (folder / "queries" / "reach" / "regions_by_store.sql").write_text(QUERY, encoding="utf-8")
    package = folder / "src" / "channelscope"
    (package / "dimensions" / "reach.py").write_text(MODULE, encoding="utf-8")
    with (package / "registry.py").open("a", encoding="utf-8") as registry:
        registry.write(REGISTRY)
    partial = folder / "reports" / "templates" / "sections" / "reach.html.j2"
    partial.write_text('<p class="reach">toy</p>\n{% include "sections/_default.html.j2" %}\n')
    for at, language in enumerate(("en", "zh")):
        with (folder / "reports" / "i18n" / f"{language}.po").open("a", encoding="utf-8") as po:
            for key, words in TEXTS.items():
                po.write(f'\nmsgid "{key}"\nmsgstr "{words[at]}"\n')
    return folder


def test_a_new_dimension_needs_no_other_change(checkout: Path, small_workspace: Path) -> None:
    out = checkout / "out"
    found = subprocess.run(
        [sys.executable, "-m", "channelscope", "compare", str(small_workspace), "--out", str(out),
         "--formats", "html,json"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout / "src")},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    body = json.loads((out / "results.json").read_text(encoding="utf-8"))
    regions = {r["store_id"]: r["value"] for r in body["metrics"] if r["metric"] == "regions"}
    assert len(regions) == 9
    assert any(value is not None for value in regions.values())
    assert "reach/regions_by_store" in {row["query_id"] for row in body["provenance"]}
    assert set(TABLES) <= set(body)
    report = (out / "report.html").read_text(encoding="utf-8")
    for word in ('<p class="reach">toy</p>', "Regions by store", "各店可售地区"):
        assert word in report
