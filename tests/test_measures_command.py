"""`local-citizenship measures`, and city effort (E9) in `compare`: what is printed, and how mistakes are told."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import call, told, worked
from own_measures import forget_own_measures
from rich.console import Console
from synthetic_tables import make_run
from typer.testing import Result

from local_citizenship.app import console as console_module
from local_citizenship.app.console import Screen
from local_citizenship.app.measures_command import by_groups
from local_citizenship.app.tables import add_row, titled
from local_citizenship.outcomes import Run
from local_citizenship.outcomes.asked.question import ask
from local_citizenship.outcomes.headline import HEADLINES
from local_citizenship.outcomes.measures import BY_ID, all_measures, measures_table
from local_citizenship.outcomes.outcome_spec import OutcomeSpec
from local_citizenship.outcomes.run_folder import load_run, save_run


def lines(result: Result) -> list[list[str]]:
    """The cells of each line of the tables printed."""
    assert result.exit_code == 0, result.output
    rows = [line for line in result.stdout.splitlines() if line.startswith(("│", "┃"))]
    return [[cell.strip() for cell in re.split("[│┃]", row)[1:-1]] for row in rows]


@pytest.fixture(autouse=True)
def no_own_measures() -> Iterator[None]:
    yield
    forget_own_measures()


@pytest.fixture(scope="module")
def run() -> Run:
    return make_run(places=20, regions=3, months=36)


@pytest.fixture(scope="module")
def folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_run(run, tmp_path_factory.mktemp("runs") / "made-up")


def test_all_nine_of_the_whole_country(folder: Path) -> None:
    rows = lines(call("measures", folder))
    assert rows[0] == ["name", "measure", "1990", "1991", "1992", "unit"]
    whole = measures_table(load_run(folder), by=["country"])
    there = dict.fromkeys(whole[["id", "measure"]].itertuples(index=False, name=None))
    named = [row[0] for row in rows[1:] if row[0]]
    assert named == [f"{theme}.{name}" for theme, name in there]


def test_one_by_groups_and_year(run: Run, folder: Path) -> None:
    rows = lines(call("measures", folder, "--id", "e8", "--year", 1991))
    table = measures_table(run)
    now = table.query("id == 'E8' and year == 1991 and measure == 'unmet'")
    assert rows[0] == ["measure", *now["group"]]
    assert rows[0][1] == "all"
    assert {"legal", "overstayer"} <= set(rows[0])
    assert rows[1][0] == "unmet needs (episodes)"
    assert rows[1][1:] == [f"{value:,.0f}" for value in now["value"]]


def test_one_over_the_years_then_by_groups_of_the_last(folder: Path) -> None:
    shown = call("measures", folder, "--id", "E4").stdout
    assert "E4 Modes of claiming: the whole country" in shown
    assert "E4 Modes of claiming, by status, 1992" in shown
    assert "E4 Modes of claiming, by years of stay, 1992" in shown


def test_one_measure_year_by_year(run: Run, folder: Path) -> None:
    rows = lines(call("measures", folder, "--id", "E7", "--measure", "places"))
    table = measures_table(run)
    values = table.query("measure == 'places' and id == 'E7' and group == 'language'")["value"]
    (language,) = (row for row in rows if row[1] == "language")
    assert language[2:] == [f"{value:.1%}" for value in values]


def test_a_run_folder_without_the_table_has_it_made(run: Run, tmp_path: Path) -> None:
    old = save_run(run, tmp_path / "old")
    manifest = (old / "manifest.json").read_text(encoding="utf-8")
    start = manifest.index('"measures": {')
    shorter = manifest[:start].rstrip().rstrip(",") + manifest[manifest.index("}", start) + 1 :]
    (old / "manifest.json").write_text(shorter, encoding="utf-8")
    (old / "tables" / "measures.parquet").unlink()
    assert "measures" not in load_run(old).tables
    assert lines(call("measures", old, "--id", "E2"))


def test_the_definitions_need_no_run() -> None:
    shown = call("measures", "--define").stdout
    for outcome, measure in all_measures():
        assert outcome.title in shown
        assert measure.name in shown
    for name in HEADLINES:
        assert name in shown
    one = call("measures", "--define", "--id", "E4").stdout
    assert "claiming.sustained_after" in one
    assert "E3" not in one


def test_what_the_lists_say_can_be_typed() -> None:
    defined = json.loads(call("measures", "--define", "--json").stdout)
    shown = lines(call("measures", "--define"))
    cells = [row[0].removeprefix("or ") for row in shown if row[0][:1] in "Eo" and "." in row[0]]
    named = [name for each in defined for name in each["names"]]
    assert cells == named
    for each in defined:
        for name in each["names"]:
            spec = OutcomeSpec.parse(name)
            assert (spec.theme, spec.measure) == (each["id"], each["measure"])
            one = ask(name, None if "country" in each["by"] else each["by"][0])
            assert one.name == f"{each['id']}.{each['measure']}"
    of_take_up = next(each["names"] for each in defined if each["measure"] == "claimed_of_eligible_any")
    assert of_take_up == ["E3.claimed_of_eligible_any", "E3.take_up"]
    split = OutcomeSpec.parse("E3.take_up[legal] 2004")
    assert (split.measure, split.by, split.group, split.year) == (
        "claimed_of_eligible_any",
        "status",
        "legal",
        2004,
    )
    for name in HEADLINES:
        assert OutcomeSpec.parse(name).name == name


def test_a_measure_can_be_asked_for_by_each_of_its_names(folder: Path) -> None:
    wanted = lines(call("measures", folder, "--id", "E3", "--measure", "claimed_of_eligible_any"))
    assert len(wanted) > 1
    for asked in (["--id", "e3", "--measure", "take_up"], ["--measure", "E3.take_up"],
                  ["--id", "E3", "--measure", "E3.claimed_of_eligible_any"]):  # fmt: skip
        assert lines(call("measures", folder, *asked)) == wanted
    (defined,) = json.loads(call("measures", "--define", "--json", "--measure", "E3.take_up").stdout)
    assert defined["measure"] == "claimed_of_eligible_any"


def test_piped_it_prints_tables_alone(folder: Path) -> None:
    assert "--define" not in call("measures", folder).stdout


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["--id", "E12"], "no measure 'E12': choose from E1, E2"),
        (["--id", "E5", "--measure", "wealth"], "E5 has no measure 'wealth': choose from needs, city"),
        (["--measure", "city"], "--measure needs --id"),
        (["--measure", "E12.city"], "no measure 'E12.city': choose from E1, E2"),
        (["--id", "E4", "--measure", "E3.take_up"], "'E3.take_up' is no measure of E4"),
        (["--measure", "E3.take_up[legal]"], "no group or year"),
        (["--year", 2004], "no year 2004 for this run: there is 1990 to 1992"),
        (["--id", "E2", "--year", 1989], "no year 1989 for E2 in this run"),
    ],
)
def test_mistakes_are_told_in_a_sentence(folder: Path, asked: list[object], sentence: str) -> None:
    assert sentence in told(call("measures", folder, *asked))


def test_runs_that_are_not_there_or_too_short_are_told_in_a_sentence(tmp_path: Path) -> None:
    assert "needs the folder of a finished run" in told(call("measures"))
    assert "there is no run folder" in told(call("measures", tmp_path / "nowhere"))
    short = save_run(make_run(places=3, regions=1, months=3), tmp_path / "short")
    ends_early = "no E4 in this run, which ends before its first December"
    assert ends_early in told(call("measures", short, "--id", "E4"))
    worked("measures", short, "--id", "E3")


def test_a_measure_of_ones_own(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(
        'def share_helped(run):\n    """Who was helped."""\n    return 0.25\n\ndef broken(run):\n    1 / 0\n',
        "utf-8",
    )
    rows = lines(call("measures", folder, "--measure", f"{mine}:share_helped"))
    assert rows == [["by", "group", "1992"], ["country", "all", "0.25"]]
    assert "Who was helped." in call("measures", "--define", "--measure", f"{mine}:share_helped").stdout
    assert "has no function 'helped'" in told(call("measures", folder, "--measure", f"{mine}:helped"))
    assert "ZeroDivisionError" in told(call("measures", folder, "--measure", f"{mine}:broken"))


def test_a_measure_of_ones_own_in_a_theme(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(
        "from local_citizenship import measure\n\n"
        '@measure(id="E4")\ndef gone(run):\n    """Who left."""\n    return 0.25\n',
        "utf-8",
    )
    shown = call("measures", folder, "--measure", mine)
    assert "E4 Modes of claiming: gone" in shown.stdout
    assert lines(shown)[1] == ["country", "all", "", "", "0.25"]


def effort_lines(result: Result) -> dict[tuple[str, str], list[str]]:
    """(group of places, measure) -> first, second, change."""
    found, group = {}, ""
    shown = result.stdout[result.stdout.index("City effort") :]
    rows = [re.split("[│]", line)[1:-1] for line in shown.splitlines() if line.startswith("│")]
    for cells in rows:
        name, measure, *values, _ = (cell.strip() for cell in cells)
        group = name or group
        found[group, measure] = values
    return found


@pytest.mark.mechanism("E9")
def test_compare_shows_e9_of_the_same_places_in_both_runs(tmp_path: Path) -> None:
    made = make_run(places=12, regions=2, months=24)
    yearly = made.table("places_yearly").copy()
    some = yearly["place"] < 5
    yearly = yearly.assign(migrants=100, motivation=0.8, spent=1.0, service_level=0.4)
    with_ngos = yearly.assign(ngos=some * 2)
    without = yearly.assign(ngos=0, service_level=0.4 + 0.2 * some, spent=1.0 + 2.0 * some)
    one, other = (
        save_run(Run(made.scenario, made.tables.replaced(places_yearly=table)), tmp_path / name)
        for name, table in (("one", with_ngos), ("other", without))
    )
    for first, second, turned in ((one, other, False), (other, one, True)):
        result = worked("compare", first, second)
        assert "City effort (E9), end of 1991" in result.stdout
        rows = effort_lines(result)
        assert rows["all", "places counted"] == ["12", "12", "0"]
        assert rows["with NGOs", "places counted"] == ["5", "5", "0"]
        levels, spending = ["0.4", "0.6"], ["10", "30"]
        assert rows["with NGOs", "service level"][:2] == (levels[::-1] if turned else levels)
        assert rows["with NGOs", "spent a migrant"][:2] == (spending[::-1] if turned else spending)
        assert rows["without NGOs", "service level"] == ["0.4", "0.4", "0"]
        assert rows["with NGOs", "effort"][2] == ("-0.25" if turned else "+0.25")


def test_compare_of_short_runs_has_no_effort(tmp_path: Path) -> None:
    short = save_run(make_run(places=3, regions=1, months=3), tmp_path / "short")
    result = worked("compare", short, short)
    assert "City effort" not in result.stdout


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_groups_that_do_not_fit_go_into_a_table_of_their_own(run: Run, width: int) -> None:
    table = measures_table(run)
    tables = by_groups(BY_ID["E3"], table[table["id"] == "E3"], 1991, width)
    groups = [str(column.header) for each in tables for column in each.columns[1:]]
    of_the_year = table[(table["id"] == "E3") & (table["year"] == 1991) & (table["by"] == "status")]
    assert groups == ["all", *of_the_year["group"].unique()]
    console = Console(width=width, file=io.StringIO())
    for each in tables:
        console.print(each)
    shown = console.file.getvalue()
    assert "overstayer" in shown  # no heading is broken
    assert max(map(len, shown.splitlines())) <= width
    assert (len(tables) == 1) == (width >= 100)


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_no_number_is_broken_however_narrow(width: int) -> None:
    table = titled(
        "Places", "place", "residents", "unauthorised share", numbers=("residents", "unauthorised share")
    )
    add_row(table, "Ohisama-no-machi of the seven hills", "12,345,678", "45%")
    console = Screen(width=width, file=io.StringIO())
    console.print(table)
    shown = console.file.getvalue()
    assert "12,345,678" in shown
    assert "45%" in shown
    assert max(map(len, shown.splitlines())) <= max(width, 8 + 10 + 12 + 3 * 3 + 1)


@pytest.mark.parametrize("width", [50, 80, 120])
def test_columns_that_do_not_fit_go_into_a_further_table(width: int) -> None:
    numbers = ("runs", "mean", "its 95% interval", "less the first", "its interval", "decided")
    table = titled("Unevenness", "design point", *numbers, numbers=numbers)
    row = ("10", "0.212", "0.198 to 0.216", "+0.100 points", "+0.097 to +0.103", "yes")
    add_row(table, "NGOs false, Copying none", *row)
    console = Screen(width=width, file=io.StringIO())
    console.print(table)
    shown = console.file.getvalue()
    assert all(number in shown for number in row)
    assert max(map(len, shown.splitlines())) <= width
    assert shown.count("Unevenness") == 1
    assert shown.count("NGOs") == {50: 3, 80: 2, 120: 1}[width]


def test_more_years_where_there_is_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("measures", folder, "--id", "E7", "--measure", "moran")
    assert lines(call(*asked))[0][2:] == ["1990", "1991", "1992"]
    monkeypatch.setattr(console_module, "PIPED_WIDTH", 60)
    assert lines(call(*asked))[0][2:] == ["1990", "1992"]
