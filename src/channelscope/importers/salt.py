"""The secret that buyers are hashed with. It lies outside the workspace, which may be shared."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from channelscope.errors import ConfigError, OutputError

_LEAST = 16


def default_file() -> Path:
    """Where the salt lies when `[privacy] salt_file` names no other place."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "channelscope" / "salt"


def read(named: str | None, *, workspace: Path) -> tuple[str, Path | None]:
    """The salt, and the file that was made for it when there was none."""
    path = Path(named).expanduser() if named else default_file()
    path = path if path.is_absolute() else workspace / path
    if path.resolve().is_relative_to(workspace.resolve()):
        raise ConfigError(
            f"the salt '{path.name}' lies inside the workspace",
            where="channelscope.toml: privacy.salt_file",
            expected="a file outside of it: who has both can look up buyers",
            advice="name another place, such as ~/.channelscope-salt",
        )
    try:
        if not path.exists():
            return _made(path), path
        salt = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"the salt cannot be read: {error}", where=str(path), expected="a text file"
        ) from error
    if len(salt) < _LEAST:
        raise ConfigError(
            f"the salt has {len(salt)} characters",
            where=str(path),
            expected=f"at least {_LEAST}, at random",
            advice="remove the file and a new one is made; buyers then get other ids",
        )
    return salt, None


def _made(path: Path) -> str:
    salt = secrets.token_hex(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(salt + "\n")
    except OSError as error:
        raise OutputError(
            f"the salt cannot be written: {error.strerror or error}",
            where=str(path),
            advice="name a place you may write to in channelscope.toml: [privacy] salt_file",
        ) from error
    return salt
