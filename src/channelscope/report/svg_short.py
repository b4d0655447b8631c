"""Smaller drawings that look the same: places instead of shifts, and each look said once a run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

from channelscope.report.svg_paths import Point, short, short_path

INHERITED = (
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap",
    "text-anchor", "font-size", "font-weight", "fill-opacity", "stroke-opacity",
)  # fmt: skip
FEWEST = 4
"""Neighbours that make a group worth an element of its own."""
_BOUND = {"clip-path", "mask", "filter", "id"}
"""What is read in the group's own coordinates, or by its name."""
_SHIFT = re.compile(r"^translate\((-?[\d.]+)(?:,(-?[\d.]+))?\)$")
_CIRCLE = re.compile(
    r"^M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0Z?$"
)  # what the renderer writes for a round mark


def shorten(element: Element) -> None:
    """The element in fewer signs, when all it holds has been shortened."""
    if len(element):
        element[:] = list(_runs(list(_joined(list(element)))))
        _hoist(element)
        _merge_only_child(element)
    else:
        _place(element)


def _place(leaf: Element) -> None:
    """A shift written into the coordinates of a text, a line or an outline."""
    shift = _shift(leaf)
    if shift is None:
        return
    if leaf.tag == "text" and not {"x", "y"} & leaf.attrib.keys():
        _set(leaf, x=shift[0], y=shift[1])
    elif leaf.tag == "line":
        _line_to_path(leaf, shift)
    elif leaf.tag == "path":
        _place_path(leaf, shift)
    else:
        return
    leaf.attrib.pop("transform", None)


def _shift(leaf: Element) -> Point | None:
    """How far the leaf is shifted, unless it is turned or scaled as well."""
    match = _SHIFT.match(leaf.get("transform", "translate(0)"))
    return (float(match[1]), float(match[2] or 0)) if match else None


def _set(leaf: Element, **places: float) -> None:
    for name, value in places.items():
        if (text := short(value)) != "0":
            leaf.set(name, text)


def _line_to_path(line: Element, shift: Point) -> None:
    ends = [float(line.attrib.pop(name, 0)) for name in ("x1", "y1", "x2", "y2")]
    line.tag = "path"
    line.set("d", short_path("M{},{}L{},{}".format(*ends), shift))


def _place_path(path: Element, shift: Point) -> None:
    if circle := _CIRCLE.match(path.get("d", "")):
        path.tag = "circle"
        del path.attrib["d"]
        _set(path, cx=shift[0], cy=shift[1], r=float(circle[1]))
    elif "d" in path.attrib:
        path.set("d", short_path(path.attrib["d"], shift))


def _joined(children: list[Element]) -> Iterator[Element]:
    """Neighbouring strokes that look alike as one; what has a tip stays alone."""
    for _, alike in groupby(children, _stroke_look):
        first, *others = alike
        if _is_plain_stroke(first):
            first.set("d", "".join(path.attrib["d"] for path in (first, *others)))
            yield first
        else:
            yield from (first, *others)


def _stroke_look(child: Element) -> object:
    if not _is_plain_stroke(child):
        return id(child)
    return tuple(sorted((name, value) for name, value in child.items() if name != "d"))


def _is_plain_stroke(child: Element) -> bool:
    """A line without a tip and without a face: nothing is lost when it is part of a longer one."""
    return (
        child.tag == "path"
        and not {"data-tip", "fill", "transform"} & child.attrib.keys()
        and "Z" not in child.get("d", "")
    )


def _runs(children: list[Element]) -> Iterator[Element]:
    """Neighbours that look alike in a group that says it for all."""
    for look, alike in groupby(children, _look):
        run = list(alike)
        if not look or len(run) < FEWEST:
            yield from run
            continue
        group = Element("g", dict(look))
        for child in run:
            for name, _ in look:
                del child.attrib[name]
        group.extend(run)
        yield group


def _look(child: Element) -> tuple[tuple[str, str], ...]:
    return tuple((name, child.attrib[name]) for name in INHERITED if name in child.attrib)


def _hoist(group: Element) -> None:
    """What all children of a group say alike, the group says once."""
    if group.tag != "g" or len(group) < 2:
        return
    for name in INHERITED:
        values = {child.get(name) for child in group}
        if len(values) == 1 and None not in values and name not in group.attrib:
            group.set(name, str(values.pop()))
            for child in group:
                del child.attrib[name]


def _merge_only_child(group: Element) -> None:
    """A group around a single element that says other things is that element."""
    while len(group) == 1 and group.tag == "g":
        (inner,) = group
        said = inner.attrib.keys() | group.attrib.keys()
        if inner.attrib.keys() & group.attrib.keys() or said & _BOUND:
            return
        group.tag, group.text = inner.tag, inner.text
        group.attrib.update(inner.attrib)
        group[:] = list(inner)
    if not len(group):
        _place(group)
