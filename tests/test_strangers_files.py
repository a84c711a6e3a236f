"""Files that a stranger made: regular ones only, of a size that can be read soon, and told of in a few words."""

from __future__ import annotations

import cProfile
import os
import time
from pathlib import Path

import pytest
from command_line import call, worked

from local_citizenship.scenarios import ScenarioError, bounded, load_scenario
from local_citizenship.scenarios.bounded import MOST_TABLE_SET, UnreadableError, bounded_bytes
from local_citizenship.scenarios.checks import Problems
from local_citizenship.scenarios.errors import MOST_MISTAKES, shortened
from local_citizenship.scenarios.errors import ScenarioError as Mistake
from local_citizenship.scenarios.files import shipped_folder

pytestmark = pytest.mark.usefixtures("empty_folder")
MB = 1_000_000


def told(text: str, name: str = "my.yaml") -> str:
    """What is said of a scenario file with this text, which is said before anybody's patience ends: what is refused for
    its size would take hours."""
    Path(name).write_text(text, encoding="utf-8")
    began = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)
    assert time.process_time() - began < 60
    return str(caught.value).removeprefix(f"{name}:")


# Of which kind, and how large


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
@pytest.mark.parametrize("stranger", ["./pipe", "/dev/zero"])
def test_a_pipe_or_a_device_is_not_waited_for(stranger: str) -> None:
    os.mkfifo("pipe")
    assert told(f"extends: {stranger}\n").endswith("is a pipe or a device, not a file")
    assert told(f"extends: two-towns\nplaces: {stranger}\n").endswith("is a pipe or a device, not a file")
    for command in ("check", "study check", "migrate"):
        result = call(*command.split(), stranger)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert "is a pipe or a device, not a file" in result.stderr


def test_a_large_file_is_not_read() -> None:
    said = told("extends: two-towns\n" + "# nothing\n" * MB)
    assert said == "my.yaml has 10 MB, and at most 1 MB are read"
    assert told("a: [" + "a," * 110_000 + "]").startswith(
        "1:4: the file holds more than 100,000 names and values"
    )
    Path("study.yaml").write_text("scenarios: two-towns\n" + "# nothing\n" * MB)
    assert "study.yaml has 10 MB, and at most 1 MB are read" in call("study", "check", "study.yaml").stderr


def test_a_large_table_is_read_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MOST_TABLE_SET, "")
    monkeypatch.setattr(bounded, "MOST_TABLE", 1_000)
    table = "code,region,name,latitude,longitude,population,foreign_residents,fiscal_strength\n"
    Path("towns.csv").write_text(f"{table}1,North,Alpha,43.0,141.0,40000,300,0.4\n" + "\n" * 1_000)
    Path("my.yaml").write_text("extends: two-towns\nplaces: towns.csv\n")
    refused = call("check", "my.yaml")
    assert (
        "towns.csv: the table of places has 0.00112 MB, and at most 0.001 MB are read (--max-table"
        in refused.stderr
    )
    worked("check", "my.yaml", "--max-table", 1)


def test_a_file_that_grows_while_it_is_read_is_told_by_what_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("grows").write_bytes(b"x" * 11)
    small = os.stat_result((*os.stat("grows")[:6], 0, *os.stat("grows")[7:]))
    monkeypatch.setattr(os, "fstat", lambda _: small)
    with pytest.raises(UnreadableError, match="at most"):
        bounded_bytes("grows", 10)
    assert bounded_bytes("grows", 11) == b"x" * 11


# How deep, how many, how long


def test_values_may_lie_fifty_levels_deep_and_no_deeper() -> None:
    assert told("title: " + "[" * 49 + "]" * 49).startswith("1:8: title is a list, but must be text")
    assert told("title: " + "[" * 400 + "]" * 400).endswith("values are nested more than 50 levels deep")
    assert told("".join(" " * n + "a:\n" for n in range(900))).endswith(
        "values are nested more than 50 levels deep"
    )
    assert told("a: &a [*b]\n").endswith("put '*b' in quotes if it is text")


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"unknown_{n}: 1" for n in range(2_000)),
        "needs:\n" + "\n".join(f"  unknown_{n}: {{rate: 1}}" for n in range(2_000)),
        "needs:\n" + "\n".join(f"  unknown_{n}: drop" for n in range(2_000)),
        "sources:\n" + "\n".join(f"  unknown_{n}: drop" for n in range(2_000)),
        "timeline:\n" + "\n".join(f"- from: 1990-{n}" for n in range(2_000)),
        "timeline: [" + "{from: 1990-01, unknown: 1}," * 2_000 + "]",
    ],
    ids=["keys", "entries", "dropped", "sources", "dates", "changes"],
)
def test_after_twenty_mistakes_no_more_are_looked_for(text: str) -> None:
    assert told(text).endswith("(and at least 19 more)")


def test_check_tells_every_mistake_on_a_line_of_its_own() -> None:
    Path("my.yaml").write_text("extends: two-towns\nmonths: 0\nfear: {wieght: 1}\ntitle: 3\n")
    told_all = call("check", "my.yaml")
    assert told_all.exit_code == 2
    assert told_all.stderr.splitlines() == [
        "my.yaml:2:9: months is 0, but must be a whole number (months, 1 to 1,200)",
        "my.yaml:3:8: unknown parameter 'fear.wieght'; did you mean 'fear.weight'?",
        "my.yaml:4:8: title is 3, but must be text (what the scenario is called); put it in quotes",
    ]
    assert call("run", "my.yaml").stderr == f"{told_all.stderr.splitlines()[0]} (and 2 more)\n"
    Path("my.yaml").write_text("".join(f"unknown_{n}: 1\n" for n in range(30)))
    assert call("check", "my.yaml").stderr.endswith(
        "\n20 mistakes were found, and no more were looked for.\n"
    )


def test_a_mistake_that_is_added_twice_is_one() -> None:
    problems, mistake = Problems(), Mistake("wrong", line=3)
    for _ in range(2 * MOST_MISTAKES):
        problems.add(mistake)
    assert problems.found == [mistake]


@pytest.mark.parametrize(
    "text",
    [
        "months: " + "9" * 4_000,
        "fear: {weight: " + "8" * 4_000 + "}",
        f"title: [{'a' * 4_000}, b]",
        f"months: '{'a b ' * 1_000}'",
        f"fear: {{{'a' * 4_000}: 1}}",
        f"extends: {'a' * 4_000}",
        f"places: {'a' * 4_000}",
        f"fear: !{'a' * 4_000} b",
        f"fear: *{'a' * 4_000}",
        f"doors: {{worker: {{group: '{'a ' * 2_000}'}}}}",
        f"needs: {{abuse: {{right: {'a' * 4_000}}}}}",
        f"needs: {{x: {{like: {'a' * 4_000}}}}}",
        f"services: {{housing: {{answers: [{'a' * 4_000}]}}}}",
        f"timeline: [{{from: {'1' * 4_000}}}]",
    ],
)
def test_a_long_value_is_not_repeated(text: str) -> None:
    assert len(told(text)) < 900


def test_a_long_value_of_an_option_is_not_repeated() -> None:
    for given in (
        f"fear.weight={'x' * 4_000}",
        f"{'x' * 4_000}=1",
        "x" * 4_000,
        f"fear.weight=[{'x ,' * 2_000}]",
    ):
        result = call("check", "two-towns", "--set", given)
        assert result.exit_code == 2
        assert len(result.stderr) < 1_000


def test_a_value_is_cut_and_says_how_long_it_was() -> None:
    assert shortened("a" * 200) == "a" * 200
    assert shortened("a" * 4_001) == "a" * 160 + " ... (4,001 characters)"


def calls_to_load(changes: int) -> int:
    """Functions called to load a scenario of so many dated changes: work done, on any machine."""
    dates = (f"{1900 + n // 12}-{n % 12 + 1:02d}" for n in range(changes))
    lines = "".join(f"- from: {date}\n  fear: {{weight: {n % 20}}}\n" for n, date in enumerate(dates))
    Path("my.yaml").write_text(
        f"extends: one-town\nstart: 1900-01\nmonths: 1200\ntimeline_replaces: true\ntimeline:\n{lines}"
    )
    profile = cProfile.Profile()
    scenario = profile.runcall(load_scenario, "my.yaml")
    assert len(scenario.timeline) == changes
    return sum(entry.callcount for entry in profile.getstats())


def test_a_long_timeline_takes_work_that_grows_with_its_length_only() -> None:
    load_scenario("one-town")
    assert calls_to_load(1_200) < 5.0 * calls_to_load(300)


def test_a_table_of_ones_own_is_read_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a shipped scenario, whose own files are read once."""
    table = (shipped_folder() / "data" / "two-towns.csv").read_text(encoding="utf-8")
    for folder, name in (("one", "Mine"), ("other", "Yours")):
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        lines = table.splitlines()
        lines[1] = lines[1].replace(lines[1].split(",")[lines[0].split(",").index("name")], name)
        Path("mine.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert name in load_scenario("two-towns", sets=["places=mine.csv"]).places.name
    Path("mine.csv").write_text("no table", encoding="utf-8")
    with pytest.raises(ScenarioError):
        load_scenario("two-towns", sets=["places=mine.csv"])
