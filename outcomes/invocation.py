"""How the command line is called, by whoever reads what it prints."""

from __future__ import annotations

import os

COMMAND = "local-citizenship"
TYPED = "LOCAL_CITIZENSHIP_TYPED"  # what was typed in its place; `start.py` sets it


def command_name() -> str:
    """What was typed to come here: `local-citizenship`, or `python3 start.py`."""
    return os.environ.get(TYPED) or COMMAND


def typed(command: str) -> str:
    """A command of ours as its reader would type it: "run two-towns" -> "local-citizenship run two-towns"."""
    return f"{command_name()} {command}"
