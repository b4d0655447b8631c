"""`channelscope basket`: steps add up to the cent; a wrong question gets one clear message."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from channelscope.basket import Asked, basket
from channelscope.errors import ExitCode
from tests.cli.conftest import Run

HEADS = {
    "stores": "store_id,name,kind,platform,currency",
    "products": "sku,title,category,suggested_price,unit_cost",
    "price_snapshots": "store_id,sku,observed_at,list_price,listed",
    "fx": "date,currency,rate",
    "promotions": "promo_id,store_id,mechanism,starts_at,ends_at,label,scope,threshold_kind,"
    "threshold,threshold_base,benefit_kind,benefit,repeat,stack_group,priority,eligibility,"
    "merchant_share,gift_sku",
}
SPAN = "2026-06-01 00:00:00,2026-06-30 23:59:59"
ROWS = {
    "stores": ["F1,Flagship,flagship,tmall,CNY", "D1,Distributor,distributor,tmall,CNY",
               "U1,Abroad,flagship,shopify,USD", "X1,Closed,distributor,taobao,CNY"],
    "products": ["pan,Pan,Pots,129,40", "wok,Wok,Pots,,", "lid,Lid,Pots,19.9,4.5"],
    "price_snapshots": [
        "F1,pan,2026-06-15 10:00:00,100,true", "F1,wok,2026-06-15 10:00:00,33.33,true",
        "D1,pan,2026-06-15 10:00:00,100,true", "D1,pan,2026-06-18 21:00:00,1,true",
        "U1,pan,2026-06-15 10:00:00,20,true", "X1,pan,2026-06-15 10:00:00,100,false",
    ],
    "fx": ["2026-06-01,USD,7"],
    "promotions": [
        f"f-cut,F1,markdown,{SPAN},打折,sku:pan,none,,list,rate,0.1,false,,1,all,1,",
        f"f-tier,F1,tier_cross,{SPAN},每满100减20,store,amount,100,activity,amount,20,true,,2,all,0.5,",
        f"f-gift,F1,gift,{SPAN},送盖,store,amount,200,activity,gift,2,false,,3,all,1,lid",
        f"f-mem,F1,member,{SPAN},会员,sku:pan,none,,list,rate,0.3,false,,1,member,1,",
        f"d-pre,D1,presale,{SPAN},定金,store,amount,10,list,credit,25,false,,1,presale,1,",
        f"d-back,D1,cashback,{SPAN},返现,store,none,,running,amount,3,false,,1,all,1,",
        f"u-cut,U1,coupon_shop,{SPAN},5 off,store,amount,20,activity,amount,5,false,,1,all,1,",
        "x,D1,markdown,2026-06-18 20:00:01,2026-06-30 23:59:59,x,store,none,,list,rate,0.5,"
        "false,,1,all,1,",
    ],
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Four stores of which one trades in dollars and one has taken the pan off its shelf."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "channelscope.toml").write_text('[workspace]\ncurrency = "CNY"\n', encoding="utf-8")
    for name, head in HEADS.items():
        text = "\n".join([head, *ROWS[name], ""])
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def steps(found: Any, store: str) -> list[tuple[str, str, str, str]]:
    assert found.returncode == ExitCode.OK, found.stderr
    rows = csv.DictReader(io.StringIO(found.stdout))
    return [(r["step"], r["promo_id"], r["amount"], r["running"]) for r in rows
            if r["store_id"] == store]  # fmt: skip


AT = ("--at", "2026-06-18T20:00")


def test_the_steps_of_a_basket_as_csv(run: Run, shop: Path) -> None:
    found = run("basket", shop, "--item", "pan=2", "--item", "wok=1.5", *AT)
    # 200 and 49.995: half a cent up. Activity 180 + 50; the tier's two steps of 100 fit in 230.
    assert steps(found, "F1") == [
        ("list", "", "200.00", "200.00"),
        ("list", "", "50.00", "250.00"),
        ("item", "f-cut", "-20.00", "230.00"),
        ("activity", "", "230.00", "230.00"),
        ("platform", "f-tier", "-40.00", "190.00"),
        ("net", "", "190.00", "190.00"),
        ("per_piece", "", "54.29", ""),
        ("beside", "f-gift", "39.80", ""),
    ]
    row = list(csv.DictReader(io.StringIO(found.stdout)))
    tier = next(r for r in row if r["promo_id"] == "f-tier")
    assert (tier["mechanism"], tier["funder"], tier["merchant_share"]) == (
        "tier_cross", "shared", "0.5",
    )  # fmt: skip
    gift = next(r for r in row if r["promo_id"] == "f-gift")
    assert (gift["sku"], gift["cost"], gift["label"]) == ("lid", "9.00", "送盖")
    assert [r["position"] for r in row if r["store_id"] == "F1"] == list("12345678")
    # Nobody else lists the wok.
    assert steps(found, "D1") == [("not_listed", "", "", "")]
    assert "D1, U1" not in found.stdout and "D1" in found.stderr


def test_members_presales_and_money_of_the_store(run: Run, shop: Path) -> None:
    found = run("basket", shop, "--item", "pan=1", "--as", "member", "--as", "presale", *AT)
    assert ("item", "f-mem", "-30.00", "70.00") in steps(found, "F1")
    assert steps(found, "D1") == [
        ("list", "", "100.00", "100.00"),
        ("item", "d-pre", "-15.00", "85.00"),
        ("activity", "", "85.00", "85.00"),
        ("net", "", "85.00", "85.00"),
        ("per_piece", "", "85.00", ""),
        ("deposit", "", "10.00", ""),
        ("balance", "", "75.00", ""),
        ("beside", "d-back", "3.00", ""),
    ]
    # The coupon is in dollars, as the list price is: 20 − 5, not 140 − 5.
    assert ("net", "", "15.00", "15.00") in steps(found, "U1")
    assert steps(found, "X1") == [("not_listed", "", "", "")]
    assert "member, presale" in found.stderr


def test_json_has_money_as_text_and_stores_as_asked(run: Run, shop: Path) -> None:
    found = run("basket", shop, "--item", "pan=1", "--store", "F1", "--format", "json", *AT)
    rows = json.loads(found.stdout)
    assert {row["store_id"] for row in rows} == {"F1"}
    assert [row["amount"] for row in rows] == ["100.00", "-10.00", "90.00", "90.00", "90.00"]
    assert (rows[0]["seen_on"], rows[0]["currency"]) == ("2026-06-15", "CNY")


def test_without_a_moment_it_is_the_evening_of_the_last_day(run: Run, shop: Path) -> None:
    assert "2026-06-18 20:00" in run("basket", shop, "--item", "pan=1").stderr
    assert "2026-06-17 20:00" in run("basket", shop, "--item", "pan=1", "--at", "2026-06-17").stderr
    late = run("basket", shop, "--item", "pan=2", "--item", "pan=1", "--at", "2026-06-18 21:30")
    # A new list price and a markdown since: pieces of one product add up.
    assert steps(late, "D1")[0] == ("list", "", "3.00", "3.00")
    assert steps(late, "D1")[1] == ("item", "x", "-1.50", "1.50")


def test_a_list_price_from_long_ago_is_not_known(run: Run, shop: Path) -> None:
    near = run("basket", shop, "--item", "wok=1", "--store", "F1", "--at", "2026-09-14T10:00")
    assert steps(near, "F1")[0][0] == "list"
    far = run("basket", shop, "--item", "wok=1", "--store", "F1", "--at", "2026-09-14T10:01")
    assert steps(far, "F1") == [("not_listed", "", "", "")]


def test_a_moment_outside_the_data_is_told_with_its_days(run: Run, shop: Path) -> None:
    asked = ("basket", shop, "--item", "pan=1")
    late = run(*asked, "--at", "2026-07-01")
    (line,) = [said for said in late.stderr.splitlines() if "outside" in said]
    assert line == (
        "that moment lies outside the days of the promotions (F1, U1, D1: 2026-06-01 to "
        "2026-06-30) and the days of the prices (F1, U1, X1: 2026-06-15 to 2026-06-15; "
        "D1: 2026-06-15 to 2026-06-18)"
    )
    assert steps(late, "F1")[0][0] == "list"
    early = run(*asked, "--store", "F1", "--at", "2019-06-18")
    assert "2026-06-01 to 2026-06-30" in early.stderr and "D1" not in early.stderr
    between = run(*asked, "--store", "F1", "--at", "2026-06-25").stderr
    assert "the prices (F1: 2026-06-15 to 2026-06-15)" in between
    assert "the promotions (" not in between
    for inside in ("2026-06-15T00:00", "2026-06-15T23:59"):
        assert "outside" not in run(*asked, "--store", "F1", "--at", inside).stderr
    assert "outside" not in run(*asked, "--store", "F1").stderr
    text = (shop / "promotions.csv").read_text(encoding="utf-8")
    ended = text.replace(SPAN, SPAN.replace("-30 ", "-17 "))
    (shop / "promotions.csv").write_text(ended, encoding="utf-8")
    assert "the promotions (F1, U1: 2026-06-01 to 2026-06-17)\n" in run(*asked).stderr


def test_what_the_checks_find_in_the_promotions_is_told(run: Run, shop: Path) -> None:
    asked = ("basket", shop, "--item", "pan=1", "--store", "F1", *AT)
    assert "warning" not in run(*asked).stderr
    twins = "".join(
        f"{name},F1,flash,{SPAN},{name},sku:pan,none,,list,rate,{cut},false,same,1,all,1,\n"
        for name, cut in (("one", 0.2), ("two", 0.3))
    )
    with (shop / "promotions.csv").open("a", encoding="utf-8") as file:
        file.write(twins)
    found = run(*asked)
    assert found.returncode == ExitCode.OK
    (line,) = [said for said in found.stderr.splitlines() if said.startswith("warning")]
    assert "promotions_contradict" in line and "one" in line and "two" in line


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--item", "pna=1"), ("--item", "pna", "did you mean 'pan'")),
        (("--item", "pan"), ("--item", "SKU=QTY")),
        (("--item", "=2"), ("--item", "SKU=QTY")),
        (("--item", "pan=0"), ("--item", "above 0")),
        (("--item", "pan=two"), ("--item", "'two'", "above 0")),
        (("--item", "pan=nan"), ("--item", "above 0")),
        (("--item", "pan=0.0001"), ("three decimals",)),
        (("--item", "pan=1", "--store", "F2"), ("--store", "F2")),
        (("--item", "pan=1", "--at", "18 June"), ("--at", "2026-06-18T20:00")),
        (("--item", "pan=1", "--as", "vip"), ("--as", "presale")),
        ((), ("--item",)),
    ],
)
def test_a_wrong_question_gets_one_message(
    run: Run, shop: Path, flags: tuple[str, ...], words: tuple[str, ...]
) -> None:
    found = run("basket", shop, *flags)
    assert (found.returncode, found.stdout) == (ExitCode.USAGE, "")
    assert all(word in found.stderr for word in words), found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize("present", [True, False])
def test_no_promotions_are_told_as_missing(run: Run, shop: Path, present: bool) -> None:
    if present:
        (shop / "promotions.csv").write_text(HEADS["promotions"] + "\n", encoding="utf-8")
    else:
        (shop / "promotions.csv").unlink()
    found = run("basket", shop, "--item", "pan=1")
    assert (found.returncode, found.stdout) == (ExitCode.DATA, "")
    assert "promotions.csv" in found.stderr


def test_promotions_that_break_the_contract_stop_it(run: Run, shop: Path) -> None:
    text = (shop / "promotions.csv").read_text(encoding="utf-8")
    (shop / "promotions.csv").write_text(text.replace("f-cut,F1,markdown", "f-cut,F1,markdwn"),
                                         encoding="utf-8")  # fmt: skip
    found = run("basket", shop, "--item", "pan=1")
    assert (found.returncode, found.stdout) == (ExitCode.DATA, "")
    assert "markdwn" in found.stderr


def test_the_steps_add_up_in_every_store_of_the_sample(sample_workspace: Path) -> None:
    items = {"LX-TW-001": Decimal(3), "LX-CK-003": Decimal(2), "LX-KB-002": Decimal(1)}
    frame = basket(sample_workspace, Asked(items=items)).frame
    for (store,), rows in frame.group_by("store_id", maintain_order=True):
        if rows["step"][0] == "not_listed":
            continue
        down = [row["amount"] for row in rows.iter_rows(named=True)
                if row["step"] not in ("activity", "net", "per_piece", "beside")]  # fmt: skip
        assert sum(down) == rows.filter(step="net")["amount"].item(), store
    assert set(frame.filter(step="not_listed")["store_id"]) >= {"S1"}
