"""A folder that is damaged, of another format, or a stranger's: one sentence from every command that reads it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_line import call, told, worked
from study_tools import made, made_and_ran, ran
from typer.testing import Result

from local_citizenship.app import running
from local_citizenship.experiments.studies.folder import FORMAT, StudyManifest, open_study
from local_citizenship.experiments.studies.provenance import changes
from local_citizenship.outcomes import plots, run_folder
from local_citizenship.outcomes.manifest import DamagedManifest, OtherFormat, read_manifest
from local_citizenship.outcomes.run_folder import load_run, save_run
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.outcomes.whole_folder import OutputError
from local_citizenship.scenarios.schema import SHIPPED

WRONG = (None, -5, 0.5, "x", [None], {"x": None}, True)
READING = (
    ("measures", "{run}"),
    ("measures", "{run}", "--id", "E5"),
    ("places", "{run}"),
    ("story", "{run}", "--list"),
    ("story", "{run}"),
    ("story", "{run}", "--against", "{other}"),
    ("compare", "{run}", "{other}"),
    ("handout", "{run}", "-o", "{page}", "--overwrite"),
    ("plot", "{run}", "--out", "{figures}"),
    ("plot", "{run}", "--measure", "E3.served_of_needs", "--by", "status", "--out", "{figures}/e3.png"),
    ("migrate", "{run}"),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of fourteen months, with lives that can be told."""
    run = simulate("two-towns", months=14, sets=["stories.share=0.1"])
    return save_run(run, tmp_path_factory.mktemp("sound") / "r")


@pytest.fixture
def run(sound: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(sound, tmp_path / "r"))


def manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def with_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = manifest(folder)
    change(content)
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")


def as_of_a_release_without(folder: Path, path: str) -> None:
    """As written by a release that did not have this parameter: nothing names it."""
    scenario = manifest(folder)["scenario"]
    for field in ("parameters", "layers", "sources"):
        scenario[field].pop(path, None)
    scenario["timeline"] = [change for change in scenario["timeline"] if change["path"] != path]
    with_manifest(folder, lambda content: content.update(scenario=scenario))


def fields(content: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every field of a manifest, but of long mappings the first only."""
    for name, value in list(content.items())[: 2 if len(content) > 20 else None]:
        yield (*above, name)
        if isinstance(value, dict):
            yield from fields(value, (*above, name))


def spoilt(folder: Path) -> Iterator[str]:
    """The folder with one field of its manifest after the other wrong, or gone."""
    good = manifest(folder)
    for path in list(fields(good)):
        at = good
        for name in path[:-1]:
            at = at[name]
        kept = at[path[-1]]
        for value in (*WRONG, "gone"):
            if value == "gone":
                del at[path[-1]]
            else:
                at[path[-1]] = value
            (folder / "manifest.json").write_text(json.dumps(good), encoding="utf-8")
            yield f"{'.'.join(path)} = {value}"
        at[path[-1]] = kept


def test_every_field_of_a_runs_manifest_may_be_wrong(run: Path) -> None:
    refused: dict[str, str] = {}
    for what in spoilt(run):
        try:
            load_run(run)
        except OutputError as error:
            refused[what] = str(error)
    assert len(refused) > 200
    assert all("\n" not in told and len(told) < 500 for told in refused.values())
    for what in ("scenario.months = -5", "scenario.start = x", "places = -5", "tables.monthly.rows = None"):
        assert what in refused
    assert "scenario.title = x" not in refused


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("stories.share", None, "scenario.parameters.stories.share"),
        ("stories.share", "x", "stories.share is x"),
        ("stories.share", -3, "stories.share is -3"),
        ("scale.persons_per_record", 0, "scale.persons_per_record is 0"),
        ("needs.abuse.right", "nobody's", "needs.abuse.right is nobody's"),
        ("needs.own.rate", -1.0, "needs.own.rate is -1.0"),
        ("services.language.answers", [3], "scenario.parameters.services.language.answers"),
    ],
)
def test_a_recorded_parameter_is_what_the_schema_allows(run: Path, path: str, value: Any, told: str) -> None:
    with_manifest(run, lambda content: content["scenario"]["parameters"].update({path: value}))
    with pytest.raises(OutputError, match=rf"manifest\.json is damaged \(.*{re.escape(told)}"):
        load_run(run)


def test_a_parameter_that_the_manifest_names_can_not_be_missing(run: Path) -> None:
    good = manifest(run)["scenario"]
    dated = good["timeline"][0]["path"]
    for field, path in (*(("layers", path) for path in list(good["layers"])[::60]), ("timeline.0", dated)):
        kept = {name: value for name, value in good["parameters"].items() if name != path}
        layers = {} if field == "timeline.0" else good["layers"]
        with_manifest(
            run,
            lambda each, kept=kept, layers=layers: each["scenario"].update(parameters=kept, layers=layers),
        )
        with pytest.raises(
            OutputError, match=rf"manifest\.json is damaged \(scenario: .* lack {path}, though {field} "
        ):
            load_run(run)


@pytest.mark.parametrize("field", ["label", "words", "colour", "marker", "meaning", "target_years", "group"])
def test_an_added_entry_is_filled_in_as_in_a_scenario_file(run: Path, field: str) -> None:
    (added, *_) = [name for name in load_run(run).entries.doors.names if name not in SHIPPED.doors]
    as_of_a_release_without(run, f"doors.{added}.{field}")
    door = load_run(run).entries.doors[added]
    assert all(hasattr(door, name) for name in type(door).model_fields)
    assert door.meaning != SHIPPED.doors[SHIPPED.doors.names[0]].meaning


class Noting(dict[str, Any]):
    """Parameters that note which of them are asked for by name."""

    asked: ClassVar[set[str]] = set()

    def __getitem__(self, path: str) -> Any:
        self.asked.add(path)
        return super().__getitem__(path)

    def get(self, path: str, default: Any = None) -> Any:
        self.asked.add(path)
        return super().get(path, default)


def test_what_a_command_asks_for_by_name_may_be_of_a_later_release(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each parameter that the code of a command names: a run that never had it is read, or told of in a sentence."""
    few_figures(monkeypatch)
    fearless = simulate("two-towns", months=14, sets=["stories.share=0.1", "fear.weight=0"])
    other = save_run(fearless, tmp_path / "other")
    places = {"run": run, "other": other, "page": tmp_path / "h.html", "figures": tmp_path / "figures"}
    plain = (run / "manifest.json").read_text(encoding="utf-8")
    asked = dict[tuple[str, ...], list[str]]()
    with monkeypatch.context() as noting:
        made = run_folder.Run
        noting.setattr(
            run_folder,
            "Run",
            lambda info, *rest: made(replace(info, parameters=Noting(info.parameters)), *rest),
        )
        for command in READING:
            Noting.asked.clear()
            worked(*(word.format(**places) for word in command))
            one_each = {(path.split(".")[0], path.split(".")[-1]): path for path in sorted(Noting.asked)}
            asked[command] = [*one_each.values()]  # the same of all doors
    named = {path for paths in asked.values() if len(paths) < 100 for path in paths}
    assert {"scale.persons_per_record", "stories.share", "city.fiscal_month"} <= named
    for command, paths in asked.items():
        for path in paths if len(paths) < 100 else sorted(named):  # `compare` goes through all
            (run / "manifest.json").write_text(plain, encoding="utf-8")
            as_of_a_release_without(run, path)
            told_without_exceptions(command, call(*(word.format(**places) for word in command)), path)


@pytest.mark.thorough
def test_every_field_may_be_gone_for_every_command(
    run: Path, sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_figures(monkeypatch)
    places = {"run": run, "other": sound, "page": tmp_path / "h.html", "figures": tmp_path / "figures"}
    good = manifest(run)
    for path in list(fields(good)):
        content = json.loads(json.dumps(good))
        at = content
        for name in path[:-1]:
            at = at[name]
        del at[path[-1]]
        (run / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
        for command in READING:
            told_without_exceptions(command, call(*(word.format(**places) for word in command)), path)


def told_without_exceptions(command: tuple[str, ...], result: Result, gone: object) -> None:
    """A command has done its work, or told in one sentence why not, which is not an exception's."""
    said = (command, gone, result.output, result.exception)
    assert result.exit_code in (0, 2), said
    assert "is not as this version writes it" not in result.stderr, said
    assert not result.exit_code or result.stderr.count("\n") == 1, said


def few_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of them, drawn by this process."""
    few = ("map", "service-adoption", "ngos")
    monkeypatch.setattr(running, "cores", lambda: 1)
    monkeypatch.setattr(plots, "FIGURES", {name: plots.FIGURES[name] for name in few})


def test_a_parameter_of_another_release_is_left_alone(run: Path) -> None:
    with_manifest(run, lambda content: content["scenario"]["parameters"].update({"fear.of_the_dark": -3}))
    assert load_run(run).parameters["fear.of_the_dark"] == -3


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["scenario"].update(months=10**12),
        lambda content: content["scenario"].update(seed=10**30),
        lambda content: content["scenario"]["timeline"][0].update(month=10**9),
        lambda content: content["scenario"]["timeline"][0].update(value=-5),
        lambda content: content["tables"]["monthly"].update(rows=-1),
        lambda content: content["timing"].update(migrant_months=-3),
        lambda content: content["places"].update(named=7),
    ],
)
def test_absurd_numbers_are_not_believed(run: Path, change: Callable[[dict[str, Any]], object]) -> None:
    with_manifest(run, change)
    with pytest.raises(OutputError, match=r"manifest\.json is damaged \("):
        load_run(run)


def test_lives_are_compared_where_a_run_does_not_say_how_many_it_recorded(run: Path, sound: Path) -> None:
    as_of_a_release_without(run, "stories.share")
    assert "0.1" in told(call("story", run, "--against", sound))


def test_every_field_of_a_studys_manifest_may_be_wrong(tmp_path: Path) -> None:
    study = made_and_ran(tmp_path, "scenarios: two-towns\nmonths: 2\nreplicates: 2\n", name="s")
    now, refused = study._origins(), []
    for what in spoilt(study.path):
        try:
            changes(read_manifest(study.path / "manifest.json", StudyManifest, FORMAT), now)
        except (DamagedManifest, OtherFormat):
            refused.append(what)
    assert len(refused) > 50
    assert "added_replicates = -5" in refused
    assert "name = x" not in refused
    (study.path / "manifest.json").write_text("[]")
    assert "manifest.json is damaged (it names no format)" in told(call("study", "status", study.path))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "\xff", "[" * 100_000, '{"format": 1}'])
def test_a_manifest_that_is_none(run: Path, text: str) -> None:
    (run / "manifest.json").write_text(text, encoding="latin-1")
    with pytest.raises(OutputError, match=r"manifest\.json is damaged \("):
        load_run(run)


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.99])
def test_every_table_may_be_cut_short(run: Path, keep: float) -> None:
    for file in sorted((run / "tables").iterdir()):
        whole = file.read_bytes()
        file.write_bytes(whole[: int(keep * len(whole))])
        with pytest.raises(OutputError, match=rf"{file.name} is damaged \("):
            load_run(run).table(file.stem)


def test_a_table_of_other_rows_or_columns_is_not_the_one_that_was_written(run: Path) -> None:
    for file in sorted((run / "tables").iterdir()):
        table = pq.read_table(file)
        damages = [
            table.drop_columns(table.column_names[:1]),
            table.append_column("more", pa.nulls(len(table))),
        ]
        damages += [table.slice(0, len(table) // 2)] if len(table) else []
        for damaged in damages:
            pq.write_table(damaged, file)
            with pytest.raises(OutputError, match=r"it has other (rows|columns) than were written"):
                load_run(run).table(file.stem)


def without_level(run: Path) -> None:
    """A service without its level, in table and manifest."""
    file = run / "tables" / "places_yearly.parquet"
    table = pq.read_table(file).drop_columns(["level_schooling"])
    pq.write_table(table, file)
    with_manifest(run, lambda each: each["tables"]["places_yearly"].update(columns=table.column_names))


def fewer_rows(run: Path) -> None:
    """Half of the places' years, in table and manifest."""
    file = run / "tables" / "places_yearly.parquet"
    table = pq.read_table(file).slice(0, 1)
    pq.write_table(table, file)
    with_manifest(run, lambda each: each["tables"]["places_yearly"].update(rows=1))


def other_numbers(run: Path) -> None:
    """Months of the events that are none."""
    file = run / "tables" / "events.parquet"
    table = pq.read_table(file)
    place = table.column_names.index("month")
    pq.write_table(table.set_column(place, "month", pa.nulls(len(table), pa.float64())), file)


def other_scale(run: Path) -> None:
    """A parameter that is of another kind."""
    with_manifest(run, lambda each: each["scenario"]["parameters"].update({"scale.persons_per_record": "x"}))


def a_pipe(run: Path) -> None:
    """In place of each table: whoever opened it would wait for ever."""
    for file in (run / "tables").iterdir():
        file.unlink()
        os.mkfifo(file)


def a_socket(run: Path) -> None:
    """In place of a table."""
    file = run / "tables" / "places.parquet"
    file.unlink()
    with contextlib.chdir(file.parent), socket.socket(socket.AF_UNIX) as bound:
        bound.bind(file.name)  # not by its path: there is no room for a long one


def as_text(run: Path) -> None:
    """Numbers that are none."""
    file = run / "tables" / "events.parquet"
    table = pq.read_table(file)
    place = table.column_names.index("migrant")
    pq.write_table(table.set_column(place, "migrant", pa.array(["7?"] * len(table))), file)


def negative(run: Path) -> None:
    """Places that can't be."""
    file = run / "tables" / "events.parquet"
    table = pq.read_table(file)
    place = table.column_names.index("place")
    pq.write_table(table.set_column(place, "place", pa.array([-1] * len(table), pa.int32())), file)


def large(run: Path) -> None:
    """A region that would have room asked for a thousand million of them."""
    file = run / "tables" / "places.parquet"
    table = pq.read_table(file)
    place = table.column_names.index("region")
    pq.write_table(table.set_column(place, "region", pa.array([10**9] * len(table), pa.int32())), file)


def no_places(run: Path) -> None:
    """The places are gone."""
    (run / "tables" / "places.parquet").unlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
@pytest.mark.parametrize(
    "damage",
    [
        without_level,
        fewer_rows,
        other_numbers,
        other_scale,
        no_places,
        as_text,
        negative,
        large,
        a_pipe,
        a_socket,
    ],
)
@pytest.mark.usefixtures("impatient")
def test_every_command_tells_of_damage_in_a_sentence(
    run: Path, sound: Path, tmp_path: Path, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    few_figures(monkeypatch)
    damage(run)
    places = {"run": run, "other": sound, "page": tmp_path / "h.html", "figures": tmp_path / "figures"}
    refused = 0
    for command in READING:
        result = call(*(word.format(**places) for word in command))
        said = (command, result.output, result.exception)
        assert result.exit_code in (0, 2), said
        assert result.stderr.count("\n") == (1 if result.exit_code else len(result.stderr.splitlines())), said
        refused += result.exit_code == 2
    assert refused > 0


def test_a_bug_over_a_sound_folder_is_told_with_its_place(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from local_citizenship.outcomes import story

    monkeypatch.setattr(story, "tell", lambda *_: {}["x"])
    assert "(KeyError: 'x', in test_damaged_folders.py, line" in told(call("story", run))


def test_a_finished_study_is_no_damaged_run(tmp_path: Path) -> None:
    """Both have tables and a manifest; `migrate` tells them apart."""
    study = made_and_ran(tmp_path, "scenarios: two-towns\nmonths: 2\nreplicates: 2\n", name="s").path
    (study / "tables").mkdir(exist_ok=True)
    assert "; it is read, and resumed, as it is." in call("migrate", study).stdout


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "name", ["study.yaml", "manifest.json", "scenarios/two-towns.yaml", "records/runs.jsonl"]
)
def test_a_pipe_in_a_study_is_not_waited_for(tmp_path: Path, name: str) -> None:
    study = made_and_ran(tmp_path, "scenarios: two-towns\nmonths: 2\nreplicates: 2\n", name="s").path
    (study / name).unlink()
    os.mkfifo(study / name)
    for command in ("status", "resume", "export"):
        assert "s" in told(call("study", command, study))
    assert told(call("study", "run", tmp_path / "s.yaml", "--out", study))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
@pytest.mark.usefixtures("impatient")
def test_a_pipe_in_place_of_a_lock_is_not_waited_for(tmp_path: Path) -> None:
    study = made(tmp_path, "scenarios: two-towns\nmonths: 2\nreplicates: 2\n", name="s")
    for name in ("runs.holder", "runs.lock"):
        (study.path / "records" / name).unlink(missing_ok=True)
        os.mkfifo(study.path / "records" / name)
    assert "Nobody is at work" in call("study", "status", study.path).stdout
    ran(study)
    assert open_study(study.path).complete


def test_a_manifest_that_names_no_tables(run: Path) -> None:
    with_manifest(run, lambda content: content["tables"].clear())
    for command in (("measures", run), ("places", run)):
        assert "is damaged, or made without what this needs (no table" in told(call(*command))
