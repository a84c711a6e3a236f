"""The reference of commands, from the command line's own declarations."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import typer

from local_citizenship.app.cli import app
from local_citizenship.scenarios.markdown import markdown_table
from setting_up.guide import GROUPS

HEADINGS = ("takes", "meaning")


def all_commands() -> Iterator[tuple[str, Any, Any]]:
    """Every command, `study run` among them: what is typed after `python3 start.py`, the command, its context."""
    group: Any = typer.main.get_command(app)
    yield from _below("", group, group.context_class(group))


def _below(above: str, group: Any, context: Any) -> Iterator[tuple[str, Any, Any]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        path = f"{above} {name}".strip()
        own = command.context_class(command, parent=context, info_name=name)
        if not command.hidden:
            yield path, command, own
            if hasattr(command, "list_commands"):
                yield from _below(path, command, own)


def commands() -> dict[str, str]:
    """The page."""
    found = list(all_commands())
    parts = [
        "# Commands\n\n`python3 start.py` alone tells them in a line each, `python3 start.py COMMAND --help` what one "
        "takes. "
        "In the environment `.venv`, and wherever the package is installed, the command is called `local-citizenship`. "
        "[Exit status](../../README.md#exit-status) tells what a script may rely on."
    ]
    for title, group in GROUPS.items():
        parts.append(f"## {title}")
        for name, told in group.items():
            own = [each for each in found if each[0].split()[0] == name]
            if not own:
                says = told.removeprefix("* ")
                parts.append(f"### {name}\n\n{says[:1].upper()}{says[1:]}. A command of `start.py` itself.")
            parts += [_one(*each) for each in own]
    return {"commands": "\n\n".join(parts)}


def _one(path: str, command: Any, context: Any) -> str:
    level = "#" * (3 + path.count(" "))
    usage = " ".join(["python3 start.py", path, *command.collect_usage_pieces(context)])
    parts = [f"{level} {path}", _told(command.help or ""), f"    {usage}"]
    shown = [record for each in command.params if (record := each.get_help_record(context))]
    if shown:
        parts.append(markdown_table(HEADINGS, [(f"`{_kind(given)}`", _plain(told)) for given, told in shown]))
    return "\n\n".join(parts)


def _told(text: str) -> str:
    """A help text as paragraphs: its own line breaks go, but for what is set apart."""
    text = inspect.cleandoc(text).replace("\b\n", "").replace("\f", "")
    return "\n\n".join(_plain(" ".join(part.split())) for part in text.split("\n\n"))


def _plain(text: str) -> str:
    """Nothing in it is taken for Markdown, but code between backticks."""
    return "".join(
        part if part.startswith("`") else re.sub(r"([*_<>\[\]{}$])", r"\\\1", part)
        for part in re.split(r"(`[^`]*`)", text)
    )


def _kind(given: str) -> str:
    """What is given, with its kind in words; a name in capitals says enough."""
    name, _, kind = given.partition(" <")
    kind = kind.rstrip(">")
    if not kind or name.isupper():
        return name
    return f"{name} {'NUMBER' if kind.startswith(('int', 'float')) else 'TEXT'}"
