"""The benchmark of imports writes what the platform would, and measures what it says."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks import import_orders, plain_convert, simulated_exports
from benchmarks.measuring import Cost

LINES = 2_000


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small exports in the encoding of Taobao, and the workspace beside them."""
    folder = tmp_path_factory.mktemp("exports")
    simulated_exports.workspace(folder / "workspace")
    simulated_exports.write(folder, lines=LINES, encoding="gb18030")
    return folder


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="gb18030", newline="") as file:
        return list(csv.DictReader(file))


def test_lines_belong_to_orders_and_pay_their_goods(exports: Path) -> None:
    orders, lines = (_rows(exports / name) for name in import_orders.FILES)
    assert len(lines) == LINES
    goods: dict[str, Decimal] = {}
    for line in lines:
        paid = Decimal(line["价格"]) * int(line["购买数量"])
        goods[line["订单编号"]] = goods.get(line["订单编号"], Decimal(0)) + paid
    assert [order["订单编号"] for order in orders] == list(goods)
    parts = [Decimal(order["买家实际支付金额"]) / goods[order["订单编号"]] for order in orders]
    assert {round(part, 2) for part in parts} == {Decimal(n) / 100 for n in (100, 95, 88)}


def test_pieces_of_large_exports_fit_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated_exports, "ORDERS_AT_ONCE", 100)
    paths = simulated_exports.write(tmp_path, lines=LINES)
    assert paths[0].read_bytes().startswith(b"\xef\xbb\xbf")
    orders, lines = (
        list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines())) for path in paths
    )
    assert len(lines) == LINES + 1
    numbers = [row[0] for row in orders[1:]]
    assert len(set(numbers)) == len(numbers) > 500
    assert {row[0] for row in lines[1:]} == set(numbers)


def test_both_ways_read_all_of_it(exports: Path) -> None:
    files = [exports / name for name in import_orders.FILES]
    plain = import_orders.converted([files[1]], encoding="gb18030")
    assert plain.output == f"{LINES:,} rows\n"
    cost = import_orders.imported(files, exports / "workspace")
    assert cost.cpu > 0
    assert not (exports / "workspace" / "imported").exists(), "each run imports into a copy"


def test_yardstick_keeps_every_cell_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,n\n"=""007""",1\n,2\n', encoding="utf-8")
    assert plain_convert.convert([path], tmp_path) == 2


def test_report_holds_medians_against_the_goals() -> None:
    def cost(cpu: float, memory: int) -> Cost:
        return Cost(cpu=cpu, wall=cpu, memory=memory, output="")

    plain = [cost(2, 10), cost(4, 10), cost(90, 10)]
    imports = [cost(9, 1_000_000_000), cost(10, 2_000_000_000), cost(11, 10)]
    assert list(import_orders.report(plain, imports))[-1] == (
        "CPU 2.50 x (goal 3), memory 2.00 GB (goal 1.5)"
    )
