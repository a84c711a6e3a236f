"""Outcomes chosen by name, users' own measures among them: the same numbers as measures and headline numbers."""

from __future__ import annotations

import math
import pickle
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from own_measures import forget_own_measures

from local_citizenship.outcomes import headline as headlines
from local_citizenship.outcomes.declaration import MeasureError, groups_of, load_measure
from local_citizenship.outcomes.headline import HEADLINES, main_outcomes
from local_citizenship.outcomes.measures import BY_ID, harms, measures_table, with_measures
from local_citizenship.outcomes.measures import measure as own_measure
from local_citizenship.outcomes.outcome_spec import (
    WHOLE_RUN,
    OutcomeSpec,
    UnknownOutcome,
    headline,
    measure,
    values_of,
)
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.simulate import Stopped, simulate
from local_citizenship.scenarios import load_scenario


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate("two-towns", months=30)


def series(table: pd.DataFrame, *key: str) -> list[tuple[int, float]]:
    """Year and value of the rows with this id, measure, by and group."""
    for column, value in zip(("id", "measure", "by", "group"), key, strict=False):
        table = table[table[column] == value]
    return list(zip(table["year"], table["value"], strict=True))


def test_headline_numbers(run: Run) -> None:
    found = values_of(run, [headline(name) for name in HEADLINES])
    expected = main_outcomes(run)
    assert list(expected) == list(HEADLINES)
    for name, outcome in expected.items():
        ((year, value),) = found[name]
        assert year == WHOLE_RUN
        assert value == outcome.value or (math.isnan(value) and math.isnan(outcome.value))
        assert (outcome.label, outcome.unit) == HEADLINES[name][:2]


def test_measures_by_year_and_group(run: Run) -> None:
    kept = [
        measure("E3", "served_of_needs"),
        measure("E3", "served_of_needs", "status", "overstayer"),
        measure("E3", "served_of_needs", "status", "overstayer", 1991),
        measure("E3", "served_of_needs", "status", "overstayer", 1999),
        measure("E4", "episodic", called="modes"),
    ]
    found = values_of(run, kept)
    table = measures_table(run)
    assert found["E3.served_of_needs"] == series(table, "E3", "served_of_needs", "country")
    assert [year for year, _ in found["E3.served_of_needs"]] == [1990, 1991, 1992]
    over = series(table, "E3", "served_of_needs", "status", "overstayer")
    assert found["E3.served_of_needs overstayer"] == over
    assert found["E3.served_of_needs overstayer 1991"] == [over[1]]
    ((year, value),) = found["E3.served_of_needs overstayer 1999"]
    assert year == 1999
    assert math.isnan(value)
    assert found["modes"] == series(table, "E4", "episodic", "country")
    assert list(found) == [each.name for each in kept]


def test_a_count_may_be_added_over_groups(run: Run) -> None:
    names = ("legal", "irregular", "smuggled")
    single = [OutcomeSpec.parse(f"E4.persons[{name}]") for name in names]
    added = OutcomeSpec.parse("E4.persons[" + "+".join(names) + "] 1991")
    found = values_of(run, [*single, added])
    expected = sum(dict(found[each.name]).get(1991, 0.0) for each in single)
    assert found[added.name] == [(1991, expected)]
    assert expected > 0
    for text, said in (
        ("E4.never[legal+irregular]", "is no count"),
        ("E4.persons[legal+legal]", "twice"),
        ("E4.persons[legal+0]", "several divisions"),
        ("E4.persons[legal+illegal]", "has no group 'illegal'"),
        ("E3.take_up[x]", r"E3\.take_up has no group 'x'"),
    ):
        with pytest.raises(UnknownOutcome, match=said):
            OutcomeSpec.parse(text)


def test_only_what_is_asked_for_is_computed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def noting(theme):
        def compute(run: Run, by: str | tuple[str, ...]):
            asked.append((theme.id, by))
            return theme.computed[0][0](run, by)

        return replace(theme, computed=((compute, theme.by),))

    for identity, theme in BY_ID.items():
        monkeypatch.setitem(BY_ID, identity, noting(theme))
    values_of(run, [headline("stock")])
    assert asked == []
    values_of(run, [measure("E8", "unmet"), measure("E3", "served_of_needs", "status", "legal")])
    assert asked == [("E8", "year"), ("E3", ("year", "status"))]
    monkeypatch.setattr(headlines, "take_up", None)
    assert math.isfinite(values_of(run, [headline("service_theil")])["service_theil"][0][1])


def test_groups_are_those_of_the_table(run: Run) -> None:
    table = measures_table(run)
    for (identity, by), rows in table.groupby(["id", "by"], observed=True):
        if by != "country":
            assert by in BY_ID[identity].by
            assert set(rows["group"]) <= set(groups_of(by) or rows["group"])
    assert {(i, b) for i, b in zip(table["id"], table["by"], strict=True) if b != "country"} == {
        (identity, by) for identity, theme in BY_ID.items() for by in theme.by
    }


def test_unknown_ones() -> None:
    for ask in (lambda: headline("needs_mat"), lambda: measure("E3", "servd")):
        with pytest.raises(KeyError):
            ask()


@pytest.mark.parametrize(
    ("text", "name", "by", "group", "year"),
    [
        ("needs_met", "needs_met", "country", "all", None),
        ("E3.served_of_needs", "E3.served_of_needs", "country", "all", None),
        (" e3.served_of_needs[legal]", "E3.served_of_needs legal", "status", "legal", None),
        ("E3.served_of_needs legal 2005", "E3.served_of_needs legal 2005", "status", "legal", 2005),
        ("E3.served_of_needs 2005", "E3.served_of_needs 2005", "country", "all", 2005),
        ("E1.gap[the far north] 1999", "E1.gap the far north 1999", "region", "the far north", 1999),
        ("E4.never 5 1999", "E4.never 5 1999", "stay", "5", 1999),
        ("E7.places[language]", "E7.places language", "service", "language", None),
    ],
)
def test_both_ways_of_writing_are_read(text: str, name: str, by: str, group: str, year: int | None) -> None:
    spec = OutcomeSpec.parse(text)
    assert (spec.name, spec.by, spec.group, spec.year) == (name, by, group, year)
    assert OutcomeSpec.parse(name) == spec


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("need_met", "did you mean needs_met?"),
        ("E3.serve_of_needs", "did you mean E3.served_of_needs?"),
        ("E5.served_of_needs", "did you mean E3.served_of_needs?"),
        ("E3.needs[late]", "there are all, citizen, denizen"),
        ("E3.needs[", "there is no outcome"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(UnknownOutcome, match=re.escape(hint)):
        OutcomeSpec.parse(text)


def test_a_value_is_of_the_year_asked_for_or_of_the_last(run: Run) -> None:
    spec = OutcomeSpec.parse("E3.served_of_needs[legal]")
    by_year = dict(values_of(run, [spec])[spec.name])
    assert spec.value(run) == by_year[1992] != by_year[1991]
    assert spec.value(run, 1991) == OutcomeSpec.parse(f"{spec.name} 1991").value(run) == by_year[1991]
    assert math.isnan(spec.value(run, 2050))
    assert OutcomeSpec.parse("needs_met").value(run) == main_outcomes(run)["needs_met"].value
    assert math.isnan(OutcomeSpec.parse("E1.gap[Atlantis]").value(run))


def test_a_run_is_made_one_way(run: Run) -> None:
    passed: list[int] = []
    again = simulate(
        load_scenario("two-towns"), months=3, seed=7, progress=lambda done, *_: passed.append(done)
    )
    assert (again.seed, again.months, passed) == (7, 3, [1, 2, 3])
    named = simulate("two-towns", months=3, seed=7, sets=["scale.share=0.002"])
    assert named.table("monthly").equals(again.table("monthly"))
    with pytest.raises(Stopped):
        simulate("two-towns", months=3, stop=lambda: True)
    with pytest.raises(ValueError, match="takes no `sets`"):
        simulate(load_scenario("two-towns"), sets=["fear.weight=0"])


# Users' own measures: declared in Python or named on the command line, they are had like any other


MINE = '''
import pandas as pd
from local_citizenship.outcomes.measures import measure, who_fills

def share_helped(run):
    """Share of needs met on a claim."""
    filled = who_fills(run, ()).iloc[0]
    return 1 - filled["nobody"] - filled["informal"]

@measure(label="Asked in vain", unit="share of needs", by=("status",))
def in_vain(run, by):
    return who_fills(run, by).rename(columns={"nobody": "value"})

def by_year(run):
    return who_fills(run).set_index("year")["nobody"]

def text(run):
    return "many"

def wrong(run):
    return 1 / 0
'''


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[str]:
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    yield str(file)
    forget_own_measures()


def test_a_function_named_by_its_file_is_a_measure(run: Run, mine: str) -> None:
    found = load_measure(f"{mine}:share_helped")
    assert (found.name, found.label) == ("share_helped", "share helped")
    assert found.definition == "Share of needs met on a claim."
    value = main_outcomes(run)["own.share_helped"].value
    assert value == pytest.approx(main_outcomes(run)["needs_met"].value)
    spec = OutcomeSpec.parse("share_helped")
    assert spec == OutcomeSpec.parse("own.share_helped")
    assert spec.value(run) == pytest.approx(value)
    table = measures_table(run, ids=["own"])
    rows = table.loc[table["measure"] == "share_helped", ["id", "by", "group", "year"]]
    assert rows.to_numpy().tolist() == [["own", "country", "all", 1992]]
    assert list(measures_table(run)["id"].cat.categories) == [*sorted(BY_ID.keys() - {"own"}), "own"]


def test_one_that_is_declared_is_divided_as_it_says(run: Run, mine: str) -> None:
    def series(name: str) -> list[tuple[int, float]]:
        (found,) = values_of(run, [OutcomeSpec.parse(name)]).values()
        return found

    assert load_measure(mine).name == "in_vain"
    assert series("own.in_vain[legal] 1991") == series("E5.nobody[legal] 1991")
    assert load_measure(f"{mine}:by_year").label == "by year"
    assert series("by_year") == series("E5.nobody")


def test_another_process_finds_it_by_where_it_came_from(run: Run, mine: str) -> None:
    load_measure(f"{mine}:share_helped")
    sent = pickle.dumps(OutcomeSpec.parse("share_helped"))
    value = OutcomeSpec.parse("share_helped").value(run)
    forget_own_measures()
    with pytest.raises(UnknownOutcome):
        OutcomeSpec.parse("share_helped")
    assert pickle.loads(sent).value(run) == value


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere.py:f", "there is no file nowhere.py"),
        ("{mine}:helped", "has no function 'helped'; it has share_helped, in_vain, by_year"),
        ("{mine}:wrong", "the measure wrong failed: ZeroDivisionError: division by zero"),
        ("{mine}:text", "returns str, and must return a number"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(run: Run, mine: str, name: str, said: str) -> None:
    def ask() -> None:
        load_measure(name.format(mine=mine))
        main_outcomes(run)

    with pytest.raises(MeasureError, match=said):
        ask()


def test_a_file_that_cannot_be_run_or_declares_nothing(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    for text, name, said in (
        ("def f(:", ":f", "can't be run: SyntaxError"),
        ("x = 1", "", "declares no measure"),
    ):
        file.write_text(text)
        with pytest.raises(MeasureError, match=said):
            load_measure(f"{file}{name}")


def test_a_declaration_that_cannot_be(run: Run) -> None:
    for declared, said in (
        ({"id": "E12"}, "no theme 'E12'"),
        ({"id": "E8", "name": "unmet"}, "has a measure 'unmet' already"),
        ({"id": "E8", "by": ("colour",)}, "can't be divided by 'colour'"),
    ):
        with pytest.raises(ValueError, match=said):
            own_measure(**declared)(len)
    try:
        own_measure(name="bare")(lambda run: pd.DataFrame({"year": [1990]}))
        with pytest.raises(MeasureError, match="a table without a column 'bare'"):
            main_outcomes(run)
    finally:
        forget_own_measures()


def test_an_edited_file_is_read_again(run: Run, tmp_path: Path, mine: str) -> None:
    file = tmp_path / "edited.py"
    file.write_text("def h(run):\n    return 1.0\n\ndef other(run):\n    return 3.0\n")
    load_measure(f"{file}:h")
    assert OutcomeSpec.parse("own.h").value(run) == 1.0
    file.write_text(file.read_text().replace("1.0", "2.0"))
    load_measure(f"{file}:other")
    assert OutcomeSpec.parse("own.h").value(run) == 2.0
    assert main_outcomes(run)["own.other"].value == 3.0
    file.write_text("def h(run:")
    with pytest.raises(MeasureError, match="can't be run: SyntaxError"):
        load_measure(f"{file}:h")
    assert OutcomeSpec.parse("own.h").value(run) == 2.0
    assert [load_measure(mine).name for _ in range(2)] == ["in_vain"] * 2
    assert list(main_outcomes(run))[-3:] == ["own.h", "own.other", "own.in_vain"]


def test_two_files_cannot_have_a_measure_of_one_name(tmp_path: Path, mine: str) -> None:
    load_measure(f"{mine}:share_helped")
    file = tmp_path / "other.py"
    file.write_text("def share_helped(run):\n    return 2.0\n")
    with pytest.raises(MeasureError, match=r"own has a measure 'share_helped' already, of .*mine\.py: give"):
        load_measure(f"{file}:share_helped")
    assert BY_ID["own"]["share_helped"].file == str(Path(mine).resolve())


def test_a_cell_that_is_run_twice_declares_its_measure_anew(run: Run) -> None:
    try:
        for value in (1.0, 2.0):

            @own_measure(label=f"Number {value}")
            def anew(run: Run, value: float = value) -> float:
                return value

        assert [each.label for each in BY_ID["own"].measures] == ["Number 2.0"]
        assert main_outcomes(run)["own.anew"].value == 2.0
        with pytest.raises(MeasureError, match="already"):
            own_measure(name="anew")(len)
    finally:
        forget_own_measures()


def test_another_process_is_sent_what_was_declared_in_python(run: Run) -> None:
    def declare(value: float) -> bytes:
        @own_measure()
        def sent(run: Run) -> float:
            return value

        return pickle.dumps(OutcomeSpec.parse("own.sent"))

    try:
        first, second = declare(1.0), declare(2.0)
        assert pickle.loads(first).value(run) == 2.0, "what was declared here stays"
        forget_own_measures()
        assert [pickle.loads(each).value(run) for each in (first, second)] == [1.0, 2.0]
        forget_own_measures()
        lock = threading.Lock()
        own_measure(name="held")(lambda run: lock.locked())
        with pytest.raises(MeasureError, match="the measure held can't be sent to other processes"):
            pickle.dumps(OutcomeSpec.parse("own.held"))
    finally:
        forget_own_measures()


@pytest.mark.parametrize("named", ["", ":gone", ":left"])
def test_a_file_may_declare_a_measure_of_a_theme(run: Run, tmp_path: Path, named: str) -> None:
    file = tmp_path / "e4.py"
    file.write_text(
        "from local_citizenship import measure\n\n"
        '@measure(id="E4", name="gone", unit="persons")\n'
        'def left(run):\n    return float(run.table("monthly")["month"].max())\n'
    )
    before = [each.name for each in BY_ID["E4"].measures]
    try:
        found = load_measure(f"{file}{named}")
        assert (found.name, found.origin) == ("gone", f"{file.resolve()}:gone")
        assert "own" not in BY_ID
        assert [each.name for each in BY_ID["E4"].measures] == [*before, "gone"]
        spec = OutcomeSpec.parse("E4.gone")
        assert spec.value(run) == 29.0
        sent = pickle.dumps(spec)
    finally:
        forget_own_measures()
    assert [each.name for each in BY_ID["E4"].measures] == before
    try:
        assert pickle.loads(sent).value(run) == 29.0
    finally:
        forget_own_measures()


def test_what_a_kept_table_lacks_is_computed(run: Run, mine: str) -> None:
    load_measure(f"{mine}:share_helped")
    kept = with_measures(run)
    load_measure(f"{mine}:by_year")
    by_year = OutcomeSpec.parse("by_year")
    assert not math.isnan(by_year.value(kept))
    assert by_year.value(kept) == by_year.value(run)


def test_a_measure_added_to_a_theme_is_in_its_table(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BY_ID, "E8", BY_ID["E8"])  # put back afterwards

    @own_measure(id="E8", label="unmet needs a person", unit="episodes", by=("status",))
    def unmet_a_person(run: Run, by: str) -> pd.DataFrame:
        """Needs that nobody met, for each migrant present."""
        found = harms(run, by)
        return found.assign(value=found["unmet"] / found["person_years"])

    assert BY_ID["E8"]["unmet_a_person"].definition == "Needs that nobody met, for each migrant present."
    rows = measures_table(run, ids=["E8"]).pivot_table(
        index=["year", "group"], columns="measure", values="value", observed=True
    )
    assert rows["unmet_a_person"].to_numpy() == pytest.approx(rows["unmet_per_1000"].to_numpy() / 1000)
    assert OutcomeSpec.parse("E8.unmet_a_person[legal]").unit == "episodes"
