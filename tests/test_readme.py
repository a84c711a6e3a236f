"""The README's commands, as they stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from local_citizenship.app.cli import app

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BY_START = ("notebook", "site", "test", "types")  # which start.py answers itself
COMMANDS = typer.main.get_command(app)


def commands() -> list[str]:
    """What follows `python3 start.py`, in blocks, in sentences, and in the second column of tables."""
    typed = re.findall(r"python3 start\.py (\w[^`\n]*)", README)
    section = README.partition("## The commands")[2].partition("\n## ")[0]
    cells = [
        line.split("|")[2] for line in section.splitlines() if line.startswith("| ") and "..." not in line
    ]
    tables = re.findall(r"`(.+?)`", " ".join(cells))
    assert len(typed) > 15
    assert len(tables) > 15
    return sorted({each for each in (*typed, *tables) if each.split()[0] != "COMMAND"})


def parse(group: typer.core.TyperGroup, words: list[str], above: object = None) -> None:
    """Read the words as the command line does, and run nothing."""
    name, command, others = group.resolve_command(group.make_context("x", ["--", *words], above), words)
    assert command is not None
    if isinstance(command, typer.core.TyperGroup):
        parse(command, others)
    else:
        command.make_context(name, others)


@pytest.mark.parametrize("given", commands())
def test_every_command_of_the_readme_can_be_given(given: str) -> None:
    words = shlex.split(given)
    if words[0] in BY_START:
        return
    assert isinstance(COMMANDS, typer.core.TyperGroup)
    parse(COMMANDS, words)


def test_it_begins_with_a_run_and_tells_how_to_test() -> None:
    assert {"run japan", "run two-towns", "test"} <= set(commands())
