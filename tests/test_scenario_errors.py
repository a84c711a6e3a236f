"""A user's mistake in a scenario: one sentence, with the place, what is wrong, and what would be right."""
# ruff: noqa: E501 - one sentence is one line

from __future__ import annotations

import errno
import os
import pickle
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_citizenship.scenarios import ScenarioError, load, load_scenario
from local_citizenship.scenarios.checks import all_parameters
from local_citizenship.scenarios.errors import did_you_mean, nearest, shortened
from local_citizenship.scenarios.schema import SHIPPED
from local_citizenship.scenarios.schema.retired import RETIRED
from local_citizenship.scenarios.timeline import start_only

PLACES = "places: two-towns.csv\n"
pytestmark = pytest.mark.usefixtures("empty_folder")


def message(text: str | bytes, **arguments: Any) -> str:
    """What is said of a file with this text."""
    Path("my.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    return refusal("my.yaml", **arguments)


def refusal(name: str, **arguments: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name, **arguments)
    said = str(caught.value)
    assert "\n" not in said
    return said


def expect(wanted: str) -> str:
    """`wanted` with the bounds that the schema may come to change filled in."""
    return re.sub(r"<(.+?)>", lambda found: _about(found[1]), wanted)


def _about(path: str) -> str:
    info = all_parameters()[path]
    assert info.low is not None
    assert info.high is not None
    return f"({info.unit}, {info.low:,.12g} to {info.high:,.12g})"


# What stands in a file


def test_a_study_is_no_scenario() -> None:
    """One mistake, and what reads such a file, not one for each of its keys."""
    said = message("title: Mine\nscenarios: two-towns\nparameters: {fear.weight: [1, 2]}\n")
    assert said.startswith("my.yaml:2:1: this is the file of a study or of a calibration")
    assert "study check FILE" in said


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # Names
        ("enforcement:\n  aprehension: 0.1\n", "2:3: unknown parameter 'enforcement.aprehension'; did you mean 'enforcement.apprehension'?"),
        ("monhts: 3\n", "1:1: unknown parameter 'monhts'; did you mean 'months'?"),
        ("Fear: {weight: 3}\n", "1:1: unknown parameter 'Fear'; did you mean 'fear'?"),
        ("door: {}\n", "1:1: unknown parameter 'door'; did you mean 'doors'?"),
        ("doors: {coetnic: {arrivals: 1}}\n", "1:9: there is no door 'coetnic'; did you mean 'coethnic'? a scenario file may add one: `doors: {coetnic: {like: skilled}}`"),
        ("apprehension: 0.1\n", "1:1: unknown parameter 'apprehension'; did you mean 'enforcement.apprehension'?"),
        ("fear.weight: 3\n", "1:1: unknown parameter 'fear.weight'; write 'fear' and, indented below it, 'weight'"),
        ("qqqqqqqq: 3\n", "1:1: unknown parameter 'qqqqqqqq'"),
        ("fear: {extends: 3}\n", "1:8: unknown parameter 'fear.extends'"),
        ("sources: {fear.wieght: x}\n", "1:11: unknown parameter 'fear.wieght' in sources; did you mean 'fear.weight'?"),
        ("1: 2\n", "1:1: 1 is not a name; names are text"),
        ("true: 2\n", "1:1: true is not a name; names are text"),
        ("? [a]\n: 2\n", "1:3: a list or group cannot be a name"),
        ("fear:\n  weight: 1\n  weight: 2\n", "3:3: 'weight' is given twice, first in line 2"),
        ("fear: {weight: 1}\nseed: 2\nfear: {local: 1}\n", "3:1: 'fear' is given twice, first in line 1"),
        # Values
        ("# a\n# b\n# c\nfear:     {weight: high}\n", "4:20: fear.weight is 'high', but must be a number <fear.weight>"),
        ("fear: {weight: -0.5}\n", "1:16: fear.weight is -0.5, but must be a number <fear.weight>"),
        ("fear: {local: 1.0001}\n", "1:15: fear.local is 1.0001, but must be a number <fear.local>"),
        ("fear: {local: true}\n", "1:15: fear.local is true, but must be a number <fear.local>"),
        ("fear: {local: .nan}\n", "1:15: fear.local is .nan, but must be a number <fear.local>"),
        ("fear: {local: -.inf}\n", "1:15: fear.local is -.inf, but must be a number <fear.local>"),
        ("fear: {local: 1e999}\n", "1:15: fear.local is 1e999, but must be a number <fear.local>"),
        ("fear: {local: '0.5'}\n", "1:15: fear.local is '0.5', but must be a number <fear.local>; drop the quotes"),
        ("fear:\n  local: 0,5\n", "2:10: fear.local is '0,5', but must be a number <fear.local>; write 0.5"),
        ("fear:\n  local: 5%\n", "2:10: fear.local is '5%', but must be a number <fear.local>; write 0.05"),
        ("fear:\n  local:\n", "2:3: fear.local has no value; it must be a number <fear.local>"),
        ("fear: {local: ~}\n", "1:8: fear.local has no value; it must be a number <fear.local>"),
        ("fear: {local: [1]}\n", "1:15: fear.local is a list, but must be a number <fear.local>"),
        ("fear: {local: {a: 1}}\n", "1:15: fear.local is a group of values, but must be a number <fear.local>"),
        ("status:\n  permanent_after: 60.5\n", "2:20: status.permanent_after is 60.5, but must be a whole number <status.permanent_after>"),
        ("status:\n  permanent_after: 60.0\n", "2:20: status.permanent_after is 60.0, but must be a whole number <status.permanent_after>"),
        ("status:\n  permanent_after: false\n", "2:20: status.permanent_after is false, but must be a whole number <status.permanent_after>"),
        ("ngos: {enabled: yes}\n", "1:17: ngos.enabled is 'yes', but must be true or false (switch); write true"),
        ("ngos: {enabled: 'false'}\n", "1:17: ngos.enabled is 'false', but must be true or false (switch); drop the quotes"),
        ("ngos: {enabled: 1}\n", "1:17: ngos.enabled is 1, but must be true or false (switch)"),
        ("needs: {birth: {right: legl}}\n", "1:24: needs.birth.right is 'legl', but must be one of nobody, citizen, denizen, legal, anyone (lowest rung); did you mean 'legal'?"),
        ("fear: 3\n", "1:7: fear is 3, but must hold parameters; for example `weight: 8.0`"),
        ("fear: [weight]\n", "1:7: fear is a list, but must hold parameters; for example `weight: 8.0`"),
        ("fear:\n", "1:1: fear has no value; below it write, for example, `weight: 8.0`"),
        ("doors: {worker: 3}\n", "1:17: doors.worker is 3, but must hold parameters; for example `initial: 0.0`"),
        # Settings
        ("start: 1990\n", "1:8: start is 1990, but must be a month as 1990-01"),
        ("start: 2004-13\n", "1:8: start is '2004-13', but must be a month as 1990-01; there is no month 13"),
        ("start: 2004-00\n", "1:8: start is '2004-00', but must be a month as 1990-01; there is no month 0"),
        ("start: 2004-1\n", "1:8: start is '2004-1', but must be a month as 1990-01; write 2004-01"),
        ("start: 2004-01-01\n", "1:8: start is '2004-01-01', but must be a month as 1990-01; leave the day out: 2004-01"),
        ("start: 2004-02-30\n", "1:8: start is '2004-02-30', but must be a month as 1990-01; leave the day out: 2004-02"),
        ("start: spring\n", "1:8: start is 'spring', but must be a month as 1990-01"),
        ("start: ٢٠٠٤-٠١\n", "1:8: start is '٢٠٠٤-٠١', but must be a month as 1990-01"),
        ("start:\n", "1:1: start has no value; it must be a month as 1990-01"),
        ("months: 0\n", "1:9: months is 0, but must be a whole number (months, 1 to 1,200)"),
        ("months: 1201\n", "1:9: months is 1201, but must be a whole number (months, 1 to 1,200)"),
        ("months: 12.0\n", "1:9: months is 12.0, but must be a whole number (months, 1 to 1,200)"),
        ("months: true\n", "1:9: months is true, but must be a whole number (months, 1 to 1,200)"),
        ("months: '12'\n", "1:9: months is '12', but must be a whole number (months, 1 to 1,200); drop the quotes"),
        ("seed: -1\n", "1:7: seed is -1, but must be a whole number (0 to 9,223,372,036,854,775,807)"),
        ("seed: 9223372036854775808\n", "1:7: seed is 9223372036854775808, but must be a whole number (0 to 9,223,372,036,854,775,807)"),
        ("title: 2004\n", "1:8: title is 2004, but must be text (what the scenario is called); put it in quotes"),
        ("title: ''\n", "1:8: title is '', but must be text (what the scenario is called)"),
        ("question: [a]\n", "1:11: question is a list, but must be text (the question the scenario asks)"),
        ("extends: 3\n", "1:10: extends is 3, but must be a shipped scenario or a file beside this one"),
        ("extends:\n", "1:1: extends has no value; it must be a shipped scenario or a file beside this one"),
        ("timeline_replaces: yes\n", "1:20: timeline_replaces is 'yes', but must be true or false; write true"),
        ("observed:\n", "1:1: observed has no value, but must be a list of counts; as `- {status: overstayer, date: 1998-01, persons: 276810, source: Ministry of Justice}`"),
        ("observed: 3\n", "1:11: observed is 3, but must be a list of counts; as `- {status: overstayer, date: 1998-01, persons: 276810, source: Ministry of Justice}`"),
        ("observed:\n- 3\n", "2:3: a count is 3, but must have status, date, persons, source; as `- {status: overstayer, date: 1998-01, persons: 276810, source: Ministry of Justice}`"),
        ("observed:\n- {status: overstayr, date: 1998-01, persons: 1, source: x}\n", "2:12: status is 'overstayr', which is none; did you mean 'overstayer'?"),
        ("observed:\n- {status: legal, date: 1998, persons: 1, source: x}\n", "2:25: date is 1998, but must be a month as 1998-04"),
        ("observed:\n- {status: legal, date: 1998-01, persons: 1.5, source: x}\n", "2:43: persons is 1.5, but must be a whole number (0 to 1,000,000,000)"),
        ("observed:\n- {status: legal, date: 1998-01, persons: 1, source: }\n", "2:46: source has no value; it is who counted them"),
        ("observed:\n- {status: legal, date: 1998-01, person: 1, source: x}\n", "2:34: a count has no 'person'; did you mean 'persons'?"),
        ("observed:\n- &a {status: legal, date: 1998-01, persons: 1, source: x}\n- *a\n", "2:3: the legal of 1998-01 are counted twice; leave one out"),
        ("sources: x\n", "1:10: sources is 'x', but must give parameters with their sources"),
        ("sources:\n", "1:1: sources has no value, but must give parameters with their sources"),
        ("sources: {fear.local: }\n", "1:11: the source of fear.local must be text; a citation, or 'assumption'"),
        ("layers: x\n", "1:9: layers is 'x', but must be the record a run leaves"),
        # Files and tables that are named
        ("seed: 1\nextends: japn\n", "2:10: there is no scenario 'japn'; did you mean 'japan'?"),
        ("extends: japan.yaml\n", "1:10: there is no scenario file 'japan.yaml'; did you mean 'japan'?"),
        ("extends: sub.yaml\n", "1:10: sub.yaml is a folder, not a scenario file"),
        ("extends: my.yaml\n", "1:10: `extends` goes in a circle: my.yaml -> my.yaml"),
        ('extends: "a\\0b"\n', "1:10: the character U+0000 is not allowed"),
        ("seed: 1\n", " the scenario has no places; add `places:` with a table, or `extends: japan`"),
        ("places: japan_prefecture.csv\n", "1:9: there is no table of places 'japan_prefecture.csv'; did you mean 'japan_prefectures.csv'?"),
        ("places: town.csv\n", "1:9: there is no table of places 'town.csv'; did you mean 'towns.csv'?"),
        ("places: sub.yaml\n", "1:9: places is 'sub.yaml', which is a folder, but must be a CSV file"),
        # YAML
        ("fear:\n\tweight: 1\n", "2:1: indented with a tab; use spaces"),
        ("fear:\n  local: 1\n  \tweight: 1\n", "3:3: indented with a tab; use spaces"),
        ("fear:\n  local:\t1\n", "2:9: a tab stands here; use spaces"),
        ("title: 'x\n", "1:8: a quotation mark is opened here and never closed"),
        ('title: "x\n', "1:8: a quotation mark is opened here and never closed"),
        ("fear: {local: 1\ncity: {pace: 1}\n", "1:7: a '{' is opened here and not closed by a '}'"),
        ("timeline: [1, 2\n", "1:11: a '[' is opened here and not closed by a ']'"),
        ("fear: {local: 1}}\n", "1:17: this does not fit what stands above it; check the indentation and the quotation marks"),
        ("fear:\n  local: 1\n   weight: 2\n", "3:10: a ':' is not expected here; check the indentation, and quote text that has a ':' in it"),
        ("seed: 1\nmonths\ntitle: x\n", "2:1: a ':' and a value are missing after this name"),
        ("title: @home\n", "1:8: a value cannot begin with '@'; put it in quotes"),
        ("title: *home\n", "1:8: nothing is called &home; put '*home' in quotes if it is text"),
        ("title: *\n", "1:9: not valid YAML"),
        ("seed: 1\n---\nseed: 2\n", "2:1: a second document begins here, but a file holds one scenario"),
        ("seed: !!binary 1\n", "1:7: the tag !!binary means nothing here"),
        ("seed: !mine 1\n", "1:7: the tag !mine means nothing here"),
        ("fear: &f {local: 1}\ncity:\n  <<: *f\n", "3:3: '<<' is not part of YAML 1.2; use `extends` to build on another scenario"),
        ("timeline: &t [*t]\n", "1:11: this value contains itself"),
        ("title: a\x07b\n", "1:9: the character U+0007 is not allowed in YAML"),
        ("- seed: 1\n", "1:1: the file holds a list, but must hold names with values; as `months: 240`"),
        ("seed\n", "1:1: the file holds text, but must hold names with values; as `months: 240`"),
        ("", " the file is empty; a scenario needs at least `extends` or `places`"),
        ("# only a comment\n", " the file is empty; a scenario needs at least `extends` or `places`"),
        ("---\n", " the file is empty; a scenario needs at least `extends` or `places`"),
        ("[" * 20_000, "1:51: values are nested more than 50 levels deep"),
        (b"seed: 1\ntitle: S\xe3o\n", "2:9: the byte 0xe3 is not UTF-8 text; save the file as UTF-8"),
        ("seed: 1\n".encode("utf-16"), "1:1: the byte 0xff is not UTF-8 text; save the file as UTF-8"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(text: str | bytes, wanted: str) -> None:
    os.mkdir("sub.yaml")
    Path("towns.csv").write_text("code\n")
    said = message(text)
    assert said.startswith("my.yaml:")
    said = said.removeprefix("my.yaml:")
    assert said.startswith(wanted) if wanted.endswith("not valid YAML") else said == expect(wanted)


def test_the_highest_seed_and_the_longest_run_are_allowed() -> None:
    Path("my.yaml").write_text(PLACES + f"seed: {2**63 - 1}\nmonths: 1200\n")
    loaded = load_scenario("my.yaml")
    assert (loaded.seed, loaded.months) == (2**63 - 1, 1200)


def test_the_first_mistake_in_the_file_is_told_and_the_others_counted() -> None:
    text = "fear: {weight: high, local: 2}\nmonths: 0\ntimeline: [{from: x}]\nsources: {a: b}\ncty: 1\n"
    assert message(text).startswith("my.yaml:1:16: fear.weight is 'high', but must be")
    assert message(text).endswith(" (and 6 more)")  # of the timeline two: the date, and no change
    assert "more" not in message("fear: {weight: high}\n")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(
    st.text(st.sampled_from("fear:weight timeline-from\n\t{}[]'\"#&*!|>%@,?~01.\x00é"), max_size=40)
    | st.binary(max_size=20)
)
def test_whatever_a_file_holds_it_is_refused_in_a_sentence(text: str | bytes) -> None:
    assert message(text)  # none of these has places, so that none can be a scenario


# Timeline


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  - from: 1995-02\n    fear: {local: 1}\n  - from: 1994-02\n    fear: {local: 0}\n",
         "my.yaml:5:11: the date 1994-02 comes after 1995-02; list the changes in the order of their dates"),
        ("  - from: 1995-02\n    fear: {local: 1}\n  - from: 1995-02\n    fear: {local: 0}\n",
         "my.yaml:5:11: the date 1995-02 comes twice; put both under one date"),
        ("  - from: 1989-12\n    fear: {local: 1}\n",
         "my.yaml:3:11: the date 1989-12 lies before the start of the run, 1990-01"),
        ("  - from: 1995-13\n    fear: {local: 1}\n",
         "my.yaml:3:11: from is '1995-13', but must be a month as 1998-04; there is no month 13"),
        ("  - from: 1995-01-01\n    fear: {local: 1}\n",
         "my.yaml:3:11: from is '1995-01-01', but must be a month as 1998-04; leave the day out: 1995-01"),
        ("  - from:\n    fear: {local: 1}\n", "my.yaml:3:5: from has no value, but must be a month as 1998-04"),
        ("  - fear: {local: 1}\n", "my.yaml:3:5: this change has no date; begin it with `from: 1998-04`"),
        ("  - from: 1995-01\n", "my.yaml:3:5: this change changes nothing; name a parameter below its date"),
        ("  - from: 1995-01\n    fear: {}\n", "my.yaml:3:5: this change changes nothing; name a parameter below its date"),
        ("  - 1995-01\n", "my.yaml:3:5: a dated change is '1995-01', but must begin with `from: 1998-04`"),
        ("  - from: 1995-01\n    fear:\n      local: 7\n", "my.yaml:5:14: fear.local is 7, but must be a number <fear.local>"),
        ("  - from: 1995-01\n    fear:\n      lokal: 1\n",
         "my.yaml:5:7: unknown parameter 'fear.lokal'; did you mean 'fear.local'?"),
        ("  - from: 1995-01\n    seed: 1\n", "my.yaml:4:5: unknown parameter 'seed'"),
        ("  - from: 1995-01\n    doors: {worker: {initial: 1}}\n",
         "my.yaml:4:22: doors.worker.initial matters at the start of the run only, and cannot be changed later; "
         "set it outside the timeline"),
        ("  from: 1995-01\n", "my.yaml:3:3: timeline is a group of values, but must be a list of dated changes; as `- from: 1998-04`"),
        ("", "my.yaml:2:1: timeline has no value; leave it out, or list dated changes: `- from: 1998-04`"),
    ],
)  # fmt: skip
def test_timeline(text: str, wanted: str) -> None:
    assert message(f"{PLACES}timeline:\n{text}") == expect(wanted)


START_ONLY = (
    *(
        "scale.*",
        "doors.*.initial",
        "doors.*.initial_years",
        "ngos.initial",
        "city.head_start",
        "city.firewall",
        "moving.sorting",
    ),
    *("services.*.open_to_unauthorised", "stories.*"),
    *(f"trades.*.{drawn}" for drawn in ("unevenness", "dependence", "jobs", "reluctance", "ruthlessness")),
)


def test_traits_and_what_is_shown_count_at_the_start_only_as_does_little_else() -> None:
    named = {p for p, info in all_parameters().items() if any(fnmatchcase(p, each) for each in START_ONLY)}
    what_it_is = {path for path, info in all_parameters().items() if info.trait or info.presentation}
    assert {path for path in all_parameters() if start_only(path)} == named | what_it_is


@pytest.mark.parametrize("pattern", START_ONLY)
def test_what_matters_at_the_start_only_cannot_be_changed_later(pattern: str) -> None:
    paths = [path for path in all_parameters() if fnmatchcase(path, pattern)]
    assert paths
    for path in paths:
        assert start_only(path)
        head, _, rest = path.partition(".")
        inner = f"{{{rest.replace('.', ': {')}: {all_parameters()[path].default}{'}' * (rest.count('.') + 1)}"
        said = message(f"{PLACES}timeline:\n  - from: 1995-01\n    {head}: {inner}\n")
        assert f": {path} matters at the start of the run only" in said


def test_a_start_moved_past_changes_that_are_taken_over() -> None:
    Path("base.yaml").write_text(PLACES + "timeline:\n  - from: 1995-01\n    fear: {local: 1}\n")
    expected = (
        "start is 2000-01, but the timeline it takes over has a change in 1995-01 (base.yaml:4); "
        "give `timeline_replaces: true`, and a timeline of your own"
    )
    assert message("extends: base.yaml\nstart: 2000-01\n") == f"my.yaml:2:8: {expected}"
    assert refusal("base.yaml", sets=["start=2000-01"]) == f"--set start=2000-01: {expected}"


# Files


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("japn", "there is no scenario 'japn'; did you mean 'japan'?"),
        ("two_towns.yaml", "there is no scenario file 'two_towns.yaml'; did you mean 'two-towns'?"),
        ("neer.yaml", "there is no scenario file 'neer.yaml'; did you mean 'near.yaml'?"),
        ("near", "there is no scenario 'near'; did you mean 'near.yaml'?"),
        ("no/such/x.yaml", "there is no scenario file 'no/such/x.yaml'; the shipped scenarios are "),
        ("folder.yaml", "folder.yaml is a folder, not a scenario file"),
        ("", "'' is not the name of a scenario"),
        ("a\0b", "'a\\x00b' is not the name of a scenario"),
    ],
)
def test_files_that_are_missing_or_no_files(name: str, wanted: str) -> None:
    os.mkdir("folder.yaml")
    Path("near.yaml").write_text(PLACES)
    said = refusal(name)
    assert said.startswith(wanted) if wanted.endswith(" are ") else said == wanted


def test_a_file_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, *_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    Path("my.yaml").write_text(PLACES)
    monkeypatch.setattr(os, "open", refuse)
    load._shipped_template.cache_clear()
    for name in ("my", "japan"):
        assert (
            refusal(f"{name}.yaml" if name == "my" else name)
            == f"{name}.yaml cannot be read: Permission denied"
        )


def test_a_path_that_the_system_refuses() -> None:
    for name in ("x" * 5000, "x" * 5000 + ".yaml", "my.yaml/x.yaml"):
        assert f"{shortened(name)!r}" in refusal(name)
    said = message(f"places: {'x' * 5000}\n")
    assert said.startswith("my.yaml:1:9: there is no table of places 'xxx")


def test_a_mistake_in_a_file_that_is_extended_is_told_where_it_is() -> None:
    os.mkdir("sub")
    base = Path("sub", "base.yaml")
    base.write_text(PLACES + "fear: {lokal: 1}\n")
    said = message("extends: sub/base.yaml\n")
    assert said == f"{base}:2:8: unknown parameter 'fear.lokal'; did you mean 'fear.local'?"


def test_extends_in_a_circle() -> None:
    Path("a.yaml").write_text("extends: b.yaml\n")
    Path("b.yaml").write_text("seed: 1\nextends: a.yaml\n")
    said = message("extends: a.yaml\n")
    assert said == "b.yaml:2:10: `extends` goes in a circle: my.yaml -> a.yaml -> b.yaml -> a.yaml"


def test_a_table_of_places_that_is_not_there_or_wrong() -> None:
    Path("towns.csv").write_text("code\n")
    assert message("places: towns.csv\n").startswith(
        "towns.csv"
    )  # the table's own mistakes are told in the table
    said = refusal("my.yaml", sets=["places=nirvana"])
    assert said == "--set places=nirvana: there is no table of places 'nirvana'"


# Command line


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fear.weight", "this sets nothing; write KEY=VALUE, as fear.weight=3"),
        ("=3", "this sets nothing; write KEY=VALUE, as fear.weight=3"),
        ("fear.wieght=3", "unknown parameter 'fear.wieght'; did you mean 'fear.weight'?"),
        ("doors.*.arivals=0", "unknown parameter 'doors.*.arivals'; did you mean 'doors.*.arrivals'?"),
        ("doors.*(side).arivals=0", "unknown parameter 'doors.*(side).arivals'; did you mean 'doors.*(side).arrivals'?"),
        ("doors.*(front).arrivals=0", "unknown parameter 'doors.*(front).arrivals'; an asterisk may be narrowed in "
         "'doors.*(side)' and 'doors.*(permit)' alone"),
        ("needs.*(side).rate=0", "unknown parameter 'needs.*(side).rate'; an asterisk may be narrowed in "
         "'doors.*(side)' and 'doors.*(permit)' alone"),
        ("doors.*(side).zzzz=0", "unknown parameter 'doors.*(side).zzzz'"),
        ("months.x=3", "unknown parameter 'months.x'; did you mean 'months'?"),
        ("fear.weight=high", "fear.weight is 'high', but must be a number <fear.weight>"),
        ("fear.weight='3'", "fear.weight is '3', but must be a number <fear.weight>; drop the quotes"),
        ("fear.weight=", "fear.weight has no value; it must be a number <fear.weight>"),
        ("fear.weight=[1]", "the value is a list, but must be a single value; put it in quotes if it is text"),
        ("title=What: if", "the value is a group of values, but must be a single value; put it in quotes if it is text"),
        ("title='What", 'the value "\'What" cannot be read; put it in quotes if it is text'),
        ("fear=3", "'fear' is a section; set one parameter of it, as 'fear.weight'"),
        ("extends=japan", "'extends' can only be given in a file"),
        ("timeline=1", "'timeline' can only be given in a file"),
        ("months=0", "months is 0, but must be a whole number (months, 1 to 1,200)"),
        ("start=2004", "start is 2004, but must be a month as 1990-01"),
    ],
)  # fmt: skip
def test_sets(text: str, wanted: str) -> None:
    Path("good.yaml").write_text(PLACES)
    assert refusal("good.yaml", sets=["seed=3", text]) == expect(f"--set {text}: {wanted}")


def test_a_set_for_side_doors_says_if_there_is_none() -> None:
    Path("good.yaml").write_text(PLACES)
    sides = [name for name, door in SHIPPED.doors.items() if door.kind == "side"]
    Path("front.yaml").write_text(
        PLACES + f"doors: {{{', '.join(f'{name}: {{kind: front}}' for name in sides)}}}\n"
    )
    said = refusal("front.yaml", sets=["doors.*(side).arrivals=0"])
    assert said.endswith("there is no door that 'doors.*(side).arrivals' could mean")
    assert (
        load_scenario("good.yaml", sets=["doors.*(side).arrivals=0"]).parameters.doors[sides[0]].arrivals
        == 0.0
    )


@pytest.mark.parametrize(
    ("option", "value", "range_"),
    [
        ("months", 0, "months, 1 to 1,200"),
        ("months", 1201, "months, 1 to 1,200"),
        ("months", 12.0, "months, 1 to 1,200"),
        ("seed", -1, "0 to 9,223,372,036,854,775,807"),
        ("seed", True, "0 to 9,223,372,036,854,775,807"),
    ],
)
def test_seed_and_months(option: str, value: Any, range_: str) -> None:
    Path("good.yaml").write_text(PLACES)
    told = refusal("good.yaml", **{option: value})
    assert told == f"--{option} {value}: {option} is {value}, but must be a whole number ({range_})"


# The error itself


def test_an_error_survives_the_way_between_processes() -> None:
    error = ScenarioError("wrong", file="a.yaml", line=3, column=4, hint="do right", more=2)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == "a.yaml:3:4: wrong; do right (and 2 more)"
    assert (again.file, again.line, again.column, again.message) == ("a.yaml", 3, 4, "wrong")


def test_the_nearest_name() -> None:
    names = ["weight", "local", "firewall"]
    assert nearest("wieght", names) == "weight"
    assert nearest("FIREWALL", names) == "firewall"
    assert nearest("zzz", names) is None
    assert did_you_mean("lokal", names) == "did you mean 'local'?"
    assert did_you_mean("zzz", names) is None


@pytest.mark.parametrize("path", RETIRED)
def test_a_parameter_that_is_gone_names_what_came_in_its_place(path: str) -> None:
    instead = RETIRED[path]
    with pytest.raises(
        ScenarioError, match=f"unknown parameter '{re.escape(path)}'.*see {re.escape(instead)}"
    ):
        load_scenario("two-towns", sets=[f"{path}=0.5"])
    section, *_, name = instead.split(".")
    paths = all_parameters()
    assert any(known.startswith(f"{section}.") and known.endswith(f".{name}") for known in paths)
