"""Templates use the typed context and nothing else; the context holds nothing they do not use."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from typing import get_type_hints

import pytest
from jinja2 import nodes

from channelscope import assets
from channelscope.report import context
from channelscope.report.render import environment

LOOP = {"first", "index", "last", "length"}
CLASSES = [
    value
    for _, value in inspect.getmembers(context, inspect.isclass)
    if is_dataclass(value) and value.__module__.startswith(f"{context.__name__}.")
]
FIELDS = {field.name for cls in CLASSES for field in fields(cls)}


def _templates() -> list[str]:
    root = assets.templates()
    return sorted(str(path.relative_to(root)) for path in root.rglob("*.j2"))


def _used(name: str) -> set[str]:
    source = (assets.templates() / name).read_text("utf-8")
    tree = environment().parse(source)
    return {node.attr for node in tree.find_all(nodes.Getattr)}


@pytest.mark.parametrize("name", _templates())
def test_templates_use_only_what_the_context_holds(name: str) -> None:
    assert _used(name) - FIELDS - LOOP == set()


def test_every_field_of_the_context_is_used_by_a_template() -> None:
    used = set().union(*(_used(name) for name in _templates()))
    by_code = {"name"}  # a section's name picks its partial
    assert FIELDS - used - by_code == set()


@pytest.mark.parametrize("cls", CLASSES)
def test_every_class_is_documented_and_typed(cls: type) -> None:
    assert cls.__doc__ and not cls.__doc__.startswith(f"{cls.__name__}(")
    assert set(get_type_hints(cls)) == {field.name for field in fields(cls)}


@pytest.mark.parametrize("name", _templates())
def test_templates_never_switch_escaping_off(name: str) -> None:
    source = (assets.templates() / name).read_text("utf-8")
    assert "|safe" not in source.replace(" ", "") and "autoescape" not in source


def test_a_section_may_have_a_partial_of_its_own_and_needs_none() -> None:
    assert (assets.templates() / "sections" / "_default.html.j2").is_file()
