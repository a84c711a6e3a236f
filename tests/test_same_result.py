"""One seed, one result: whatever the engine, the threads, the order of rows, or who else comes.

The interpreted engine also watches what machine code does not: an index beyond its array, and a number too
large for its field, are errors there. For machine code itself, set NUMBA_BOUNDSCHECK=1 (see CONTRIBUTING).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from busy import BUSY, BUSY_COUNTRY, busy
from single import ALL_SERVICES, a_world, plain
from small import assert_same_tables, small_places, small_run, small_scenario

from local_citizenship.agents import settling
from local_citizenship.agents.chance import random_bytes
from local_citizenship.model import LocalCitizenship, schedule, sparse, state
from local_citizenship.model import living as kernels


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return busy().ledger.tables()


def test_the_busy_country_has_everything_to_compare(tables):
    assert set(tables["events"]["event"].unique()) >= {
        "arrived", "need", "learned_city", "learned_ngo", "asked", "served", "refused", "turned_away",
        "gave_up", "consequence", "moved", "joined", "insured", "settled", "status", "apprehended",
        "deported", "left", "laid_off", "found_work", "extended",
    }  # fmt: skip
    there = busy().migrants.records
    for what in ("jobless", "children", "woman", "owes_until"):
        assert 0 < np.count_nonzero(there[what]) < len(there), what
    assert len(tables["ngos"]) > 0
    assert tables["moves"]["enrolments_lost"].sum() > 0


def test_compiled_or_interpreted(tables):
    assert_same_tables(tables, busy(engine="interpreted").ledger.tables())


@pytest.mark.parametrize("chunk", [state.CHUNK, 100, 7])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_any_number_of_threads_and_chunks(monkeypatch, tables, threads, chunk):
    """Whoever lives through which chunk of rows, and however many of those need more work than others."""
    monkeypatch.setattr(state, "CHUNK", chunk)
    monkeypatch.setattr(schedule, "FEW", max(1, chunk // 5))
    assert_same_tables(tables, busy(threads=threads).ledger.tables())


@pytest.mark.parametrize("shuffled_after", [1, 9])
def test_any_order_of_rows(tables, shuffled_after):
    model = LocalCitizenship(small_scenario(BUSY, months=17, **BUSY_COUNTRY))
    for _ in range(shuffled_after):
        model.step()
    before = model.migrants.get("identity").copy()
    state = model.state
    people = state.migrants[: state.used]
    people[:] = people[np.random.default_rng(5).permutation(state.used)]
    state._free = np.flatnonzero(people["present"] == 0)
    assert not np.array_equal(before, model.migrants.get("identity"))
    model.run()
    assert_same_tables(tables, model.ledger.tables())


def test_rows_are_put_in_the_order_of_places(tables):
    """Once a year everybody stands beside their neighbours, without free rows between, and nobody else is there."""
    model = LocalCitizenship(small_scenario(BUSY, months=17, **BUSY_COUNTRY))
    for _ in range(9):
        model.step()
    people = model.migrants.records
    assert (people["home"][1:] < people["home"][:-1]).any()
    assert model.state.used > len(people)
    model.state.order_rows()
    ordered = model.state.migrants[: model.state.used]
    assert (ordered["home"][1:] >= ordered["home"][:-1]).all()
    assert np.array_equal(np.sort(ordered, order="identity"), np.sort(people, order="identity"))
    model.run()
    assert_same_tables(tables, model.ledger.tables())


def test_another_seed_another_result(tables):
    other = busy(seed=2).ledger.tables()
    assert not other["monthly"].equals(tables["monthly"])
    assert not other["needs"].equals(tables["needs"])


def test_a_run_cut_into_steps_is_the_same_run(tables):
    model = LocalCitizenship(small_scenario(BUSY, months=17, **BUSY_COUNTRY))
    while model.running:
        model.step()
        len(model.migrants)  # looking changes nothing
        model.ledger.tables()
    assert_same_tables(tables, model.ledger.tables())


def test_a_longer_run_begins_like_a_shorter_one():
    """The first months do not know how long the run will be (sampled lives apart, see below)."""
    short, long = (small_run(months=months).ledger.monthly() for months in (8, 14))
    assert short.equals(long[long["month"] < 8])


def test_months_are_put_by_whole_or_as_cells(monkeypatch, tables):
    """As those of small runs and of large ones are."""
    monkeypatch.setattr(sparse, "_DENSE", 0)
    assert_same_tables(tables, busy().ledger.tables())


def test_machine_code_is_what_runs_by_default():
    before = set(kernels.live.signatures)  # a test before this one may have run with other lists of entries
    model = small_run(months=1)
    assert model.state.call.__name__ == "compiled_engine"
    known = set(kernels.live.signatures)
    assert len(known - before) <= 1
    busy(months=6)
    assert set(kernels.live.signatures) == known  # one signature for all: nothing is compiled twice


def test_without_a_compiler_the_interpreter_runs_with_the_same_result(monkeypatch):
    told = small_run(months=4)
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    monkeypatch.setattr("local_citizenship.agents.rule.kept", None)  # no machine code is asked for
    model = small_run(months=4)
    assert model.state.call.__name__ == "interpreted_engine"
    assert_same_tables(told.ledger.tables(), model.ledger.tables())


# Luck that is shared between scenarios ------------------------------------------------------------------


def newcomers(*settings, months=8):
    """Everybody who came during the run, as they were in their first month."""
    model = LocalCitizenship(small_scenario(*settings, months=months))
    frames = []
    for month in range(months):
        model.step()
        people = model.migrants.to_frame()
        frames.append(people[people["arrived"] == month] if month else people)
    return pd.concat(frames).set_index("identity").sort_index()


def test_a_change_of_one_flow_renumbers_nobody():
    """Twice the students: everybody else who came is the same person, with the same family and plans."""
    one, other = newcomers(), newcomers({"doors.student.arrivals": 12.0})
    for frame in (one, other):
        assert frame.index.is_unique
    students = one["door"] == "student", other["door"] == "student"
    assert students[1].sum() > students[0].sum() > 0
    assert set(one.index[students[0]]) < set(other.index[students[1]])
    both = one.index.intersection(other.index)
    assert len(both) > 0.99 * len(one)  # some may leave in their first month, others not
    for trait in ("door", "family", "target", "sampled"):
        assert one.loc[both, trait].equals(other.loc[both, trait]), trait


def test_same_luck_for_the_same_person():
    """The bytes that thin a month are a function of month and identity alone."""
    world = a_world()
    random = plain(random_bytes)
    assert random(world.luck_now, 5) == random(world.luck_now, 5) != random(world.luck_now, 6)
    assert random(world.luck_now, 5) != random(world.luck_now + 1, 5)


def test_the_same_lives_are_kept_in_every_scenario():
    def kept(months, *settings):
        model = LocalCitizenship(small_scenario(*settings, months=months))
        model.step()
        return set(model.migrants.select(sampled=1).get("identity").tolist())

    assert kept(6) == kept(60)


# Who notices ------------------------------------------------------------------------------------------

# Nothing spreads from one migrant to the next: no word of mouth, no queue, no enclave, no co-ethnic pull, no
# city that reacts, no fear of what happened next door, no neighbours or newspapers that take notice.
APART = {
    **dict.fromkeys(
        ("awareness.peers", "belonging.enclave", "moving.coethnics", "fear.local", "voice.surveys"), 0.0
    ),
    **dict.fromkeys(("language.enclave", "language.enclave_help"), 0.0),
    **dict.fromkeys(("public.discrimination", "public.response", "city.pace"), 0.0),
    **dict.fromkeys(("ngos.enabled", "city.revenue_limits"), False),
}


def records_but_one(model, one):
    records = model.migrants.records
    return np.sort(records[records["identity"] != one], order="identity")


def two_worlds(*settings, months):
    """The same world twice, but that in the second one migrant has become a settler after five months."""
    scenario = small_scenario(*settings, months=5 + months, places=small_places(level=0.6))
    worlds = [LocalCitizenship(scenario) for _ in range(2)]
    for model in worlds:
        for _ in range(5):
            model.step()
    sojourners = worlds[0].migrants.select(settler=0, detained=0, status="legal").records
    one = int(sojourners["identity"][len(sojourners) // 2])
    home = int(worlds[0].migrants[one].home)
    state = worlds[1].state
    row = np.flatnonzero((state.migrants["identity"] == one) & (state.migrants["present"] == 1))[0]
    change = {"settler": 1, "target": settling.NEVER_DUE, "knows": ALL_SERVICES, "need": 2, "need_since": 5}
    for name, value in change.items():
        state.migrants[name][row] = value
    for model in worlds:
        model.run()
    return worlds, one, home


def test_where_nothing_spreads_nobody_else_changes():
    """A minimally different world: a year later all others, wherever they live, are the same, bit for bit."""
    worlds, one, _ = two_worlds(APART, months=12)
    here, there = (records_but_one(model, one) for model in worlds)
    assert len(here) > 1000
    assert np.array_equal(here, there)
    own = [model.migrants.records for model in worlds]
    changed = [records[records["identity"] == one] for records in own]
    assert not np.array_equal(*changed)


def test_nobody_elsewhere_changes_within_the_month():
    """With all that spreads switched on, the next month is the same for everybody in other towns."""
    worlds, one, home = two_worlds(months=1)
    here, there = (records_but_one(model, one) for model in worlds)
    elsewhere = here["home"] != home, there["home"] != home
    assert elsewhere[0].sum() > 500
    assert np.array_equal(here[elsewhere[0]], there[elsewhere[1]])
