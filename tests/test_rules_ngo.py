"""NGOs: kinds, whom they serve first, capacity, money, founding and closing (C1 to C5)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from crowd import crowd
from single import MANY, a_city, a_here, a_migrant, a_world, an_ngo, plain, with_offices
from small import small_places, small_run, small_scenario

from local_citizenship.agents import claiming, needs, outreach
from local_citizenship.agents import ngo as ngos
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.agents.providers import ngo as at_ngo
from local_citizenship.agents.providers.provider import REFUSED_BY_STATE
from local_citizenship.agents.rows import Rows
from local_citizenship.agents.tally import NGO
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.allocation import QUEUE, by_rank, serve_first_come
from local_citizenship.scenarios.catalogue import DISPUTE, LEGAL, NEEDS, NGO_KINDS, SERVICES
from local_citizenship.scenarios.schema import SHIPPED

UNION = NGO_KINDS.index("union")


def served_of(provider: np.ndarray, order: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """Who is served, (N,) bool."""
    queue = np.zeros(len(order), QUEUE)
    queue["ngo"] = provider
    plain(serve_first_come)(Rows(queue), order, capacity.copy())
    return queue["taken"] != 0


@pytest.mark.parametrize("kind", NGO_KINDS)
def test_kinds_answer_what_the_catalogue_says(kind):
    answers, world = plain(ngos.answers), a_world()
    answered = {name for need, name in enumerate(NEEDS) if answers(world, NGO_KINDS.index(kind), need)}
    assert answered == set(SHIPPED.ngo_kinds[kind].answers)


@pytest.mark.mechanism("C1")
def test_a_migrant_goes_to_an_ngo_that_takes_the_case_and_is_known():
    """C1: by lot among those here; an NGO unknown, elsewhere, or of another kind is not asked."""
    register = [an_ngo(kind=k, identity=i) for i, k in enumerate([UNION, 1, UNION, 0, UNION])]
    here = a_here(city=with_offices(a_city(), register, (1, 2, 3)))

    def picked(knows_ngo):
        people = (a_migrant(who, need="dispute", knows_ngo=knows_ngo) for who in MANY)
        return {plain(at_ngo.pick_ngo)(person, here, register) for person in people}

    assert picked(1 << UNION | 1) == {2, 3}
    assert picked(1 << NGO_KINDS.index("faith")) == {-1}


def test_skill_solves_cases():
    def solved(skill):
        here = a_here()
        people = crowd(
            at_ngo.hear_from_ngo, here, an_ngo(kind="union", skill=skill), True, need="dispute", stage=15
        )
        without = {person.identity for person in people if person.need == 0}
        assert here.place.ngo_cases[LEGAL] == len(MANY)
        assert here.place.served[NGO, LEGAL] == here.place.ngo_served[LEGAL] == len(without)
        assert without == {person.identity for person in people if person.last_ngo == here.world.month}
        return without

    assert solved(0.0) == set() != solved(0.3) < solved(0.8) < solved(1.0) == set(MANY)


# C2, C4: the queue --------------------------------------------------------------------------------------


def ranked(extra, office="union", lot=0.3, city=None, settings=None, **fields):
    """Rank in the queue, for `extra` as ngos.victims_first."""
    world = a_world({"ngos.victims_first": extra}, settings or {})
    person = a_migrant(**{"need": "dispute", **fields})
    return plain(at_ngo.rank_in_queue)(person, a_here(world, city), an_ngo(kind=office), lot)


def of_the_legal(least, right="nobody", city=None, lot=0.3, status="legal", settings=None, **fields):
    own = {"ngo_kinds.union.legal_clients": least, "needs.dispute.right": right}
    return ranked(0.0, "union", lot, city, {**own, **(settings or {})}, status=status, **fields)


STATUSES_HERE = ("denizen", "legal", "irregular", "overstayer", "smuggled")


@pytest.mark.mechanism("C2")
def test_whom_city_and_state_refuse_come_first():
    """C2: with the same lot; whom an office would serve rank behind, as far as the kind's weight says."""
    served = a_city({"consultation": 1.0})
    for status in STATUSES_HERE:
        assert of_the_legal(0.4, city=a_city(), status=status) == of_the_legal(1.0, status=status) == 0.3
    for status in ("denizen", "legal", "irregular"):
        assert of_the_legal(1.0, city=served, status=status) == pytest.approx(0.3)
        assert (
            0.3
            < of_the_legal(0.8, city=served, status=status)
            < of_the_legal(0.4, city=served, status=status)
        )
        assert of_the_legal(0.0, city=served, status=status, lot=0.01) > 1.0
    for status in ("overstayer", "smuggled"):
        assert of_the_legal(0.4, city=served, status=status) == 0.3


@pytest.mark.mechanism("C2")
def test_who_comes_first_follows_from_who_refuses_and_not_from_the_status():
    """C2: of any two whom the same offices serve or refuse, neither comes first."""
    opened = a_city({"consultation": 1.0}, open={"consultation": 1})
    for right, city in (("nobody", opened), ("anyone", a_city()), ("nobody", a_city())):
        ranks = {of_the_legal(0.4, right, city, status=status, settings=CALM) for status in STATUSES_HERE}
        assert len(ranks) == 1, (right, ranks)
    fields = {"city": a_city({"consultation": 1.0}), "right": "legal", "status": "legal"}
    assert of_the_legal(0.4, **fields) > 0.3
    assert of_the_legal(0.4, **fields, tried=town_hall.REFUSAL) > 0.3  # the state is left
    assert of_the_legal(0.4, **fields, tried=REFUSED_BY_STATE) > 0.3  # the city is left
    assert of_the_legal(0.4, **fields, tried=town_hall.REFUSAL | REFUSED_BY_STATE) == 0.3
    assert of_the_legal(0.4, "anyone", detained=1, status="overstayer") == 0.3


CALM = {"fear.weight": 0.0}


@pytest.mark.mechanism("C2", "D3")
def test_an_office_that_is_feared_is_none():
    """C2, D3: of the unauthorised with a right on paper, those who do not dare to use it come first."""

    def first(weight):
        world = a_world({"ngos.victims_first": 0.0, "needs.dispute.right": "anyone", "fear.weight": weight},
                        {"ngo_kinds.union.legal_clients": 0.5})  # fmt: skip
        here = a_here(world, a_city(risk=1.0, by_group=10_000))  # who tell one another
        people = (a_migrant(who, need="dispute", status="overstayer") for who in MANY)
        return {
            person.identity
            for person in people
            if plain(at_ngo.weight_of_client)(person, here, an_ngo(kind="union")) == 1.0
        }

    assert first(0.0) == set() != first(0.5) < first(40.0)


@pytest.mark.mechanism("C2", "D2")
def test_ngos_seek_out_whom_offices_leave_out():
    """C2: all kinds where no office is open; fewer where the city has something, or the state; whoever they are."""

    def sought(status, city, right="nobody", least=0.0):
        world = a_world(CALM, {"needs.*.right": right, "ngo_kinds.*.legal_clients": least})
        city.ngo_kinds = (1 << len(NGO_KINDS)) - 1
        here = a_here(world, city)
        return sum(
            int(plain(outreach.kinds_that_seek_out)(a_migrant(who, status=status), here)).bit_count()
            for who in MANY
        )

    whole = len(MANY) * len(NGO_KINDS)
    some, all_there_is = a_city({"consultation": 1.0}), a_city(dict.fromkeys(SERVICES, 1.0))
    assert (
        sought("legal", a_city())
        == sought("overstayer", a_city())
        == sought("smuggled", all_there_is)
        == whole
    )
    assert sought("legal", all_there_is) < sought("legal", some) < whole
    assert sought("legal", all_there_is) < sought("legal", all_there_is, least=0.5) < whole
    assert sought("overstayer", a_city(), "anyone") < whole


@pytest.mark.mechanism("C2")
def test_the_most_victimised_come_first():
    """C2: who was wronged of late; off, by lot like others; those wronged long ago, or harmed by what was no wrong,
    likewise."""
    of_late = {"wronged": 17}  # in the half year of month 100
    for status in ("legal", "overstayer"):
        other = ranked(0.0, status=status)
        fields = {"status": status, **of_late}
        assert ranked(0.0, **fields) == pytest.approx(other)
        assert ranked(4.0, **fields) < ranked(1.0, **fields) == pytest.approx(0.5 * other)
        assert ranked(20.0, status=status) == ranked(20.0, status=status, wronged=10) == other
        assert ranked(20.0, status=status, harm=1) == other


@pytest.mark.mechanism("C2", "D12")
def test_some_needs_are_wrongs_and_are_remembered_for_a_while():
    """C2: abuse and wages withheld, however they end; an illness is none; after the years of a grievance, no longer."""

    def counts(need, months=0, years=2.0):
        person = a_migrant()
        plain(needs.begin_need)(person, a_here(a_world(month=100)), NEEDS.index(need), 100)
        return plain(needs.is_wronged)(person, a_world({"ngos.grievance": years}, month=100 + months))

    assert {need for need in NEEDS if counts(need)} == {"abuse", "wages"}
    assert counts("abuse", 24)
    assert not counts("abuse", 36)
    assert counts("abuse", 36, years=4.0)
    assert not counts("abuse", 1_400)  # nor when the number of the half year comes round again nearly


@pytest.mark.mechanism("C2")
def test_victims_come_first_in_whole_runs():
    """C2: where room is short, more of the cases that are taken on are those of victims."""
    short = {"ngos": {"initial": 40, "cases_per_staff": 0.7}, "needs.abuse.rate": 0.1,
             "awareness.search": 1.0, "claiming.effort": 1.0, "fear.weight": 0.0}  # fmt: skip

    def share_abused(extra):
        how = {"ngos.victims_first": extra}
        runs = (small_run(short, how, seed=seed).ledger.table("needs") for seed in range(1, 9))
        served = sum(run.groupby("need", observed=False)["served_ngo"].sum() for run in runs)
        return served["abuse"] / served.sum()

    assert share_abused(20.0) > share_abused(0.0) > 0.0


def test_each_ngo_serves_as_many_as_it_can():
    rng = np.random.default_rng(3)
    provider, rank, who = rng.integers(0, 5, 300), rng.uniform(size=300), rng.permutation(300)
    capacity = np.array([0, 10, 30, 500, 7])
    served = served_of(provider, by_rank(rank, who), capacity)
    for number in range(5):
        asked = provider == number
        assert served[asked].sum() == min(asked.sum(), capacity[number])
        if served[asked].any() and not served[asked].all():
            assert rank[asked & served].max() < rank[asked & ~served].min()
    order = rng.permutation(300)
    other = served_of(provider[order], by_rank(rank[order], who[order]), capacity)
    assert np.array_equal(other, served[order])


def test_ties_go_by_identity_not_by_row():
    for order in ([0, 1, 2], [2, 0, 1]):
        who = np.array([30, 10, 20])[order]
        served = served_of(np.zeros(3, int), by_rank(np.zeros(3), who), np.array([1]))
        assert who[served].tolist() == [10]
    nobody = np.zeros(0, int)  # nobody is served from an empty queue
    assert served_of(nobody, by_rank(np.zeros(0), nobody), np.array([4])).shape == (0,)


def test_who_is_turned_away_may_queue_again():
    here, person = a_here(), a_migrant(need="dispute")
    plain(at_ngo.hear_from_ngo)(person, here, an_ngo(kind="union"), False)
    assert (person.need, person.claims, here.place.turned_away[LEGAL]) == (DISPUTE + 1, 0, 1)


# C4: staff and money ------------------------------------------------------------------------------------


def test_capacity_follows_staff_and_the_fraction_goes_by_lot():
    def capacity(cases, persons=1.0, **fields):
        office = an_ngo(**fields)
        plain(ngos.set_capacity)(office, a_world({"ngos.cases_per_staff": cases}, persons=persons))
        return office.capacity

    capacities = [capacity(2.5, identity=identity, staff=1.5) for identity in MANY]
    assert set(capacities) == {3, 4}
    assert np.mean(capacities) == pytest.approx(3.75, abs=0.1)
    assert capacity(5.0, persons=20.0, staff=8.0) == 2


def a_year_later(settings=None, city=None, **fields):
    """An NGO with as many supporters and as much work as is typical, a year on."""
    sober = {"ngos": {"foundation_luck": 0.0, "staff_cost": 2.0, "grant": 0.0, "cases_per_staff": 10.0}}
    kinds = {"ngo_kinds.union": {"income": 8.0, "fee": 0.0}}
    usual = {
        "kind": "union",
        "staff": 4.0,
        "funds": 0.0,
        "founded": 40,
        "supporters": 200_000.0,
        "turned_away": 480,
    }
    office = an_ngo(**{**usual, **fields})
    plain(ngos.close_accounts)(office, a_world(sober, kinds, settings or {}), city or a_city())
    return office


@pytest.mark.mechanism("C4", "C11")
def test_money_follows_supporters():
    """C4, C11: the more residents within reach, the more is given, by and by less for each; without any, nothing."""
    none, few, typical, many = (a_year_later(supporters=n).funds for n in (0.0, 5e4, 2e5, 2e6))
    assert none == -8.0 < few < typical == 0.0 < many < 8.0


@pytest.mark.mechanism("C4")
def test_capacity_moves_to_where_it_is_asked():
    """C4: a group with little to do is given less and shrinks, one that turns people away is given more and grows;
    what is given does not follow work where `follows_work` is off."""

    def staff(asked, follows=0.6, years=1):
        office = an_ngo(staff=4.0)
        for _ in range(years):
            office = a_year_later(
                {"ngos.follows_work": follows}, staff=office.staff, funds=office.funds, turned_away=asked
            )
        return office.staff

    assert staff(0) < staff(240) < staff(480) < staff(960) < staff(9600) < staff(96000) < 5.6  # without a cap
    assert staff(480) - staff(0) > staff(960) - staff(480) > 0.0  # each further one adds less
    assert staff(480) == pytest.approx(4.0)
    assert staff(0, 0.0) == staff(480, 0.0) == staff(9600, 0.0)
    assert staff(480, years=8) == pytest.approx(4.0)
    assert staff(800, years=12) < 8.0  # more staff, less work for each


@pytest.mark.mechanism("C4")
def test_staff_follows_money():
    """C4: donations that pay for the staff keep it; fees, grants and reserves add to it."""
    even = a_year_later()
    assert (even.funds, even.staff) == (0.0, 4.0)
    richer = {
        "donations": a_year_later({"ngo_kinds.union.income": 12.0}),
        "fees": a_year_later({"ngo_kinds.union.fee": 20.0}, served=100, turned_away=380),
        "grant": a_year_later(city=a_city(to_ngos=5.0, ngo_count=1)),
        "reserve": a_year_later(funds=6.0),
    }
    dear = a_year_later({"ngos.staff_cost": 4.0})
    for source, office in richer.items():
        assert office.staff > even.staff > dear.staff, source
        assert office.funds > even.funds > dear.funds, source
    shared = a_year_later(city=a_city(to_ngos=5.0, ngo_count=5))
    assert even.funds < shared.funds < richer["grant"].funds
    for adjustment, staff in ((0.0, 4.0), (1.0, 5.0)):
        assert a_year_later({"ngos.adjustment": adjustment}, funds=6.0).staff == pytest.approx(staff)
    assert a_year_later({"ngos.reserve": 12.0}, funds=6.0).staff < richer["reserve"].staff
    assert a_year_later({"ngo_kinds.union.income": 0.0}, staff=0.5, turned_away=60).staff == ngos.LEAST_STAFF


@pytest.mark.mechanism("C4")
def test_the_first_accounts_are_for_the_months_since_it_was_founded():
    """C4: a quarter of a year, a quarter of the money and of the costs; never more than a year."""
    part = plain(ngos.part_of_year)
    assert [part(an_ngo(founded=month), a_world()) for month in (100, 97, 88, 40)] == [0.0, 0.25, 1.0, 1.0]
    rich = {"ngo_kinds.union.income": 12.0, "ngos.follows_work": 0.0}
    year, quarter, none = (a_year_later(rich, founded=month) for month in (88, 97, 100))
    assert (year.funds, quarter.funds, none.funds) == (4.0, 1.0, 0.0)
    assert year.staff > quarter.staff > none.staff == 4.0
    fees = {"ngo_kinds.union.fee": 20.0, "ngos.follows_work": 0.0}  # as many cases, as much in fees
    assert a_year_later(fees, served=100).funds == a_year_later(fees, served=100, founded=97).funds == 2.0


def test_foundation_money_has_its_ups_and_downs():
    funds = [a_year_later({"ngos.foundation_luck": 0.5}, identity=i).funds for i in range(1, 120)]
    assert -4.0 <= min(funds) < -2.0 < 2.0 < max(funds) <= 4.0
    assert np.mean(funds) == pytest.approx(0.0, abs=0.7)


def ends(burnout, **fields):
    world = a_world({"ngos.burnout": burnout, "ngo_kinds.union.income": 8.0})
    ends_ = plain(ngos.comes_to_an_end)
    return {who for who in MANY if ends_(an_ngo(kind="union", identity=who, **fields), world, a_city())}


@pytest.mark.mechanism("C5")
def test_ngos_close_in_debt_or_burnt_out():
    """C5: no debt and no burnout, none closes; what is asked of them wears volunteers out, the sooner, the fewer could
    take their place; none in the month of founding."""
    busy = {"served": 50, "staff": 1.0, "supporters": 200_000.0}
    assert ends(0.3, founded=100, **busy) == set() != ends(0.3, founded=88, **busy)
    assert ends(0.3) == set() != ends(0.1, **busy) < ends(0.1, **{**busy, "supporters": 20_000.0})
    assert ends(0.0) == set()
    assert ends(0.0, funds=-3.9) == set() != ends(0.0, funds=-4.1) == set(MANY)
    assert ends(0.1, **busy) < ends(0.1, **busy, turned_away=30) < ends(0.5, **busy, turned_away=30)


@pytest.mark.mechanism("C5")
def test_how_deep_in_debt_an_ngo_closes():
    """C5: at so many years' donations; the deeper the debt allowed, the longer it lasts."""

    def bankrupt(debt, funds):
        world = a_world({"ngos.debt": debt, "ngo_kinds.union.income": 8.0})
        return plain(ngos.is_bankrupt)(an_ngo(kind="union", funds=funds), world)

    for debt, enough, too_little in ((0.5, -3.9, -4.1), (0.0, 0.0, -0.1), (100.0, -799.0, -801.0)):
        assert not bankrupt(debt, 1.0)
        assert not bankrupt(debt, enough)
        assert bankrupt(debt, too_little)


def founded(settings=None, left_out=None, **fields):
    world = a_world({"ngos": {"founding": 0.02, "crowding": 1.0, "founders": 100_000}}, settings or {})
    cities = (a_city(row=row, left_out=left_out or {}, **fields) for row in MANY)
    kinds = {city.row: plain(ngos.is_founded)(city, world) for city in cities}
    return {row: NGO_KINDS[kind] for row, kind in kinds.items() if kind >= 0}


@pytest.mark.mechanism("C5")
def test_ngos_are_founded_where_needs_find_no_office():
    """C5: no such need, none, whatever else goes unmet; more such, the same places and more; those within reach crowd
    out."""
    some, many = founded(left_out={"abuse": 10}), founded(left_out={"abuse": 30})
    assert founded() == founded(unmet={"abuse": 500}) == {}
    assert set() != some.keys() < many.keys()
    assert founded(left_out={"abuse": 30}, near_total=5.0).keys() < many.keys()
    assert founded({"ngos.founding": 0.0}, {"abuse": 30}) == {}
    assert founded({"ngos.crowding": 0.0}, {"abuse": 30}, near_total=5.0).keys() == many.keys()


@pytest.mark.mechanism("C5")
def test_ngos_are_founded_by_people_of_the_place():
    """C5: the more residents the more; those run by immigrants by migrants who take part or have taken up the cause."""
    village, town, city = (founded(left_out={"abuse": 30}, population=n).keys() for n in (2e3, 1e5, 3e6))
    assert village < town < city
    own = {"ngo_kinds.*.founding": 0.0, "ngo_kinds.immigrant.founding": 1.0}
    nobody, few, many = (founded(own, {"papers": 60}, participation=p) for p in (0.0, 0.03, 0.3))
    assert nobody == {} != few.keys() < many.keys()
    assert founded(own, {"papers": 60}, mobilised=0.03).keys() == few.keys()
    assert founded(own, {"papers": 60}, participation=0.03, population=3e6) == few


@pytest.mark.mechanism("C5")
def test_needs_that_no_office_answers_call_for_an_ngo():
    """C5: where none is open, or all that are have refused, or are feared; whoever's needs they are; not if it was not
    worth asking, nor if an office is left."""

    def calls(right="nobody", city=None, **fields):
        world = a_world(CALM, {"needs.dispute.right": right, "needs.dispute.state_delivery": 0.3})
        here = a_here(world, city or a_city())
        person = a_migrant(**{"need": "dispute", "status": "overstayer", **fields})
        plain(claiming.call_for_ngo)(person, here)
        return int(here.place.left_out.sum())

    served = a_city({"consultation": 1.0})
    assert calls() == calls(status="irregular") == calls(status="legal") == 1
    assert calls("anyone") == calls("legal", status="legal") == calls(city=served, status="legal") == 0
    assert calls(city=served) == calls("legal") == 1
    assert (
        calls(city=served, status="legal", tried=town_hall.REFUSAL)
        == calls("anyone", tried=REFUSED_BY_STATE)
        == 1
    )
    assert calls("legal", served, status="legal", tried=town_hall.REFUSAL) == 0
    assert calls(stage=needs.NOT_WORTH_IT) == 0 < calls(stage=needs.NOT_WORTH_IT, detained=1)


def test_the_kinds_founded_answer_what_went_unmet():
    for need in NEEDS:
        keen = {"ngo_kinds.*.founding": 1.0}
        kinds = set(founded(keen, {need: 60}, participation=1.0).values())
        assert kinds == {kind for kind in NGO_KINDS if need in SHIPPED.ngo_kinds[kind].answers}
    reluctant = {"ngo_kinds.women.founding": 0.0, "ngo_kinds.faith.founding": 1.0}
    assert set(founded(reluctant, {"abuse": 60}).values()) == {"faith"}


@pytest.mark.mechanism("C5")
def test_founding_and_closing_in_whole_runs():
    """C5: none founded without founding, none closed without burnout or debt; and the other way about."""

    def run(founding, burnout):
        how = {"founding": founding, "burnout": burnout, "foundation_luck": 0.0, "initial": 10, "debt": 100.0,
               "cases_per_staff": 1.0}  # fmt: skip
        return small_run({"ngos": how})

    still, growing, dying = run(0.0, 0.0), run(0.1, 0.0), run(0.0, 1.0)
    assert len(dying.ngos) < len(still.ngos) <= 10 < len(growing.ngos)
    assert not growing.ledger.tables()["ngos"]["closed"].any()
    assert dying.ledger.tables()["ngos"]["closed"].any()
    assert {row.founded for row in still.ngos} == {0}


@pytest.mark.mechanism("C5")
def test_the_first_ngos_are_where_the_excluded_are():
    """C5: by the unauthorised, and by a tenth of the others; no migrant in a place, no NGO there at the start."""
    places = small_places()
    residents = places.foreign_residents.copy()
    residents[::3] = 0.0
    settings = {"ngos.initial": 600, "trades.*.brokers": 0.0}
    model = LocalCitizenship(small_scenario(settings, places=replace(places, foreign_residents=residents)))
    assert len(model.ngos) == 600
    cities = model.state.cities
    assert (cities["migrants"] == 0).any()
    assert (cities["ngo_count"][cities["migrants"] == 0] == 0).all()
    excluded = cities["unauthorised"] + 0.1 * (cities["migrants"] - cities["unauthorised"])
    assert cities["ngo_count"] / 600 == pytest.approx(excluded / excluded.sum(), abs=0.06)
