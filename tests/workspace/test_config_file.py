"""The template of channelscope.toml: it reads back, and what it comments out is the truth."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from channelscope import config_file
from channelscope.config import Config, WorkspaceSection
from channelscope.domain import Basis


def test_template_reads_back_as_the_defaults() -> None:
    name = '兰溪 "Home" \\ #1'
    values = tomllib.loads(config_file.template(name))
    assert config_file.parse(values) == Config(workspace=WorkspaceSection(name=name))


def test_every_commented_key_is_valid_and_every_default_true() -> None:
    """Uncommented, the template still parses; keys not given as examples keep their default."""
    text = config_file.template("x")
    live = re.sub(r'^# (?=\[|"?\w+"? = )', "", text, flags=re.MULTILINE)
    config = config_file.parse(tomllib.loads(live), text=live)
    defaults = Config()
    assert config.exceptions == defaults.exceptions
    assert config.policy == defaults.policy
    assert config.period == defaults.period
    assert config.engine.memory_limit == defaults.engine.memory_limit
    assert config.workspace.basis is Basis.PAID_NET
    assert set(config.tables) == {"order_lines", "traffic", "stores"}
    assert config.traffic.definition["jd"] == "devices on any shop page"


def test_template_names_every_key_of_the_schema() -> None:
    text = config_file.template("x")
    for key, field in Config.model_fields.items():
        assert f"[{key}" in text
        for inner in getattr(type(field.default), "model_fields", {}):
            assert re.search(rf"^(# )?{inner} = ", text, re.MULTILINE), f"{key}.{inner}"


def test_no_file_means_defaults(tmp_path: Path) -> None:
    assert config_file.read(tmp_path / "channelscope.toml") == Config()


def test_config_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Config().workspace.currency = "EUR"  # type: ignore[misc]
