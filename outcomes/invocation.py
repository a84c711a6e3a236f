"""How the command line is called, by whoever reads what it prints."""

from __future__ import annotations

import os
import re

COMMAND = "local-citizenship"
TYPED = "LOCAL_CITIZENSHIP_TYPED"  # what was typed in its place; `start.py` sets it
COMMANDS = (
    "calibrate", "check", "compare", "effects", "explain", "explore", "glossary", "handout", "lessons", "list",
    "measures", "mechanisms", "migrate", "new", "patterns", "places", "plot", "run", "schedule", "sensitivity",
    "story", "study",
)  # fmt: skip
_QUOTED = re.compile(rf"`(?=(?:{'|'.join(COMMANDS)})(?:`| ))")


def command_name() -> str:
    """What was typed to come here: `local-citizenship`, or `python3 start.py`."""
    return os.environ.get(TYPED) or COMMAND


def typed(command: str) -> str:
    """A command of ours as its reader would type it: "run two-towns" -> "local-citizenship run two-towns"."""
    return f"{command_name()} {command}"


def as_typed(message: str) -> str:
    """A message in which each command in backquotes, as `study resume x`, stands as its reader would type it."""
    return _QUOTED.sub(lambda _: f"`{command_name()} ", message)
