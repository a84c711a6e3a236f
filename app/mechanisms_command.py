"""`local-citizenship mechanisms`: every mechanism of the article, and where in the code it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .console import UsageMistake, out
from .tables import add_row, titled

if TYPE_CHECKING:
    from rich.table import Table

    from .mechanism_table import Row

FEW = 2  # rules, parameters ... shown in the table; all of them in Markdown, or for one mechanism


def mechanisms(
    mechanism: Annotated[
        str | None, typer.Argument(metavar="ID", help="One mechanism in full, as B5; all if left out.")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print a Markdown table, nothing cut.")
    ] = False,
) -> None:
    """List the article's mechanisms: the rule, the parameters, how to switch it off, the test."""
    from . import mechanism_table

    rows = {row.mechanism.id: row for row in mechanism_table.rows()}
    screen = out()
    if mechanism is not None:
        if mechanism.upper() not in rows:
            raise UsageMistake(f"there is no mechanism {mechanism!r}: they are {', '.join(rows)}")
        screen.print(_in_full(rows[mechanism.upper()], mechanism_table.HEADINGS))
    elif markdown:
        screen.print(mechanism_table.as_markdown(), markup=False, soft_wrap=True)
    else:
        screen.print(_all(list(rows.values())))
        screen.print("One in full: local-citizenship mechanisms B5", markup=False)


def _all(rows: list[Row]) -> Table:
    from ..experiments.mechanisms import settings_text

    table = titled("Mechanisms (Tsuda 2008)", "id", "mechanism", "rule", "parameters", "off", "test")
    table.columns[0].no_wrap = True
    for row in rows:
        files = dict.fromkeys(test.partition(":")[0] for test in row.tests)
        off = settings_text(row.mechanism.without) or [row.mechanism.instead]
        few = [_few(tuple(names)) for names in (row.rules, row.parameters, off, files)]
        add_row(table, row.mechanism.id, row.mechanism.name, *few)
    return table


def _in_full(row: Row, headings: tuple[str, ...]) -> Table:
    table = titled(f"{row.mechanism.id}: {row.mechanism.name}", "", "")
    table.show_header = False
    add_row(table, "the article's claim", row.mechanism.claim)
    for heading, cell in list(zip(headings, row.cells, strict=True))[2:]:
        add_row(table, heading, cell if heading == "off" else cell.replace(", ", "\n"))
    return table


def _few(names: tuple[str, ...]) -> str:
    shown = "\n".join(names[:FEW])
    return f"{shown}\nand {len(names) - FEW} more" if len(names) > FEW else shown or "NONE"
