"""The command line: what it tells of scenarios, parameters and words."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from command_line import call, one_sentence, process, told, worked

from local_citizenship.app.data_output import as_plain
from local_citizenship.app.glossary_command import codes, found, words
from local_citizenship.app.parameters import find
from local_citizenship.scenarios import list_scenarios, load_scenario
from local_citizenship.scenarios.schema import Parameters, iter_parameters

SMALL = "two-towns"


def test_explain_tells_all_that_an_asterisk_means() -> None:
    shown = call("explain", "doors.*(side).arrivals").stdout
    assert "doors.trainee.arrivals" in shown
    assert "doors.skilled.arrivals" not in shown


def test_what_is_no_number_is_null() -> None:
    assert as_plain({"a": np.float64("nan"), "b": (np.int64(3), True)}) == {"a": None, "b": [3, True]}


def test_the_glossary_tells_words_and_codes() -> None:
    shown = " ".join(call("glossary", "sojourner").stdout.split())
    assert "means to go home" in shown
    for code in ("E3", "d5", "P29", "E3.served_of_needs"):
        worked("glossary", code)
    assert "`local-citizenship glossary` tells them all" in told(call("glossary", "xyzzy"))
    whole = call("glossary").stdout
    assert "B1 to B12" in whole
    assert "denizen" in whole


def test_each_word_is_explained_once_by_one_or_many() -> None:
    known = list(words())
    meanings = [each.meaning for each in known]
    assert len(set(meanings)) == len(meanings)
    assert [(each.name, each.kind) for each in found("co-ethnics", known)] == [
        ("coethnic", "side door of entry")
    ]
    assert [each.name for each in found("Groups of compatriots", known)] == ["group"]
    (group,), (coethnic,) = found("group", known), found("coethnic", known)
    assert "nationality" in group.meaning
    assert "descendants of emigrants" in coethnic.meaning
    (denizens,) = found("denizens", known)
    assert denizens.kind == "formal status; rung of formal status"
    for one, many in (
        ("city", "cities"),
        ("NGO", "NGOs"),
        ("seed", "seeds"),
        ("service level", "service levels"),
        ("formal status", "formal statuses"),
        ("class", "classes"),
        ("status", "statuses"),
    ):
        both = [*known, *codes("status")]
        assert found(many, both) == found(one, both) != []
    assert [each.label for each in found("services", known)] == [
        "service",
        "Shops and kitchens",
    ]  # by its name last
    assert [each.name for each in found("E3.take_up", list(codes("E3.take_up")))] == ["E3.take_up"]


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
    assert f"{scenario.people_at_start:,.0f} before the first month" in shown
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
        ("doors.*(side).arivals", "did you mean 'doors.*(side).arrivals'?"),
        ("doors.*(front).arrivals", "narrowed in 'doors.*(side)' and 'doors.*(permit)' alone"),
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
