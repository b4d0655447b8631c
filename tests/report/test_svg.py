"""Cleaned drawings follow the theme, keep their words, and collide with nothing."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from channelscope.report import svg
from channelscope.report.phrases import Phrases, cut, em_width
from channelscope.report.wording import Wording

NS = 'xmlns="http://www.w3.org/2000/svg"'


def _clean(inner: str) -> str:
    raw = f'<svg {NS} viewBox="0 0 9 9"><defs><clipPath id="c0"><rect width="1"/></clipPath></defs>'
    return svg.clean(raw + inner + "</svg>", size=(9, 9), prefix="svg-f").inner


def test_descriptions_become_tips_and_inner_roles_go() -> None:
    inner = _clean(
        '<path d="M0,0h1" fill="var(--f)" role="graphics-symbol" aria-roledescription="bar" '
        'aria-label="F1: &lt;3&gt;"/>'
    )
    assert 'data-tip="F1: &lt;3&gt;"' in inner
    assert "role" not in inner and "aria-" not in inner


@pytest.mark.parametrize("paint", ["#ddd", "#a0b1c2", "black", "rgb(1,2,3)", "steelblue"])
def test_a_fixed_colour_is_refused(paint: str) -> None:
    with pytest.raises(svg.ChartError, match="CSS variable"):
        _clean(f'<path d="M0,0h1" fill="{paint}"/>')


def test_ids_are_prefixed_by_figure_and_language() -> None:
    drawing = svg.Drawing('<g clip-path="url(#svg-f-c0)" id="svg-f-c0"/>', 9, 9, "svg-f")
    tags = [
        svg.tag(drawing, drawing.inner, css_class="w", label="x", language=code)
        for code in ("en", "zh")
    ]
    assert 'id="en-svg-f-c0"' in tags[0] and "url(#en-svg-f-c0)" in tags[0]
    assert 'id="zh-svg-f-c0"' in tags[1]


def test_clip_ids_of_the_renderer_are_prefixed() -> None:
    assert 'id="svg-f-c0"' in _clean('<path d="M0,0h1" fill="none" stroke="var(--f)"/>')


def test_noise_goes_and_numbers_are_short() -> None:
    inner = _clean(
        '<g class="x" opacity="1"><path class="background" d="M0,0h0" fill="none"/>'
        '<text transform="translate(1.26,-0.01)" fill="var(--ink)" font-size="12px" '
        'font-family="sans-serif">a</text><text> </text><g/></g>'
    )
    assert inner.endswith('<text fill="var(--ink)" x="1.3">a</text>')


def test_numbers_in_texts_are_left_alone() -> None:
    assert ">3.14159<" in _clean('<text fill="var(--ink)">3.14159</text>')


def test_what_all_children_say_the_group_says_once() -> None:
    line = '<line x2="1" stroke="var(--grid)"/>'
    assert _clean(f"<g>{line}{line}</g>").count("var(--grid)") == 1


def test_a_label_is_escaped() -> None:
    tag = svg.tag(svg.Drawing("", 9, 9, "p"), "", css_class="w", label='"<x>', language="en")
    assert 'aria-label="&quot;&lt;x&gt;"' in tag
    ElementTree.fromstring(str(tag))


def test_phrases_differ_by_language_and_are_measured_by_the_longest(
    wording: Callable[[str], Wording],
) -> None:
    phrases = Phrases((wording("en"), wording("zh")))
    token = phrases.text("mechanism.coupon_shop")
    assert token != "Shop coupon"
    assert phrases.width(token) == pytest.approx(em_width("Shop coupon"))
    assert phrases.spoken(f"<text>{token}</text>", 0) == "<text>Shop coupon</text>"
    assert phrases.spoken(f"<text>{token}</text>", 1) == "<text>店铺券</text>"


def test_plain_phrases_stand_as_they_are(wording: Callable[[str], Wording]) -> None:
    phrases = Phrases((wording("en"), wording("zh")))
    assert phrases.say(lambda words: words.store("F1")) == "F1"


def test_names_from_the_data_cannot_forge_a_token(wording: Callable[[str], Wording]) -> None:
    phrases = Phrases((wording("en"),))
    secret = phrases.name("机密")
    forged = phrases.name(secret)
    assert phrases.spoken(forged, 0) == secret
    assert phrases.spoken(phrases.name("<b>~0~</b>"), 0) == "&lt;b&gt;~0~&lt;/b&gt;"


def test_long_names_are_cut_with_an_ellipsis() -> None:
    assert cut("铸铁炒锅 32cm 家用", 6) == "铸铁炒锅…"
    assert cut("short", 6) == "short"
