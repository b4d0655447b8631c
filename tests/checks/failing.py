"""Loads a workspace as every command does, and reads what its failure says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from channelscope import loading, quality
from channelscope.errors import (
    ChannelscopeError,
)
from channelscope.workspace import open_workspace


def run(folder: Path) -> None:
    """Load and check, as every command does."""
    data = loading.load(open_workspace(folder))
    try:
        quality.raise_if_fatal(quality.check(data))
    finally:
        data.close()


def failure(folder: Path) -> ChannelscopeError:
    with pytest.raises(ChannelscopeError) as caught:
        run(folder)
    return caught.value


def assert_told(error: ChannelscopeError, kind: type[ChannelscopeError], *parts: str) -> None:
    """The class, so the exit code, and every part of the message; machines get the same."""
    assert type(error) is kind
    text = str(error)
    for part in parts:
        assert part in text, text
    assert json.loads(json.dumps(error.as_dict()))["what"] == error.what
