"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable


def markdown_table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table with a line for each row; lines within a cell are kept, and nothing in a cell breaks the table."""
    headings = tuple(headings)
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(content: object) -> str:
    return str(content).replace("|", "\\|").replace("\n", "<br>")
