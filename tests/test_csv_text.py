"""Tables as CSV: nothing that a spreadsheet would run, and what Excel wants on request."""

from __future__ import annotations

import csv
import locale
from pathlib import Path

import pandas as pd
import pytest
from command_line import worked

from local_citizenship.outcomes.csv_text import csv_text, safe, write_csv

BAD = ["=1+1", "+A1", "-A1", "@SUM(A1)", "\tcmd", "fine", "-1.5", "", None]


@pytest.mark.parametrize("kind", ["object", "category", "string"])
def test_cells_that_a_spreadsheet_would_run_are_text(kind: str) -> None:
    table = pd.DataFrame({"name": pd.Series(BAD, dtype=kind), "number": range(9)})
    shown = safe(table)
    assert shown["name"].tolist()[:5] == ["'=1+1", "'+A1", "'-A1", "'@SUM(A1)", "'\tcmd"]
    assert shown["name"].tolist()[5:8] == ["fine", "-1.5", ""]
    assert shown["name"].isna().tolist() == [False] * 8 + [True]
    assert table["name"][0] == "=1+1", "the table itself was changed"
    harmless = table.iloc[5:].assign(name="a")
    assert safe(harmless) is harmless


def test_names_of_columns_are_text_too() -> None:
    assert csv_text(pd.DataFrame({"=x": [1], "y": [-2]})) == "'=x,y\n1,-2\n"


@pytest.mark.parametrize(("mark", "line"), [(".", "Köln,1.5"), (",", "Köln;1,5")])
def test_excel_is_served_as_the_computer_of_its_owner_writes(
    mark: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locale, "localeconv", lambda: {"decimal_point": mark})
    table = pd.DataFrame({"name": ["Köln"], "share": [1.5]})
    for append in (False, True):
        write_csv(table, tmp_path / "a.csv", csv="excel", append=append)
    assert (tmp_path / "a.csv").read_bytes().count(b"\xef\xbb\xbf") == 1
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == [line, line]


@pytest.mark.usefixtures("empty_folder")
def test_places_with_names_like_formulas(tmp_path: Path) -> None:
    Path("towns.csv").write_text(
        "code,region,name,latitude,longitude,population,foreign_residents,fiscal_strength\n"
        '=1+1,"=HYPERLINK(""http://x"")",@here,43.0,141.0,40000,300,0.4\n'
    )
    Path("my.yaml").write_text(
        "extends: two-towns\nplaces: towns.csv\nmonths: 1\nneeds: {birth: {label: =x}}\n"
    )
    for given in (
        ["--csv", "--seeds", 1],
        ["--csv", "excel", "--no-figures"],
        ["--csv=excel", "--no-figures"],
    ):
        worked("run", *given, "my.yaml", "--out", "out", "--overwrite")
        own = Path("out/places.csv")  # the user's table, as it was given
        written = set(Path("out").rglob("*.csv")) - {own}
        for file in written:
            rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
            assert rows
            assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "\t"))], file
        assert (Path("out/tables/monthly.csv").read_bytes()[:3] == b"\xef\xbb\xbf") is (
            given[0] != "--csv" or given[1] == "excel"
        )
