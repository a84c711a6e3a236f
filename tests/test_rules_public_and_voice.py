"""Regions, shirking, fit, neighbours, discrimination (B6 to B9)."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import helped
from single import MANY, a_city, a_here, a_migrant, a_world, an_ngo, plain
from small import N_DOORS, small_run, small_scenario

from local_citizenship.agents import needs, ngo
from local_citizenship.agents.cities import access, adoption, hostility, money, reasons, voice
from local_citizenship.agents.cities.agenda import comes_on_agenda
from local_citizenship.agents.cities.reasons import FULL_MOTIVATION
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.catalogue import DOORS, NEEDS, SERVICES
from local_citizenship.scenarios.schema import SHIPPED

DUTIES = len(SHIPPED.services.having("by_law"))
LANGUAGE_CLASS = SERVICES.index("language")


def last_year(model):
    frame = model.ledger.tables()["places_yearly"]
    return frame[frame["year"] == frame["year"].max()]


@pytest.mark.mechanism("B6")
def test_regions_have_their_own_baseline():
    """B6: towns of a region share its autonomy; regionalism spreads regions apart, off it does nothing."""
    cities = [a_city(row=row, region=row % 12) for row in range(36)]
    for city in cities:
        city.own_autonomy = 0.1 * city.region - 0.5
        plain(access.begin_city)(city, a_world())
    by_region = {region: {c.autonomy for c in cities if c.region == region} for region in range(12)}
    assert all(len(values) == 1 for values in by_region.values())
    assert all(-1.0 <= city.autonomy < 1.0 for city in cities)

    def spread(regionalism):
        world = a_world({"city": {"regionalism": regionalism, "history": 0.0, "prosperity": 1.0}})
        return np.std([plain(reasons.motivation_of)(city, world) for city in cities])

    assert spread(0.0) == pytest.approx(0.0)
    assert 0.01 < spread(0.1) < spread(0.3)
    # In a hostile region cities are idle, and not less than idle.
    idle = a_city(migrants=0, registered=0, autonomy=-1.0, fiscal_strength=0.1)
    assert plain(reasons.motivation_of)(idle, a_world({"city.regionalism": 1.0})) == 0.0


@pytest.mark.mechanism("B6")
def test_provinces_share_the_autonomy_of_their_wider_region():
    """B6: provinces of a region have one baseline; regions have their own."""
    scenario = load_scenario("italy", sets=["scale.persons_per_record=10000"], months=1)
    cities = LocalCitizenship(scenario).state.cities
    wider = np.array(scenario.places.wider_regions)[scenario.places.region]
    assert len(set(scenario.places.regions)) == 107
    assert len(set(cities["region_identity"])) == len(set(wider)) == 20  # by which autonomy is drawn
    assert len(set(cities["region_identity"][wider == "Lazio"])) == 1
    assert len(set(cities["own_autonomy"])) == 20


@pytest.mark.mechanism("B7")
def test_cities_lean_on_ngos():
    """B7: what a city wants falls with the strength of its NGOs; off, or without NGOs, it does not."""

    def wanted(shirking, staff):
        city = a_city(motivation=3.0, ngo_staff=staff)
        world = a_world({"city": {"step": 1.0, "shirking": shirking}})
        plain(adoption.consider_service)(city, world, LANGUAGE_CLASS, 0.0)
        return city.level[LANGUAGE_CLASS]

    assert wanted(0.0, 5.0) == wanted(0.5, 0.0) == 1.0
    for shirking, staff, level in ((0.5, 1.0, 0.9), (0.5, 50.0, 0.5), (0.8, 50.0, 0.2)):
        assert wanted(shirking, staff) == pytest.approx(level)


@pytest.mark.mechanism("B7")
def test_cities_fund_ngos():
    """B7: a share of the city's budget pays its NGOs, a richer city's and a keener one's more; where there are none,
    none."""

    def funds(grant, budget=500.0, offices=1, zeal=1.0):
        city = a_city(motivation=zeal * FULL_MOTIVATION, fiscal_strength=1.0, ngo_count=offices)
        means = {
            "city": {"budget": budget, "returned": 0.0},
            "ngos": {"grant": grant, "foundation_luck": 0.0},
        }
        office, world = an_ngo(kind="union", staff=1.0), a_world(means)
        plain(money.pay_for_services)(city, world)
        plain(ngo.close_accounts)(office, world, city)
        return office.funds, city.to_ngos

    assert funds(0.1)[0] - funds(0.0)[0] == pytest.approx(5.0)
    assert funds(0.1, budget=1000.0)[0] - funds(0.1)[0] == pytest.approx(5.0)
    assert funds(0.1, offices=2)[0] - funds(0.0)[0] == pytest.approx(2.5)
    assert [funds(0.1, zeal=zeal)[1] for zeal in (0.0, 0.5, 2.0)] == pytest.approx([0.0, 2.5, 5.0])
    assert (funds(0.0)[1], funds(0.1)[1], funds(0.1, offices=0)[1]) == (0.0, 5.0, 0.0)


@pytest.mark.mechanism("B7")
def test_what_ngos_are_given_services_lack():
    """B7: under the same budget, a city that gives to its NGOs affords less itself, and spends no more."""

    def served(grant):
        city = a_city(1.0, motivation=FULL_MOTIVATION, ngo_count=1)
        world = a_world({"city": {"budget": 100.0, "duties": 0.0}, "ngos.grant": grant})
        plain(money.pay_for_services)(city, world)
        assert city.spent <= city.budget + 1e-9
        return city.level.sum() - DUTIES

    assert served(1.0) == 0.0 < served(0.5) < served(0.1) < served(0.0)


@pytest.mark.mechanism("B7")
def test_grants_in_whole_runs():
    """B7: what the ledger says cities gave is the share of their budgets, by zeal, where there are NGOs."""

    def given(grant):
        settings = {
            "ngos": {"grant": grant, "burnout": 0.0},
            "city": {"budget": 60.0, "adoption": "threshold", "pace": 1.0},
            "services.*.threshold": 0.5,
        }
        frame = last_year(small_run(settings, months=16))
        funded = frame[frame["to_ngos"] > 0.0]
        zeal = np.minimum(1.0, funded["motivation"].to_numpy() / FULL_MOTIVATION)
        assert funded["to_ngos"].to_numpy() == pytest.approx(grant * zeal * funded["budget"].to_numpy())
        return frame["to_ngos"].sum(), frame["service_level"].mean()

    none, much = given(0.0), given(0.6)
    assert none[0] == 0.0 < much[0]
    assert none[1] > much[1]


UNHEARD = {"voice": {"fit_unheard": 0.5, "council": 0.8, "surveys": 0.0, "survey_gain": 0.4, "practice": 0.0}}


def fit_after(years, settings=None, fit=0.5, level=0.0, **fields):
    city, world = (
        a_city(level, fit=fit, motivation=FULL_MOTIVATION, **fields),
        a_world(UNHEARD, settings or {}),
    )
    for _ in range(years):
        plain(voice.learn_what_is_needed)(city, world)
    return city.fit


COUNTED = {"coethnic": 300, "student": 200, "visitor": 100}  # each a group of its own in the default scenario


def fit_of(door, level=1.0, seats=2, settler=1, **settings):
    """How well services fit somebody's needs where there is a council."""
    world = a_world(UNHEARD, {"voice": {"seats": seats, **settings}})
    by_group = np.zeros(N_DOORS, int)
    for name, people in COUNTED.items():
        by_group[world.group_of_door[DOORS.index(name)]] = people
    city = a_city({"council": level}, fit=0.5, by_group=by_group)
    plain(voice.seat_the_council)(city, world)
    return plain(voice.fit_for)(a_migrant(door=door, settler=settler), a_here(world, city), LANGUAGE_CLASS)


@pytest.mark.mechanism("B8")
def test_a_council_raises_fit_for_those_who_have_a_seat():
    """B8: for the settled of the largest groups, by the council's level; for nobody else; off, for nobody."""
    assert [fit_of("coethnic", level) for level in (0.0, 0.5, 1.0)] == pytest.approx([0.5, 0.7, 0.9])
    assert fit_of("student") == pytest.approx(0.9)
    assert fit_of("visitor") == fit_of("smuggled") == fit_of("coethnic", settler=0) == 0.5
    assert fit_of("student", seats=1) == fit_of("coethnic", seats=0) == 0.5 < fit_of("visitor", seats=3)
    assert fit_of("smuggled", seats=20) == 0.5  # nobody of whom is here
    assert fit_of("coethnic", council=0.0) == 0.5


@pytest.mark.mechanism("B8", "A5", "A6")
def test_offices_learn_by_practice_unless_the_nation_designs_what_they_do():
    """B8, A5: the more a city offers the better; under guidance less, and under full guidance nothing, surveys too."""
    practice = {"voice.practice": 0.2}
    assert fit_after(3, practice, level=0.0) == fit_after(3, level=1.0) == 0.5
    assert 0.5 < fit_after(3, practice, level=0.4) < fit_after(3, practice, level=1.0)
    for learning in (practice, {"voice.surveys": 1.0}):
        free, half, guided = (
            fit_after(3, {**learning, "policy.guidance": g}, level=1.0) for g in (0.0, 0.5, 1.0)
        )
        assert 0.5 == guided < half < free
    ordinance = {"services.*.guided": 0.0, "services.ordinance.guided": 1.0}
    by_one = fit_after(3, {**practice, **ordinance, "policy.guidance": 1.0}, level=1.0)
    assert fit_after(3, {**practice, "policy.guidance": 0.5}, level=1.0) < by_one


@pytest.mark.mechanism("B8")
def test_what_is_learnt_of_one_service_is_not_known_of_another():
    """B8: practice is of what is offered, and a migrant is served by the fit of what was asked for."""
    city = a_city({"consultation": 1.0}, fit=0.5)
    world = a_world(UNHEARD, {"voice.practice": 0.2})
    plain(voice.learn_what_is_needed)(city, world)
    desk, home = SERVICES.index("consultation"), SERVICES.index("housing")
    assert city.fits[desk] == pytest.approx(0.6)
    assert city.fits[home] == 0.5 < city.fit < 0.6
    fit = plain(voice.fit_for)
    assert fit(a_migrant(), a_here(world, city), desk) > fit(a_migrant(), a_here(world, city), home)


@pytest.mark.mechanism("B8")
def test_surveys_raise_fit_and_what_they_found_fades():
    """B8: the motivated make surveys, by lot; without another one, what was learned goes out of date."""
    world = {p: a_world(UNHEARD, {"voice.surveys": p}) for p in (0.0, 0.3, 1.0)}

    def surveyed(chance, motivation=FULL_MOTIVATION):
        rows = set()
        for row in range(200):
            city = a_city(row=row, fit=0.5, motivation=motivation)
            plain(voice.learn_what_is_needed)(city, world[chance])
            if city.fit > 0.5:
                assert city.fit == pytest.approx(0.7)
                rows.add(row)
        return rows

    assert surveyed(0.0) == surveyed(1.0, motivation=0.0) == set() != surveyed(0.3) < surveyed(1.0)
    assert set() != surveyed(0.3, motivation=0.5 * FULL_MOTIVATION) < surveyed(0.3)
    fading = [fit_after(years, fit=0.7) for years in range(6)]
    assert (np.diff(fading) < 0.0).all()
    assert fading[1] == pytest.approx(0.5 + 0.2 * (1.0 - SHIPPED.voice.fading))
    assert fading[-1] > 0.5
    assert [fit_after(1, {"voice.fading": part}, fit=0.7) for part in (1.0, 0.0)] == pytest.approx([0.5, 0.7])


@pytest.mark.mechanism("B8")
def test_what_presses_most_is_what_went_unmet_most():
    """B8: of what a city may offer and does not yet; nothing if nothing went unmet. Duties are no choice."""

    def pressing(level=0.0, **unmet):
        service = plain(voice.most_pressing_service)(a_city(level, unmet=unmet), a_world())
        return SERVICES[service] if service >= 0 else None

    assert pressing() is pressing(arrest=9) is None
    assert pressing(illness=5, dispute=9, arrest=50) == "consultation"
    assert pressing(illness=9, dispute=5, schooling=50) == "emergency"
    assert pressing({"emergency": 0.5}, illness=9, dispute=5) == "consultation"
    assert pressing(1.0, illness=9, dispute=5) is pressing(papers=0) is None


@pytest.mark.mechanism("B2", "B8")
def test_a_city_hears_those_on_its_register():
    """B8: of what others lack it hears for services that it has opened to them, or as far as NGOs speak for them."""

    def pressing(**fields):
        city = a_city(unmet={"illness": 9, "dispute": 5}, off_register={"illness": 8}, **fields)
        return SERVICES[plain(voice.most_pressing_service)(city, a_world())]

    assert pressing() == pressing(open={"consultation": 1}) == "consultation"
    assert pressing(open={"emergency": 1}) == pressing(ngo_staff=50.0) == "emergency"
    assert pressing(ngo_staff=1.0) == "consultation"


@pytest.mark.mechanism("B8")
def test_where_immigrants_are_heard_their_needs_come_on_the_agenda():
    """B8: what presses most, the more so the better they are heard; nothing else; off, or unheard, no sooner."""

    def on_agenda(agenda, fit, pressing=LANGUAGE_CLASS):
        world = a_world({"city.pace": 0.3, "voice": {"agenda": agenda, "fit_unheard": 0.5}})
        comes, others = plain(comes_on_agenda), (0.0, 0.0, 0.0)
        there = ((row, a_city(1.0, row=row, fit=fit)) for row in MANY)
        return {row for row, city in there if comes(city, world, LANGUAGE_CLASS, *others, pressing)}

    assert set() != on_agenda(0.0, 1.0) == on_agenda(2.0, 0.5) < on_agenda(2.0, 0.75) < on_agenda(2.0, 1.0)
    for pressing in (SERVICES.index("council"), -1):
        assert on_agenda(2.0, 1.0, pressing) == on_agenda(0.0, 1.0)

    def heard(fit, unheard):
        return plain(voice.is_heard)(a_city(fit=fit), a_world({"voice.fit_unheard": unheard}))

    assert [heard(fit, 0.5) for fit in (0.4, 0.5, 0.75, 1.0)] == pytest.approx([0.0, 0.0, 0.5, 1.0])
    assert heard(1.0, 1.0) == 0.0  # nothing was lacking, nothing has been made good


@pytest.mark.mechanism("B8")
def test_better_fitting_services_meet_more():
    """B8: with the same luck, a better fit meets the same claims and more."""

    def met(fit):
        here = a_here(a_world({"enforcement.duty_to_report": 0.0}), a_city(1.0, fit=fit))
        return helped(town_hall.ask, here)

    assert met(0.0) == set() != met(0.4) < met(0.8)


@pytest.mark.mechanism("B8")
def test_voice_in_whole_runs():
    """B8: councils and surveys make services fit better than where nobody is heard."""
    quiet = {"fit_unheard": 0.3, "council": 0.0, "surveys": 0.0, "practice": 0.0}
    base = {"voice": quiet, "city": {"pace": 1.0, "adoption": "threshold"}, "services.council.threshold": 0.0}
    silent = small_run(base).state.cities
    assert silent["fit"] == pytest.approx(0.3)
    assert (silent["voice"] == 0.0).all()
    for how in ("voice.practice", "voice.surveys"):
        fit = small_run(base, {how: 0.5}).state.cities["fit"]
        assert (fit >= 0.3 - 1e-12).all()
        assert fit.mean() > 0.35
    heard = small_run(base, {"voice.council": 1.0}).state.cities
    assert heard["voice"].mean() > 0.2
    assert set(heard["seats"].sum(axis=1)) == {3}


CALM = {"public": {"hostility": 0.0, "inflow": 0.6, "exchange": 0.5, "integration": 1.0}}


def tension(settings=None, start=0.0, gained=0.005, exchange=0.0, participation=0.0):
    """A month's change of tension where migrants have gained `gained` of residents in a year."""
    city = a_city({"exchange": exchange}, tension=start, share=0.02 + gained, participation=participation)
    city.share_past[:] = 0.5  # other months are not looked at
    city.share_past[100 % 12] = 0.02  # a year ago: the present month, not yet written over
    plain(hostility.neighbours_react)(city, a_world(CALM, settings or {}))
    return city.tension


@pytest.mark.mechanism("B9")
def test_tension_rises_with_a_fast_inflow():
    """B9: faster, more tense; a steady or falling number is no cause; off, no cause either."""
    assert tension(gained=0.0) == tension(gained=-0.01) == 0.0 < tension(gained=0.002) < tension()
    assert tension({"public.inflow": 0.0}) == 0.0
    assert tension({"public.inflow_full": 0.1}, gained=0.002) < tension(gained=0.002)
    assert tension(start=0.4, gained=0.0) < 0.4


@pytest.mark.mechanism("B9")
def test_inflow_is_that_of_the_last_twelve_months():
    """B9 in whole runs: what is looked back at is what was written a year before."""
    model = LocalCitizenship(small_scenario(months=20))
    shares = []
    for month in range(20):
        model.step()
        cities = model.state.cities
        shares.append(cities["share"].copy())
        assert np.array_equal(cities["share_past"][:, month % 12], shares[month])
        if month >= 12:
            assert np.array_equal(cities["share_past"][:, (month + 1) % 12], shares[month - 11])


@pytest.mark.mechanism("B9")
def test_exchange_and_integration_calm_neighbours():
    """B9: each alone lowers tension; each switched off does not."""
    for calming, cause, much in (("exchange", "exchange", 0.8), ("integration", "participation", 0.2)):
        assert tension(**{cause: much}) < tension(**{cause: 0.5 * much}) < tension()
        assert tension({f"public.{calming}": 0.0}, **{cause: much}) == tension()
    assert tension(start=0.01, exchange=1.0, participation=1.0, gained=0.0) >= 0.0


@pytest.mark.mechanism("B9")
@pytest.mark.parametrize("service", ["exchange", "language", "schooling"])
def test_where_people_meet_they_are_calmer(service):
    """B9: events, classes and schools, each alone and each beside the others; other services do not."""

    def after(*offered):
        city, world = a_city(dict.fromkeys(offered, 1.0)), a_world({"public.hostility": 0.3}, perception=0.5)
        plain(hostility.neighbours_react)(city, world)
        return city.tension

    assert after(service) < after() == after("housing", "information")
    assert after("exchange", "language", "schooling") < after(service)


@pytest.mark.mechanism("B9")
def test_needs_that_are_neglected_make_tension():
    """B9: the more of them for each resident, with an end; it is noticed and forgotten in years; off, never."""

    def after(unmet, months=12, population=10_000.0, then=0, **public):
        city = a_city(population=population)
        world = a_world(CALM, {"public": public})
        for month in range(months + then):
            plain(hostility.notice_neglect)(city, world, unmet if month < months else 0)
            plain(hostility.neighbours_react)(city, world)
        return city.tension

    assert after(0) == after(9, neglect=0.0) == 0.0 < after(3) < after(9) < after(900) < 0.3
    assert after(9, population=1e6) < after(9) < after(9, months=36)
    assert after(9, months=36, then=60) < 0.1 * after(9, months=36)
    assert after(9, months=240) == pytest.approx(0.3 * 10.8 / 20.8, rel=0.01)
    assert after(9, neglect_half=40.0) < after(9) < after(9, neglect_half=5.0)


@pytest.mark.mechanism("B9")
def test_tension_stays_between_nought_and_one():
    """B9: whatever pushes it, and however long."""
    city = a_city(share=1.0)
    world = a_world({"public": {"inflow": 2.0, "hostility": 1.0}}, perception=1.0)
    for _ in range(400):
        plain(hostility.neighbours_react)(city, world)
    assert 0.99 < city.tension <= 1.0


def rates(settings=None, tension=0.5, ordinance=0.0, prejudice=1.0):
    person = a_migrant(door="coethnic", family=1)
    world = a_world({"public.discrimination": 1.0}, settings or {})
    here = a_here(world, a_city({"ordinance": ordinance}, tension=tension, prejudice=prejudice))
    against = plain(needs.discrimination_against)(person, here)
    return {name: plain(needs.need_rate)(person, here, number, against) for number, name in enumerate(NEEDS)}


@pytest.mark.mechanism("B9")
def test_discrimination_raises_refusals():
    """B9: tension raises refusals of housing, disputes and abuse, and nothing else; off, nothing."""
    calm, tense = rates(tension=0.0), rates()
    assert {name for name in NEEDS if tense[name] != calm[name]} == {"housing", "dispute", "abuse"}
    assert tense["housing"] == pytest.approx(1.5 * calm["housing"])
    assert rates({"public.discrimination": 0.0}) == calm


@pytest.mark.mechanism("B12")
def test_prejudice_raises_refusals_where_neighbours_are_calm():
    """B12: by how prejudiced a place is; off, nothing; an ordinance forbids it as well."""
    unprejudiced = {"public.prejudice": 0.0}
    settings = {"public.prejudice": 0.4}
    calm, usual = rates(unprejudiced, tension=0.0)["housing"], rates(settings, tension=0.0)["housing"]
    assert usual == pytest.approx(1.4 * calm)
    assert rates(settings, tension=0.0, prejudice=2.0)["housing"] == pytest.approx(1.8 * calm)
    assert rates(settings, tension=0.0, prejudice=0.0)["housing"] == pytest.approx(calm)
    assert calm < rates(settings, tension=0.0, ordinance=1.0)["housing"] < usual


@pytest.mark.mechanism("B12")
def test_prejudice_moves_in_years():
    """B12: with public concern, and against exchange; it returns to the place's own and knows a limit."""

    def prejudice(months, perception=0.0, exchange=0.0, own=1.0, lag=60.0):
        city = a_city({"exchange": exchange}, prejudice=1.0, own_prejudice=own)
        for _ in range(months):
            plain(hostility.prejudice_moves)(
                city, a_world(CALM, {"public.prejudice_lag": lag}, perception=perception)
            )
        return city.prejudice

    assert prejudice(60) == pytest.approx(1.0)
    assert prejudice(60, exchange=1.0) < prejudice(60, exchange=0.5) < 1.0 < prejudice(60, perception=0.3)
    assert prejudice(12, perception=0.5) < prejudice(120, perception=0.5)
    assert prejudice(12, perception=0.5, lag=240.0) < prejudice(12, perception=0.5)
    assert prejudice(900, perception=1.0, own=3.0) == pytest.approx(hostility.MOST_PREJUDICE, rel=1e-4)


@pytest.mark.mechanism("B9")
def test_an_ordinance_prevents_discrimination():
    """B9: by its level, and by what such an ordinance can prevent."""
    bare, half, full = (rates(ordinance=level)["housing"] for level in (0.0, 0.5, 1.0))
    assert rates(tension=0.0)["housing"] < full < half < bare
    assert rates({"public.ordinance": 0.0}, ordinance=1.0)["housing"] == bare
    assert rates({"public.ordinance": 1.0}, ordinance=1.0) == pytest.approx(rates(tension=0.0))
