"""CSV of any size, encoding and quoting: read a piece at a time as it would be as a whole."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from channelscope import csv_records
from channelscope.errors import DataError, DiskFullError
from channelscope.text_files import TextFolder, read_csv
from channelscope.workspace import FileKind
from tests.workspace import tables

WIDE = (
    'sku;title;note\r\na;"Cup; large";\r\n\r\nb;"two\r\nlines ""quoted""";\r\n;;\r\n'
    " 兰溪;茶杯;\rc;x;y"
)
"""Every kind of line end and quoting, a blank record, and one without a cell."""
ROWS = [
    (2, "a", "Cup; large"), (4, "b", 'two\nlines "quoted"'), (6, " 兰溪", "茶杯"), (7, "c", "x"),
]  # fmt: skip
SIZES = [1, 2, 3, 5, 7, 16, 31, 64, 1000]
PEAK = """
import json, resource, sys
from contextlib import closing
from pathlib import Path
from channelscope import loading
from channelscope.cache import Cache
from channelscope.limits import Limits
from channelscope.workspace import open_workspace

limits, folder = Limits("256MB", threads=2), open_workspace(Path(sys.argv[1]))
with closing(Cache.off()) as cache:
    with closing(loading.read(folder, limits=limits, cache=cache)) as data:
        told = [data.rows.get("order_lines"), *map(str, data.failures)]
    print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, *told]))
"""


@pytest.fixture(params=SIZES)
def small_pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """So few bytes are read at once that every place of a file is an edge between two."""
    monkeypatch.setattr(csv_records, "PIECE", request.param)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_pieces_are_the_whole(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes(WIDE.encode(encoding))
    whole = io.StringIO(WIDE.replace("\r\n", "\n").replace("\r", "\n"))
    records = list(csv.reader(whole, delimiter=";"))
    assert [(row + 1, *records[row][:2]) for row in (1, 3, 5, 6)] == ROWS
    found = read_csv(path)
    assert found.columns == ["_row", "sku", "title", "note"]
    assert found.select("_row", "sku", "title").rows() == ROWS
    texts = TextFolder(tmp_path, lambda _size: None)
    kept = texts.read(path, FileKind.CSV)
    assert pl.read_parquet(list(kept.parquet)).equals(found)
    assert (kept.columns, kept.last) == (("sku", "title", "note"), 7)
    texts.drop(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("small_pieces")
def test_bytes_of_no_encoding_are_told_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes("sku,title\na,茶杯\nb,".encode() + b"\xb2\xe8\xff\xff\nc,d\n")
    with pytest.raises(DataError) as told:
        read_csv(path)
    assert told.value.what == (
        "is neither utf-8 (byte 21, line 3) nor gb18030 (byte 23, line 3)"
    )  # fmt: skip


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize(
    ("records", "what"),
    [
        ("a,b\nc,d,e\n", "row 3 has 3 fields, the header has 2"),
        ("a,b\nc,d\ne", "row 4 has 1 field, the header has 2"),
        ('"a,x",b\n"c\n,"\nd,e\n', "row 3 has 1 field, the header has 2"),
        ('a,b\nc,"d\ne,f\n', "row 3 has a double quote that is not closed"),
        ('a,b\nc,"5" pan\ne,f\n', "row 3 has a double quote that is not closed, or stands within"),
        ('a,b\nc,5" pan\ne,f\n', "cannot be read as CSV"),
    ],
)
def test_what_is_no_record_is_told_by_its_row(tmp_path: Path, records: str, what: str) -> None:
    path = tmp_path / "products.csv"
    path.write_text(f"sku,title\n{records}", encoding="utf-8")
    with pytest.raises(DataError) as told:
        read_csv(path)
    assert what in told.value.what
    assert told.value.where == "products.csv"


def test_a_quote_that_stays_open_is_found_before_the_file_is_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_records, "PIECE", 100)
    monkeypatch.setattr(csv_records, "LONGEST", 1000)
    path = tmp_path / "products.csv"
    path.write_text("sku,title\n" + 'a,"b\n' + "c,d\n" * 5000, encoding="utf-8")
    read = []
    with pytest.raises(csv_records.EndlessRecordError):
        list(csv_records.CsvText.of(path).pieces(read.append))
    assert sum(read) <= 1200
    with pytest.raises(DataError, match="row 2 has a double quote that is not closed"):
        read_csv(path)


def test_a_file_is_read_once_and_counted_in_full_when_dropped(tmp_path: Path) -> None:
    path, folder = tmp_path / "products.csv", tmp_path / "texts"
    path.write_text("sku,title\na,b\nc,d\n", encoding="utf-8")
    folder.mkdir()
    heard: list[int] = []
    texts = TextFolder(folder, heard.append)
    assert texts.read(path, FileKind.CSV) is texts.read(path, FileKind.CSV)
    assert sum(heard) == path.stat().st_size // 2
    texts.drop(path)
    assert sum(heard) == path.stat().st_size
    assert list(folder.iterdir()) == []
    texts.drop(path)
    assert sum(heard) == path.stat().st_size


def test_a_full_disk_of_temporary_files_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "products.csv").write_text("sku,title\na,b\n", encoding="utf-8")

    def full(*_args: object, **_flags: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(DiskFullError):
        TextFolder(tmp_path, lambda _size: None).read(tmp_path / "products.csv", FileKind.CSV)


@pytest.mark.parametrize("last", ["1.25", "1 yuan"])
def test_ten_times_the_csv_needs_hardly_more_memory(tmp_path: Path, last: str) -> None:
    """Held whole, 60 MB of CSV take more than twice what 6 MB take, fit or not."""
    small, large = (_peak(tmp_path / str(lines), lines, last) for lines in (60_000, 600_000))
    assert large < 1.5 * small


def _peak(folder: Path, lines: int, last: str) -> int:
    """The greatest resident size of a process that reads so many order lines, about 100 bytes
    each; begun by a small one, since a child begins with the size of its parent.

    `last`: what is paid for the last of them.
    """
    folder.mkdir()
    tables.write(folder, order_lines=None)
    number = pl.int_range(1, lines + 1)
    paid = pl.format("{}.25", number % 700)
    pl.select(
        store_id=pl.lit("F1"), order_id=pl.format("order-of-the-year-{}", number), line_no=1,
        sku=pl.lit("a"), ordered_at=pl.lit("2026-01-05 10:00:00"), qty=number % 7 + 1,
        list_price=pl.format("{}.50", number % 900),
        paid_amount=pl.when(number == lines).then(pl.lit(last)).otherwise(paid),
        buyer_id=pl.format("buyer-of-the-store-{}", number % 9_999),
    ).write_csv(folder / "order_lines.csv")  # fmt: skip
    start = "import subprocess, sys; subprocess.run([sys.executable, *sys.argv[1:]], check=True)"
    done = subprocess.run(
        [sys.executable, "-c", start, "-c", PEAK, str(folder)],
        check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    peak, rows, *failures = json.loads(done.stdout)
    if last.endswith("yuan"):
        assert rows is None
        assert any(f"1 value is not an amount (1234.50); first: row {lines + 1}" in failure
                   for failure in failures)  # fmt: skip
    else:
        assert (rows, failures) == (lines, [])
    return int(peak)
