"""One analysis of another tool on the same order lines, by its public functions.

python -m benchmarks.peers CrossShop WORKSPACE

Runs where the tool is installed, and prints its version and the figures that `same_figures.py`
knows too.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from benchmarks.against_pandas import FIRST, LAST
from benchmarks.pandas_tables import MONEY, PIECES, read

STORES = ("D1", "F1", "S1")
"""The stores that share the largest set of buyers."""
FOCUS = "F1"
PERIODS = ("2026Q2", "2026Q3")


def lines_of(workspace: Path) -> pd.DataFrame:
    """The lines of those stores, under the names that the tools expect."""
    lines, names = read(workspace)
    stores = names["store_id"].to_numpy()[lines["store_id"].to_numpy()]
    frame = pd.DataFrame(
        {
            "store_id": stores,
            "customer_id": lines["buyer_id"],
            "transaction_id": lines["order_id"],
            "day": lines["day"],
            "unit_quantity": lines["qty"] / PIECES,
            "unit_spend": lines["sales"] / MONEY,
            "paid_amount": lines["paid_amount"] / MONEY,
        }
    )
    return frame[frame["store_id"].isin(STORES)]


def cross_shop(lines: pd.DataFrame) -> dict[str, float]:
    """Buyers of the year by exactly the stores they bought in."""
    from openretailscience.analysis.cross_shop import CrossShop  # noqa: PLC0415  only this one

    known = lines[(lines["customer_id"] >= 0) & lines["day"].between(FIRST, LAST)]
    one, two, three = STORES
    found = CrossShop(
        known, group_1_col="store_id", group_1_val=one, group_2_val=two, group_3_val=three,
        labels=list(STORES),
    )  # fmt: skip
    counts = found.cross_shop_df["group_labels"].value_counts()
    return {f"buyers {name.replace(', ', '+')}": float(n) for name, n in counts.items()}


def gain_loss(lines: pd.DataFrame) -> dict[str, float]:
    """Sales of a store and of the others in two quarters, to known buyers."""
    from openretailscience.analysis.gain_loss import GainLoss  # noqa: PLC0415  only this one

    known = _two_quarters(lines)
    focus = known["store_id"] == FOCUS
    before = known["period"] == PERIODS[0]
    found = GainLoss(
        known, p1_index=before, p2_index=~before, focus_group_index=focus, focus_group_name=FOCUS,
        comparison_group_index=~focus, comparison_group_name="others",
    ).gain_loss_table_df.iloc[0]  # fmt: skip
    return {
        f"sales {side} {period}": float(found[f"{theirs}_{place}"])
        for side, theirs in ((FOCUS, "focus"), ("others", "comparison"))
        for place, period in zip(("p1", "p2"), PERIODS, strict=True)
    }


def revenue_tree(lines: pd.DataFrame) -> dict[str, float]:
    """Buyers, orders and sales of each store in two quarters, of known buyers."""
    from openretailscience.analysis.revenue_tree import RevenueTree  # noqa: PLC0415  only this one

    tree = RevenueTree(_two_quarters(lines), "period", *PERIODS, group_col="store_id").df
    names = (("buyers", "customers"), ("orders", "transactions"), ("sales", "spend"))
    return {
        f"{ours} {store} {period}": float(row[f"{theirs}_{place}"])
        for store, row in tree.iterrows()
        for ours, theirs in names
        for place, period in zip(("p1", "p2"), PERIODS, strict=True)
    }


def profiles(lines: pd.DataFrame) -> dict[str, float]:
    """Lines and money of two stores in a quarter, as the profiles of both side by side say."""
    from ydata_profiling import ProfileReport, compare  # noqa: PLC0415  only this one

    inside = lines[_quarter(lines) == PERIODS[1]]
    columns = ["unit_quantity", "unit_spend", "paid_amount"]
    parts = [inside.loc[inside["store_id"] == store, columns] for store in STORES[:2]]
    report = compare(
        [
            ProfileReport(part.reset_index(drop=True), title=store, minimal=True,
                          progress_bar=False)
            for store, part in zip(STORES, parts, strict=False)
        ]
    )  # fmt: skip
    report.to_html()
    told = report.get_description().variables["paid_amount"]
    return {
        f"{ours} {store}": float(told[theirs][place])
        for ours, theirs in (("lines", "n"), ("paid", "sum"))
        for place, store in enumerate(STORES[:2])
    }


PEERS: dict[str, tuple[str, Callable[[pd.DataFrame], dict[str, float]]]] = {
    "CrossShop": ("openretailscience", cross_shop),
    "GainLoss": ("openretailscience", gain_loss),
    "RevenueTree": ("openretailscience", revenue_tree),
    "compare": ("ydata-profiling", profiles),
}


def _quarter(lines: pd.DataFrame) -> pd.Series:
    return lines["day"].dt.year.astype(str) + "Q" + lines["day"].dt.quarter.astype(str)


def _two_quarters(lines: pd.DataFrame) -> pd.DataFrame:
    known = lines[(lines["customer_id"] >= 0) & (lines["day"] >= "2026-04-01")]
    return known.assign(period=_quarter(known)).reset_index(drop=True)


def main() -> None:
    """Run one; its figures as JSON."""
    parser = argparse.ArgumentParser(description="an analysis of another tool")
    parser.add_argument("name", choices=PEERS)
    parser.add_argument("workspace", type=Path)
    flags = parser.parse_args()
    warnings.simplefilter("ignore")
    package, analyse = PEERS[flags.name]
    figures = analyse(lines_of(flags.workspace))
    print(json.dumps({"tool": f"{package} {version(package)}", "figures": figures}))


if __name__ == "__main__":
    main()
