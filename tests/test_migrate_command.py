"""`migrate`: what it says of files and folders of 0.1.0, and what it rewrites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from local_citizenship import save_run, simulate
from local_citizenship.app.cli import app

STUDY = """# About luck: shared is best.
scenarios: two-towns
months: 12
factors:
  fear.weight: {values: [0, 5]}
design: grid
"luck":   shared # the same people at each point
outcomes: [needs_met]
"""


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["migrate", *(str(a) for a in arguments)])


@pytest.fixture
def study(tmp_path: Path) -> Path:
    file = tmp_path / "mine.yaml"
    file.write_text(STUDY, encoding="utf-8")
    return file


def test_a_study_file_is_rewritten_where_it_must_be(study: Path) -> None:
    result = call(study)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"{study}:7: luck: shared is now common_random_numbers: true",
        f"Rewrote {study}.",
    ]
    now = study.read_text(encoding="utf-8")
    assert now == STUDY.replace('"luck":   shared', "common_random_numbers: true")
    assert call(study).stdout == f"{study}: nothing needs rewriting.\n"
    assert study.read_text(encoding="utf-8") == now


def test_check_only_tells(study: Path) -> None:
    result = call(study.parent, "--check")
    assert result.exit_code == 1
    assert "luck: shared is now" in result.stdout
    assert study.read_text(encoding="utf-8") == STUDY


def test_a_scenario_is_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("extends: two-towns\nfear: {weight: 1}\n", encoding="utf-8")
    assert call(file).stdout == f"{file}: nothing needs rewriting.\n"


def test_a_run_folder_is_read_as_it_is(tmp_path: Path) -> None:
    folder = save_run(simulate("two-towns", months=2, engine="interpreted"), tmp_path / "run")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["versions"]["local-citizenship"] = "0.1.0"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert call(folder).stdout == f"{folder}: a run, made by 0.1.0; it is read as it is.\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "there is no file or folder"),
        ("", "is empty"),
        ("extends: two-towns\nfear: {wieght: 1}\n", "did you mean"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(tmp_path: Path, text: str | None, told: str) -> None:
    file = tmp_path / "mine.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    result = call(file)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    assert "holds no scenario or study files" in call(tmp_path).stderr
