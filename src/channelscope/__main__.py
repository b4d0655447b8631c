"""`python -m channelscope` is the `channelscope` command."""

from __future__ import annotations

from channelscope.cli import main

if __name__ == "__main__":
    main()
