"""`migrate`: what it says of files and folders of 0.1.0, and what it rewrites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import call, told
from typer.testing import Result

from local_citizenship import save_run, simulate

STUDY = """# About luck: shared is best.
scenarios: two-towns
months: 12
factors:
  fear.weight: {values: [0, 5]}
design: grid
"luck":   shared # the same people at each point
outcomes: [needs_met]
"""


def migrate(*arguments: object) -> Result:
    return call("migrate", *arguments)


def mine(folder: Path, text: str) -> Path:
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return mine(tmp_path, STUDY)


def test_a_study_file_is_rewritten_where_it_must_be(study: Path) -> None:
    result = migrate(study)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"{study}:7: luck: shared is now common_random_numbers: true",
        f"Rewrote {study}.",
    ]
    now = study.read_text(encoding="utf-8")
    assert now == STUDY.replace('"luck":   shared', "common_random_numbers: true")
    assert migrate(study).stdout == f"{study}: nothing needs rewriting.\n"
    assert study.read_text(encoding="utf-8") == now


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "{scenarios: [two-towns], months: 2, title: 'on luck: shared', luck: shared, outcomes: [needs_met]}\n",
            "luck: shared, outcomes",
        ),
        ("{title: \"luck: own\", 'luck':own, scenarios: two-towns, months: 2}\n", "'luck':own"),
    ],
)
def test_in_a_file_of_one_line_the_key_itself_is_rewritten(tmp_path: Path, before: str, after: str) -> None:
    file = mine(tmp_path, before)
    assert migrate(file).exit_code == 0
    new = after.replace("luck: shared", "common_random_numbers: true")
    new = new.replace("'luck':own", "common_random_numbers: false")
    assert file.read_text(encoding="utf-8") == before.replace(after, new)


def test_what_is_written_over_two_lines_is_left_to_its_author(tmp_path: Path) -> None:
    file = mine(tmp_path, text := STUDY.replace('"luck":   shared', "luck:\n  shared"))
    assert "mine.yaml:7: luck: shared is now common_random_numbers: true: write it so by hand" in told_last(
        migrate(file)
    )
    assert file.read_text(encoding="utf-8") == text


def told_last(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_check_only_tells(study: Path) -> None:
    result = migrate(study.parent, "--check")
    assert result.exit_code == 3
    assert "luck: shared is now" in result.stdout
    assert study.read_text(encoding="utf-8") == STUDY


def test_a_table_of_places_that_is_gone_gives_way_to_its_successor(tmp_path: Path) -> None:
    file = mine(tmp_path, "extends: two-towns\nplaces: korea_provinces.csv # of 0.1.0\n")
    assert "korea_municipalities_2015.csv has taken its place" in told(call("check", file))
    assert migrate(file, "--check").exit_code == 3
    assert "# of 0.1.0" in file.read_text(encoding="utf-8")
    assert migrate(file).exit_code == 0
    assert "places: korea_municipalities_2015.csv # of 0.1.0" in file.read_text(encoding="utf-8")


def test_a_scenario_is_read_as_it_is(tmp_path: Path) -> None:
    file = mine(tmp_path, "extends: two-towns\nfear: {weight: 1}\n").rename(tmp_path / "mine.yml")
    assert migrate(file).stdout == f"{file}: nothing needs rewriting.\n"


def test_a_run_folder_is_read_as_it_is(tmp_path: Path) -> None:
    folder = save_run(simulate("two-towns", months=2, engine="interpreted"), tmp_path / "run")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["versions"]["local-citizenship"] = "0.1.0"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert migrate(folder).stdout == f"{folder}: a run, made by 0.1.0; it is read as it is.\n"


def test_mistakes_are_told_in_a_sentence(tmp_path: Path) -> None:
    assert "holds no scenario or study files" in told(migrate(tmp_path))
    assert "there is no file or folder" in told(migrate(tmp_path / "mine.yaml"))
    for text, says in (("", "is empty"), ("extends: two-towns\nfear: {wieght: 1}\n", "did you mean")):
        assert says in told(migrate(mine(tmp_path, text)))
