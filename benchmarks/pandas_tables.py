"""The tables of orders and buyers made with pandas, as somebody who knows it would write them.

Text becomes codes and money whole numbers while it is read, only the columns needed are read,
orders are grouped once, and nothing goes row by row. Runs where pandas is installed, by itself:

python -m benchmarks.pandas_tables WORKSPACE OUT --first 2025-10-01 --last 2026-09-30
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

MONEY, PIECES = 10_000, 1000
"""Amounts are whole numbers of a ten-thousandth, pieces of a thousandth."""
CODED = ("store_id", "sku", "order_id", "buyer_id")
AMOUNTS = ("list_price", "paid_amount", "platform_amount", "refunded_amount")
SWITCHING_DAYS = 180
DAY = pd.Timedelta(days=1)
SUMS = ("qty", "list_amount", "sales", "paid_amount")


def read(workspace: Path) -> tuple[pd.DataFrame, dict[str, pd.Index]]:
    """The order lines that count, and what the codes of stores and products mean."""
    files = sorted((workspace / "order_lines").glob("*.parquet"))
    columns = [*CODED, "ordered_at", "qty", *AMOUNTS, "is_excluded"]
    table = pa.concat_tables(pq.read_table(path, columns=columns) for path in files)
    table = table.filter(pc.invert(pc.fill_null(table["is_excluded"], False)))
    frame, names = {}, {}
    for name in CODED:
        coded = table[name].combine_chunks().dictionary_encode()
        frame[name] = pc.fill_null(coded.indices, -1).to_numpy().astype(np.int32)
        names[name] = pd.Index(coded.dictionary.to_pandas())
    for name in ("qty", *AMOUNTS):
        scale = PIECES if name == "qty" else MONEY
        frame[name] = np.round(table[name].cast(pa.float64()).to_numpy() * scale)
    frame["ordered_at"] = table["ordered_at"].to_numpy()
    lines = pd.DataFrame(frame, copy=False)
    lines["day"] = lines["ordered_at"].dt.normalize()
    lines["list_amount"] = np.round(lines["qty"] * lines.pop("list_price") / PIECES)
    lines["sales"] = lines["paid_amount"] - lines["refunded_amount"].fillna(0)
    return lines, {name: names[name] for name in ("store_id", "sku")}


def sku_weeks(lines: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Units and money of each store, product and week, a week split where a month ends."""
    inside = lines[lines["day"].between(first, last)]
    below = inside["paid_amount"] < inside["list_amount"]
    full = 10 * inside["paid_amount"] >= 9 * inside["list_amount"]
    inside = inside.assign(
        promoted=inside["qty"].where(below, 0), full=inside["paid_amount"].where(full, 0)
    )
    grouped = inside.groupby(["store_id", "sku", "day"], sort=False)
    days = grouped[[*SUMS, "promoted", "full"]].sum()
    days[["platform_amount", "refunded_amount"]] = grouped[
        ["platform_amount", "refunded_amount"]
    ].sum(min_count=1)
    days["lines"] = grouped.size()
    days = days.reset_index()
    days["week_start"] = days["day"] - pd.to_timedelta(days["day"].dt.weekday, unit="D")
    days["month_start"] = days["day"] - pd.to_timedelta(days["day"].dt.day - 1, unit="D")
    days["days_promoted"] = days["promoted"] > 0
    by_week = days.groupby(["store_id", "sku", "week_start", "month_start"])
    weeks = by_week[[*SUMS, "promoted", "full", "lines", "days_promoted"]].sum()
    weeks[["platform_amount", "refunded_amount"]] = by_week[
        ["platform_amount", "refunded_amount"]
    ].sum(min_count=1)
    weeks["first_day"] = by_week["day"].min()
    weeks["days_sold"] = by_week.size()
    return weeks.reset_index()


def orders_of(lines: pd.DataFrame) -> pd.DataFrame:
    """One row an order: store, buyer, time, sales."""
    grouped = lines.groupby(["store_id", "order_id"], sort=False)
    return grouped.agg(
        buyer_id=("buyer_id", "max"), ordered_at=("ordered_at", "min"), day=("day", "min"),
        sales=("sales", "sum"),
    ).reset_index()  # fmt: skip


def store_days(lines: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Orders, units and money of each store and day."""
    grouped = lines.groupby(["store_id", "day"])
    days = grouped[[*SUMS]].sum()
    money = ["platform_amount", "refunded_amount"]
    days[money] = grouped[money].sum(min_count=1)
    days["lines"] = grouped.size()
    known = orders["buyer_id"] >= 0
    counted = orders.assign(known=known).groupby(["store_id", "day"])["known"]
    days["orders"], days["known_orders"] = counted.size(), counted.sum()
    return days.reset_index()


def buyer_sets(orders: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Buyers by the stores they bought in, in the period and the year before, and their orders."""
    begin = first - pd.DateOffset(years=1)
    dated = orders[orders["day"].between(begin, last) & (orders["buyer_id"] >= 0)]
    now = dated["day"] >= first
    keys = ["scope", "buyer_id"]
    frames = {}
    for name, part in (("bought", dated[now]), ("bought_before", dated[~now])):
        seen = part[[*keys, "bit"]].drop_duplicates()
        frames[name] = seen.groupby(keys, sort=False)["bit"].sum()
    buyers = pd.DataFrame({"bought": frames["bought"]})
    buyers["bought_before"] = frames["bought_before"].reindex(buyers.index).fillna(0).astype(int)
    buyers["orders"] = dated[now].groupby(keys, sort=False).size()
    grain = ["scope", "bought", "bought_before", "orders"]
    return buyers.reset_index().groupby(grain).size().rename("buyers").reset_index()


def quarters(orders: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Known buyers of each store and quarter, those new to the scope, their orders and sales."""
    known = orders[(orders["buyer_id"] >= 0) & (orders["day"] <= last)]
    known = known.assign(quarter=known["day"].dt.year * 4 + known["day"].dt.quarter)
    visits = known.groupby(["scope", "store_id", "bit", "buyer_id", "quarter"], sort=False).agg(
        orders=("sales", "size"), sales=("sales", "sum")
    )
    visits = visits.reset_index()
    came = visits.groupby(["scope", "buyer_id"], sort=False)["quarter"].transform("min")
    visits["new"] = came == visits["quarter"]
    told = visits[visits["quarter"] >= first.year * 4 + first.quarter - 1]
    return (
        told.groupby(["scope", "quarter", "bit"])
        .agg(
            buyers=("buyer_id", "size"), new=("new", "sum"), orders=("orders", "sum"),
            sales=("sales", "sum"),
        )
        .reset_index()
    )  # fmt: skip


def switches(orders: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Orders by week, store and the store of the buyer's order before; -1 = none recent."""
    begin = first - SWITCHING_DAYS * DAY
    dated = orders[(orders["buyer_id"] >= 0) & orders["day"].between(begin, last)]
    dated = dated.sort_values(["scope", "buyer_id", "ordered_at", "store_id"])
    before = dated.groupby(["scope", "buyer_id"], sort=False)[["store_id", "ordered_at", "day"]]
    last_one = before.shift()
    other = dated["store_id"] != last_one["store_id"]
    tied = (last_one["ordered_at"] == dated["ordered_at"]) & other
    recent = (dated["day"] - last_one["day"]) <= SWITCHING_DAYS * DAY
    origin = last_one["store_id"].where(recent & ~tied, -1).astype(int)
    week = dated["day"] - pd.to_timedelta(dated["day"].dt.weekday, unit="D")
    moved = dated.assign(from_store=origin, week_start=week)[dated["day"] >= first]
    grain = ["scope", "week_start", "from_store", "store_id"]
    return moved.groupby(grain).agg(orders=("sales", "size"), sales=("sales", "sum")).reset_index()


def with_bits(orders: pd.DataFrame, stores: pd.Index, workspace: Path) -> pd.DataFrame:
    """Orders with the scope of their buyer ids, and the bit of their store in it."""
    known = pd.read_csv(workspace / "stores.csv").sort_values("store_id")
    scope = known["buyer_id_scope"].fillna(known["platform"])
    known = known.assign(scope=scope, place=known.groupby(scope).cumcount())
    scopes = pd.Index(sorted(known["scope"].unique()))
    known = known.set_index("store_id").loc[stores]
    store = orders["store_id"].to_numpy()
    numbers = scopes.get_indexer(known["scope"])
    return orders.assign(scope=(numbers + 1)[store], bit=(1 << known["place"].to_numpy())[store])


def main() -> None:
    """Write every table into a folder, with names where they have codes."""
    parser = argparse.ArgumentParser(description="tables of orders and buyers with pandas")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--first", type=pd.Timestamp, required=True)
    parser.add_argument("--last", type=pd.Timestamp, required=True)
    flags = parser.parse_args()
    flags.out.mkdir(parents=True, exist_ok=True)
    lines, names = read(flags.workspace)
    orders = with_bits(orders_of(lines), names["store_id"], flags.workspace)
    period = (flags.first, flags.last)
    made = {"sku_weeks": sku_weeks(lines, *period), "store_days": store_days(lines, orders)}
    del lines
    made["buyer_patterns"] = buyer_sets(orders, *period)
    made["buyer_quarters"] = quarters(orders, *period)
    made["order_switches"] = switches(orders, *period)
    for name, frame in made.items():
        for column in {"store_id", "from_store", "sku"} & set(frame.columns):
            meaning = names["sku" if column == "sku" else "store_id"].to_numpy()
            codes = frame[column].to_numpy()
            frame[column] = np.where(codes >= 0, meaning[codes], "")
        frame.to_parquet(flags.out / f"{name}.parquet", index=False)
    print(pd.__version__)


if __name__ == "__main__":
    main()
