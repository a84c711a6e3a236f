"""The rows of a CSV file, as people and spreadsheets save them.

Columns are separated by commas. What Excel does elsewhere is read where it can mean one thing only: a byte order mark,
a first line `sep=;`, semicolons or tabs between columns with commas as decimal marks, empty columns at the right.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .bounded import UnreadableError, table_bytes
from .errors import ScenarioError
from .yaml_text import decoded

_SEP = re.compile(r'"?sep=(.)"?\r?(\n|$)', re.IGNORECASE)
_OTHERS = (";", "\t")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+")


@dataclass(frozen=True)
class CsvText:
    """The bytes and the text of a CSV file, and what separates its columns. `skipped`: lines before the header."""

    path: Path
    raw: bytes = field(repr=False)
    text: str = field(repr=False)
    separator: str = ","
    skipped: int = 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and cells of each row that is not blank, all as wide as the first. Errors: ScenarioError."""
        reader = csv.reader(io.StringIO(self.text, newline=""), strict=True, delimiter=self.separator)
        width = 0
        while True:
            line = reader.line_num + 1 + self.skipped
            try:
                cells = [cell.strip() for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error as problem:
                raise self.error(f"the row is not CSV: {problem}", line) from None
            if not any(cells):
                continue
            width = width or len(_without_empty_end(cells))
            if len(cells) > width:
                cells = cells[:width] + _without_empty_end(cells[width:])
            if len(cells) != width:
                raise self.error(
                    f"the row has {len(cells)} cells, but the header has {width} columns",
                    line,
                    f"put a text that contains {_NAMES[self.separator]} in double quotes",
                )
            yield line, cells

    def number(self, cell: str) -> str:
        """A cell with its number written as with us: a decimal comma becomes a point, where commas separate nothing."""
        return cell.replace(",", ".") if self.separator != "," and _DECIMAL_COMMA.fullmatch(cell) else cell

    def may_be_thousands(self, cell: str) -> bool:
        """Whether 1.000 may mean a thousand here, as it does where 1,5 is one and a half."""
        return self.separator != "," and bool(_THOUSANDS.fullmatch(cell))

    def error(self, message: str, line: int, hint: str | None = None) -> ScenarioError:
        """A mistake in a line."""
        return ScenarioError(message, file=str(self.path), line=line, hint=hint)


_NAMES = {",": "a comma", ";": "a semicolon", "\t": "a tab"}


def read_csv(path: Path, what: str = "the table of places") -> CsvText:
    """A table's text, and how it is to be taken apart; `what` it is, as mistakes say. Errors: ScenarioError."""
    try:
        raw = table_bytes(path)
    except UnreadableError as problem:
        raise ScenarioError(f"{what} {problem}", file=str(path)) from None
    text = decoded(raw, str(path), "save it as 'CSV UTF-8'")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ScenarioError("the file holds a zero byte; it is not CSV text", file=str(path), line=line)
    if said := _SEP.match(text):
        if said[1] not in _NAMES:
            message = f"the columns are said to be separated by {said[1]!r}"
            raise ScenarioError(message, file=str(path), line=1, hint="save the table with commas")
        return CsvText(path, raw, text[said.end() :], said[1], 1)
    header = next((line for line in text.splitlines() if line.strip()), "")
    others = [mark for mark in _OTHERS if mark in header and "," not in header]
    return CsvText(path, raw, text, others[0] if len(others) == 1 else ",")


def _without_empty_end(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]
