"""The guides to imports say of every mapping file what it holds, and of nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from channelscope import contract, mechanisms
from channelscope.importers.layout import ExportKind, Layout, catalogue
from channelscope.report.language import Language
from channelscope.report.texts import Texts
from channelscope.report.texts import catalogue as texts
from tests.conftest import ROOT

FOLDER = ROOT / "docs"
GUIDES = {path.stem.removeprefix("import-"): path for path in FOLDER.glob("import-*.md")}
WORDS = re.compile(r"`([^`]+)`")
FIXED = {
    ExportKind.ORDERS: {"order_lines"}, ExportKind.LINES: {"order_lines"},
    ExportKind.AFTER_SALES: {"order_lines"},
    ExportKind.PRICES: {"price_snapshots", "promotions"}, ExportKind.TRAFFIC: {"traffic"},
}  # fmt: skip
SAY = Texts(texts(Language.EN))


def sections(source: str) -> Mapping[str, str]:
    """The texts under the headings of a guide that name a mapping file."""
    parts = re.split(r"^## ", GUIDES[source].read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {match[1]: part for part in parts if (match := re.match(r"`(\w+)` ", part))}


def bullets(section: str) -> Mapping[str, str]:
    """What stands behind each bold word of a section, on one line."""
    found = re.findall(r"^- \*\*([^*]+)\*\*: ((?:.+\n(?:  .+\n)*))", section, re.MULTILINE)
    return {head: " ".join(text.split()) for head, text in found}


def tables(layout: Layout) -> set[str]:
    """The tables of the contract that rows of an export become."""
    if layout.kind in FIXED:
        return FIXED[layout.kind]
    used = {column.to for column in layout.header.values() if column.to} | set(layout.sums)
    made = {"traffic_visitors": "traffic", "service": "service", "cost": "costs"}
    return {
        table
        for start, table in made.items()
        if any(word.startswith(start) and word != "cost_base" for word in used)
    }


def test_every_source_has_a_guide_and_every_guide_a_source() -> None:
    assert set(GUIDES) == {layout.source for layout in catalogue().values()}
    listed = re.findall(r"^\| `(\w+)` \|.*\(import-(\w+)\.md\)", _overview(), re.MULTILINE)
    assert listed == [(source, source) for source, _ in listed]
    assert {source for source, _ in listed} == set(GUIDES)


def _overview() -> str:
    return (FOLDER / "import.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("source", sorted(GUIDES))
def test_a_guide_has_the_exports_of_its_source(source: str) -> None:
    own = {stem for stem, layout in catalogue().items() if layout.source == source}
    assert set(sections(source)) == own


@pytest.mark.parametrize("stem", sorted(catalogue()))
def test_a_guide_says_what_the_mapping_file_says(stem: str) -> None:
    layout = catalogue()[stem]
    section = sections(layout.source)[stem]
    said = bullets(section)
    assert section.startswith(f"`{stem}` {layout.title}\n")
    assert said["Where"]
    known = {table.name for table in contract.TABLES}
    assert set(WORDS.findall(said["Becomes"])) & known == tables(layout)
    bases = [f"`{basis}`" for basis in layout.bases]
    assert said.get("Sales it allows", ".") == ", ".join(bases) + "."
    cannot = [SAY.text(f"cannot_tell.{word}") for word in layout.cannot_tell]
    assert said.get("Cannot tell", ".") == "; ".join(cannot) + "."


@pytest.mark.parametrize("stem", sorted(catalogue()))
def test_columns_that_a_guide_names_are_there(stem: str) -> None:
    layouts = catalogue()
    layout = layouts[stem]
    said = bullets(sections(layout.source)[stem]).get("Amounts", "")
    partners = [one for one in layouts.values() if one.source == layout.source]
    columns = {name for one in partners for name in one.header}
    other = {
        *layouts, *mechanisms.CODES, *layout.bases, "--from", "--to", "--shop", "--shop Amazon.de",
        "prices_include_tax", "order_lines.csv", "[traffic.definition]",
    }  # fmt: skip
    named = {word for word in WORDS.findall(said) if word not in other}
    assert named - columns == set()
