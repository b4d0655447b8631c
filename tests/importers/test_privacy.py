"""Names, phones, addresses and logins are in nothing that an import leaves behind."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from channelscope import importing
from channelscope.contract import ROW
from channelscope.importers.cells import Reader
from channelscope.importers.layout import Layout, catalogue
from channelscope.importers.recognition import normalise
from tests.importers import planted, round_trips

STORES = {"F1": "taobao", "F2": "jd", "M2": "pdd", "S1": "shopify", "M1": "amazon"}
HIDDEN = ("personal", "buyer", "region", "memo")
PERSONS = re.compile(
    r"姓名|收货人|收件人|联系|电话|手机|地址|留言|备注|账号|帐号|支付宝|昵称|发票|纳税|协商|说明"
    r"|email|phone|address|street|zip|postal|note|message|billing|comment|customer",
    re.IGNORECASE,
)
"""Headers of columns that may speak of a person."""
OF_NO_PERSON = {
    "卖家昵称": "the shop", "customer_state": "a region, in two letters",
    "customer_id": "a key that is another one in every order",
}  # fmt: skip
VALUES = {
    "id": "123", "text": "x", "money": "1.00", "int": "1", "number": "1", "percent": "5%",
    "datetime": "2026-01-01 10:00:00", "date": "2026-01-01",
}  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small sample, its stores on five platforms."""
    return round_trips.sample(tmp_path_factory.mktemp("privacy") / "before", STORES)


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Everything in the files of a folder, as text: names, bytes, and the cells of Parquet."""
    for path in sorted(folder.rglob("*")):
        yield f"name of {path}", path.name
        if path.is_file():
            yield str(path), path.read_bytes().decode("utf-8", errors="replace")
            yield f"{path} as gb18030", path.read_bytes().decode("gb18030", errors="replace")
        if path.suffix == ".parquet":
            yield f"cells of {path}", pl.read_parquet(path).cast(pl.String).write_csv()


def _leaks(folder: Path) -> list[str]:
    return [
        f"{where}: {told}"
        for where, text in _texts(folder)
        for told in [*planted.found(text)[:3], *re.findall(round_trips.SALT, text)]
    ]


def test_nothing_that_an_import_leaves_holds_personal_data(sample: Path, tmp_path: Path) -> None:
    """Through every command that tells or keeps something, with files left in the way."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    into = round_trips.without_orders(sample, tmp_path / "after")
    (tmp_path / "salt").write_text(round_trips.SALT, encoding="utf-8")
    said = []
    for store_id, platform in STORES.items():
        files = round_trips.written(sample, store_id, platform, tmp_path / "exports" / store_id)
        asked = ("import", platform, *files, "--into", into, "--store", store_id)
        for more in (("--dry-run",), ()):
            said.append(round_trips.channelscope(*asked, *more, TMPDIR=str(temporary)))
    said.append(round_trips.channelscope("import", "match", "--into", into))
    out = tmp_path / "out"
    said.append(round_trips.channelscope("compare", into, "--out", out, TMPDIR=str(temporary)))
    assert [run.stderr for run in said if run.returncode] == []
    assert [planted.found(run.stdout + run.stderr) for run in said] == [[]] * len(said)
    assert len(list((into / "imported").glob("*.parquet"))) >= len(STORES)
    assert (out / "report.html").stat().st_size > 100_000
    for folder in (into, out, temporary):
        assert _leaks(folder) == []


def test_the_scan_finds_what_is_there(sample: Path, tmp_path: Path) -> None:
    round_trips.written(sample, "F2", "jd", tmp_path)
    pl.DataFrame({"a": ["寄 13905710001"]}).write_parquet(tmp_path / "a.parquet")
    assert len({leak.split(":")[0].split(" ")[-1] for leak in _leaks(tmp_path)}) >= 2


def test_a_failed_import_leaves_nothing_behind(sample: Path, tmp_path: Path) -> None:
    """One cell too many in the last row: everything before it has been read by then."""
    (orders, details) = round_trips.written(sample, "F1", "taobao", tmp_path / "exports")
    with orders.open("a", encoding="gb18030") as file:
        file.write(",".join(["欧阳"] * 62) + "\n")
    into = round_trips.without_orders(sample, tmp_path / "after")
    (tmp_path / "salt").write_text(round_trips.SALT, encoding="utf-8")
    before = sorted(path.name for path in into.rglob("*"))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = round_trips.channelscope(
        "import", "taobao", orders, details, "--into", into, "--store", "F1", TMPDIR=str(temporary)
    )
    assert done.returncode == 3, done.stderr
    assert "62 cells" in done.stderr
    assert not planted.found(done.stdout + done.stderr)
    assert sorted(path.name for path in into.rglob("*")) == before
    assert list(temporary.iterdir()) == []


def test_buyers_are_hashed_with_the_salt(sample: Path, tmp_path: Path) -> None:
    """The same salt gives the same ids, another salt others, and no salt none of them."""
    files = round_trips.written(sample, "S1", "shopify", tmp_path / "exports")
    found = {}
    for name, salt in (("a", round_trips.SALT), ("b", round_trips.SALT), ("c", "another " * 4)):
        into = round_trips.without_orders(sample, tmp_path / name / "after")
        (into.parent / "salt").write_text(salt, encoding="utf-8")
        importing.run(importing.Asked("shopify", files, into, "S1"))
        buyers = round_trips.lines_of(into)["buyer_id"]
        assert buyers.null_count() == 0
        found[name] = set(buyers)
    raw = round_trips.lines_of(sample).filter(store_id="S1")["buyer_id"].unique()
    assert len(found["a"]) == len(raw)
    assert found["a"] == found["b"]
    assert not found["a"] & found["c"]
    mails = [planted.person(buyer)["mail"].encode() for buyer in raw]
    for mail in mails:
        for algorithm in ("md5", "sha1", "sha256", "sha512", "blake2b"):
            digest = hashlib.new(algorithm, mail).hexdigest()
            assert not any(digest.startswith(buyer) for buyer in found["a"])


def test_buyers_cannot_be_kept() -> None:
    done = round_trips.channelscope("import", "jd", "x.csv", "--keep-buyers")
    assert done.returncode == 2
    assert "--keep-buyers" in done.stderr


@pytest.mark.parametrize("stem", catalogue())
def test_no_word_holds_what_stands_in_columns_of_persons(stem: str) -> None:
    """Of every mapping: also not from columns that are known and not used, or not known."""
    layout = catalogue()[stem]
    row = {name: _cell(layout, name) for name in layout.header}
    row["买家的生日"] = "欧阳 13905710001"
    with duckdb.connect(":memory:") as connection:
        frame = pl.DataFrame({normalise(name): [value] for name, value in row.items()})
        frame = frame.with_columns(pl.lit(1, dtype=pl.Int64).alias(ROW))
        relation = connection.from_arrow(frame.to_arrow())
        reader = Reader(layout, [n for n in frame.columns if n != ROW], "secret")
        typed = pl.from_arrow(reader.typed(relation).to_arrow_table())
    assert isinstance(typed, pl.DataFrame)
    assert typed.height == 1
    told = str(typed.row(0))
    assert not planted.found(told), told
    assert "secret" not in told


@pytest.mark.parametrize("stem", catalogue())
def test_columns_that_speak_of_persons_are_read_as_such(stem: str) -> None:
    for name, column in catalogue()[stem].header.items():
        if column.to and PERSONS.search(name):
            assert column.type in HIDDEN or name in OF_NO_PERSON, name


def _cell(layout: Layout, name: str) -> str:
    """A text full of marks wherever nothing of it may be kept."""
    column = layout.header[name]
    is_term = any(name == term.removeprefix("-") for s in layout.sums.values() for term in s)
    if column.type in HIDDEN or not (column.to or is_term):
        return "浙江省 灵隐路1号 欧阳念 13905710001 ouyang@planted.example 刷单"
    if column.type == "state":
        return next(iter(layout.states.values()))[0].strip("*") if layout.states else "x"
    return VALUES[column.type]


def test_copies_of_the_sample_are_not_leaks(sample: Path, tmp_path: Path) -> None:
    """What the scan would find in a workspace that nothing was imported into: nothing."""
    copy = shutil.copytree(sample, tmp_path / "copy")
    assert _leaks(copy) == []
