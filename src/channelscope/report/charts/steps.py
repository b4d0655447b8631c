"""Five steps of one hue: a value's step, its colour, and the ink that can be read on it."""

from __future__ import annotations

from bisect import bisect_right

SHARE_STEPS = (0.10, 0.20, 0.30, 0.40)
DEPTH_STEPS = (0.10, 0.15, 0.20, 0.30)
SIMILARITY_STEPS = (0.60, 0.70, 0.80, 0.90)
"""Steps as wide as the smallest distance that matters."""
_DARK_FROM = 4


def step_of(value: float, limits: tuple[float, ...]) -> int:
    """1 to 5: how many limits the value has reached, plus one."""
    return bisect_right(limits, value) + 1


def step_colour(value: float | None, limits: tuple[float, ...]) -> str:
    """The CSS variable of the value's step; the card itself when the value is not known."""
    return "var(--card)" if value is None else f"var(--q{step_of(value, limits)})"


def text_on(value: float | None, limits: tuple[float, ...]) -> str:
    """The ink of a text on that step."""
    dark = value is not None and step_of(value, limits) >= _DARK_FROM
    return "var(--qhot)" if dark else "var(--ink)"
