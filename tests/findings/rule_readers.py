"""Reading back what holding orders against the promotion rules says of the data."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from tests.findings.ledger import CASES, Ledger, Row, Tables, as_written

METRIC = "reconciled_share"


def off_the_rules(book: Ledger) -> dict[str, Row]:
    """The stores of which more lines than do not matter are shown to follow no rule."""
    rows = book.tables["metrics"].filter(
        pl.col("hi") < 1 - book.scope.delta[METRIC], pl.col("n") >= CASES, metric=METRIC
    )
    return {row["store_id"]: row for row in rows.iter_rows(named=True)}


def idle(book: Ledger) -> pl.DataFrame:
    """Rules with enough lines to bite on."""
    return book.tables["idle_promotions"].filter(pl.col("lines") >= CASES)


def unexplained_holds(book: Ledger, said: Row) -> None:
    shown = off_the_rules(book)
    assert set(said["stores"].split("+")) == set(shown)
    row = shown[said["store"]]
    assert row["value"] == min(other["value"] for other in shown.values())
    assert (said["share"], said["lo"], said["hi"]) == as_written(
        1 - row["value"], 1 - row["hi"], 1 - row["lo"]
    )
    every = book.tables["reconcile"].filter(mechanism="all")
    mine = every.filter(store_id=said["store"]).row(0, named=True)
    assert said["count_lines"] == row["n"] == mine["lines"]
    assert said["share"] == as_written(mine["unreconciled"] / mine["lines"])
    sizes = every.filter(pl.col("store_id").is_in(list(shown)))["absolute_difference"]
    assert said["money"] == as_written(float(sizes.sum()))
    lines = book.tables["unreconciled"].filter(store_id=said["store"])
    named = lines.filter(order_id=said["order"], line_no=int(said["line"])).row(0, named=True)
    assert (said["price_paid"], said["price_rules"]) == as_written(
        float(named["paid_amount"]), float(named["implied_amount"])
    )
    assert abs(named["difference"]) == lines["difference"].abs().max()


def idle_holds(book: Ledger, said: Row) -> None:
    rules = idle(book)
    assert said["n"] == rules.height
    assert set(said["stores"].split("+")) == set(rules["store_id"])
    row = rules.filter(promo_id=said["promo"]).row(0, named=True)
    assert (row["store_id"], row["mechanism"]) == (said["store"], said["mechanism"])
    assert said["count_lines"] == row["lines"] == rules["lines"].max()
    # Rule of three: on none of n lines, so on at most 3 / n of all with 95% certainty.
    assert said["share"] == as_written(3 / row["lines"])
    assert said["reason"] == f"idle.{row['reason'] or 'unknown'}"


RULE_READERS = {"orders_unexplained": unexplained_holds, "rules_idle": idle_holds}


def told_of_rules(book: Ledger) -> set[str]:
    """The templates of which the tables hold something."""
    found = {"orders_unexplained"} if off_the_rules(book) else set()
    return found | ({"rules_idle"} if idle(book).height else set())


def orders_and_rules_agree(tables: Tables) -> None:
    """What holds of the tables that hold orders against rules, whatever the data."""
    rows, metrics = tables["reconcile"], tables["metrics"].filter(metric=METRIC)
    known = rows.drop_nulls("reconciled")
    assert (known["reconciled"] + known["unreconciled"]).equals(known["lines"])
    assert (known["above"] + known["below"]).equals(known["unreconciled"])
    assert (known["amount_difference"].abs() <= known["absolute_difference"]).all()
    assert rows.filter(pl.col("reconciled").is_null())["outcome_reason"].null_count() == 0
    every = {row["store_id"]: row for row in rows.filter(mechanism="all").iter_rows(named=True)}
    assert set(every) == set(rows["store_id"])
    for store, row in every.items():
        own = rows.filter(store_id=store)
        assert own["lines"].max() == row["lines"]
        named = tables["unreconciled"].filter(store_id=store)
        assert named.height == min(row["unreconciled"], 5)
    for row in metrics.iter_rows(named=True):
        _share_is_of(row, every.get(row["store_id"]), rows)


def _share_is_of(row: Row, every: Mapping[str, object] | None, rows: pl.DataFrame) -> None:
    """A share is told of a store only where a rule lowers a line that was looked at."""
    if row["value"] is None:
        assert row["outcome_reason"] and row["lo"] is None, row
        return
    assert every is not None, row
    assert row["n"] == every["lines"]
    assert row["value"] == pytest.approx(every["reconciled"] / row["n"])  # type: ignore[operator]
    named = rows.filter(~pl.col("mechanism").is_in(["all", "none"]), store_id=row["store_id"])
    assert named.height, "praised without a rule that lowers anything"
