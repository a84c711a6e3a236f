"""One seed, one result: whatever the engine, the threads, the order of rows, or who else comes.

The interpreted engine also watches what machine code does not: an index beyond its array, and a number too
large for its field, are errors there. For machine code itself, set NUMBA_BOUNDSCHECK=1 (see CONTRIBUTING).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from single import ALL_SERVICES, a_city, a_here, a_migrant, a_world, as_plain, plain
from small import (
    FLOWS,
    N_DOORS,
    TRADES,
    assert_same_tables,
    parameters_with,
    small_places,
    small_run,
    small_scenario,
)

from local_citizenship.agents import needs, settling
from local_citizenship.agents.chance import random_bytes
from local_citizenship.agents.cities.hostility import MOST_PREJUDICE
from local_citizenship.agents.classes import N_CLASSES, be_of_class, class_of
from local_citizenship.agents.employers import MOST_RUTHLESS
from local_citizenship.agents.life import slots_of, total_chance
from local_citizenship.agents.nation import MOST_APPREHENSION
from local_citizenship.agents.rows import Row, Rows
from local_citizenship.agents.services import BY_EMPLOYER, RIGHTS
from local_citizenship.model import LocalCitizenship, schedule, sparse, state
from local_citizenship.model import living as kernels
from local_citizenship.model.engine import engine_called
from local_citizenship.model.layout import SHIPPED_LAYOUT
from local_citizenship.model.thinning import Thinning
from local_citizenship.model.world import new_world
from local_citizenship.scenarios import ScenarioError
from local_citizenship.scenarios.catalogue import NEEDS
from local_citizenship.scenarios.schema import SHIPPED, iter_parameters

# A small, crowded country, in which all rules have something to do within a year and a half.
BUSY = {
    "doors": {door: {"initial": v["initial"] * 0.4, "moving": 0.04} for door, v in FLOWS["doors"].items()},
    "needs.*.rate": 0.3,
    "ngos": {"initial": 10, "cases_per_staff": 1.0, "founding": 0.01},
    "awareness": {"outreach": 0.06, "ngo_outreach": 0.06},
    "claiming": {"join": 0.05, "join_at_work": 1.0, "join_for_child": 1.0, "insure": 0.043},
    "status": {"permanent_after": 12, "permanent_rate": 0.05, "marriage": 0.01, "naturalise_apply": 0.02},
    "labour": {"adjusts": 2.0, "layoffs": 2.0, "rehiring": 0.3, "homewards": 0.2, "elsewhere": 0.3},
    "doors.*.family_joins": 0.02,
    "settling": {"homeward": 1.0, "round": 3},
    "city": {"pace": 0.9, "pioneers": 1.0, "incidents": 0.5},
    "services.*.threshold": 0.3,
    "stories.share": 1.0,
}
CHANGES = [(5, "enforcement.halve_in", 2.0), (6, "labour.demand", 0.3), (7, "doors.student.arrivals", 9.0),
           (11, "labour.demand", 1.0)]  # fmt: skip


BUSY_COUNTRY = {"changes": CHANGES, "places": small_places(6, 2)}


def busy(months: int = 17, **how) -> LocalCitizenship:
    return small_run(BUSY, months=months, **BUSY_COUNTRY, **how)


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
    model.state.shuffle_rows(np.random.default_rng(5))
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


# Thinning ---------------------------------------------------------------------------------------------


def opened_wide(_, world, *, look_again=True):
    world[0]["bounds"][:] = np.uint64(2**64 - 1)
    world["highest_bounds"] = np.uint64(2**64 - 1)
    world["search_bound"] = 256


PATIENT = {"awareness.search": 0.05, "needs.*.patience": 10, "needs.*.rate": 0.3}
NO_CITY_HELPS = {"services.*.threshold": 3.0, "ngos.telephone": 0.0}
OFFERS = {
    "as it comes": ([], []),
    "a right is given": ([PATIENT], [(6, f"needs.{need}.right", "anyone") for need in NEEDS]),
    "NGOs are founded": ([PATIENT, NO_CITY_HELPS, {"ngos": {"initial": 0, "founding": 0.1}}], []),
}


@pytest.mark.parametrize(("settings", "changes"), OFFERS.values(), ids=OFFERS.keys())
def test_thinning_changes_nothing(monkeypatch, settings, changes):
    """All rules asked of everybody every month, against only those whose luck may say yes."""

    def run():
        return small_run(BUSY, *settings, months=20, changes=changes).ledger.tables()

    thinned = run()
    monkeypatch.setattr(Thinning, "set_bounds", opened_wide)
    whole = run()
    for name in ("monthly", "needs", "departures", "census", "moves", "places_yearly", "events"):
        assert len(thinned[name]) > 0
        pd.testing.assert_frame_equal(thinned[name], whole[name], check_exact=True, obj=name)


# Rates and risks that together exceed one a month cannot be thinned (nor lived through): kept lower here.
TAMED = {"rate": 0.15, "work_risk": 0.4, "abuse_risk": 0.2, "housing_risk": 0.4, "unauthorised": 0.4,
         "discrimination": 0.3, "abuse_at_home": 0.2, "dependent": 0.2}  # fmt: skip


def thin(world, **how):
    """Set its bounds, as for towns some of whose employers are as ruthless as can be."""
    worst = np.full(len(TRADES), MOST_RUTHLESS)
    Thinning(engine_called("compiled"), SHIPPED, SHIPPED_LAYOUT, worst).set_bounds(world, **how)


def any_world(rng: np.random.Generator):
    """A world of parameters anywhere in their ranges, the extremes included, with its bounds set."""
    array = new_world(SHIPPED)
    record = array[0]
    for info in iter_parameters(SHIPPED):
        if info.type is not float or info.low is None or info.high is None or rng.uniform() < 0.3:
            continue
        section, *rest = info.path.split(".")
        high = info.low + (info.high - info.low) * TAMED.get(rest[-1], 1.0)
        value = rng.choice([info.low, high, rng.uniform(info.low, high)])
        names = getattr(getattr(SHIPPED, section), "names", ())
        if names:
            record[f"{section}_{rest[1]}"][names.index(rest[0])] = value
        else:
            record[f"{section}_{rest[0]}"] = value
    for name, some, high in (
        ("laid_off", 0.02, 0.25), ("apprehension", 0.06, 0.3), ("most_tension", 1.0, 1.0), ("usual_wages", 1.0, 1.0),
        ("most_prejudice", 1.0, MOST_PREJUDICE),
    ):  # fmt: skip
        record[name] = rng.choice([0.0, some, rng.uniform(0.0, high)])
    record["month"] = 200
    record["luck_now"] = rng.integers(2**63)
    thin(array)
    return as_plain(record)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_chance_exceeds_its_bound(seed):
    """Any parameters, migrants and town: on every slot, all that may happen stays inside the bound of the class."""
    rng = np.random.default_rng(seed)
    world = any_world(rng)
    city = a_city(
        float(rng.choice([0.0, 1.0, rng.uniform()])),
        knowers=np.full(N_DOORS, float(rng.choice([0.0, 1.0]))),
        ngo_knowers=np.full(N_DOORS, float(rng.choice([0.0, 1.0]))),
        fiscal_strength=float(rng.choice([0.0, 2.0, rng.uniform()])),
        ngo_count=int(rng.integers(2)),
        ngo_kinds=127,
        ngo_staff=float(rng.uniform(0, 30)),
        tension=world.most_tension * float(rng.choice([1.0, rng.uniform()])),
        prejudice=world.most_prejudice * float(rng.choice([1.0, rng.uniform()])),
        monitored=float(rng.choice([0.0, 1.0])),
        ruthless=rng.choice([0.0, MOST_RUTHLESS, rng.uniform(0.0, MOST_RUTHLESS)], len(TRADES)),
    )
    city.open[:] = rng.integers(0, 2)
    here = a_here(world, city)
    for _ in range(8):
        family = int(rng.integers(2))
        person = a_migrant(
            int(rng.integers(2**40)),
            door=int(rng.integers(N_DOORS)),
            status=int(rng.integers(6)),
            family=family,
            settler=int(rng.integers(2)),
            grounds=int(rng.integers(3)),
            harm=int(rng.integers(needs.MOST_HARM + 1)),
            woman=int(rng.integers(2)),
            jobless=int(rng.integers(2)),
            children=family * int(rng.integers(3)),
            first_born=int(rng.integers(0, 200)),
            last_born=int(rng.integers(0, 200)),
            belonging=float(rng.choice([0.0, 1.0])),
            belonging_at=world.month,
            arrived=int(rng.integers(-100, 200)),
            legal_since=0,
            knows=int(rng.choice([0, ALL_SERVICES, ALL_SERVICES | RIGHTS])),
            enrolled=int(rng.choice([0, ALL_SERVICES, BY_EMPLOYER, ALL_SERVICES | BY_EMPLOYER])),
        )
        bounds = int(world.bounds[person.door, plain(class_of)(person, world), 0])
        for slot, total in total_chance.items():
            assert plain(total)(person, here) <= (bounds >> 8 * slot & 255) / 256, slot


def test_somebody_of_a_class_is_of_that_class():
    world, person = a_world(), a_migrant()
    for number in range(N_CLASSES):
        plain(be_of_class)(person, world, number % N_DOORS, number)
        assert (plain(class_of)(person, world), person.door) == (number, number % N_DOORS)


def test_thinning_is_not_idle():
    """At the defaults it keeps most people's months quiet, and still lets every slot through for some of each
    door."""
    array = new_world(SHIPPED)
    array["apprehension"] = 0.009
    thin(array)
    by_slot = np.uint64(8) * np.arange(8, dtype=np.uint64)
    bounds = array[0]["bounds"][:, :, :1] >> by_slot & np.uint64(255)  # (doors, classes, slots)
    assert (bounds.max(axis=1) > 0).all()
    assert bounds.max() < 64
    assert (array["highest_bounds"][0, 0] >> by_slot & np.uint64(255) == bounds.max(axis=(0, 1))).all()


def test_the_fiercest_crackdown_can_be_run():
    """Halving the unauthorised within days stays below what a month's bound can hold."""
    model = small_run({"enforcement.halve_in": 0.01}, months=1)
    assert model.month == 1
    assert model.nation.apprehension == MOST_APPREHENSION


def test_chances_that_add_up_to_more_than_one_are_explained():
    """Not a traceback from within, but a sentence naming the door and the parameters."""
    extreme = {"needs.*.rate": 0.6, "needs.*.unauthorised": 4.0}
    with pytest.raises(ScenarioError, match=r"the chances of \w+ from needs\.\*\.rate .* lower one of them"):
        small_run(extreme, months=1)


def test_a_country_without_foreign_residents_can_be_run():
    """No jobs for a category anywhere: newcomers go to any place alike."""
    places = replace(small_places(), foreign_residents=np.zeros(12))
    assert len(small_run(places=places, months=1).migrants) > 0


# The record -------------------------------------------------------------------------------------------


def test_a_migrant_takes_no_more_than_a_cache_line_and_a_half():
    assert SHIPPED_LAYOUT.migrant.itemsize <= 96


def test_narrow_fields_hold_what_the_longest_run_puts_in():
    """No narrow number wraps: dates of the longest run and stay, all services, all kinds, all counters."""
    layout, longest = SHIPPED_LAYOUT.migrant, 12 * 100
    for name in (
        "belonging_at",
        "arrived",
        "permit_until",
        "legal_since",
        "target",
        "need_since",
        "first_born",
        "owes_until",
    ):
        assert np.iinfo(layout[name]).max > settling.NEVER_DUE > longest
        assert np.iinfo(layout[name]).min < -360
    most = {
        "knows": ALL_SERVICES | RIGHTS,
        "enrolled": ALL_SERVICES | BY_EMPLOYER,
        "knows_ngo": 127,
        "home": 65_535,
    }
    for name, value in most.items():
        assert np.iinfo(layout[name]).max >= value, name
    records = busy().migrants.records
    for name, limit in (("claims", 250), ("harm", needs.MOST_HARM), ("belonging", 1.0)):
        assert records[name].max() <= limit
    assert records["belonging"].min() >= 0.0


def test_counters_stop_at_their_limit_in_whole_runs():
    """Claims and harm at the brink of their fields do not wrap round to nothing."""
    harmful = {f"needs.{need}": {"rate": 0.6, "harm": 1.0} for need in ("illness", "wages", "dispute")}
    model = LocalCitizenship(small_scenario(harmful, months=8, places=small_places(level=1.0)))
    model.step()
    present = model.migrants.rows
    model.state.migrants["claims"][present] = 249
    known = set(model.migrants.get("identity").tolist())
    model.run()
    records = model.migrants.records
    before = np.isin(records["identity"], list(known))
    assert before.sum() > 500
    assert set(records["claims"][before]) == {249, 250}
    assert records["harm"].max() == needs.MOST_HARM


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


@given(data=st.data())
@settings(max_examples=30)
def test_the_first_look_at_a_block_passes_over_nobody_whom_the_second_would_find(data) -> None:
    """The same rows as by asking everybody exactly, for records of any content."""
    amnesty = data.draw(st.sampled_from([0.0, 0.1]))
    array = new_world(parameters_with({"status.amnesty": amnesty}))
    array["month"], array["luck_now"] = 100, data.draw(st.integers(0, 2**63))
    array["apprehension"] = 0.009
    thin(array, look_again=data.draw(st.booleans()))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    block = np.zeros(data.draw(st.integers(1, kernels.BLOCK)), SHIPPED_LAYOUT.migrant)
    limits = {
        "identity": 2**40, "permit_until": 4_000, "target": 4_000, "need_since": 100, "joined": 100, "knows": 2**12,
        "enrolled": 2**12, "status": 6, "door": N_DOORS, "family": 2, "settler": 2, "detained": 2,
        "need": len(NEEDS) + 1, "stage": 128, "harm": 3, "member": 3, "present": 2,
    }  # fmt: skip
    for name, limit in limits.items():
        common = rng.random(len(block)) < 0.6  # most have nothing of a thing, as in life
        block[name] = np.where(
            common & (name not in ("permit_until", "target")), 0, rng.integers(0, limit, len(block))
        )
    world, records = Row(array, 0), Rows(block)
    room = [np.zeros((1, len(block)), np.uint64) for _ in range(2)] + [np.zeros(len(block), np.uint8)]
    rows = np.zeros(len(block) + 1, np.int64)
    found = rows[: plain(kernels.find_eventful)(records, world, *room, rows)].tolist()

    def is_eventful(record):
        random = (plain(random_bytes)(world.luck_now, record.identity),)
        return plain(kernels.is_eventful)(record, world, random, plain(slots_of)(record, world, random))

    assert found == [row for row in range(len(block)) if is_eventful(records[row])]
