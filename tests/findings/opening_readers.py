"""Reading back what openings took: from the estimate, never from where buyers had been."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.findings.ledger import Ledger, Row, as_written


def told_openings(book: Ledger) -> dict[str, Row]:
    """By store that opened, the surest loss that is largest, of the longest horizon there is."""
    found: dict[str, Row] = {}
    rows = [
        row
        for row in book.tables["openings"].iter_rows(named=True)
        if row["method"] == "panel" and row["category"] == row["price_tier"] == "all"
        and {row["store_id"], row["from_store"]} <= set(book.scope.store_ids)
    ]  # fmt: skip
    for row in rows:
        horizons = {each["horizon"] for each in rows if each["store_id"] == row["store_id"]}
        if row["horizon"] != ("long" if "long" in horizons else "short"):
            continue
        if row["outcome"] != "differs" or row["lo"] <= 0:
            continue
        best = found.get(row["store_id"])
        if best is None or row["share"] > best["share"]:
            found[row["store_id"]] = row
    return found


def took_holds(book: Ledger, said: Row) -> None:
    row = told_openings(book)[said["store"]]
    assert said["store_from"] == row["from_store"]
    assert (said["share"], said["lo"], said["hi"]) == as_written(row["share"], row["lo"], row["hi"])
    assert said["lo"] > 0
    assert row["p_adjusted"] <= 0.05
    assert said["count_weeks"] == row["weeks"]
    assert said["money"] == as_written(row["amount"])


OPENING_READERS: Mapping[str, Callable[[Ledger, Row], None]] = {"opening_took": took_holds}
