"""One seed, one result: whatever the engine, the threads, the order of rows, or who else comes.

The interpreted engine also watches what machine code does not: an index beyond its array, and a number too
large for its field, are errors there. For machine code itself, set NUMBA_BOUNDSCHECK=1 (see CONTRIBUTING).
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import (
    FLOWS,
    Books,
    a_city,
    a_migrant,
    a_world,
    assert_same_tables,
    bytes_of,
    merged,
    parameters_with,
    plain,
    small_places,
    small_run,
    small_scenario,
)

from local_citizenship.agents import awareness, enrolling, migrant, moving, needs, settling, status
from local_citizenship.agents.chance import luck
from local_citizenship.agents.migrant import MIGRANT
from local_citizenship.agents.nation import MOST_APPREHENSION
from local_citizenship.agents.rows import Row, Rows
from local_citizenship.agents.services import BY_EMPLOYER, RIGHTS
from local_citizenship.model import LocalCitizenship, schedule
from local_citizenship.model import month as kernels
from local_citizenship.model.engine import engine_called
from local_citizenship.model.screen import N_DOORS, set_screen
from local_citizenship.model.world import WORLD, set_parameters
from local_citizenship.scenarios import ScenarioError
from local_citizenship.scenarios.catalogue import NEEDS, SERVICES
from local_citizenship.scenarios.schema import Parameters, iter_parameters

# A small, crowded country, in which all rules have something to do within a year and a half.
BUSY = {
    "doors": {door: {"initial": v["initial"] * 0.4, "moving": 0.04} for door, v in FLOWS["doors"].items()},
    "needs": {need: {"rate": 0.3} for need in NEEDS},
    "ngos": {"initial": 10, "cases_per_staff": 1.0, "founding": 0.01},
    "awareness": {"outreach": 0.06, "ngo_outreach": 0.06},
    "claiming": {"join": 0.05, "insure": 0.04},
    "status": {"permanent_after": 12, "permanent_rate": 0.05, "marriage": 0.01, "naturalise_apply": 0.02},
    "stories": {"share": 1.0},
}
CHANGES = [(5, "enforcement.halve_in", 2.0), (7, "doors.student.arrivals", 9.0)]


def busy(months: int = 17, **how) -> LocalCitizenship:
    return small_run(BUSY, months=months, changes=CHANGES, places=small_places(6, 2), **how)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return busy().ledger.tables()


def test_the_busy_country_has_everything_to_compare(tables):
    assert set(tables["events"]["event"].unique()) >= {
        "arrived", "need", "learned_city", "learned_ngo", "asked", "served", "refused", "turned_away",
        "gave_up", "consequence", "moved", "joined", "insured", "settled", "status", "apprehended",
        "deported", "left",
    }  # fmt: skip
    assert len(tables["ngos"]) > 0
    assert tables["moves"]["enrolments_lost"].sum() > 0


def test_compiled_or_interpreted(tables):
    assert_same_tables(tables, busy(engine="interpreted").ledger.tables())


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_any_number_of_threads(tables, threads):
    assert_same_tables(tables, busy(threads=threads).ledger.tables())


@pytest.mark.parametrize("shuffled_after", [1, 9])
def test_any_order_of_rows(tables, shuffled_after):
    model = LocalCitizenship(small_scenario(BUSY, months=17, changes=CHANGES, places=small_places(6, 2)))
    for _ in range(shuffled_after):
        model.step()
    before = model.migrants.get("identity").copy()
    model.state.shuffle_rows(np.random.default_rng(5))
    assert not np.array_equal(before, model.migrants.get("identity"))
    model.run()
    assert_same_tables(tables, model.ledger.tables())


def test_another_seed_another_result(tables):
    other = busy(seed=2).ledger.tables()
    assert not other["monthly"].equals(tables["monthly"])
    assert not other["needs"].equals(tables["needs"])


def test_a_run_cut_into_steps_is_the_same_run(tables):
    model = LocalCitizenship(small_scenario(BUSY, months=17, changes=CHANGES, places=small_places(6, 2)))
    while model.running:
        model.step()
        len(model.migrants)  # looking changes nothing
        model.ledger.tables()
    assert_same_tables(tables, model.ledger.tables())


def test_a_longer_run_begins_like_a_shorter_one():
    """The first months do not know how long the run will be (sampled lives apart, see below)."""
    short, long = (small_run(months=months).ledger.monthly() for months in (8, 14))
    assert short.equals(long[long["month"] < 8])


def test_machine_code_is_what_runs_by_default():
    from local_citizenship.model import month

    model = small_run(months=1)
    assert model.state.call.__name__ == "compiled_engine"
    assert len(month.live.signatures) == 1  # one signature for all: nothing is compiled twice


# Luck that is shared between scenarios ------------------------------------------------------------------

TRAITS = ("door", "family", "target", "sampled")


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
    one, other = newcomers(), newcomers({"doors": {"student": {"arrivals": 12.0}}})
    for frame in (one, other):
        assert frame.index.is_unique
    students = one["door"] == "student", other["door"] == "student"
    assert students[1].sum() > students[0].sum() > 0
    assert set(one.index[students[0]]) < set(other.index[students[1]])
    both = one.index.intersection(other.index)
    assert len(both) > 0.99 * len(one)  # some may leave in their first month, others not
    for trait in TRAITS:
        assert one.loc[both, trait].equals(other.loc[both, trait]), trait


# Who notices ------------------------------------------------------------------------------------------

# Nothing spreads from one migrant to the next: no word of mouth, no queue, no enclave, no co-ethnic pull, no
# city that reacts, no fear of what happened next door, no neighbours or newspapers that take notice.
APART = {
    "awareness": {"peers": 0.0},
    "ngos": {"enabled": False},
    "belonging": {"enclave": 0.0},
    "moving": {"coethnics": 0.0},
    "city": {"pace": 0.0, "revenue_limits": False},
    "fear": {"local": 0.0},
    "public": {"discrimination": 0.0, "response": 0.0},
    "voice": {"surveys": 0.0},
    "language": {"enclave": 0.0, "enclave_help": 0.0},
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
    state.migrants["settler"][row] = 1
    state.migrants["target"][row] = settling.NEVER_DUE
    state.migrants["knows"][row] = 2047
    state.migrants["need"][row] = 2
    state.migrants["need_since"][row] = 5
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


# The screen -------------------------------------------------------------------------------------------


def opened_wide(call, world, *, look_again):
    world[0]["screen"][:] = np.uint64(2**64 - 1)
    world["screen_most"] = np.uint64(2**64 - 1)
    world["search_bound"] = 256


PATIENT = {"awareness": {"search": 0.05}, "needs": {need: {"patience": 10, "rate": 0.3} for need in NEEDS}}
NO_CITY_HELPS = {
    "services": {service: {"threshold": 3.0} for service in SERVICES},
    "ngos": {"telephone": 0.0},
}
OFFERS = {
    "as it comes": ([], []),
    "a right is given": ([PATIENT], [(6, f"needs.{need}.right", "anyone") for need in NEEDS]),
    "NGOs are founded": ([PATIENT, NO_CITY_HELPS, {"ngos": {"initial": 0, "founding": 0.1}}], []),
}


@pytest.mark.parametrize(("settings", "changes"), OFFERS.values(), ids=OFFERS.keys())
def test_the_screen_changes_nothing(monkeypatch, settings, changes):
    """All rules asked of everybody every month, against only those whose luck may say yes.

    Without enclaves: belonging is made up for whenever it is looked at, with the enclave of that moment.
    """
    calm = {"belonging": {"enclave": 0.0}, "language": {"enclave": 0.0}, "stories": {"share": 0.0}}

    def run():
        return small_run(BUSY, calm, *settings, months=20, changes=changes).ledger.tables()

    screened = run()
    monkeypatch.setattr(schedule, "set_screen", opened_wide)
    unscreened = run()
    for name in ("monthly", "needs", "departures", "census", "moves", "places_yearly"):
        assert len(screened[name]) > 0
        pd.testing.assert_frame_equal(screened[name], unscreened[name], check_exact=True, obj=name)


# Rates and risks that together exceed one a month cannot be screened (nor lived through): kept lower here.
TAMED = {
    "rate": 0.15,
    "work_risk": 0.4,
    "abuse_risk": 0.2,
    "housing_risk": 0.4,
    "unauthorised": 0.4,
    "discrimination": 0.3,
}
LANE_RULES = (
    (needs.be_struck, "need"),
    (awareness.hear_of_services, "knows"),
    (awareness.hear_of_ngos, "knows_ngo"),
    (enrolling.consider_enrolling, "enrolled"),
    (settling.consider_settling, "settler"),
)


def any_world(rng: np.random.Generator):
    """A world of parameters anywhere in their ranges, the extremes included, with its screen set."""
    array = np.zeros(1, WORLD)
    set_parameters(array, Parameters())
    record = array[0]
    for info in iter_parameters(Parameters()):
        if info.type is not float or info.low is None or info.high is None or rng.uniform() < 0.3:
            continue
        section, *rest = info.path.split(".")
        high = info.low + (info.high - info.low) * TAMED.get(rest[-1], 1.0)
        value = rng.choice([info.low, high, rng.uniform(info.low, high)])
        names = getattr(getattr(Parameters(), section), "names", ())
        if names:
            record[f"{section}_{rest[1]}"][names.index(rest[0])] = value
        else:
            record[f"{section}_{rest[0]}"] = value
    record["demand"] = rng.choice([0.0, 1.0, rng.uniform(0.0, 2.0)])
    record["apprehension"] = rng.choice([0.0, 0.06, rng.uniform(0.0, 0.3)])
    record["most_tension"] = rng.choice([0.0, 1.0, rng.uniform()])
    record["usual_wages"] = rng.choice([0.0, 1.0, rng.uniform()])
    record["month"] = 200
    record["luck_now"] = rng.integers(2**63)
    set_screen(engine_called("compiled"), array)
    values = {name: record[name] for name in WORLD.names or ()}
    return SimpleNamespace(**{name: v.copy() if v.ndim else v.item() for name, v in values.items()})


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_chance_exceeds_its_screen(seed):
    """Any parameters, migrant and town: with the least luck that the screen keeps back, no rule fires."""
    rng = np.random.default_rng(seed)
    world = any_world(rng)
    full = (1 << len(SERVICES)) - 1
    city = a_city(
        float(rng.choice([0.0, 1.0, rng.uniform()])),
        knowers=np.full(N_DOORS, float(rng.choice([0.0, 1.0]))),
        ngo_knowers=np.full(N_DOORS, float(rng.choice([0.0, 1.0]))),
        fiscal_strength=float(rng.choice([0.0, 2.0, rng.uniform()])),
        ngo_count=1,
        ngo_kinds=127,
        ngo_staff=float(rng.uniform(0, 30)),
        tension=world.most_tension * float(rng.choice([1.0, rng.uniform()])),
        monitored=float(rng.choice([0.0, 1.0])),
    )
    city.open[:] = rng.integers(0, 2)
    door = int(rng.integers(N_DOORS))

    def kept_back(person):
        """Luck with every byte equal to its bound: not below it, so kept back."""
        return np.uint64(world.screen[door][plain(migrant.screen_class)(person)])

    def anybody():
        return a_migrant(
            int(state.integers(2**40)),
            door=door,
            status=int(state.integers(6)),
            family=int(state.integers(2)),
            settler=int(state.integers(2)),
            grounds=int(state.integers(3)),
            harm=int(state.integers(needs.MOST_HARM + 1)),
            belonging=float(state.choice([0.0, 1.0])),
            belonging_at=world.month,
            arrived=int(state.integers(-100, 200)),
            legal_since=0,
            knows=int(state.choice([0, full, full | RIGHTS])),
            enrolled=int(state.choice([0, full, BY_EMPLOYER, full | BY_EMPLOYER])),
        )

    state = np.random.default_rng(seed + 1)
    for rule, field in LANE_RULES * 8:
        person = anybody()
        before = getattr(person, field)
        plain(rule)(person, world, city, kept_back(person), None)
        assert getattr(person, field) == before, rule.__name__
    person, books = anybody(), Books()
    before = (person.status, person.grounds, person.detained)
    bytes_ = kept_back(person)
    plain(status.climb_or_slip)(person, world, city, books.account, books.regional, bytes_, None)
    assert (person.status, person.grounds, person.detained) == before
    for rule, lane, where in ((moving.chance_to_move, 1, (city,)), (moving.chance_to_return, 2, ())):
        person = anybody()
        assert plain(rule)(person, world, *where) <= (int(kept_back(person)) >> (8 * lane) & 255) / 256


def test_the_screen_is_not_idle():
    """At the defaults it keeps most people's months quiet, and still lets every lane through for some of each
    door."""
    array = np.zeros(1, WORLD)
    set_parameters(array, Parameters())
    array["apprehension"], array["demand"] = 0.009, 1.0
    set_screen(engine_called("compiled"), array)
    screens = array[0]["screen"]
    bounds = np.array(
        [[[int(s) >> (8 * lane) & 255 for s in of_door] for of_door in screens] for lane in range(8)]
    )
    assert (bounds.max(axis=2) > 0).all()
    assert bounds.max() < 64
    most = [int(array["screen_most"][0]) >> (8 * lane) & 255 for lane in range(8)]
    assert most == bounds.max(axis=(1, 2)).tolist()


def test_the_fiercest_crackdown_can_be_run():
    """Halving the unauthorised within days stays below what a month's screen can hold."""
    model = small_run({"enforcement": {"halve_in": 0.01}}, months=1)
    assert model.month == 1
    assert model.nation.apprehension == MOST_APPREHENSION


def test_chances_that_add_up_to_more_than_one_are_explained():
    """Not a traceback from within, but a sentence naming the door and the parameters."""
    extreme = {"needs": {need: {"rate": 0.6, "unauthorised": 4.0} for need in NEEDS}}
    with pytest.raises(ScenarioError, match=r"the chances of \w+ from needs\.\*\.rate .* lower one of them"):
        small_run(extreme, months=1)


def test_a_country_without_foreign_residents_can_be_run():
    """No jobs for a category anywhere: newcomers go to any place alike."""
    places = replace(small_places(), foreign_residents=np.zeros(12))
    assert len(small_run(places=places, months=1).migrants) > 0


# The record -------------------------------------------------------------------------------------------


def test_a_migrant_fits_a_cache_line():
    assert MIGRANT.itemsize <= 64


def test_narrow_fields_hold_what_the_longest_run_puts_in():
    """No narrow number wraps: dates of the longest run and stay, all services, all kinds, all counters."""
    fields = {name: MIGRANT.fields[name][0] for name in MIGRANT.names}
    longest = 12 * 100
    for name in (
        "belonging_at",
        "arrived",
        "permit_until",
        "legal_since",
        "target",
        "need_since",
    ):
        assert np.iinfo(fields[name]).max > settling.NEVER_DUE > longest
        assert np.iinfo(fields[name]).min < -360
    assert np.iinfo(fields["knows"]).max >= 2 ** len(SERVICES) - 1 + RIGHTS
    assert np.iinfo(fields["enrolled"]).max >= 2 ** len(SERVICES) - 1 + BY_EMPLOYER
    assert np.iinfo(fields["knows_ngo"]).max >= 127
    assert np.iinfo(fields["home"]).max >= 65_535
    model = busy(months=17)
    records = model.migrants.records
    assert records["claims"].max() <= 250
    assert records["harm"].max() <= needs.MOST_HARM
    assert (records["belonging"] <= 1.0).all()
    assert (records["belonging"] >= 0.0).all()


def test_counters_stop_at_their_limit_in_whole_runs():
    """Claims and harm at the brink of their fields do not wrap round to nothing."""
    harmful = {"needs": {need: {"rate": 0.6, "harm": 1.0} for need in ("illness", "wages", "dispute")}}
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
    """The bytes that screen a month are a function of month and identity alone."""
    world = a_world()
    assert bytes_of(world, a_migrant(5)) == bytes_of(world, a_migrant(5, home=3, settler=1))
    assert bytes_of(world, a_migrant(5)) != bytes_of(world, a_migrant(6))
    assert merged({"a": {"b": 1}}, {"a": {"c": 2}}) == {"a": {"b": 1, "c": 2}}


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
    array = np.zeros(1, WORLD)
    amnesty = data.draw(st.sampled_from([0.0, 0.1]))
    set_parameters(array, parameters_with({"status": {"amnesty": amnesty}}))
    array["month"], array["luck_now"] = 100, data.draw(st.integers(0, 2**63))
    array["apprehension"], array["demand"] = 0.009, 1.0
    set_screen(engine_called("compiled"), array, look_again=data.draw(st.booleans()))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    block = np.zeros(data.draw(st.integers(1, kernels.BLOCK)), MIGRANT)
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
    room = [np.zeros(len(block), kind) for kind in (np.uint64, np.uint64, np.uint8)]
    rows = np.zeros(len(block) + 1, np.int64)
    found = rows[: plain(kernels.find_eventful)(records, world, *room, rows)].tolist()
    expected = []
    for row in range(len(block)):
        record = records[row]
        bytes_ = plain(luck)(world.luck_now, record.identity)
        if plain(migrant.is_eventful)(record, world, bytes_, plain(migrant.lanes_of)(record, world, bytes_)):
            expected.append(row)
    assert found == expected
