"""Regions, shirking, fit, neighbours, discrimination (B6 to B9)."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import helped
from single import MANY, a_city, a_here, a_migrant, a_world, an_ngo, plain
from small import small_run, small_scenario

from local_citizenship.agents import municipality, needs, ngo
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.catalogue import NEEDS, SERVICES

LANGUAGE_CLASS = SERVICES.index("language")


def last_year(model):
    frame = model.ledger.tables()["places_yearly"]
    return frame[frame["year"] == frame["year"].max()]


@pytest.mark.mechanism("B6")
def test_regions_have_their_own_baseline():
    """B6: towns of a region share its autonomy; regionalism spreads regions apart, off it does nothing."""
    cities = [a_city(row=row, region=row % 12) for row in range(36)]
    for city in cities:
        plain(municipality.decide_who_is_served)(city, a_world())
    by_region = {region: {c.autonomy for c in cities if c.region == region} for region in range(12)}
    assert all(len(values) == 1 for values in by_region.values())
    assert all(-1.0 <= city.autonomy < 1.0 for city in cities)

    def spread(regionalism):
        world = a_world({"city": {"regionalism": regionalism, "history": 0.0, "prosperity": 1.0}})
        return np.std([plain(municipality.motivation_of)(city, world) for city in cities])

    assert spread(0.0) == pytest.approx(0.0)
    assert 0.01 < spread(0.1) < spread(0.3)
    # In a hostile region cities are idle, and not less than idle.
    idle = a_city(migrants=0, autonomy=-1.0, fiscal_strength=0.1)
    assert plain(municipality.motivation_of)(idle, a_world({"city.regionalism": 1.0})) == 0.0


@pytest.mark.mechanism("B6")
def test_provinces_share_the_autonomy_of_their_wider_region():
    """B6: provinces of a region have one baseline; regions have their own."""
    scenario = load_scenario("italy", sets=["scale.persons_per_record=10000"], months=1)
    cities = LocalCitizenship(scenario).state.cities
    wider = np.array(scenario.places.wider_regions)[scenario.places.region]
    assert len(set(scenario.places.regions)) == 107
    assert len(set(cities["region_identity"])) == len(set(wider)) == 20  # by which autonomy is drawn
    assert len(set(cities["region_identity"][wider == "Lazio"])) == 1


@pytest.mark.mechanism("B7")
def test_cities_lean_on_ngos():
    """B7: what a city wants falls with the strength of its NGOs; off, or without NGOs, it does not."""

    def wanted(shirking, staff):
        city = a_city(motivation=3.0, ngo_staff=staff)
        world = a_world({"city": {"step": 1.0, "shirking": shirking}})
        plain(municipality.consider_service)(city, world, LANGUAGE_CLASS, 0.0)
        return city.level[LANGUAGE_CLASS]

    assert wanted(0.0, 5.0) == wanted(0.5, 0.0) == 1.0
    for shirking, staff, level in ((0.5, 1.0, 0.9), (0.5, 50.0, 0.5), (0.8, 50.0, 0.2)):
        assert wanted(shirking, staff) == pytest.approx(level)


@pytest.mark.mechanism("B7")
def test_cities_fund_ngos():
    """B7: a share of the city's budget pays its NGOs, and a richer city's more; where there are none, none."""

    def funds(grant, budget=500.0, offices=1):
        city = a_city(motivation=1.0, fiscal_strength=1.0, ngo_count=offices)
        money = {"city.budget": budget, "ngos": {"grant": grant, "foundation_luck": 0.0}}
        office, world = an_ngo(kind="union", staff=1.0), a_world(money)
        plain(municipality.pay_for_services)(city, world)
        plain(ngo.close_accounts)(office, world, city)
        return office.funds, city.to_ngos

    assert funds(0.1)[0] - funds(0.0)[0] == pytest.approx(5.0)
    assert funds(0.1, budget=1000.0)[0] - funds(0.1)[0] == pytest.approx(5.0)
    assert funds(0.1, offices=2)[0] - funds(0.0)[0] == pytest.approx(2.5)
    assert (funds(0.0)[1], funds(0.1)[1], funds(0.1, offices=0)[1]) == (0.0, 5.0, 0.0)


@pytest.mark.mechanism("B7")
def test_what_ngos_are_given_services_lack():
    """B7: under the same budget, a city that gives to its NGOs affords less itself, and spends no more."""

    def served(grant):
        city = a_city(1.0, motivation=1.0, ngo_count=1)
        world = a_world({"city.budget": 100.0, "ngos.grant": grant})
        plain(municipality.pay_for_services)(city, world)
        assert city.spent <= city.budget + 1e-9
        return city.service_level

    assert served(1.0) == 0.0 < served(0.5) < served(0.1) < served(0.0)


@pytest.mark.mechanism("B7")
def test_grants_in_whole_runs():
    """B7: what the ledger says cities gave is the share of their budgets, where there are NGOs."""

    def given(grant):
        settings = {"ngos": {"grant": grant, "burnout": 0.0}, "city.budget": 60.0}
        frame = last_year(small_run(settings, months=16))
        funded = frame[frame["to_ngos"] > 0.0]
        assert funded["to_ngos"].to_numpy() == pytest.approx(grant * funded["budget"].to_numpy())
        return frame["to_ngos"].sum(), frame["service_level"].mean()

    none, much = given(0.0), given(0.6)
    assert none[0] == 0.0 < much[0]
    assert none[1] > much[1]


UNHEARD = {"voice": {"fit_unheard": 0.5, "council": 0.8, "surveys": 0.0, "survey_gain": 0.4}}


def fit_after(years, settings=None, fit=0.5, council=0.0):
    city, world = a_city({"council": council}, fit=fit), a_world(UNHEARD, settings or {})
    for _ in range(years):
        plain(municipality.hear_voices)(city, world)
    return city.fit


@pytest.mark.mechanism("B8")
def test_a_council_raises_fit():
    """B8: from the fit of a city that hears nobody, by the council's level; off, not at all."""
    assert [fit_after(1, council=level) for level in (0.0, 0.5, 1.0)] == pytest.approx([0.5, 0.7, 0.9])
    assert fit_after(1, {"voice.council": 0.0}, council=1.0) == pytest.approx(0.5)


@pytest.mark.mechanism("B8")
def test_surveys_raise_fit_and_what_they_found_fades():
    """B8: the motivated make surveys, by lot; without another one, what was learned goes out of date."""
    world = {p: a_world(UNHEARD, {"voice.surveys": p}) for p in (0.0, 0.3, 1.0)}

    def surveyed(chance, motivation=1.0):
        rows = set()
        for row in range(200):
            city = a_city(row=row, fit=0.5, motivation=motivation)
            plain(municipality.hear_voices)(city, world[chance])
            if city.fit > 0.5:
                assert city.fit == pytest.approx(0.7)
                rows.add(row)
        return rows

    assert surveyed(0.0) == surveyed(1.0, motivation=0.0) == set() != surveyed(0.3) < surveyed(1.0)
    assert set() != surveyed(0.3, motivation=0.5) < surveyed(0.3)
    fading = [fit_after(years, fit=0.7) for years in range(6)]
    assert (np.diff(fading) < 0.0).all()
    assert fading[1] == pytest.approx(0.5 + 0.2 * (1.0 - municipality.FADING))
    assert fading[-1] > 0.5


@pytest.mark.mechanism("B8")
def test_what_presses_most_is_what_went_unmet_most():
    """B8: of what a city can answer at all; nothing if nothing went unmet."""

    def pressing(**unmet):
        service = plain(municipality.most_pressing_service)(a_city(unmet=unmet), a_world())
        return SERVICES[service] if service >= 0 else None

    assert pressing() is pressing(arrest=9) is None
    assert pressing(illness=5, dispute=9, arrest=50) == "consultation"
    assert pressing(illness=9, dispute=5, schooling=8) == "insurance"


@pytest.mark.mechanism("B8")
def test_where_immigrants_are_heard_their_needs_come_on_the_agenda():
    """B8: what presses most, the more so the better they are heard; nothing else; off, or unheard, no sooner."""

    def on_agenda(agenda, fit, pressing=LANGUAGE_CLASS):
        world = a_world({"city.pace": 0.3, "voice": {"agenda": agenda, "fit_unheard": 0.5}})
        comes = plain(municipality.comes_on_agenda)
        return {row for row in MANY if comes(a_city(row=row, fit=fit), world, LANGUAGE_CLASS, pressing)}

    assert set() != on_agenda(0.0, 1.0) == on_agenda(2.0, 0.5) < on_agenda(2.0, 0.75) < on_agenda(2.0, 1.0)
    for pressing in (SERVICES.index("council"), -1):
        assert on_agenda(2.0, 1.0, pressing) == on_agenda(0.0, 1.0)

    def heard(fit, unheard):
        return plain(municipality.is_heard)(a_city(fit=fit), a_world({"voice.fit_unheard": unheard}))

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
    base = {"voice": {"fit_unheard": 0.3, "council": 0.0, "surveys": 0.0}, "city.pace": 1.0}
    assert small_run(base).state.cities["fit"] == pytest.approx(0.3)
    for how in ("voice.council", "voice.surveys"):
        fit = small_run(base, {how: 1.0, "services.council.threshold": 0.0}).state.cities["fit"]
        assert (fit >= 0.3 - 1e-12).all()
        assert fit.mean() > 0.35


CALM = {"public": {"hostility": 0.0, "inflow": 0.6, "exchange": 0.3, "integration": 1.0}}


def tension(settings=None, start=0.0, gained=0.005, exchange=0.0, participation=0.0):
    """A month's change of tension where migrants have gained `gained` of residents in a year."""
    city = a_city({"exchange": exchange}, tension=start, share=0.02 + gained, participation=participation)
    city.share_past[:] = 0.5  # other months are not looked at
    city.share_past[100 % 12] = 0.02  # a year ago: the present month, not yet written over
    plain(municipality.neighbours_react)(city, a_world(CALM, settings or {}))
    return city.tension


@pytest.mark.mechanism("B9")
def test_tension_rises_with_a_fast_inflow():
    """B9: faster, more tense; a steady or falling number is no cause; off, no cause either."""
    assert tension(gained=0.0) == tension(gained=-0.01) == 0.0 < tension(gained=0.002) < tension()
    assert tension({"public.inflow": 0.0}) == 0.0
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
def test_tension_stays_between_nought_and_one():
    """B9: whatever pushes it, and however long."""
    city = a_city(share=1.0)
    world = a_world({"public": {"inflow": 2.0, "hostility": 1.0}}, perception=1.0)
    for _ in range(400):
        plain(municipality.neighbours_react)(city, world)
    assert 0.99 < city.tension <= 1.0


def rates(settings=None, tension=0.5, ordinance=0.0):
    person = a_migrant(door="coethnic", family=1)
    world = a_world({"public.discrimination": 1.0}, settings or {})
    here = a_here(world, a_city({"ordinance": ordinance}, tension=tension))
    against = plain(needs.discrimination_against)(person, here)
    return {name: plain(needs.need_rate)(person, here, number, against) for number, name in enumerate(NEEDS)}


@pytest.mark.mechanism("B9")
def test_discrimination_raises_refusals():
    """B9: tension raises refusals of housing, disputes and abuse, and nothing else; off, nothing."""
    calm, tense = rates(tension=0.0), rates()
    assert {name for name in NEEDS if tense[name] != calm[name]} == {"housing", "dispute", "abuse"}
    assert tense["housing"] == pytest.approx(1.5 * calm["housing"])
    assert rates({"public.discrimination": 0.0}) == calm


@pytest.mark.mechanism("B9")
def test_an_ordinance_prevents_discrimination():
    """B9: by its level, and by what such an ordinance can prevent."""
    bare, half, full = (rates(ordinance=level)["housing"] for level in (0.0, 0.5, 1.0))
    assert rates(tension=0.0)["housing"] < full < half < bare
    assert rates({"public.ordinance": 0.0}, ordinance=1.0)["housing"] == bare
    assert rates({"public.ordinance": 1.0}, ordinance=1.0) == pytest.approx(rates(tension=0.0))
