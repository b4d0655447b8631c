"""Two promotions that contradict each other give a warning that names both."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from channelscope import quality
from channelscope.cli import cli
from tests.workspace.tables import loaded, write

HEAD = (
    "promo_id,store_id,mechanism,starts_at,ends_at,scope,threshold_kind,threshold,threshold_base,"
    "benefit_kind,benefit,stack_group,priority\n"
)
FIRST = "C1,F1,coupon_shop,2026-01-01,2026-01-10 23:59:59,store,amount,300,activity,amount,40"
SECOND = "C2,F1,coupon_shop,2026-01-08,2026-01-31 23:59:59,store,amount,200,activity,amount,20"
NAME = "promotions_contradict"


def found(folder: Path, *promotions: str) -> quality.Finding:
    write(folder, promotions=HEAD + "\n".join(promotions) + "\n")
    with loaded(folder) as data:
        return next(f for f in quality.check(data).findings if f.check == NAME)


def test_two_coupons_of_one_group_and_priority_are_named(tmp_path: Path) -> None:
    told = found(tmp_path, f"{FIRST},coupon,4", f"{SECOND},coupon,4")
    assert (told.failed, told.rows) == (1, 2)
    assert told.sample == (
        "row 3: promo_id = C2 against C1 from 2026-01-08 to 2026-01-10 "
        "(stack_group coupon, priority 4)"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [("coupon,4", "coupon,5"), ("coupon,4", "shop,4"), (",4", ",4"), (",", ",")],
)
def test_an_order_or_no_group_is_no_contradiction(tmp_path: Path, first: str, second: str) -> None:
    assert found(tmp_path, f"{FIRST},{first}", f"{SECOND},{second}").failed == 0


def test_the_command_prints_the_warning_and_what_to_do(tmp_path: Path) -> None:
    found(tmp_path, f"{FIRST},coupon,4", f"{SECOND},coupon,4")
    result = CliRunner().invoke(cli, ["check", str(tmp_path)])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "warn  promotions_contradict: 1 of 2 rows"
    assert "C2 against C1 from 2026-01-08 to 2026-01-10" in lines[2]
    assert "end one before the other begins" in lines[3]


def test_the_report_names_both(tmp_path: Path) -> None:
    found(tmp_path, f"{FIRST},coupon,4", f"{SECOND},coupon,4")
    out = tmp_path / "out"
    result = CliRunner().invoke(cli, ["compare", str(tmp_path), "--out", str(out)])
    assert result.exit_code == 0, result.output
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "C2 against C1" in page
    assert "Activities that contradict each other" in page
    assert "活动互相矛盾" in page


def test_the_sample_has_none(sample_workspace: Path) -> None:
    with loaded(sample_workspace) as data:
        checked = quality.check(data)
    assert next(f for f in checked.findings if f.check == NAME).failed == 0
