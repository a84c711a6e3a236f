"""Options that several commands have."""

from __future__ import annotations

import os
from typing import Annotated

from typer import Option

MOST_SEEDS = 10_000  # of a command that holds all its runs in hand; a study does more


def _let_tables_be_large(megabytes: int | None) -> None:
    from ..scenarios.bounded import MOST_TABLE_SET

    if megabytes is not None:
        os.environ[MOST_TABLE_SET] = str(megabytes)  # so that processes which this one starts know it too


def speak(code: str | None) -> None:
    """Speak a language from now on. Errors: UsageMistake naming those there are."""
    from ..scenarios.languages import UnknownLanguage, start_speaking
    from .console import UsageMistake

    if code is not None:
        try:
            start_speaking(code)
        except UnknownLanguage as error:
            raise UsageMistake(str(error)) from None


def scenario_names(incomplete: str) -> list[str]:
    """For shell completion: the shipped scenarios that begin so (files are the shell's own)."""
    from ..scenarios import list_scenarios

    return [name for name, _, _ in list_scenarios() if name.startswith(incomplete)]


Workers = Annotated[int, Option(min=1, help="Processes; the results are the same.")]
NoFigures = Annotated[bool, Option("--no-figures", help="Leave the figures out.")]
FileOnly = Annotated[bool, Option("--quiet", "-q", help="Print the file's name only.")]

MaxTable = Annotated[
    int | None,
    Option(
        "--max-table",
        metavar="MB",
        min=1,
        max=1_000_000,
        callback=_let_tables_be_large,
        expose_value=False,
        help="The largest table of places that is read, in MB; 64 if left out.",
    ),
]

Ensemble = Annotated[
    str | None,
    Option(
        "--ensemble",
        metavar="NAME",
        help="An ensemble (a shipped one, as japan, or a calibration's folder): run under each of its sets, and tell "
        "luck from what parameters leave open.",
    ),
]

Lang = Annotated[
    str | None,
    Option(
        "--lang",
        metavar="CODE",
        callback=speak,
        expose_value=False,
        help="Language of figures, stories and pages: en, ja, ko, es, it; auto for that of your system.",
    ),
]
