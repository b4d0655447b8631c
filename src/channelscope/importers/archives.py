"""The exports within a ZIP, unpacked to files whose names we choose."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from channelscope.errors import DataError, OutputError
from channelscope.importers.decoding import CHUNK, Progress

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a ZIP. `name` is for messages only."""

    name: str
    path: Path


def members(path: Path, *, scratch: Path, progress: Progress) -> Iterator[Member]:
    """Each export within the ZIP, unpacked when its turn comes."""
    try:
        with zipfile.ZipFile(path) as archive:
            exports = [info for info in archive.infolist() if _is_export(info)]
            if not exports:
                raise _nothing_in(archive, path)
            for info in exports:
                name = _name(info)
                yield Member(
                    name, _unpacked(archive, info, f"{path.name}: {name}", scratch, progress)
                )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise DataError(
            "is a damaged ZIP",
            where=path.name,
            expected="a whole ZIP of exports",
            advice="download it again, or unpack it and import the files within",
        ) from error


def _is_export(info: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(_name(info))
    hidden = name.name.startswith((".", "~$"))  # what macOS and Excel leave beside files
    return not info.is_dir() and not hidden and name.suffix.lower() in SUFFIXES


def _name(info: zipfile.ZipInfo) -> str:
    """The last part of a member's name; written in GBK where no one says it is UTF-8."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = info.filename
    return _CONTROL.sub("", PurePosixPath(name.replace("\\", "/")).name)


def _nothing_in(archive: zipfile.ZipFile, path: Path) -> DataError:
    names = [_name(info) for info in archive.infolist() if not info.is_dir()][:3]
    return DataError(
        f"has no export in it, only {', '.join(names)}" if names else "is an empty ZIP",
        where=path.name,
        expected=f"a ZIP of files that end in {', '.join(SUFFIXES)}",
        advice="download it again; import a ZIP within a ZIP by itself",
    )


def _unpacked(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str, scratch: Path, progress: Progress
) -> Path:
    if info.flag_bits & _ENCRYPTED:
        raise DataError(
            "is protected by a password",
            where=where,
            expected="a ZIP without one",
            advice="unpack it with the password and import the files within",
        )
    if info.file_size > shutil.disk_usage(scratch).free:
        raise OutputError(
            f"needs {info.file_size:,} bytes to unpack, more than the disk has left",
            where=where,
            advice="make room, or set TMPDIR to a folder on another disk",
        )
    suffix = PurePosixPath(_name(info)).suffix.lower()
    with (
        archive.open(info) as source,
        tempfile.NamedTemporaryFile(dir=scratch, suffix=suffix, delete=False) as out,
    ):
        done = 0
        while chunk := source.read(CHUNK):
            done += len(chunk)  # never more than the member declares: zipfile stops there
            out.write(chunk)
            progress(where, done, info.file_size)
    if done != info.file_size:
        raise zipfile.BadZipFile("shorter than it says")
    return Path(out.name)
