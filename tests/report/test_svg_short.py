"""Shorter drawings are the same drawings: every point where it was, every look kept."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope.report.svg_paths import short, short_path
from channelscope.report.svg_short import shorten

PLACES = st.floats(-2000, 2000, allow_nan=False)
POINTS = st.tuples(PLACES, PLACES)


def _ends(outline: str) -> list[tuple[float, float]]:
    """Where each straight step of a short outline ends: read here by rules of its own."""
    ends = [(0.0, 0.0)]
    for letter, words in re.findall(r"([MLHVlhv])([^A-Za-z]+)", outline):
        numbers = [float(number) for number in re.findall(r"-?(?:\d+(?:\.\d+)?|\.\d+)", words)]
        x, y = ends[-1]
        if letter in "ML":
            ends.append((numbers[0], numbers[1]))
        elif letter == "l":
            ends.append((x + numbers[0], y + numbers[1]))
        elif letter in "Hh":
            ends.append((numbers[0] + (x if letter == "h" else 0), y))
        else:
            ends.append((x, numbers[0] + (y if letter == "v" else 0)))
    return ends[1:]


@given(st.lists(POINTS, min_size=1, max_size=20), POINTS)
def test_every_point_stays_where_it_was_to_a_tenth_of_a_pixel(
    points: list[tuple[float, float]], shift: tuple[float, float]
) -> None:
    outline = "M" + "L".join(f"{x:.4f},{y:.4f}" for x, y in points)
    wanted = [(x + shift[0], y + shift[1]) for x, y in points]
    for (x, y), (a, b) in zip(_ends(short_path(outline, shift)), wanted, strict=True):
        assert (x, y) == (pytest.approx(a, abs=0.051), pytest.approx(b, abs=0.051))


@pytest.mark.parametrize(
    ("outline", "moved"),
    [
        ("M0,38h219v14h-219Z", "M10,43h219v14H10Z"),
        ("M1,1h.04h.04h.04", "M11,6h0h.1h0"),
        ("M0,-3.7L3.7,3.2L-3.7,3.2Z", "M10,1.3l3.7,6.9H6.3Z"),
        ("M0,0C1,2,3,4,5,-6", "M10,5c1,2,3,4,5-6"),
        ("m1,1 2,3 z m4,0 h1", "M11,6l2,3ZM15,6h1"),
        ("M0,0A5,5,0,0,1,10,0", "M10,5a5,5,0,0,1,10,0"),
    ],
)
def test_an_outline_is_moved_as_a_whole(outline: str, moved: str) -> None:
    assert short_path(outline, (10, 5)) == moved


@pytest.mark.parametrize(
    ("value", "text"), [(0.04, "0"), (-0.04, "0"), (-0.5, "-.5"), (12.0, "12"), (10.26, "10.3")]
)
def test_numbers_have_no_sign_too_many(value: float, text: str) -> None:
    assert short(value) == text


def _short(inner: str) -> str:
    root = ElementTree.fromstring(f"<svg>{inner}</svg>")
    for element in [*root.iter()][::-1]:
        shorten(element)
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def test_a_shift_becomes_a_place() -> None:
    assert _short('<text transform="translate(1.26,-0.01)">a</text>') == (
        '<svg><text x="1.3">a</text></svg>'
    )


def test_a_turned_text_stays_as_it_is() -> None:
    turned = '<text transform="translate(3,4) rotate(-90)">a</text>'
    assert _short(turned) == f"<svg>{turned}</svg>"


def test_lines_that_look_alike_are_one_and_others_are_not() -> None:
    line = '<line transform="translate({},0)" y2="-9" stroke="var(--{})"/>'
    drawn = _short(line.format(1, "grid") + line.format(2, "grid") + line.format(3, "ink"))
    assert drawn == (
        '<svg><path stroke="var(--grid)" d="M1,0v-9M2,0v-9"/>'
        '<path stroke="var(--ink)" d="M3,0v-9"/></svg>'
    )


def test_lines_with_a_tip_are_never_joined() -> None:
    tipped = '<line y2="9" stroke="var(--ink)" data-tip="{}"/>'
    assert _short(tipped.format("a") + tipped.format("b")).count("data-tip") == 2


def test_a_round_mark_is_a_circle() -> None:
    mark = "M3.742,0A3.742,3.742,0,1,1,-3.742,0A3.742,3.742,0,1,1,3.742,0"
    assert _short(f'<path transform="translate(50,7)" d="{mark}" data-tip="a"/>') == (
        '<svg><circle data-tip="a" cx="50" cy="7" r="3.7"/></svg>'
    )


def test_a_look_is_said_once_for_neighbours_and_the_order_stays() -> None:
    part = '<path d="M0,0h{0}v1Z" fill="var(--{1})"/>'
    drawn = _short("".join(part.format(at, look) for at, look in enumerate("ffffdfff", start=1)))
    # Four alike are worth a group, three are not.
    assert drawn.count('fill="var(--f)"') == 1 + 3 and drawn.count("<g ") == 1
    assert re.findall(r"M0,0h(\d)", drawn) == list("12345678")


def test_what_all_children_say_alike_the_group_says_once() -> None:
    drawn = _short('<g><text fill="a" x="1">1</text><circle fill="a" r="1" stroke="b"/></g>')
    assert drawn == '<svg><g fill="a"><text x="1">1</text><circle r="1" stroke="b"/></g></svg>'


def test_a_group_around_one_element_is_that_element() -> None:
    line = '<g transform="translate(2,3)"><path d="M0,0h1v1Z" data-tip="a"/></g>'
    assert _short(f'<g fill="f">{line}</g>') == (
        '<svg><path fill="f" d="M2,3h1v1Z" data-tip="a"/></svg>'
    )


@pytest.mark.parametrize(
    "kept",
    [
        '<g transform="scale(2)"><g transform="scale(2)"><text>1</text></g></g>',
        '<g clip-path="url(#c)"><path transform="scale(2)" d="M0,0h1v1Z"/></g>',
        '<g id="c"><path stroke="b" d="M0,0h1v1Z"/></g>',
    ],
)
def test_what_would_be_read_otherwise_stays_apart(kept: str) -> None:
    """A shift or a clip on a group is not one on what it holds; a name has to be found."""
    drawn = _short(kept)
    assert drawn.count("scale(2)") == kept.count("scale(2)")
    assert drawn.count("<g ") >= 1
