"""What must not stand in a copy for a partner, and a workspace that differs in that alone."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from channelscope import redaction
from channelscope.report.language import Language
from channelscope.report.texts import catalogue

BUYER_METRICS = ("returning_buyer_share", "loyalty", "exchange")
COSTS_OF_LIFT = (
    "break_even", "earned", "earned_lo", "earned_hi", "earned_p_adjusted", "margin_amount",
)  # fmt: skip
NOT_LACKING = {"reason.left_out", "reason.snapshots_only", "reason.no_sales"}
DRAWN = re.compile(r' (?:d|points|transform|viewBox)="[^"]*"')
FIGURE_ID = re.compile(r"\bF\d\.\d\b")


def identities(workspace: Path) -> re.Pattern[str]:
    """Every id, name, operator, region, promotion and label of the sample's stores."""
    stores = pl.read_csv(workspace / "stores.csv")
    promotions = pl.read_csv(workspace / "promotions.csv")
    said = [text for forms in catalogue(Language.ZH).forms.values() for text in forms]
    regions = "|".join(stores["regions"].drop_nulls()).split("|")
    words = {
        *stores["name"], *stores["operator"], *regions, *promotions["promo_id"],
        # A mechanism is called by the same words in every shop.
        *(label for label in promotions["label"].drop_nulls() if label not in said),
    } - {"own"}  # fmt: skip
    ids = "|".join(map(re.escape, stores["store_id"]))
    return re.compile(rf"(?<![\w#.-])(?:{ids})(?!\w)|" + "|".join(map(re.escape, sorted(words))))


def texts(out: Path) -> Iterator[tuple[str, str]]:
    """What a reader of each file can see, without the ids of figures and the paths of drawings."""
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        if path.suffix == ".parquet":
            text = pl.read_parquet(path).select(pl.col(pl.String)).write_csv()
        elif path.suffix == ".xlsx":
            text = zipfile.ZipFile(path).read("xl/sharedStrings.xml").decode()
        else:
            text = path.read_text("utf-8")
        yield str(path.relative_to(out)), FIGURE_ID.sub("", DRAWN.sub("", text))


def tells_nothing_of_buyers(tables: Mapping[str, pl.DataFrame]) -> None:
    """No table, metric, finding, verdict or role rests on them."""
    assert not set(tables) & set(redaction.BUYER_TABLES)
    for name in ("metrics", "differences", "pairs", "findings"):
        assert "consumers" not in tables[name]["dimension"]
    for name in ("metrics", "differences"):
        assert not set(tables[name]["metric"]) & set(BUYER_METRICS)
    verdicts = tables["verdicts"]
    evidence = {word for told in verdicts["evidence"] for word in told.split(",")}
    assert not evidence & {"consumers", "buyer_overlap"}
    assert verdicts["missing"].str.contains("consumers").all()
    overlap = {reason.rpartition("overlap_")[2] for reason in verdicts["reason"]
               if "overlap_" in reason}  # fmt: skip
    assert overlap <= {"left_out"}
    assert tables["roles"].filter(role="reach")["score"].is_null().all()
    assert not tables["provenance"]["figure_id"].str.starts_with("F6").any()


def tells_nothing_of_costs(tables: Mapping[str, pl.DataFrame]) -> None:
    """What would be computed from them is null and has a reason."""
    for name in ("metrics", "differences"):
        rows = tables[name].filter(pl.col("metric").str.contains("contribution|pocket"))
        assert rows["value"].is_null().all() and set(rows["outcome_reason"]) <= NOT_LACKING
    assert tables["lift"].height
    for column in COSTS_OF_LIFT:
        assert tables["lift"][column].is_null().all(), column
    assert set(tables["lift"]["earned_outcome"]) == {"not_identifiable"}
    for name in ("price_index", "price_links"):
        assert "pocket" not in tables[name]["rung"]
    steps = tables["pocket_waterfall"].filter(
        pl.col("step").str.contains("^(pocket|contribution|cost:.*)$")
    )
    assert steps["amount"].is_null().all() and set(steps["outcome_reason"]) <= NOT_LACKING
    assert not tables["findings"]["template"].str.starts_with("lift_").any()
    assert "costs" not in tables["quality"]["table"]


def otherwise(workspace: Path, other: Path) -> Path:
    """The same trade under other names, in another order, at other costs."""
    shutil.copytree(workspace, other)
    stores = pl.read_csv(workspace / "stores.csv")
    ids = stores["store_id"].sort(descending=True)
    renamed = {old: f"{chr(97 + at)}{at}" for at, old in enumerate(ids)}
    for path in sorted(other.iterdir()):
        if path.suffix == ".toml":
            text = path.read_text("utf-8").replace('"F1"', f'"{renamed["F1"]}"')
            path.write_text(text, encoding="utf-8")
        elif path.suffix in (".csv", ".parquet"):
            read = pl.read_csv if path.suffix == ".csv" else pl.read_parquet
            frame = _told_otherwise(path.stem, read(path), renamed)
            write = frame.write_csv if path.suffix == ".csv" else frame.write_parquet
            write(path)
    return other


def _told_otherwise(table: str, frame: pl.DataFrame, renamed: Mapping[str, str]) -> pl.DataFrame:
    if "store_id" in frame.columns:
        frame = frame.with_columns(pl.col("store_id").replace_strict(renamed))
    if "promo_id" in frame.columns:
        frame = frame.with_columns(promo_id="p" + pl.col("promo_id"))
    if table == "stores":
        partner = pl.when(pl.col("operator") != "own").then("x" + pl.col("operator"))
        return frame.reverse().with_columns(
            name="y" + pl.col("name"), operator=partner.otherwise("operator"), regions=pl.lit("")
        )
    if table == "promotions":
        return frame.with_columns(label=pl.lit("z"))
    if table == "products":
        return frame.with_columns(unit_cost=-2 * pl.col("unit_cost"))
    return frame.with_columns(amount=3 * pl.col("amount")) if table == "costs" else frame
