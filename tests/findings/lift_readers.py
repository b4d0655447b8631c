"""Reading back what weeks with a promotion sold and earned."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.findings.ledger import Ledger, Row, as_written

SIDES = {"lift_earns": 1, "lift_short": -1}


def told_lifts(book: Ledger, template: str) -> list[Row]:
    """Rows whose lift is above 1 and whose margin is on that side, both beyond chance."""
    return [
        row
        for row in book.tables["lift"].iter_rows(named=True)
        if row["outcome"] == row["earned_outcome"] == "differs"
        and row["lo"] > 1
        and (row["earned_lo"] > 1 if SIDES[template] > 0 else row["earned_hi"] < 1)
    ]


def beyond(row: Row) -> float:
    """What was earned less what the same pieces, at usual prices and fewer, would have."""
    earned = float(row["margin_amount"])
    return earned - earned / row["earned"]


def lift_holds(template: str) -> Callable[[Ledger, Row], None]:
    def holds(book: Ledger, said: Row) -> None:
        rows = told_lifts(book, template)
        (row,) = (
            row
            for row in rows
            if (row["store_id"], row["mechanism"]) == (said["store"], said["mechanism"])
        )
        assert (said["ratio"], said["lo"], said["hi"]) == as_written(
            row["lift"], row["lo"], row["hi"]
        )
        assert (said["ratio_needed"], said["ratio_earned"]) == as_written(
            row["break_even"], row["earned"]
        )
        assert (said["ratio_earned_lo"], said["ratio_earned_hi"]) == as_written(
            row["earned_lo"], row["earned_hi"]
        )
        # The margin that is told and the break-even lift that is told are one and the same claim.
        assert said["ratio_earned"] == as_written(said["ratio"] / said["ratio_needed"])
        assert (said["ratio"] > said["ratio_needed"]) == (template == "lift_earns")
        assert said["count_products"] == row["skus"]
        assert said["money"] == as_written(abs(beyond(row)))
        assert said["money"] == as_written(max(abs(beyond(each)) for each in rows))

    return holds


LIFT_READERS: Mapping[str, Callable[[Ledger, Row], None]] = {
    template: lift_holds(template) for template in SIDES
}
