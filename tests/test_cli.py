"""The command line: what each command prints, its exit code, and how it takes mistakes and Ctrl-C."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from command_line import call, told

from local_citizenship.app import running
from local_citizenship.app.cli import app, relaxed_gc
from local_citizenship.app.data_output import as_plain
from local_citizenship.app.parameters import find, value_in
from local_citizenship.app.surroundings import settle_surroundings
from local_citizenship.outcomes.invocation import COMMANDS, TYPED, as_typed
from local_citizenship.outcomes.run_folder import load_run
from local_citizenship.scenarios import list_scenarios, load_scenario
from local_citizenship.scenarios.json_schema import json_schema
from local_citizenship.scenarios.schema import Parameters, iter_parameters

SMALL = "two-towns"


def process(code: str, *arguments: object, cwd: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, which ends with the command line's main()."""
    code += "\nfrom local_citizenship.app.cli import main\nmain()"
    command = [sys.executable, "-c", code, *(str(a) for a in arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=900)
    assert done.returncode == status, done.stderr
    return done


def one_sentence(*arguments: object, cwd: Path, code: str = "") -> str:
    """What a process that ends with a mistake tells of it."""
    done = process(code, *arguments, cwd=cwd, status=2)
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    return done.stderr


def quick_run(folder: Path, *options: object, months: int = 2) -> Path:
    """A run of two towns without figures, in this folder."""
    result = call("run", SMALL, "--months", months, "--no-figures", *options, "--out", folder)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short run with its figures."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    result = call("run", SMALL, "--months", 24, "--seed", 3, "--out", folder)
    assert result.exit_code == 0, result.output
    return folder


# --- the whole


def test_help_and_list_stay_quick(tmp_path: Path) -> None:
    code = """
import atexit, sys
def heavy():
    loaded = sorted({"mesa", "numba", "matplotlib", "pandas", "scipy", "pyarrow"} & set(sys.modules))
    print("HEAVY", loaded, file=sys.stderr)
atexit.register(heavy)"""
    for command in ("--help", "list", "explain"):
        assert "HEAVY []" in process(code, command, cwd=tmp_path).stderr, command


def test_without_a_command_it_tells_the_commands() -> None:
    shown = call("--help").stdout
    for name in ("run", "check", "list", "explain", "schedule", "plot", "story", "new"):
        assert f" {name} " in shown


def test_a_bug_shows_its_traceback(tmp_path: Path) -> None:
    code = """
import local_citizenship.scenarios as scenarios
def broken(*args, **kwargs):
    raise ZeroDivisionError("a bug")
scenarios.load_scenario = broken"""
    done = process(code, "check", SMALL, cwd=tmp_path, status=1)
    assert "Traceback" in done.stderr
    assert "ZeroDivisionError: a bug" in done.stderr


def test_garbage_is_looked_for_as_before_even_after_a_mistake() -> None:
    before, seen = gc.get_threshold(), list[int]()

    @relaxed_gc()
    def fail() -> None:
        seen.append(gc.get_threshold()[0])
        raise ValueError("on purpose")

    for _ in range(2):
        with pytest.raises(ValueError, match="on purpose"):
            fail()
        assert gc.get_threshold() == before
    assert min(seen) > before[0]


# --- run


def test_run_leaves_a_whole_folder(small_run: Path) -> None:
    assert (small_run / "manifest.json").is_file()
    assert (small_run / "scenario.yaml").is_file()
    assert (small_run / "tables" / "monthly.parquet").is_file()
    assert len(list((small_run / "figures").glob("*.png"))) >= 9
    assert [p.name for p in small_run.parent.iterdir()] == ["small"]


def test_piped_it_prints_one_line_with_a_fresh_folder(tmp_path: Path) -> None:
    options = ("run", SMALL, "--months", 2, "--seed", 5, "--no-figures")
    for folder in (f"{SMALL}-seed5", f"{SMALL}-seed5-2"):
        done = process("", *options, cwd=tmp_path)
        assert done.stderr == ""
        (line,) = done.stdout.splitlines()
        assert line == f"{SMALL}, seed 5, 2 months: {Path('runs') / folder}"
        assert (tmp_path / "runs" / folder / "manifest.json").is_file()
        assert not (tmp_path / "runs" / folder / "figures").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
@pytest.mark.parametrize("quiet", [False, True])
def test_at_a_terminal_it_shows_progress_outcomes_and_where_next(tmp_path: Path, quiet: bool) -> None:
    shown = at_a_terminal("run", SMALL, "--months", 2, "--no-figures", *["--quiet"] * quiet, cwd=tmp_path)
    folder = f"runs/{SMALL}-seed1"
    if quiet:
        assert shown.split() == [folder]
        return
    for step in ("Setting up", "Saving the tables", "Migrants at the end", f"story {folder}"):
        assert step in shown
    assert load_scenario(SMALL).date(1) in shown


def at_a_terminal(*arguments: object, cwd: Path) -> str:
    """What the command line prints to a terminal that is 120 columns wide."""
    import pty

    command = [sys.executable, "-P", "-m", "local_citizenship.app", *(str(a) for a in arguments)]
    seen, slave = pty.openpty()
    environment = {**os.environ, "COLUMNS": "120", "TERM": "xterm", "NO_COLOR": "1"}
    running = subprocess.Popen(command, cwd=cwd, env=environment, stdout=slave, stderr=slave)
    os.close(slave)
    shown = b""
    with contextlib.suppress(OSError):  # how Linux tells that the other end has closed
        while part := os.read(seen, 65536):
            shown += part
    os.close(seen)
    assert running.wait(60) == 0
    return shown.decode()


def test_quiet_prints_the_folder_only(tmp_path: Path) -> None:
    result = call("run", SMALL, "--months", 2, "--no-figures", "--quiet", "--out", tmp_path / "a")
    assert result.stdout.splitlines() == [str(tmp_path / "a")]
    assert result.stderr == ""


def test_a_senseless_date_of_building_stops_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy and Matplotlib read it, and take nothing but a number."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    done = process("", "run", SMALL, "--months", 2, "--no-figures", "--quiet", "--out", "a", cwd=tmp_path)
    assert done.stderr == ""
    assert (tmp_path / "a" / "manifest.json").is_file()
    for date, kept in (("0", True), ("1700000000", True), ("", False), ("-1", False), ("9" * 400, False)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", date)
        settle_surroundings()
        assert ("SOURCE_DATE_EPOCH" in os.environ) is kept, date


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
def test_settings_of_matplotlib_are_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "pipe"))
    code = "from local_citizenship.app.surroundings import settle_surroundings as s; s(); import matplotlib"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")


def test_csv_on_request(tmp_path: Path) -> None:
    assert list(quick_run(tmp_path / "a", "--csv").rglob("monthly.csv"))


def test_set_changes_the_parameter_and_says_so(tmp_path: Path) -> None:
    run = load_run(
        quick_run(tmp_path / "a", "--set", "enforcement.apprehension=0.02", "--set", "fear.local=0.25")
    )
    assert run.parameters["enforcement.apprehension"] == 0.02
    assert run.parameters["fear.local"] == 0.25
    assert run.scenario.layers["fear.local"] == "--set"
    assert run.months == 2


def test_an_existing_folder_is_an_error_before_simulating(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("it simulated")

    monkeypatch.setattr(running, "run_into", never)
    (tmp_path / "thing").write_text("precious")
    assert "exists already" in told(call("run", SMALL, "--out", tmp_path))
    assert "something else than a run" in told(call("run", SMALL, "--out", tmp_path, "--overwrite"))
    assert "is a file" in told(call("run", SMALL, "--out", tmp_path / "thing", "--overwrite"))
    assert (tmp_path / "thing").read_text() == "precious"


def test_overwrite_replaces_a_run(tmp_path: Path) -> None:
    folder = quick_run(tmp_path / "a")
    assert "exists already" in told(call("run", SMALL, "--no-figures", "--months", 3, "--out", folder))
    quick_run(folder, "--overwrite", months=3)
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert load_run(folder).months == 3


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_ctrl_c_and_its_like_leave_nothing(tmp_path: Path, name: str) -> None:
    if not hasattr(signal, name):
        pytest.skip("Windows has no terminal that hangs up")
    interrupt = """
import atexit
from local_citizenship.model.simulation import Simulation
step = Simulation.step
def interrupted(self):
    if self.month == 2:
        atexit.register(signal.raise_signal, signal.SIGTERM)  # once more, while Python ends
        signal.raise_signal(signal.NAME)
    step(self)
Simulation.step = interrupted"""
    # Restored first: a shell that starts the tests in the background has its children ignore Ctrl-C, and `nohup` that
    # a terminal was closed.
    usual = "default_int_handler" if name == "SIGINT" else "SIG_DFL"
    code = f"import signal\nsignal.signal(signal.NAME, signal.{usual}){interrupt}".replace("NAME", name)
    done = process(code, "run", SMALL, "--months", 6, "--out", "a", cwd=tmp_path, status=130)
    assert done.stdout == ""
    assert done.stderr == "Stopped. No half-written folder was left behind.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
def test_streams_that_are_closed_or_full(tmp_path: Path) -> None:
    """Whoever closes a stream asks for silence, and no file takes its place; what can't be written is a sentence."""
    command = f"{sys.executable} -P -m local_citizenship.app"
    (tmp_path / "mine.yaml").write_text("extends: two-towns\nfear: {lokal: 1}\n")
    for words, status, said in (
        ("--version >&-", 0, ""),
        ("list <&- >&- 2>&-", 0, ""),
        ("check mine.yaml 2>&-", 2, ""),
        ("--version >/dev/full", 2, "the disk is full\n"),
        ("list >/dev/full", 2, "the disk is full\n"),
    ):
        done = subprocess.run(f"{command} {words}", shell=True, cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (status, "", said), words


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder that is in use")
def test_a_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    for command in (("run", SMALL, "--months", 2), ("handout", SMALL, "--months", 2, "-o", "h.html")):
        assert "The folder in which this was started is gone" in told(call(*command))


def test_hints_name_the_command_as_it_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "`local-citizenship explain` lists the sections" in told(call("explain", "xyzzy"))
    monkeypatch.setenv(TYPED, "python3 ../start.py")
    assert "`python3 ../start.py explain` lists the sections" in told(call("explain", "xyzzy"))


def test_commands_named_in_a_message_stand_as_they_are_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    assert set(COMMANDS) == set(group.list_commands(None))  # type: ignore[arg-type]
    monkeypatch.setenv(TYPED, "python3 start.py")
    assert as_typed("go on with `study resume x`, `explain`, `patterns: fit`") == (
        "go on with `python3 start.py study resume x`, `python3 start.py explain`, `patterns: fit`"
    )
    assert as_typed(as_typed("`run x`")) == "`python3 start.py run x`"


def test_a_new_file_says_what_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TYPED, "python3 start.py")
    call("new", tmp_path / "mine.yaml", "--from", SMALL)
    call("study", "new", tmp_path / "study.yaml")
    for name in ("mine.yaml", "study.yaml"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "# Run it:    python3 start.py " in text
        assert "local-citizenship " not in text.replace("local-citizenship.schema", "")


# --- for other programs


def test_data_comes_as_json_on_request(small_run: Path) -> None:
    def data(*command: object) -> Any:
        return json.loads(call(*command, "--json").stdout)

    assert {each["name"] for each in data("list")} >= {"japan", SMALL}
    checked = data("check", SMALL)
    assert checked["people_at_start"] > 0
    assert all(value > 0 for value in checked["arrivals_a_year"].values())
    (fear,) = data("explain", "fear.weight")
    assert (fear["unit"], fear["low"]) == ("per yearly risk", 0.0)
    rows = data("measures", small_run, "--id", "E3", "--measure", "needs")
    assert {row["measure"] for row in rows} == {"needs"}
    assert {row["by"] for row in rows} >= {"country", "status"}
    assert data("measures", "--define")[0]["by"][0] == "country"
    assert data("places", small_run)["places"][0]["migrants"] > 0
    assert data("story", small_run, "--list")[0]["migrant"] >= 0
    assert [each["mechanism"]["id"] for each in data("mechanisms", "b5")] == ["B5"]
    assert data("schedule")["month"][0]["number"] == 1
    assert data("glossary", "E3")[0]["label"] == "Take-up"


def test_what_is_no_number_is_null() -> None:
    assert as_plain({"a": np.float64("nan"), "b": (np.int64(3), True)}) == {"a": None, "b": [3, True]}


def test_the_glossary_tells_words_and_codes() -> None:
    shown = " ".join(call("glossary", "sojourner").stdout.split())
    assert "means to go home" in shown
    for code in ("E3", "d5", "P29", "E3.served_of_needs"):
        assert call("glossary", code).exit_code == 0, code
    assert "`local-citizenship glossary` tells them all" in told(call("glossary", "xyzzy"))
    whole = call("glossary").stdout
    assert "B1 to B12" in whole
    assert "denizen" in whole


def test_a_shell_completes_commands_and_scenarios(tmp_path: Path) -> None:
    for typed_words, completed in (
        ("local-citizenship glo", "glossary"),
        ("local-citizenship run two-t", SMALL),
    ):
        last = len(typed_words.split()) - 1
        asked = {"COMP_WORDS": typed_words, "COMP_CWORD": str(last)}
        code = f"""
import os
os.environ |= {asked!r} | {{"_LOCAL_CITIZENSHIP_COMPLETE": "complete_bash"}}"""
        assert process(code, cwd=tmp_path).stdout.split() == [completed]


# --- check, list, explain, schedule


OWN_PLACES = (
    "region,municipalities,population,foreign_residents,latitude,longitude\nNorth,4,400000,8000,55.0,10.0\n"
)


def checked(folder: Path, text: str) -> str:
    (folder / "mine.csv").write_text(OWN_PLACES, encoding="utf-8")
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return call("check", folder / "mine.yaml").stdout


def test_check_tells_how_many_live_there_and_warns_of_nobody(tmp_path: Path) -> None:
    scenario = load_scenario(SMALL)
    shown = call("check", SMALL).stdout
    assert f"{scenario.people_at_start:,.0f} at the start" in shown
    assert "a year would come in 1990" in shown
    assert "nobody lives here" not in shown
    assert "nobody lives here" in checked(tmp_path, "places: mine.csv\n")
    assert "luck alone" in call("check", SMALL, "--set", "scale.share=0.0000001").stdout


def test_check_warns_of_japans_values_in_a_country_of_ones_own(tmp_path: Path) -> None:
    assert "set with Japan in mind" in checked(tmp_path, "extends: japan\nplaces: mine.csv\n")
    for name in ("japan-sample", "italy", SMALL):
        assert "Japan in mind" not in call("check", name).stdout


def test_check_warns_of_what_can_do_nothing_here() -> None:
    idle = call("check", SMALL, "--set", "city.neighbours=0.5").stdout
    assert "city.neighbours does nothing here: city.pace is 0 all along" in idle
    awake = call("check", SMALL, "--set", "city.neighbours=0.5", "--set", "city.pace=0.2").stdout
    assert "does nothing here" not in awake


def test_check_sums_a_scenario_up(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"extends: {SMALL}\nfear: {{local: 0.25}}\n", encoding="utf-8")
    shown = call("check", file, "--months", 30).stdout
    scenario = load_scenario(SMALL)
    assert shown.startswith("mine: ")
    assert f"{len(scenario.places.code):,} " in shown
    assert "30 months" in shown
    assert "1 by mine.yaml" in shown


def test_a_mistake_in_a_scenario_is_one_sentence_from_the_shell(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(f"extends: {SMALL}\nfear: {{lokal: 0.25}}\n", encoding="utf-8")
    for command in ("check", "run"):
        said = one_sentence(command, "bad.yaml", cwd=tmp_path)
        assert "bad.yaml" in said
        assert "local" in said
    assert [p.name for p in tmp_path.iterdir()] == ["bad.yaml"]


def test_an_unknown_scenario_is_one_sentence() -> None:
    assert "japan" in told(call("check", "jappan"))


def test_list_names_every_shipped_scenario() -> None:
    shown = call("list").stdout
    for name in ("japan", "japan-sample", SMALL):
        assert f" {name} " in shown
    assert len(list_scenarios()) >= 3


def test_explain_tells_all_of_a_parameter() -> None:
    (info,) = find("enforcement.apprehension")
    shown = " ".join(call("explain", info.path).stdout.split())
    for fact in (info.unit, info.mechanism, str(info.default), f"from {info.low:g} to {info.high:g}"):
        assert fact in shown


def test_explain_tells_who_set_it_and_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        f"extends: {SMALL}\nfear:\n  local: 0.25\ntimeline:\n  - from: {load_scenario(SMALL).date(5)}\n"
        "    fear: {local: 0.75}\n",
        encoding="utf-8",
    )
    shown = call("explain", "fear.local", "--scenario", file).stdout
    assert "0.25" in shown
    assert "mine.yaml:3" in shown
    assert f"from {load_scenario(SMALL).date(5)}" in shown
    assert "0.75" in shown


def test_explain_tells_a_section_and_all_sections() -> None:
    section = call("explain", "fear").stdout
    for info in iter_parameters(Parameters().fear):
        assert f" {info.path} " in section
    everything = call("explain").stdout
    for name in Parameters.model_fields:
        assert f" {name} " in everything


def test_explain_reads_the_scenario_it_is_given(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"extends: {SMALL}\nneeds: {{daycare: {{like: schooling}}}}\n", encoding="utf-8")
    counts = [
        next(line.split()[3] for line in call("explain", *given).stdout.splitlines() if " needs " in line)
        for given in ((), ("--scenario", file))
    ]
    assert int(counts[0]) < int(counts[1])
    assert "there is no scenario" in told(call("explain", "--scenario", "nosuch"))


def test_what_was_typed_is_repeated_as_it_is() -> None:
    for command in (["explain", "fear:x:"], ["check", ":skull:.yaml"], ["places", ":smile:"]):
        assert command[1] in told(call(*command))


def test_what_was_typed_is_not_repeated_without_end() -> None:
    typed = f"begins{'x' * 5_000}ends"
    for command in (["explain", typed], ["mechanisms", typed], ["plot", typed], ["migrate", typed]):
        sentence = told(call(*command))
        assert len(sentence) < 1_000, command
        assert "begins" in sentence
        assert "ends" in sentence
        assert "more characters" in sentence


@pytest.mark.parametrize("name", ["compare two-towns japan", "effects", "patterns", "lessons 1"])
def test_more_runs_than_can_be_held_are_refused_at_once(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = call(*name.split(), "--pairs" if name == "effects" else "--seeds", 10**9)
    assert result.exit_code == 2
    assert re.search(r"\b10000\b", result.stderr), "the most that can be asked for"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("enforcement.aprehension", "did you mean 'enforcement.apprehension'?"),
        ("aprehension", "did you mean 'enforcement.apprehension'?"),
        ("enforcment", "did you mean 'enforcement'?"),
        ("zzzz", "lists the sections"),
        ("doors.farmhand", "may add one: `doors: {farmhand: {like: skilled}}`"),
        ("doors.*", "may add one: `doors: {NAME: {like: skilled}}`"),
        ("rate", "needs.accident.rate, "),
    ],
)
def test_explain_helps_with_an_unknown_name(asked: str, answer: str) -> None:
    assert answer in told(call("explain", asked))


def test_schedule_prints_the_month_in_order() -> None:
    from local_citizenship.model.schedule import describe, describe_life

    month, life = call("schedule").stdout.split("A month in a life")
    for shown, steps in ((month, describe()), (life, describe_life())):
        at = [shown.index(f" {name} ") for _, name, *_ in steps]
        assert at == sorted(at)
        assert all(what for _, _, what, *_ in steps)
    (caught,) = [line for line in life.splitlines() if " be caught " in line]
    assert caught.split()[-2] == "A4"


# --- plot, story, new


def test_plot_draws_again_in_the_format_asked_for(small_run: Path, tmp_path: Path) -> None:
    result = call("plot", small_run, "--format", "svg", "--out", tmp_path / "vector")
    assert result.exit_code == 0, result.output
    drawn = {p.stem for p in (tmp_path / "vector").glob("*.svg")}
    assert drawn == {p.stem for p in (small_run / "figures").glob("*.png")}
    assert not list((tmp_path / "vector").glob("*.png"))


def test_figures_are_the_same_whatever_matplotlib_is_told(small_run: Path, tmp_path: Path) -> None:
    """A backend there is not, and a `matplotlibrc` in the folder that asks for LaTeX, huge letters and black paper."""
    rc = "text.usetex: True\nfont.size: 30\nfont.family: monospace\nsavefig.dpi: 30\naxes.facecolor: black\n"
    (tmp_path / "matplotlibrc").write_text(rc)
    environment = os.environ | {"MPLBACKEND": "nonsense"}
    command = [
        sys.executable,
        "-P",
        "-m",
        "local_citizenship.app.cli",
        "plot",
        str(small_run),
        "--out",
        "drawn",
    ]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for figure in (small_run / "figures").glob("*.png"):
        assert (tmp_path / "drawn" / figure.name).read_bytes() == figure.read_bytes()


def test_plot_puts_a_lost_figure_back(small_run: Path) -> None:
    lost = sorted((small_run / "figures").glob("*.png"))[0]
    lost.unlink()
    assert call("plot", small_run).exit_code == 0
    assert lost.is_file()


def test_plot_refuses_what_it_cannot_do(small_run: Path, tmp_path: Path) -> None:
    assert "png, svg or pdf" in told(call("plot", small_run, "--format", "gif"))
    assert str(tmp_path / "none") in told(call("plot", tmp_path / "none"))


def test_story_lists_lives_and_tells_one(small_run: Path) -> None:
    from local_citizenship.outcomes.story import list_lives

    numbers = [str(n) for n in list_lives(load_run(small_run))["migrant"]]
    listed = call("story", small_run, "--list")
    assert listed.exit_code == 0, listed.output
    for number in numbers:
        assert f" {number} " in listed.stdout
    assert f"migrant {numbers[-1]} " in call("story", small_run, numbers[-1]).stdout
    assert any(f"migrant {number} " in call("story", small_run).stdout for number in numbers)


def test_story_of_nobody_is_one_sentence(small_run: Path, tmp_path: Path) -> None:
    assert "not recorded" in told(call("story", small_run, 2**63))
    assert "'nobody'" in told(call("story", small_run, "nobody"))
    for more in ((), ("--against", small_run)):  # more digits than Python makes a number of
        assert "is not a migrant's number" in told(call("story", small_run, "9" * 5_000, *more))
    assert "none" in told(call("story", tmp_path / "none"))


def test_new_writes_a_scenario_that_runs_as_its_base(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert call("new", file, "--from", SMALL).exit_code == 0
    mine, base = load_scenario(str(file)), load_scenario(SMALL)
    assert mine.parameters == base.parameters
    assert (mine.start, mine.months, mine.timeline) == (base.start, base.months, base.timeline)
    assert "yaml-language-server" not in file.read_text(encoding="utf-8")


def test_the_commented_timeline_of_a_new_scenario_works(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    call("new", file, "--from", SMALL)
    before, mark, example = file.read_text(encoding="utf-8").partition("# timeline:")
    file.write_text(before + mark[2:] + example.replace("\n# ", "\n"), encoding="utf-8")
    base = load_scenario(SMALL)
    added = [c for c in load_scenario(str(file)).timeline if "mine.yaml" in c.where]
    assert [(c.month, c.path) for c in added] == [(base.months // 2, "enforcement.apprehension")]
    assert added[0].value == pytest.approx(2 * value_in(base, *find("enforcement.apprehension")))


def test_new_never_overwrites(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("mine", encoding="utf-8")
    assert "exists already" in told(call("new", file, "--from", SMALL))
    assert file.read_text(encoding="utf-8") == "mine"
    assert ".yaml" in told(call("new", tmp_path / "mine.txt", "--from", SMALL))


@pytest.mark.parametrize("name", ["two\nlines.yaml", "\udcff.yaml", "bell\a.yaml"])
def test_new_refuses_a_name_that_no_file_can_repeat(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (["new"], ["study", "new"]):
        assert "cannot stand in the file: choose another name" in told(call(*command, name))
    assert list(tmp_path.iterdir()) == []


def test_new_writes_the_schema_its_first_line_names(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert call("new", file, "--from", SMALL, "--schema").exit_code == 0
    named = file.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    assert json.loads((tmp_path / named).read_text(encoding="utf-8")) == json_schema()
    assert load_scenario(str(file)).parameters == load_scenario(SMALL).parameters
