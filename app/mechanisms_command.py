"""`local-citizenship mechanisms`: every mechanism of the article, and where in the code it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .console import UsageMistake, out
from .tables import add_row, titled

if TYPE_CHECKING:
    from rich.table import Table

    from ..experiments.mechanism_table import Row

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
    from ..experiments import mechanism_table

    rows = {row.mechanism.id: row for row in mechanism_table.rows()}
    screen = out()
    if mechanism is not None:
        if mechanism.upper() not in rows:
            raise UsageMistake(f"there is no mechanism {mechanism!r}: they are {', '.join(rows)}")
        screen.print(_in_full(rows[mechanism.upper()]))
    elif markdown:
        screen.print(mechanism_table.as_markdown(), markup=False, soft_wrap=True)
    else:
        screen.print(_all(list(rows.values())))
        screen.print("One in full: local-citizenship mechanisms B5", markup=False)


def _all(rows: list[Row]) -> Table:
    from ..experiments.mechanism_table import switches_of

    table = titled("Mechanisms (Tsuda 2008)", "id", "mechanism", "rule", "parameters", "off", "test")
    table.columns[0].no_wrap = True
    for row in rows:
        add_row(
            table,
            row.mechanism.id,
            row.mechanism.name,
            _few(row.rules),
            _few(row.parameters),
            _few(tuple(switches_of(row.mechanism)) or (row.mechanism.instead,)),
            _few(tuple(dict.fromkeys(test.partition(":")[0] for test in row.tests))),
        )
    return table


def _in_full(row: Row) -> Table:
    from ..experiments.mechanism_table import HEADINGS, cells

    table = titled(f"{row.mechanism.id}: {row.mechanism.name}", "", "")
    table.show_header = False
    shown = dict(zip(HEADINGS, cells(row), strict=True))
    add_row(table, "the article's claim", row.mechanism.claim)
    for heading in HEADINGS[2:]:
        add_row(table, heading, shown[heading].replace(", ", "\n") if heading != "off" else shown[heading])
    return table


def _few(names: tuple[str, ...]) -> str:
    shown = "\n".join(names[:FEW])
    return f"{shown}\nand {len(names) - FEW} more" if len(names) > FEW else shown or "NONE"
