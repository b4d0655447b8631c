"""A candidate's toml as text: read with clear errors, or written as a commented template."""

from __future__ import annotations

from pathlib import Path

from channelscope import assets, config_file
from channelscope.candidate import Candidate
from channelscope.errors import UsageError


def read(path: Path) -> Candidate:
    """The candidate in `path`; all that is wrong with it in one error."""
    if not path.is_file():
        raise UsageError(
            "there is no such file",
            where=str(path),
            expected="the toml of a candidate",
            advice="write one with 'channelscope init --candidate FILE'",
        )
    values, text = config_file.loaded(path)
    return config_file.validated(Candidate, values, text=text, name=path.name)


def template() -> str:
    """The commented toml that `init --candidate` writes."""
    return assets.candidate().read_text(encoding="utf-8")
