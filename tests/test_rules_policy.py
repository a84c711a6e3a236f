"""National policy: integration policy, programmes, relief, families, perception, the fund, an amnesty."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from crowd import crowd, lucky, served_by, those_with
from single import MANY, Records, a_city, a_here, a_world, plain
from small import N_DOORS, small_run, total

from local_citizenship.agents import apprehension, claiming, nation, status
from local_citizenship.agents.chance import CHANGES_STATUS
from local_citizenship.agents.cities import adoption, hostility, money, reasons
from local_citizenship.agents.providers import state as state_office
from local_citizenship.agents.services import RIGHTS
from local_citizenship.model import year
from local_citizenship.model.state import NATION_FIELDS
from local_citizenship.scenarios.catalogue import DOORS, EMERGENCY, LEGAL, NATION, NEEDS, SCHOOLING, SERVICES
from local_citizenship.scenarios.schema import SHIPPED


@pytest.mark.mechanism("A5")
def test_a_declared_policy_encourages_cities():
    """A5: what the nation declares is added to motivation, as far as the region carries it out."""
    rng = np.random.default_rng(2)
    cities = [a_city(history=h, fiscal_strength=f, migrants=900) for h, f in rng.uniform(0, 1, (20, 2))]

    def motivation(declared):
        world = a_world({"policy.declared": declared})
        return np.array([plain(reasons.motivation_of)(city, world) for city in cities])

    assert motivation(0.3) - motivation(0.0) == pytest.approx(0.3)
    for city in cities:
        city.uptake = 0.5
    assert motivation(0.3) - motivation(0.0) == pytest.approx(0.15)


@pytest.mark.mechanism("A5")
def test_regions_take_up_national_policy_as_they_are_ready():
    """A5: a region of zealous cities comes to carry it out in years, one with a governor against it in part, one
    without zeal never; who loses zeal drops it; without a policy there is nothing to carry out."""

    def uptake(years, motivation=2.0, start=0.0, autonomy=0.0, declared=0.2, idle=()):
        cities = [a_city(row=n, motivation=0.0 if n in idle else motivation, uptake=start, autonomy=autonomy,
                         wider_region=n // 2) for n in range(4)]  # fmt: skip
        for _ in range(years):
            plain(year.carry_out_policy)(
                a_world({"policy": {"declared": declared, "uptake": 0.3}}), Records(cities)
            )
        return [city.uptake for city in cities]

    assert uptake(1) == pytest.approx([0.24] * 4)
    assert uptake(1)[0] < uptake(3)[0] < uptake(30)[0] == pytest.approx(0.8, abs=1e-3)
    assert (
        uptake(30, autonomy=-1.0)
        == uptake(30, motivation=0.0)
        == uptake(3, declared=0.0, start=0.5)
        == [0.0] * 4
    )
    assert uptake(30, autonomy=-0.5)[0] < uptake(30)[0] < uptake(30, autonomy=0.5)[0]
    assert uptake(2, motivation=0.2, start=0.9)[0] < 0.9
    assert uptake(30, idle=(0,)) == pytest.approx([0.4, 0.4, 0.8, 0.8], abs=1e-3)


@pytest.mark.mechanism("A5")
def test_guidance_narrows_what_cities_want():
    """A5: the idle are drawn up and the eager down to the standard, as far as guidance goes."""

    def wanted(guidance, motivation, standard=0.5, uptake=1.0):
        sure = {"city": {"pace": 1.0, "step": 1.0, "slope": 0.5}, "services.language.threshold": 0.4}
        city, service = a_city(motivation=motivation, uptake=uptake), SERVICES.index("language")
        world = a_world(sure, {"policy": {"guidance": guidance, "standard": standard}})
        plain(adoption.consider_service)(city, world, service, 0.0)
        return city.level[service]

    assert [wanted(g, 0.0) for g in (0.0, 0.4, 1.0)] == pytest.approx([0.0, 0.2, 0.5])
    assert [wanted(g, 2.0) for g in (0.0, 0.4, 1.0)] == pytest.approx([1.0, 0.8, 0.5])
    assert wanted(1.0, 0.0, standard=0.9) == wanted(1.0, 2.0, standard=0.9) == pytest.approx(0.9)
    assert wanted(1.0, 0.0, uptake=0.5) == pytest.approx(0.25)
    assert wanted(1.0, 0.0, uptake=0.0) == 0.0


NO_RIGHTS = {"needs.*.right": "nobody"}
SURE = {"claiming.effort": 1.0, "awareness": {"state": 1.0, "search": 0.0}, "fear.weight": 0.0}


def helped_by_programme(level, *settings, city=None, open_to="anyone", **fields):
    programme = {
        "policy": {"programme": level, "programme_fit": 0.8, "programme_open": open_to, "one_size": 0.0}
    }
    world = a_world(SURE, NO_RIGHTS, programme, *settings, risk=1.0)
    served = served_by(claiming.seek_help, world, city, **{"need": "dispute", "knows": RIGHTS, **fields})
    assert set(served.values()) <= {NATION}
    return served.keys()


@pytest.mark.mechanism("A6")
def test_the_uniform_programme_serves():
    """A6: off, it helps nobody without a right; at a higher level the same people and more; by its rung."""
    assert helped_by_programme(0.0) == set() != helped_by_programme(0.4) < helped_by_programme(1.0)
    assert len(helped_by_programme(1.0)) == pytest.approx(0.8 * len(MANY), rel=0.1)
    assert helped_by_programme(1.0, status="overstayer", open_to="legal") == set()
    assert helped_by_programme(1.0, status="overstayer") == helped_by_programme(1.0)


@pytest.mark.mechanism("A6")
def test_the_uniform_programme_is_for_some_needs():
    """A6: shelters and a human-rights bureau; a need that it does not cover it does not meet."""
    helps, world = plain(state_office.programme_helps), a_world({"policy.programme": 1.0})
    covered = {name for number, name in enumerate(NEEDS) if helps(world, LEGAL, number) > 0.0}
    assert covered == {"dispute", "wages", "abuse", "housing"}
    none, half, full = (
        helped_by_programme(1.0, {"needs.illness.programme": part}, need="illness")
        for part in (0.0, 0.5, 1.0)
    )
    assert helped_by_programme(1.0, need="illness") == none == set() != half < full


@pytest.mark.mechanism("A6")
def test_the_uniform_programme_is_the_same_everywhere():
    """A6: it neither depends on what the city does, nor on how well that fits; nor does it fit the need."""
    poor, rich = a_city(0.0, fit=0.1, fiscal_strength=0.1), a_city(1.0, fit=1.0, fiscal_strength=2.0)
    assert helped_by_programme(0.5, city=poor) == helped_by_programme(0.5, city=rich) != set()
    everything = {"policy.programme": 0.5, "needs.*.programme": 1.0}
    delivers, world = plain(state_office.state_delivers), a_world(NO_RIGHTS, everything)
    assert len({delivers(world, LEGAL, need, 0) for need in range(len(NEEDS))}) == 1


@pytest.mark.mechanism("A6")
def test_one_size_fits_the_largest_group_best():
    """A6: groups are helped by how many they are in the country beside the largest, wherever they live; where the
    programme is as sensitive as can be, all alike. Citizens count among their groups."""
    stock = np.zeros((N_DOORS, 6))
    for name, people in COUNTRY.items():
        stock[DOORS.index(name), LEGAL] = people
    stock[DOORS.index("student"), 0] = 100

    def helped(door, one_size=0.8):
        world = a_world({"policy": {"programme_fit": 0.5, "one_size": one_size}})
        plain(state_office.count_the_usual)(world, SimpleNamespace(stock=stock))
        return plain(state_office.fit_of_programme)(world, world.group_of_door[DOORS.index(door)])

    assert helped("coethnic") == 0.5
    assert helped("smuggled") == pytest.approx(0.1)
    assert helped("student") == pytest.approx(0.5 * (1.0 - 0.8 * 0.5))
    assert helped("smuggled") < helped("visitor") < helped("student") < helped("coethnic")
    assert {helped(door, 0.0) for door in COUNTRY} == {0.5}


COUNTRY = {"coethnic": 400, "student": 100, "visitor": 40}


@pytest.mark.mechanism("A6")
def test_the_fearful_stay_away_from_the_programme():
    """A6: the unauthorised use it the less the more they fear; the legal have nothing to fear."""
    some, much = ({"fear": {"weight": weight, "government": 1.0}} for weight in (0.5, 40.0))
    afraid = {"status": "overstayer", "city": a_city(risk=1.0)}
    calm = helped_by_programme(1.0, status="overstayer")
    assert helped_by_programme(1.0, much, **afraid) < helped_by_programme(1.0, some, **afraid) < calm
    assert helped_by_programme(1.0, much) == calm


@pytest.mark.mechanism("A7")
def test_relief_for_hospitals_lowers_the_cost_of_emergency_care():
    """A7: under the same budget, the same city affords more of what the nation helps to pay."""
    service = EMERGENCY

    def level(share):
        costs = {
            "services.*.fixed": 0.0,
            "services.*.per_head": 0.0,
            f"services.{SERVICES[service]}.fixed": 10.0,
            "services.ordinance.fixed": 3.0,
        }
        money_of = {"budget": 50.0, "duties": 0.35}
        world = a_world({"city": money_of, **costs, "policy.relief_hospitals": share})
        city = a_city({service: 1.0, "ordinance": 1.0}, motivation=1.0, registered=0)
        plain(money.pay_for_services)(city, world)
        assert city.budget == pytest.approx(4.0)
        return city.level.sum()

    assert level(0.0) < level(0.2) < level(0.5) < level(0.9) == 2.0


@pytest.mark.mechanism("A7")
def test_teachers_of_the_nation_make_good_what_schools_lack():
    """A7: where there are many foreign pupils, whatever the city wants; less where it does nearly all itself; in
    schools alone; off, none."""

    def level(share, motivation=0.0, people=1_000, service=SCHOOLING):
        world = a_world({"policy.relief_teachers": share, "city": {"pace": 1.0, "step": 1.0, "slope": 1.0}})
        city = a_city(motivation=motivation, registered=people, migrants=9_000)
        plain(adoption.consider_service)(city, world, service, 0.0)
        return city.level[service]

    assert level(0.0) == level(0.2, people=499) == level(0.2, service=EMERGENCY) == 0.0
    assert level(0.2, people=500) == level(0.2) == pytest.approx(0.2)
    assert level(0.2) < level(0.5)
    own = level(0.0, motivation=2.0)
    assert 0.0 < own < 1.0
    assert level(0.2, motivation=2.0) - own == pytest.approx(0.2 * (1.0 - own))


@pytest.mark.mechanism("A8")
def test_families_may_join():
    """A8: where the state admits them, after a year's legal residence, for the category admitted alone; settlers
    sooner, and nobody without work, in debt or in trouble over a home."""

    def with_family(chance, **fields):
        here = a_here(a_world({"doors.coethnic.family_joins": chance, "status.marriage": 0.0}, month=200))
        start = {"door": "coethnic", "legal_since": 100}
        return those_with("family", lucky(CHANGES_STATUS, here, **{**start, **fields}))

    assert with_family(0.0) == set() != with_family(0.01) < with_family(0.03)
    assert with_family(0.03, legal_since=189) == set() != with_family(0.03, legal_since=188)
    assert with_family(0.03, door="trainee") == set()
    assert set() != with_family(0.03) < with_family(0.03, settler=1)
    for hindrance in ({"jobless": 1}, {"owes_until": 201}, {"need": "housing"}):
        assert with_family(0.03, **hindrance) == set(), hindrance
    assert with_family(0.03, need="illness") == with_family(0.03, owes_until=200) == with_family(0.03)
    for rung in ("irregular", "overstayer", "smuggled"):
        assert with_family(0.03, status=rung) == set(), rung


def a_nation(**fields):
    return SimpleNamespace(**{**dict.fromkeys(NATION_FIELDS, 0.0), **fields})


def perceived(media=1.0, months=24, incidents=500, raids=1000, usual=0.0, share=1.0, answered=0.0, **public):
    """Concern after so many months of these events, where others had been usual."""
    settings = {"public": {"media": media, "alarm": 1000.0, "raids": 0.2, "memory": 24.0, "habit": 240.0,
                           "sells": 0.0, **public}}  # fmt: skip
    world = a_world(settings, incidents=incidents, raids=raids)
    state = a_nation(answered=answered)
    attention = plain(nation.attention_to_news)(plain(nation.news_of)(state, world, usual))
    state.lately = state.usual = attention
    for _ in range(months):
        plain(nation.perceive_crime)(state, world, share)
    return state.perception


@pytest.mark.mechanism("A9")
def test_the_media_raise_perception():
    """A9: the same arrests and raids are perceived as more crime, with a lag, up to a limit; off, none. What concerns
    people is told louder, and less so where NGOs answer."""
    assert perceived(0.0) == 0.0 < perceived(1.0) < perceived(2.0) < 1.0
    assert perceived(months=1) < perceived(months=24)
    assert perceived(5.0, incidents=10**6, months=60) < 1.0
    assert perceived(answered=0.5) == pytest.approx(perceived(0.5))
    assert perceived(answered=1.0) == 0.0 < perceived(answered=0.3) < perceived() < perceived(sells=1.0)


@pytest.mark.mechanism("A9", "C8")
def test_ngos_answer_the_media():
    """A9, C8: by their workers for each migrant of the country; half of it, where there are as many as it takes."""

    def answered(workers, migrants=1000, persons=1.0):
        state, world = a_nation(), a_world({"public.answered": 5.0}, persons=persons)
        plain(nation.answer_the_media)(state, world, workers, migrants)
        return state.answered

    assert answered(0.0) == 0.0 < answered(1.0) < answered(5.0) == 0.5 < answered(50.0) < 1.0
    assert answered(5.0, migrants=50, persons=20.0) == answered(5.0)
    assert answered(0.0, migrants=0) == 0.0


@pytest.mark.mechanism("A9")
def test_concern_comes_from_what_is_seen_and_fades():
    """A9: from arrests and from raids, which the state makes itself, so far as they are new: people get used to as many
    as there are, and fewer are no news. A part of a country makes as much of its events as the whole makes of all."""
    assert perceived(incidents=0) < perceived() < perceived(incidents=900)
    assert perceived(raids=0) < perceived() < perceived(raids=3000)
    assert perceived(usual=700.0) == perceived(usual=2000.0) == 0.0 < perceived(usual=500.0) < perceived()
    assert perceived(months=1200) < 0.1 < perceived(months=60)
    assert perceived(incidents=50, raids=100, share=0.1) == pytest.approx(perceived())


@pytest.mark.mechanism("A9", "A4")
def test_campaigns_of_the_state_make_news():
    """A9: harder enforcement and a new crackdown raise concern while they are new; milder enforcement does not."""

    def concern(before, after, campaign=1.0, months=12, cracks_down=0.0, tightened=1.0):
        state = a_nation(enforced=before, cracks_down=cracks_down)
        world = a_world(
            {
                "enforcement.apprehension": after,
                "enforcement.tightened": tightened,
                "public.campaign": campaign,
            }
        )
        for _ in range(months):
            plain(nation.announce_harder)(state, world, 0.01)
            plain(nation.perceive_crime)(state, world, 1.0)
        return state.perception

    assert concern(0.01, 0.01) == concern(0.01, 0.005) == concern(0.01, 0.02, campaign=0.0) == 0.0
    assert 0.0 < concern(0.01, 0.012) < concern(0.01, 0.02)
    assert concern(0.01, 0.01) < concern(0.01, 0.01, cracks_down=1.0)
    assert concern(0.01, 0.02, months=150) < 0.1 * concern(0.01, 0.02)
    assert concern(0.01, 0.01, tightened=2.0) == concern(0.01, 0.02)  # by a law that tightens it


@pytest.mark.mechanism("A9")
def test_perception_raises_apprehension_and_tension():
    """A9: public concern, not crime, is answered by the state and felt between neighbours."""

    def apprehension(perception, response, tightened=1.0):
        enforcement = {"apprehension": 0.01, "tightened": tightened}
        world = a_world({"public.response": response, "enforcement": enforcement})
        state = a_nation(perception=perception)
        plain(nation.set_enforcement)(state, world, 0.0)
        return state.apprehension

    assert apprehension(0.5, 0.0) == apprehension(0.0, 1.0) == pytest.approx(0.01)
    assert apprehension(0.2, 1.0) < apprehension(0.5, 1.0) < apprehension(0.5, 2.0)
    assert apprehension(0.5, 1.0, tightened=1.5) == pytest.approx(1.5 * apprehension(0.5, 1.0))

    def tension(perception, news):
        city, world = a_city(), a_world({"public.hostility": news}, perception=perception)
        plain(hostility.neighbours_react)(city, world)
        return city.tension

    assert tension(0.5, 0.0) == tension(0.0, 0.5) == 0.0 < tension(0.2, 0.5) < tension(0.5, 0.5)


# B4: central money --------------------------------------------------------------------------------------


@pytest.mark.mechanism("B4")
@pytest.mark.parametrize(
    ("trait", "of_two", "policy", "expected"),
    [
        ("registered", (100, 300), {}, [25.0, 75.0]),
        ("registered", (100, 300), {"fund": 0.0}, [0.0, 0.0]),
        ("registered", (0, 0), {}, [0.0, 0.0]),
        ("motivation", (0.0, 1.0), {}, [50.0, 50.0]),
        ("motivation", (0.0, 2.5), {"proposals": 3.0}, [20.0, 80.0]),
        ("leverage", (0.0, 1.0), {}, [50.0, 50.0]),
        ("leverage", (0.0, 1.0), {"leverage": 1.0}, [100 / 3, 200 / 3]),
    ],
)
def test_the_fund_is_divided_by_size_proposals_and_leverage(trait, of_two, policy, expected):
    """B4: all of it and no more; each criterion alone moves money to those who have more of it."""
    world = a_world({"policy": {"fund": 100.0, "proposals": 0.0, "leverage": 0.0, **policy}})
    cities = Records(a_city(**{trait: value}) for value in of_two)
    plain(year.divide_fund)([world], cities)
    assert [city.grant for city in cities] == pytest.approx(expected)


@pytest.mark.mechanism("B4")
def test_what_costs_nothing_is_paid_for_where_nothing_is_left():
    """B4: money spent to the end may lie a hair below nothing, which is no division by a cost of nothing."""
    paid = plain(money.level_paid_for)
    assert paid(0.4, 0.0, -1e-16) == 0.4
    assert paid(0.4, 10.0, -1e-16) == 0.0
    assert paid(0.4, 10.0, 2.0) == 0.2
    assert paid(0.4, 10.0, 5.0) == 0.4


@pytest.mark.mechanism("B4")
def test_central_money_is_spent_on_services():
    """B4: the same poor city affords more with a grant."""

    def level(grant):
        city = a_city(1.0, motivation=1.0, grant=grant)
        plain(money.pay_for_services)(city, a_world({"city.budget": 50.0, "city.returned": 0.0}))
        assert city.spent <= city.budget + grant + 1e-9
        return city.service_level

    assert level(0.0) < level(10.0) < level(30.0)


# A3, A5: an amnesty -------------------------------------------------------------------------------------


def regularised(share, after=24, permit=SHIPPED.status.amnesty_permit, **fields):
    world = a_world({"status": {"amnesty": share, "amnesty_after": after, "amnesty_permit": permit}})
    start = {"status": "overstayer", "legal_since": apprehension.NO_DATE}
    people = crowd(status.be_regularised, a_here(world), **{**start, **fields})
    legal = [person for person in people if person.status == LEGAL]
    for person in legal:
        assert person.permit_until >= world.month + permit
        assert (person.legal_since, person.grounds) == (world.month, status.BY_AMNESTY)
    return {person.identity for person in legal}


@pytest.mark.mechanism("A3")
def test_an_amnesty_gives_permits_to_those_here_long_enough():
    """A3: a share of the unauthorised, after the time set; a larger share adds to the same people."""
    assert regularised(0.0) == set() != regularised(0.3) < regularised(0.8) < regularised(1.0) == set(MANY)
    assert regularised(1.0, arrived=77) == set() != regularised(1.0, arrived=76)
    assert regularised(0.3, status="smuggled") == regularised(0.3) == regularised(0.3, permit=90)


@pytest.mark.mechanism("A3")
def test_an_amnesty_in_whole_runs():
    """A3: a month of amnesty turns the unauthorised into legal residents from that month on."""
    none, amnesty = (
        small_run(months=12, changes=changes)
        for changes in ([], [(6, "status.amnesty", 0.9), (7, "status.amnesty", 0.0)])
    )
    for month, fewer in ((5, False), (6, True), (11, True)):
        without, with_it = (
            sum(total(model, "stock", month=month, status=s) for s in ("overstayer", "smuggled"))
            for model in (none, amnesty)
        )
        assert (with_it < 0.6 * without) is fewer
        assert (with_it == without) is not fewer
    legalised = {"month": 6, "status": "legal"}
    assert total(amnesty, "status_in", **legalised) > total(none, "status_in", **legalised)
