"""What a run may take of the machine: memory and threads of the database, and where it spills."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

EXPECTED = "an amount such as 512MB or 4GB, or a part of the machine's memory such as 60%"
DEFAULT = "60%"
MOST_THREADS = 1024

_MEMORY = re.compile(r"(?P<amount>\d+(\.\d+)?)\s?(?P<unit>%|[KMGT]i?B)", re.IGNORECASE)
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """What a session of the database may take.

    None: 60% of the machine's memory, a thread per core, the system's folder of temporary files.
    """

    memory: str | None = None
    threads: int | None = None
    temp_dir: Path | None = None

    def over(self, usual: Limits) -> Limits:
        """These, and where nothing is asked for the `usual` ones."""
        return Limits(
            self.memory or usual.memory,
            self.threads or usual.threads,
            self.temp_dir or usual.temp_dir,
        )


NO_LIMITS = Limits()


def memory(text: str) -> str:
    """The amount of memory in `text` as the database takes it; ValueError says what is expected."""
    found = _MEMORY.fullmatch(text.strip())
    is_part = found is not None and found["unit"] == "%"
    if not found or not float(found["amount"]) or (is_part and float(found["amount"]) > _WHOLE):
        raise ValueError(EXPECTED)
    return f"{found['amount']}{found['unit']}"
