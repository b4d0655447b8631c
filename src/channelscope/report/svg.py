"""Vega-Lite to inline SVG: drawn by vl-convert, cleaned by an XML parser, colours as variables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from importlib import metadata
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

from channelscope.errors import ChannelscopeError
from channelscope.report.svg_short import shorten

VEGA_LITE = "6.4"
_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_NAMESPACE = re.compile(r"\{[^}]*\}")
_PAINTS = ("fill", "stroke", "stop-color")
_PLAIN_PAINT = re.compile(r"^(none|transparent|currentColor|var\(--[a-z0-9]+\)|url\(#[\w-]+\))$")
_DROPPED = {
    "role", "aria-roledescription", "aria-hidden", "aria-label", "class", "font-family",
    "pointer-events", "stroke-miterlimit", "style", "version", "display",
}  # fmt: skip
_DEFAULTS = {
    ("opacity", "1"), ("fill-opacity", "1"), ("stroke-width", "1"), ("font-size", "12px"),
    ("transform", "translate(0,0)"), ("x2", "0"), ("y2", "0"), ("text-anchor", "start"),
    ("font-weight", "normal"), ("stroke-opacity", "1"), ("stroke-dasharray", "1,0"),
}  # fmt: skip
_GEOMETRY = ("x", "y", "x1", "x2", "y1", "y2", "width", "height", "points")

Spec = dict[str, Any]


class ChartError(ChannelscopeError):
    """A chart that would not follow the theme, or that the renderer refused."""


def draw(spec: Spec) -> str:
    """The raw SVG of a spec."""
    import vl_convert  # noqa: PLC0415 - starts a JavaScript engine; only a report needs it

    return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE))


def renderer() -> str:
    """What draws, with its versions: the same spec has the same SVG while this is the same."""
    return f"vl-convert {metadata.version('vl-convert-python')}, Vega-Lite {VEGA_LITE}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A cleaned chart without its outer tag, which carries the words of one language."""

    inner: str
    width: float
    height: float
    prefix: str


def clean(raw: str, *, size: tuple[float, float], prefix: str) -> Drawing:
    """The drawing without the renderer's noise; ids prefixed; descriptions as `data-tip`."""
    root = ElementTree.fromstring(raw)
    _visit(root, prefix)
    inner = "".join(ElementTree.tostring(child, encoding="unicode") for child in root)
    return Drawing(inner.replace(" />", "/>"), size[0], size[1], prefix)


def tag(drawing: Drawing, inner: str, *, css_class: str, label: str, language: str) -> Markup:
    """The whole element: an image with a label, whose ids no other language uses."""
    own = inner.replace(f'"{drawing.prefix}-', f'"{language}-{drawing.prefix}-')
    own = own.replace(f"#{drawing.prefix}-", f"#{language}-{drawing.prefix}-")
    return Markup(
        f'<svg class="{css_class}" viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img" '
        f'aria-label="{escape(label)}" style="--w:{drawing.width:g}">{own}</svg>'
    )


def _visit(element: ElementTree.Element, prefix: str) -> None:
    element.tag = _NAMESPACE.sub("", element.tag)
    _attributes(element, prefix)
    for child in list(element):
        _visit(child, prefix)
    _lift_children(element)
    shorten(element)


def _attributes(element: ElementTree.Element, prefix: str) -> None:
    tip = element.get("aria-label") if element.get("role") == "graphics-symbol" else None
    if element.tag == "g":
        tip = None
    kept: dict[str, str] = {}
    for full, value in element.attrib.items():
        name = _NAMESPACE.sub("", full)
        if name in _DROPPED or (name, value) in _DEFAULTS:
            continue
        kept[name] = _value(name, value, prefix)
    if tip:
        kept["data-tip"] = tip
    element.attrib.clear()
    element.attrib.update(kept)


def _value(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return f"{prefix}-{value}"
    if value.startswith("url(#"):
        return f"url(#{prefix}-{value[5:]}"
    if name in _PAINTS and not _PLAIN_PAINT.match(value):
        raise ChartError(
            f"the chart paints {name}='{value}'",
            where=prefix,
            expected="a CSS variable, so that light, dark and print share one drawing",
        )
    return _NUMBER.sub(_short, value) if name in _GEOMETRY else value


def _short(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.1f}"
    return "0" if text in ("-0.0", "0.0") else text.removesuffix(".0")


def _is_noise(element: ElementTree.Element) -> bool:
    if element.tag == "path":
        painted = any(element.get(name, "none") not in ("none", "transparent") for name in _PAINTS)
        return not element.get("d") or not (painted or "data-tip" in element.attrib)
    if element.tag == "text":
        return not (element.text or "").strip()
    return element.tag in ("g", "defs") and len(element) == 0


def _lift_children(element: ElementTree.Element) -> None:
    """Drop empty children; groups that say nothing hand their children up."""
    kept: list[ElementTree.Element] = []
    for child in element:
        if _is_noise(child):
            continue
        if child.tag == "g" and not child.attrib:
            kept.extend(child)
        else:
            kept.append(child)
    element[:] = kept
