"""Tables of places: rows of a shipped one, changed cell by cell, and CSV as spreadsheets and people write it."""

from __future__ import annotations

import csv
import io
from functools import cache
from typing import Any

from hypothesis import strategies as st

from local_citizenship.scenarios.places_table import (
    LEVEL,
    MUNICIPALITY_NEEDS,
    REGION_MAY,
    REGION_NEEDS,
    TRAITS,
)
from local_citizenship.scenarios.schema import SHIPPED

from . import scenario
from .case import Case, Step
from .values import MARKUP, odd, plain
from .yaml_files import hurt

TABLE = "mine.csv"
BASES = ("one-town.csv",
         "two-towns.csv", "railway-line.csv", "japan_prefectures.csv", "korea_municipalities_2015.csv",
         "italy_provinces_2023.csv", "spain_provinces_2021.csv")  # fmt: skip
COLUMNS = (
    *MUNICIPALITY_NEEDS,
    *TRAITS,
    *REGION_NEEDS,
    *REGION_MAY,
    "born_abroad",
    *(LEVEL + each for each in SHIPPED.services),
)
MOST_DRAWN = 300  # municipalities of a region: a million would be sound, and slow
CELLS = (
    "", " ", "0", "-0", "1", "-1", "0.5", "1.0000001", "1e3", "1e10", "1e11", "1e400", "nan", "inf", "NaN",
    "#N/A", "n/a", "-", "1,5",
    "1.234.567", "1,234,567", "12%", "0x10", "+3", "\u0663", "\u2212" + "1", "'5", "=1+1",
    "=HYPERLINK(\"http://x\")", "+cmd|x", "@SUM(A1)",
    "a" * 5000, "\u65e5\u672c", "\u202e", "\U0001f600", "two\nlines", 'a "quote"', "1_000", "90", "-90",
    "90.0001", "180", "180.1", "TRUE",
    "1e9", "9" * 40, "1" * 400,
)  # fmt: skip
Rows = list[list[str]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A table, and the scenario that names it."""
    careful = draw(st.integers(0, 2)) > 0
    rows = draw(st.sampled_from(BASES).flatmap(_some))
    made = [f"{len(rows) - 1} rows"]
    for _ in range(draw(st.integers(0, 5))):
        what = draw(st.sampled_from(_CHANGES[:2] if careful else _CHANGES))
        made.append(what.__name__.strip("_"))
        what(draw, rows, careful)
    text, style = draw(_as_csv(rows, careful))
    data = text.encode("utf-8", "surrogatepass")
    made += style
    if not careful and draw(st.integers(0, 3)) == 3:
        data, accidents = draw(hurt(text))
        made += accidents
    elif not careful and draw(st.integers(0, 30)) == 30:
        data = draw(st.binary(max_size=80))
        made.append("bytes")
    extends = draw(st.sampled_from(("two-towns", "two-towns", "two-towns", "japan", "korea")))
    more = f"places_seed: {draw(st.integers(0, 3))}\n"
    files = {TABLE: data, scenario.FILE: f"extends: {extends}\nplaces: {TABLE}\n{more}".encode()}
    return Case("places", files, draw(scenario.what_is_done()), tuple(made))


@cache
def _shipped(name: str) -> tuple[tuple[str, ...], ...]:
    text = (scenario.shipped_folder() / "data" / name).read_text(encoding="utf-8")
    return tuple(tuple(row) for row in csv.reader(io.StringIO(text)))


@st.composite
def _some(draw: st.DrawFn, name: str) -> Rows:
    """Header and a few rows of a table; no region of more municipalities than are quickly drawn."""
    header, *rows = _shipped(name)
    chosen = draw(st.lists(st.sampled_from(rows), min_size=1, max_size=8, unique=True))
    found = [list(header), *(list(row) for row in chosen)]
    if "municipalities" in header:
        at = header.index("municipalities")
        for row in found[1:]:
            row[at] = str(min(int(row[at]), MOST_DRAWN))
    return found


def _cell(draw: st.DrawFn, rows: Rows, careful: bool) -> None:
    row = rows[draw(st.integers(1, len(rows) - 1)) if len(rows) > 1 else 0]
    if not row:
        return
    at = draw(st.integers(0, len(row) - 1))
    name = rows[0][at] if at < len(rows[0]) else ""
    row[at] = draw(_sound(name)) if careful else draw(st.sampled_from(CELLS) | _sound(name) | odd)


def _column(draw: st.DrawFn, rows: Rows, careful: bool) -> None:
    """A whole column at one end of what it may be."""
    if not rows[0]:
        return
    at = draw(st.integers(0, len(rows[0]) - 1))
    value = draw(_sound(rows[0][at]) if careful else st.sampled_from(CELLS))
    if careful and rows[0][at] in ("code", "region"):
        return
    for row in rows[1:]:
        if at < len(row):
            row[at] = value


def _sound(name: str) -> st.SearchStrategy[str]:
    """A cell that its column can have, by itself."""
    if name in ("code", "region", "name"):
        letters = st.text(min_size=1, max_size=12).map(lambda text: text.replace("\r", " "))
        return letters | st.sampled_from(("Osaka", "001", "1", *MARKUP))
    if name in ("latitude", "longitude"):
        edge = 90.0 if name == "latitude" else 180.0
        return (st.floats(-edge, edge) | st.sampled_from((edge, -edge, 0.0))).map(plain)
    if name == "municipalities":
        return st.integers(1, MOST_DRAWN).map(str)
    if name in ("population", "foreign_residents", "born_abroad"):
        return st.sampled_from(("0", "1", "2", "1000", "39000000", "10000000000")) | st.integers(
            0, 10**7
        ).map(str)
    if name.startswith("fiscal"):
        return (st.floats(0.0, 3.0) | st.sampled_from((0.0, 1e3, 9_999_999.0, 1e10))).map(plain)
    if name.startswith("sd_"):
        return (st.floats(0.0, 5.0) | st.sampled_from((0.0, 5.0))).map(plain)
    return (st.floats(0.0, 1.0) | st.sampled_from((0.0, 1.0, 1e-12))).map(plain)


def _header(draw: st.DrawFn, rows: Rows, careful: bool) -> None:
    if rows[0]:
        at = draw(st.integers(0, len(rows[0]) - 1))
        rows[0][at] = draw(
            st.sampled_from((*COLUMNS, "", "populaton", "Population", "level_", "level_daycare", rows[0][0]))
            | odd
        )


def _without(draw: st.DrawFn, rows: Rows, careful: bool) -> None:
    """A column fewer."""
    at = draw(st.integers(0, max(0, len(rows[0]) - 1)))
    for row in rows:
        del row[at : at + 1]


def _wider(draw: st.DrawFn, rows: Rows, careful: bool) -> None:
    """A column more, with a name or without."""
    rows[0].append(draw(st.sampled_from((*COLUMNS, "", "remarks"))))
    value = draw(st.sampled_from(CELLS))
    for row in rows[1:]:
        row.append(value)


def _uneven(draw: st.DrawFn, rows: Rows, careful: bool) -> None:
    row = rows[draw(st.integers(0, len(rows) - 1))]
    if draw(st.booleans()):
        row.append(draw(st.sampled_from(CELLS)))
    elif row:
        row.pop()


def _twice(draw: st.DrawFn, rows: Rows, careful: bool) -> None:
    """The same place again."""
    rows.append(list(rows[draw(st.integers(0, len(rows) - 1))]))


def _empty(draw: st.DrawFn, rows: Rows, careful: bool) -> None:
    """A line without anything, or nothing but its commas; or no line at all."""
    if draw(st.booleans()):
        rows.insert(draw(st.integers(0, len(rows))), draw(st.sampled_from(([], [""] * len(rows[0])))))
        if not rows[0]:
            rows[0] = [""]
    else:
        del rows[1:]


_CHANGES = (_cell, _column, _cell, _header, _without, _wider, _uneven, _twice, _empty)


@st.composite
def _as_csv(draw: st.DrawFn, rows: Rows, careful: bool) -> tuple[str, list[str]]:
    """The rows as some program writes them."""
    quirk = draw(
        st.sampled_from(
            ("", "", "quoted")
            if careful
            else ("", "quoted", "semicolons", "tabs", "sep", "decimal commas", "crlf", "cr")
        )
    )
    delimiter = {"semicolons": ";", "sep": ";", "decimal commas": ";", "tabs": "\t"}.get(quirk, ",")
    ending = {"crlf": "\r\n", "cr": "\r"}.get(quirk, "\n")
    if quirk == "decimal commas":
        rows = [[cell.replace(".", ",") for cell in row] for row in rows]
    file = io.StringIO()
    quoting: Any = csv.QUOTE_ALL if quirk == "quoted" else csv.QUOTE_MINIMAL
    csv.writer(file, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(rows)
    text = file.getvalue()
    return (f"sep=;\n{text}" if quirk == "sep" else text), [quirk] if quirk else []


def trial(case: Case, steps: list[Step]) -> None:
    """As a scenario's. Errors: Fault."""
    scenario.trial(case, steps)
