"""Where the jobs are: margins, leanings, compatriots and vacancies (D9, D13)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from single import a_world, plain
from small import small_places, small_run, small_scenario, total

from local_citizenship.agents import moving
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.jobs import divide_jobs, leaning_of_places, share_of_homes, urban_of
from local_citizenship.scenarios import load_scenario

PLACES, DOORS = 7, 4
SOME = st.floats(0.05, 1.0)


@settings(max_examples=40, deadline=None)
@given(
    leaning=arrays(float, (PLACES, DOORS), elements=SOME),
    register=arrays(float, PLACES, elements=st.floats(0.0, 5_000.0)),
    people=arrays(float, DOORS, elements=st.floats(0.0, 3_000.0)),
)
def test_jobs_of_all_categories_add_up_to_the_register(leaning, register, people):
    """D9: whatever the leanings; and those of a category to its people, as near as the leanings let them be."""
    jobs = divide_jobs(leaning, register, people)
    assert (jobs >= 0.0).all()
    assert not jobs[:, people == 0.0].any()
    if register.sum() >= 1.0 and people.any():
        assert jobs.sum(axis=1) / jobs.sum() == pytest.approx(register / register.sum(), abs=1e-9)
        assert jobs.sum(axis=0) == pytest.approx(people + (people > 0.0), rel=0.02)


def test_leanings_divide_the_jobs_of_a_place_and_move_none_elsewhere():
    lean = np.array([[1.0, 1.0], [1.0, 5.0]])
    jobs = divide_jobs(lean, np.array([100.0, 100.0]), np.array([99.0, 99.0]))
    assert jobs.sum(axis=1) == pytest.approx([100.0, 100.0])
    assert jobs[1, 1] > jobs[1, 0] > 0.0
    assert divide_jobs(lean, np.array([100.0, 0.0]), np.array([99.0, 99.0]))[1].tolist() == [0.0, 0.0]


def test_without_foreigners_on_the_register_or_jobs_for_a_category_all_places_count_alike():
    """Nobody to divide by, and no job that is one for a category: everybody finds a place all the same."""
    nobody = divide_jobs(np.ones((3, 2)), np.zeros(3), np.array([5.0, 2.0]))
    assert nobody == pytest.approx(np.array([[2.0, 1.0]] * 3))
    none_for_it = divide_jobs(
        np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([30.0, 10.0]), np.array([9.0, 9.0])
    )
    assert none_for_it.sum(axis=0) == pytest.approx([10.0, 10.0])
    assert none_for_it.sum(axis=1) == pytest.approx([15.0, 5.0])


def test_a_big_city_is_one_by_its_own_residents():
    urban = urban_of(np.array([0.0, 500.0, 20_000.0, 400_000.0, 3e6]))
    assert (np.diff(urban) >= 0.0).all()
    assert urban[0] < 0.01 < 0.5 < urban[3] < urban[4] <= 1.0


@pytest.mark.mechanism("D13", "D14")
def test_compatriots_pull_more_than_in_proportion():
    """D14: nobody of them, the least; twice their usual part, more than twice the pull; off, none of it matters."""

    def pull(presence, coethnics=1.0, chain=1.5):
        world = a_world({"moving": {"coethnics": coethnics, "chain": chain}})
        return plain(moving.pull_of_compatriots)(
            world, plain(moving.chain_of_compatriots)(world, presence), 1.0
        )

    assert pull(1.0) == pytest.approx(1.0)
    assert pull(2.0) > 2.0 * pull(1.0)
    assert pull(2.0, chain=1.0) == pytest.approx(2.0)
    assert pull(0.0, coethnics=0.6) == pytest.approx(0.4)
    assert pull(9.0, coethnics=0.0) == pull(0.0, coethnics=0.0) == 1.0


@pytest.mark.mechanism("D14")
def test_who_is_there_is_told_by_their_part_of_the_migrants():
    """D14: as in the country, 1; twice that part, 2, whatever the size of the place; of a place with hardly anybody,
    nothing is told."""
    world = a_world({"moving.few": 30.0})

    def presence(*numbers, world=world):
        return plain(moving.presence_of)(world, *numbers)

    assert presence(100, 1_000, 0.1) == pytest.approx(1.0)
    for crowd in (10_000, 100_000):
        assert presence(crowd // 5, crowd, 0.1) == pytest.approx(2.0, rel=0.01)
    assert presence(0, 10_000, 0.1) < 0.01
    assert 0.9 < presence(0, 1, 0.1) < 1.0 == presence(0, 0, 0.1)
    assert presence(0, 500, 0.1) == presence(0, 500, 0.001)  # of whom nobody is here, whoever they are
    # One of a rare group, alone in a village, draws no crowd; and no more where a record stands for twenty.
    assert 1.0 < presence(1, 3, 0.001) < 40.0
    in_records = a_world({"moving.few": 30.0}, persons=20.0)
    assert presence(10, 50, 0.1, world=in_records) == pytest.approx(presence(200, 1_000, 0.1))


def leanings(sorting, urban):
    """What a factory town, a city of services and a village lean to, of a category of this `urban`."""
    cities = np.zeros(3, [("urban", float), ("industry", float), ("trades", float, (1,))])
    cities["urban"], cities["industry"], cities["trades"] = (0.6, 1.0, 0.0), (0.9, 0.1, 0.0), 1.0
    world = np.zeros(
        1, [("doors_urban", float, (1,)), ("moving_sorting", float), ("trade_of_door", int, (1,))]
    )
    world["doors_urban"], world["moving_sorting"] = urban, sorting
    return leaning_of_places(cities, world)[:, 0]


@pytest.mark.mechanism("D9", "D13")
def test_factory_towns_have_other_jobs_than_cities_of_services():
    """D9: the more so, the more jobs are sorted; unsorted, and for a category of either kind, no place leans; a village
    is neither kind."""
    factory, kitchen = leanings(3.0, 0.1), leanings(3.0, 0.9)
    assert factory[0] > factory[2] > factory[1]
    assert kitchen[0] < kitchen[2] < kitchen[1]
    assert factory[2] == kitchen[2] == 1.0
    assert factory[0] / factory[1] > leanings(1.0, 0.1)[0] / leanings(1.0, 0.1)[1] > 1.0
    assert leanings(0.0, 0.1) == pytest.approx(np.ones(3)) == leanings(3.0, 0.5)


def test_homes_of_spouses_are_where_foreigners_are():
    """A11: by residents, but none in a hamlet without foreigners; if none are anywhere, all residents count."""
    residents = np.array([300.0, 100.0, 400.0])
    assert share_of_homes(residents, np.array([9.0, 1.0, 0.0])).tolist() == [0.75, 0.25, 0.0]
    assert share_of_homes(residents, np.zeros(3)) == pytest.approx(residents / 800.0)


@pytest.mark.mechanism("D9")
def test_free_jobs_pull():
    """D9: fewer go where a smaller part of the jobs is free than is usual; off, and where nothing is free anywhere,
    nobody minds."""

    def pull(vacant, vacancies=1.0, posts=1000.0, usual=0.2):
        world = a_world({"moving.vacancies": vacancies})
        return plain(moving.pull_of_vacancies)(world, vacant, posts, usual)

    assert pull(0.0) < pull(100.0) < pull(200.0) < pull(300.0)
    assert pull(200.0) == pytest.approx(1.0)
    assert pull(1000.0) == moving.MOST_VACANT
    assert pull(100.0, 2.0) < pull(100.0)
    assert pull(100.0, 0.0) == pull(300.0, 0.0) == pull(0.0, usual=0.0) == 1.0
    assert pull(0.0, posts=0.0) == pytest.approx(1.0)


@pytest.mark.mechanism("D14")
def test_chain_migration_gathers_people_of_a_group():
    """D14: in a whole run people live among more of their own with compatriots' pull than without it."""

    def among_their_own(coethnics):
        model = LocalCitizenship(
            small_scenario(
                {"moving": {"coethnics": coethnics, "chain": 1.5}, "doors.*.moving": 0.05}, months=48
            )
        )
        model.run()
        groups = model.state.cities["by_group"].astype(float)
        everybody = np.maximum(1.0, groups.sum(axis=1, keepdims=True))
        return (groups * groups / everybody).sum() / groups.sum()

    assert among_their_own(0.9) > among_their_own(0.0)


def assert_same_of_places(alone, beside, row_of):
    """Tables tell the same of places that both runs have. `row_of`: a place's row beside others -> its row alone."""
    for name in ("monthly", "places_yearly", "doors", "nation", "census", "departures", "needs", "moves"):
        frame, expected = beside.ledger.table(name), alone.ledger.table(name)
        if "place" in frame:
            frame = frame[frame["place"].isin(row_of)]
            frame = frame.assign(place=frame["place"].map(row_of))
        order = [key for key in ("month", "year", "place", "status") if key in frame]
        if order:
            frame, expected = (each.sort_values(order, kind="stable") for each in (frame, expected))
        assert len(frame) == len(expected) > 0, name
        for column in expected.columns:
            assert frame[column].tolist() == expected[column].tolist(), (name, column)


def test_a_place_without_foreign_residents_changes_no_other_place():
    """Rows without jobs or people leave the tables of every other place as they were."""
    few, more = small_places(12, 3), small_places(15, 3)
    empty = [3, 7, 14]  # among the others
    kept = [row for row in range(15) if row not in empty]

    def with_rows(value):
        new = np.zeros((15, *value.shape[1:]), value.dtype)
        new[kept] = value
        return new

    changed = {
        name: with_rows(getattr(few, name))
        for name, value in vars(few).items()
        if isinstance(value, np.ndarray)
    }
    changed["population"][empty] = 300.0
    changed["fiscal_strength"][empty] = 0.1
    region = changed["region"]
    for row in empty:
        region[row] = region[row - 1]
    code = ["" for _ in range(15)]
    name = list(code)
    for at, row in enumerate(kept):
        code[row], name[row] = few.code[at], few.name[at]
    for row in empty:
        code[row] = name[row] = f"hamlet {row}"
    with_hamlets = replace(more, **changed, code=code, name=name)

    def run(places):
        model = LocalCitizenship(small_scenario(places=places, months=30))
        model.run()
        return model

    alone, beside = run(few), run(with_hamlets)
    assert total(beside, "stock") == total(alone, "stock") > 0
    assert_same_of_places(alone, beside, {row: at for at, row in enumerate(kept)})


HERE = Path(__file__).parent / "towns"


def test_six_hamlets_leave_the_tables_of_twelve_towns_as_they_were():
    """Towns of a country as it is shipped, spouses of nationals among its people; the hamlets, far away in a region of
    their own, have residents and no foreigners."""
    alone, beside = (load_scenario(HERE / name, months=30) for name in ("twelve.yaml", "with-hamlets.yaml"))
    assert any(door.spouse and door.initial for door in alone.parameters.doors.values())
    row_of = {code: row for row, code in enumerate(beside.places.code)}
    same = {row_of[code]: row for row, code in enumerate(alone.places.code)}
    runs = [LocalCitizenship(scenario) for scenario in (alone, beside)]
    for model in runs:
        model.run()
    assert_same_of_places(*runs, same)


def test_a_country_without_foreign_residents_can_be_run():
    """No jobs for a category anywhere: newcomers go to any place alike."""
    places = replace(small_places(), foreign_residents=np.zeros(12))
    assert len(small_run(places=places, months=1).migrants) > 0
