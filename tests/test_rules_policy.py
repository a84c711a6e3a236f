"""National policy: integration policy, programmes, relief, families, perception, the fund, an amnesty."""

from __future__ import annotations

import numpy as np
import pytest
from small import (
    MANY,
    Counters,
    Records,
    a_city,
    a_here,
    a_migrant,
    a_world,
    on_slot,
    plain,
    small_places,
    small_run,
    total,
)

from local_citizenship.agents import apprehension, claiming, municipality, nation, status
from local_citizenship.agents.chance import CHANGES_STATUS
from local_citizenship.agents.providers import state as state_office
from local_citizenship.agents.services import RIGHTS
from local_citizenship.model.year import divide_fund
from local_citizenship.scenarios.catalogue import (
    COETHNIC,
    DISPUTE,
    DOORS,
    EMERGENCY,
    ILLNESS,
    IRREGULAR,
    LEGAL,
    NATION,
    NEEDS,
    OVERSTAYER,
    SCHOOLING,
    SERVICES,
    SMUGGLED,
)

FREE = {"city": {"revenue_limits": False}}


def last_year(model):
    frame = model.ledger.tables()["places_yearly"]
    return frame[frame["year"] == frame["year"].max()]


# A5 -----------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("A5")
def test_a_declared_policy_encourages_every_city():
    """A5: what the nation declares is added to every city's motivation alike."""
    rng = np.random.default_rng(2)
    cities = [a_city(history=h, fiscal_strength=f, migrants=900) for h, f in rng.uniform(0, 1, (20, 2))]
    declared, silent = (
        np.array(
            [plain(municipality.motivation_of)(city, a_world({"policy": {"declared": d}})) for city in cities]
        )
        for d in (0.3, 0.0)
    )
    assert declared - silent == pytest.approx(0.3)


@pytest.mark.mechanism("A5")
def test_a_declared_policy_in_whole_runs():
    """A5: more services where integration is the nation's declared policy, and the gaps remain."""
    silent, declared = (last_year(small_run(FREE, {"policy": {"declared": d}})) for d in (0.0, 0.3))
    assert declared["service_level"].mean() > silent["service_level"].mean()
    assert declared["service_level"].std() > 0.0


def wanted(guidance, motivation, standard=0.5):
    sure = {"city": {"pace": 1.0, "step": 1.0, "slope": 0.5}, "services": {"language": {"threshold": 0.4}}}
    city = a_city(motivation=motivation)
    world = a_world(sure, {"policy": {"guidance": guidance, "standard": standard}})
    plain(municipality.consider_service)(city, world, SERVICES.index("language"), 0.0)
    return city.level[SERVICES.index("language")]


@pytest.mark.mechanism("A5")
def test_guidance_narrows_what_cities_want():
    """A5: the idle are drawn up and the eager down to the standard, as far as guidance goes."""
    assert [wanted(g, 0.0) for g in (0.0, 0.4, 1.0)] == pytest.approx([0.0, 0.2, 0.5])
    assert [wanted(g, 2.0) for g in (0.0, 0.4, 1.0)] == pytest.approx([1.0, 0.8, 0.5])
    assert wanted(1.0, 0.0, standard=0.9) == wanted(1.0, 2.0, standard=0.9) == pytest.approx(0.9)


@pytest.mark.mechanism("A5")
def test_guidance_narrows_levels_between_cities_in_whole_runs():
    """A5: cities that decide each by itself differ the less the more guidance there is."""
    alone = dict.fromkeys(("neighbours", "similar", "rivalry", "shirking"), 0.0)
    quick = {"city": {**alone, "revenue_limits": False, "pace": 1.0, "head_start": 20, "slope": 1.0}}
    spreads = [
        last_year(small_run(quick, {"policy": {"guidance": g}}, months=12))["service_level"].std()
        for g in (0.0, 0.5, 0.95)
    ]
    assert spreads[0] > spreads[1] > spreads[2]


# A6 -----------------------------------------------------------------------------------------------------

NO_RIGHTS = {"needs": {need: {"right": "nobody"} for need in NEEDS}}
SURE = {"claiming": {"effort": 1.0}, "awareness": {"state": 1.0, "search": 0.0}, "fear": {"weight": 0.0}}


def helped_by_programme(level, *settings, city=None, status=LEGAL, open_to="anyone", need=DISPUTE):
    programme = {"policy": {"programme": level, "programme_fit": 0.8, "programme_open": open_to}}
    world = a_world(SURE, NO_RIGHTS, programme, *settings, risk=1.0)
    helped = set()
    for who in MANY:
        counters, person = Counters(), a_migrant(who, need=need + 1, need_since=100, settler=1, status=status)
        person.knows = RIGHTS
        plain(claiming.seek_help)(person, a_here(world, city or a_city(), counters))
        if counters.place.served[NATION, status]:
            helped.add(who)
    return helped


@pytest.mark.mechanism("A6")
def test_the_uniform_programme_serves():
    """A6: off, it helps nobody without a right; at a higher level the same people and more; by its rung."""
    assert helped_by_programme(0.0) == set() != helped_by_programme(0.4) < helped_by_programme(1.0)
    assert len(helped_by_programme(1.0)) == pytest.approx(0.8 * len(MANY), rel=0.1)
    assert helped_by_programme(1.0, status=OVERSTAYER, open_to="legal") == set()
    assert helped_by_programme(1.0, status=OVERSTAYER) == helped_by_programme(1.0)


@pytest.mark.mechanism("A6")
def test_the_uniform_programme_is_for_some_needs():
    """A6: shelters and a human-rights bureau; a need that it does not cover it does not meet."""
    helps, world = plain(state_office.programme_helps), a_world({"policy": {"programme": 1.0}})
    covered = {name for number, name in enumerate(NEEDS) if helps(world, LEGAL, number) > 0.0}
    assert covered == {"dispute", "wages", "abuse", "housing"}
    assert helped_by_programme(1.0, need=ILLNESS) == set()
    half = {"needs": {"illness": {"programme": 0.5}}}
    full = {"needs": {"illness": {"programme": 1.0}}}
    assert (
        set() != helped_by_programme(1.0, half, need=ILLNESS) < helped_by_programme(1.0, full, need=ILLNESS)
    )


@pytest.mark.mechanism("A6")
def test_the_uniform_programme_is_the_same_everywhere():
    """A6: it neither depends on what the city does, nor on how well that fits; nor does it fit the need."""
    poor, rich = a_city(0.0, fit=0.1, fiscal_strength=0.1), a_city(1.0, fit=1.0, fiscal_strength=2.0)
    assert helped_by_programme(0.5, city=poor) == helped_by_programme(0.5, city=rich) != set()
    everything = {"policy": {"programme": 0.5}, "needs": {name: {"programme": 1.0} for name in NEEDS}}
    delivers, world = plain(state_office.state_delivers), a_world(NO_RIGHTS, everything)
    assert len({delivers(world, LEGAL, need) for need in range(len(NEEDS))}) == 1


@pytest.mark.mechanism("A6")
def test_the_fearful_stay_away_from_the_programme():
    """A6: the unauthorised use it the less the more they fear; the legal have nothing to fear."""
    some, much = {"fear": {"weight": 0.5, "government": 1.0}}, {"fear": {"weight": 1.0, "government": 1.0}}
    calm = helped_by_programme(1.0, status=OVERSTAYER)
    uneasy = helped_by_programme(1.0, some, status=OVERSTAYER, city=a_city(risk=1.0))
    assert set() != uneasy < calm
    assert helped_by_programme(1.0, much, status=OVERSTAYER, city=a_city(risk=1.0)) == set()
    assert helped_by_programme(1.0, much) == calm


@pytest.mark.mechanism("A6")
def test_the_programme_in_whole_runs():
    """A6: without rights the nation serves nobody but by its programme, and then whom it is open to."""
    bare = {"claiming": {"employer_insures": 0.0}}  # insurance through the job is a right as well
    off, on, for_legal = (
        small_run(
            NO_RIGHTS,
            bare,
            {"policy": {"programme": level, "programme_fit": 1.0, "programme_open": open_to}},
            months=48,  # the smuggled are few
        )
        for level, open_to in ((0.0, "anyone"), (1.0, "anyone"), (1.0, "legal"))
    )
    assert total(off, "served_nation") == 0 < total(on, "served_nation")
    assert total(on, "unmet") / total(on, "needs") < total(off, "unmet") / total(off, "needs")
    for status_name in ("overstayer", "smuggled"):
        assert total(on, "served_nation", status=status_name) > 0
        assert total(for_legal, "served_nation", status=status_name) == 0


# A7 -----------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("A7")
@pytest.mark.parametrize(
    ("relief", "service"), [("relief_hospitals", EMERGENCY), ("relief_teachers", SCHOOLING)]
)
def test_relief_lowers_the_cost_of_a_service(relief, service):
    """A7: under the same budget, the same city affords more of what the nation helps to pay."""

    def level(share, people=1_000):
        costs = {name: {"fixed": 0.0, "per_head": 0.0} for name in SERVICES}
        costs[SERVICES[service]] = {"fixed": 10.0, "per_head": 0.0}
        world = a_world({"city": {"budget": 50.0}, "services": costs, "policy": {relief: share}})
        city = a_city(1.0, motivation=1.0, migrants=people)
        plain(municipality.pay_for_services)(city, world)
        assert city.budget == pytest.approx(4.0)
        return city.level[service]

    assert level(0.0) == pytest.approx(0.4)
    assert level(0.0) < level(0.2) < level(0.9) == 1.0
    if service == SCHOOLING:
        assert level(0.9, people=499) == level(0.0) < level(0.9, people=500)


@pytest.mark.mechanism("A7")
def test_relief_in_whole_runs():
    """A7: where cities are short of money, relief raises levels."""
    poor = {"city": {"budget": 60.0}}
    relief = {"policy": {"relief_hospitals": 0.8, "relief_teachers": 0.8, "teachers_from": 0.0}}
    off, on = last_year(small_run(poor)), last_year(small_run(poor, relief))
    assert on["service_level"].mean() > off["service_level"].mean()


# A8 -----------------------------------------------------------------------------------------------------


def with_family(chance, **fields):
    world = a_world({"doors": {"coethnic": {"family_joins": chance}}, "status": {"marriage": 0.0}}, month=200)
    joined = set()
    for who in MANY:
        counters = Counters()
        person = a_migrant(who, **{"door": COETHNIC, "legal_since": 100, **fields})
        on_slot(CHANGES_STATUS, person, a_here(world, a_city(), counters))
        if person.family:
            joined.add(who)
    return joined


@pytest.mark.mechanism("A8")
def test_families_may_join():
    """A8: where the state admits them, after a year's legal residence, for the category admitted alone."""
    assert with_family(0.0) == set() != with_family(0.01) < with_family(0.03)
    assert with_family(0.03, legal_since=189) == set() != with_family(0.03, legal_since=188)
    assert with_family(0.03, door=DOORS.index("trainee")) == set()
    for rung in (IRREGULAR, OVERSTAYER, SMUGGLED):
        assert with_family(0.03, status=rung) == set(), rung


@pytest.mark.mechanism("A8")
def test_families_join_in_whole_runs():
    """A8: none comes with a family, and some are joined by one, or nobody is."""

    def families(chance):
        alone = {"doors": {door: {"family": 0.0, "family_joins": chance} for door in DOORS}}
        return int(small_run(alone, {"status": {"marriage": 0.0}}).migrants.get("family").sum())

    assert families(0.0) == 0 < families(0.005) < families(0.03)


# A9 -----------------------------------------------------------------------------------------------------


def perceived(media, share=0.4, months=24):
    world, state = a_world({"public": {"media": media}}), a_world(perception=0.0)
    for _ in range(months):
        plain(nation.perceive_crime)(state, world, share)
    return state.perception


@pytest.mark.mechanism("A9")
def test_the_media_raise_perception():
    """A9: the same presence of the unauthorised is perceived as more crime, with a lag, up to a limit."""
    assert perceived(0.0) == 0.0 < perceived(1.0) < perceived(2.0) < 1.0
    assert perceived(1.0, months=1) < perceived(1.0, months=24) < perceived(1.0, months=600) <= 0.4 + 1e-9
    assert perceived(5.0, share=1.0, months=2000) == pytest.approx(1.0)


@pytest.mark.mechanism("A9")
def test_perception_raises_apprehension_and_tension():
    """A9: public concern, not crime, is answered by the state and felt between neighbours."""

    def apprehension(perception, response):
        world = a_world({"public": {"response": response}, "enforcement": {"apprehension": 0.01}})
        state = a_world(perception=perception)
        plain(nation.set_enforcement)(state, world, 0.0)
        return state.apprehension

    assert apprehension(0.5, 0.0) == apprehension(0.0, 1.0) == pytest.approx(0.01)
    assert apprehension(0.2, 1.0) < apprehension(0.5, 1.0) < apprehension(0.5, 2.0)

    def tension(perception, hostility):
        city = a_city()
        plain(municipality.neighbours_react)(
            city, a_world({"public": {"hostility": hostility}}, perception=perception)
        )
        return city.tension

    assert tension(0.5, 0.0) == tension(0.0, 0.5) == 0.0 < tension(0.2, 0.5) < tension(0.5, 0.5)


@pytest.mark.mechanism("A9")
def test_the_media_in_whole_runs():
    """A9: with the news, more are apprehended and cities are more tense than without."""
    off, on = (small_run({"public": {"media": media, "response": 2.0}}) for media in (0.0, 2.0))
    nations = [model.ledger.tables()["nation"] for model in (off, on)]
    assert (nations[0]["perception"] == 0.0).all()
    assert (nations[1]["perception"] > 0.0).all()
    assert (nations[1]["apprehension"] > nations[0]["apprehension"]).all()
    assert total(on, "deported") > total(off, "deported")
    assert on.state.cities["tension"].mean() > off.state.cities["tension"].mean()


# B4: central money --------------------------------------------------------------------------------------


def grants(fields, **policy):
    world = a_world({"policy": {"fund": 100.0, "proposals": 0.0, "leverage": 0.0, **policy}})
    cities = Records(a_city(**each) for each in fields)
    plain(divide_fund)([world], cities)
    return [city.grant for city in cities]


@pytest.mark.mechanism("B4")
def test_the_fund_is_divided_by_size_proposals_and_leverage():
    """B4: all of it and no more; each criterion alone moves money to those who have more of it."""
    two_sizes = [{"migrants": 100}, {"migrants": 300}]
    assert grants(two_sizes) == pytest.approx([25.0, 75.0])
    assert grants(two_sizes, fund=0.0) == [0.0, 0.0]
    eager = [{"motivation": 0.0}, {"motivation": 1.0}]
    assert grants(eager) == pytest.approx([50.0, 50.0])
    assert grants(eager, proposals=3.0) == pytest.approx([20.0, 80.0])
    favoured = [{"leverage": 0.0}, {"leverage": 1.0}]
    assert grants(favoured) == pytest.approx([50.0, 50.0])
    assert grants(favoured, leverage=1.0) == pytest.approx([100 / 3, 200 / 3])
    assert grants([{"migrants": 0}, {"migrants": 0}]) == [0.0, 0.0]


@pytest.mark.mechanism("B4")
def test_central_money_is_spent_on_services():
    """B4: the same poor city affords more with a grant."""

    def level(grant):
        city = a_city(1.0, motivation=1.0, grant=grant)
        plain(municipality.pay_for_services)(city, a_world({"city": {"budget": 50.0}}))
        assert city.spent <= city.budget + grant + 1e-9
        return city.service_level

    assert level(0.0) < level(10.0) < level(30.0)


@pytest.mark.mechanism("B4")
def test_the_fund_in_whole_runs():
    """B4: central money raises levels where revenue limits them."""
    poor = {"city": {"budget": 50.0}}
    off, on = (last_year(small_run(poor, {"policy": {"fund": fund}})) for fund in (0.0, 200.0))
    assert on["service_level"].mean() > off["service_level"].mean()


# A3, A5: an amnesty -------------------------------------------------------------------------------------


def regularised(share, after=24, **fields):
    world = a_world({"status": {"amnesty": share, "amnesty_after": after}})
    legal = set()
    for who in MANY:
        counters, person = (
            Counters(),
            a_migrant(who, **{"status": OVERSTAYER, "legal_since": apprehension.NO_DATE, **fields}),
        )
        plain(status.be_regularised)(person, a_here(world, a_city(), counters))
        if person.status == LEGAL:
            legal.add(who)
            assert person.permit_until >= world.month + status.SHORTEST_AMNESTY
            assert (person.legal_since, person.grounds) == (world.month, status.BY_AMNESTY)
    return legal


@pytest.mark.mechanism("A3")
def test_an_amnesty_gives_permits_to_those_here_long_enough():
    """A3: a share of the unauthorised, after the time set; a larger share adds to the same people."""
    assert regularised(0.0) == set() != regularised(0.3) < regularised(0.8) < regularised(1.0) == set(MANY)
    assert regularised(1.0, arrived=77) == set() != regularised(1.0, arrived=76)
    assert regularised(0.3, status=SMUGGLED) == regularised(0.3)


@pytest.mark.mechanism("A3")
def test_an_amnesty_in_whole_runs():
    """A3: a month of amnesty turns the unauthorised into legal residents from that month on."""
    how = {"months": 12, "places": small_places()}
    none = small_run(**how)
    amnesty = small_run(**how, changes=[(6, "status.amnesty", 0.9), (7, "status.amnesty", 0.0)])
    for month, fewer in ((5, False), (6, True), (11, True)):
        there = [
            sum(total(model, "stock", month=month, status=s) for s in ("overstayer", "smuggled"))
            for model in (none, amnesty)
        ]
        assert (there[1] < 0.6 * there[0]) is fewer
        assert (there[1] == there[0]) is not fewer
    assert total(amnesty, "status_in", month=6, status="legal") > total(
        none, "status_in", month=6, status="legal"
    )
