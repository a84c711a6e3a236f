"""Users' own measures: declared in Python or named on the command line, they are had like any other."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from synthetic_tables import make_run

from local_citizenship.outcomes import Run
from local_citizenship.outcomes.declaration import MeasureError, forget_own_measures, load_measure
from local_citizenship.outcomes.measures import BY_ID, harms, main_outcomes, measure, measures_table
from local_citizenship.outcomes.outcome_spec import OutcomeSpec, UnknownOutcome, values_of

MINE = '''
import pandas as pd
from local_citizenship.outcomes.measures import measure, who_fills

def share_helped(run):
    """Share of needs that somebody met."""
    return 1 - who_fills(run, ())["nobody"].iloc[0]

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


@pytest.fixture(scope="module")
def run() -> Run:
    return make_run(places=6, regions=2, months=30)


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[str]:
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    yield str(file)
    forget_own_measures()


def test_a_function_named_by_its_file_is_a_measure(run: Run, mine: str) -> None:
    found = load_measure(f"{mine}:share_helped")
    assert (found.name, found.label) == ("share_helped", "share helped")
    assert found.definition == "Share of needs that somebody met."
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
            measure(**declared)(len)
    try:
        measure(name="bare")(lambda run: pd.DataFrame({"year": [1990]}))
        with pytest.raises(MeasureError, match="a table without a column 'bare'"):
            main_outcomes(run)
    finally:
        forget_own_measures()


def test_a_measure_added_to_a_theme_is_in_its_table(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BY_ID, "E8", BY_ID["E8"])  # put back afterwards

    @measure(id="E8", label="unmet needs a person", unit="episodes", by=("status",))
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
