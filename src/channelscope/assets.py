"""Where queries, report templates and the sample workspace lie: in a wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_shipped"


def _root() -> Path:
    return _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parents[1]


def queries() -> Path:
    """The folder of SQL files."""
    return _root() / "queries"


def templates() -> Path:
    """The folder of Jinja templates."""
    return _root() / "reports" / "templates"


def static() -> Path:
    """The folder of style sheets and the script that reports inline."""
    return _root() / "reports" / "static"


def catalogues() -> Path:
    """The folder of language catalogues."""
    return _root() / "reports" / "i18n"


def sample_workspace() -> Path:
    """The sample workspace that `demo` copies."""
    return _root() / "sample_data" / "workspace"


def candidate() -> Path:
    """The commented toml of a store that might be opened."""
    return _root() / "reports" / "candidate.toml"
