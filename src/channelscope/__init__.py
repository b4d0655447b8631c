"""channelscope: how the stores of one brand differ, and what that is worth."""

from __future__ import annotations

__version__ = "0.1.0"
