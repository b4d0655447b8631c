"""Files are decoded in chunks: what comes out does not depend on where the chunks end."""

from __future__ import annotations

import hashlib
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channelscope.importers import decoding
from channelscope.importers.decoding import Source
from tests.importers.small_exports import FIRST, LINES, only, text, write

CHUNKED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = st.lists(st.sampled_from(["锅", "é", "𠮷", "a", ",", '"', "\r", "\n", "\r\n", "#", "\n#"]))


def source(path: Path, **given_: object) -> Source:
    return Source(path, path.name, path.parent, lambda *_: None, **given_)


@CHUNKED
@given(pieces=PIECES, chunk=st.integers(1, 9), encoding=st.sampled_from(["utf-8-sig", "gb18030"]))
def test_chunks_do_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: list[str], chunk: int, encoding: str
) -> None:
    monkeypatch.setattr(decoding, "CHUNK", chunk)
    path = write(tmp_path / "a.csv", "".join(pieces), encoding=encoding)
    done = source(path).decoded([encoding])
    plain = "".join(pieces).replace("\r\n", "\n").replace("\r", "\n")
    found = done.path.read_bytes().decode("utf-8-sig")
    if done.path == path:
        found = found.replace("\r\n", "\n")
    assert found == plain
    assert done.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@CHUNKED
@given(pieces=PIECES, chunk=st.integers(1, 9))
def test_a_file_that_is_left_where_it_lies_has_one_kind_of_line_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: list[str], chunk: int
) -> None:
    monkeypatch.setattr(decoding, "CHUNK", chunk)
    path = write(tmp_path / "a.csv", "".join(pieces))
    content = path.read_bytes()
    without = content.replace(b"\r\n", b"")
    one_kind = b"\r" not in without and (b"\n" not in without or b"\r\n" not in content)
    assert (source(path).decoded(["utf-8-sig"]).path == path) == one_kind


@CHUNKED
@given(pieces=PIECES, chunk=st.integers(1, 9), encoding=st.sampled_from(["utf-8-sig", "gb18030"]))
def test_the_first_wrong_byte_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: list[str], chunk: int, encoding: str
) -> None:
    monkeypatch.setattr(decoding, "CHUNK", chunk)
    before = "".join(pieces).encode(encoding)
    path = write(tmp_path / "a.csv", before + b"\xff\xff\n")
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    line = before.count(b"\n") + 1
    with pytest.raises(Exception, match=rf"is not {name} \(byte {len(before) + 1}, line {line}\)"):
        source(path).decoded([encoding])
    assert {each.name for each in tmp_path.iterdir()} <= {"a.csv"}


@CHUNKED
@given(
    lines=st.lists(st.sampled_from(["# sum", "a,#b", 'a,"x', '#y",b', "", "a"]), max_size=6),
    chunk=st.integers(1, 9),
)
def test_comments_are_blank_outside_of_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str], chunk: int
) -> None:
    monkeypatch.setattr(decoding, "CHUNK", chunk)
    path = write(tmp_path / "a.csv", "\n".join(lines))
    quotes, expected = 0, []
    for line in lines:
        comment = line.startswith("#") and quotes % 2 == 0
        expected.append("" if comment else line)
        quotes += 0 if comment else line.count('"')
    done = source(path, comment="#").decoded(["utf-8-sig"])
    assert done.path.read_text(encoding="utf-8") == "\n".join(expected)
    done.path.unlink(missing_ok=True)


def test_utf8_goes_before_what_also_fits(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "订单编号")
    path.read_bytes().decode("gb18030")  # it is both
    assert source(path).decoded(["utf-8-sig", "gb18030"]).path == path


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr(decoding, "CHUNK", 1 << 16)
    monkeypatch.setattr(decoding, "HEAD", 1 << 14)
    path = write(tmp_path / "a.csv", text([LINES, *[FIRST] * 100_000]), encoding=encoding)
    assert path.stat().st_size > 5_000_000
    only(path)  # the catalogue is read once
    tracemalloc.start()
    try:
        only(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000
