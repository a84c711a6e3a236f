"""Language and cultural competence, and the rare migrant who takes up the cause (D6, D12)."""

from __future__ import annotations

import numpy as np
import pytest
from small import (
    MANY,
    Counters,
    a_city,
    a_here,
    a_migrant,
    a_world,
    an_ngo,
    bits,
    plain,
    small_places,
    small_run,
    total,
)

from local_citizenship.agents import enrolling, municipality, settling
from local_citizenship.agents import language as tongue
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.agents.providers import ngo as ngo_office
from local_citizenship.scenarios.catalogue import (
    COETHNIC,
    CONSULTATION,
    DISPUTE,
    EXCHANGE,
    INFORMATION,
    LANGUAGE,
    NEEDS,
    NGO_KINDS,
)

CITIZENS = NGO_KINDS.index("citizens")
PROVIDED = {"places": small_places(level=0.8)}


# D6: learning -------------------------------------------------------------------------------------------


def competence(months=24, settings=None, enclave=0.0, **fields):
    person = a_migrant(**fields)
    plain(tongue.learn_language)(person, a_world(settings or {}), enclave, months)
    return person.language


@pytest.mark.mechanism("D6")
def test_language_grows_with_time():
    """D6: month by month towards full competence; without learning, not at all."""
    assert competence(0) == 0.0 < competence(12) < competence(24) < competence(600) < 1.0
    assert competence(24, {"language": {"learning": 0.0}}, language=0.3) == pytest.approx(0.3)
    assert competence(language=1.0) == 1.0
    assert competence(24) == pytest.approx(competence(12, language=competence(12)))


@pytest.mark.mechanism("D6")
def test_classes_teach():
    """D6: faster in a language class; not in another programme; off, no faster."""
    assert competence(enrolled=bits(LANGUAGE)) > competence() == competence(enrolled=bits(EXCHANGE))
    assert competence(24, {"language": {"classes": 0.0}}, enrolled=bits(LANGUAGE)) == competence()


@pytest.mark.mechanism("D6")
def test_the_enclave_slows_learning():
    """D6: by its share; off, not at all; and not in a class."""
    assert competence(enclave=1.0) < competence(enclave=0.5) < competence()
    assert competence(24, {"language": {"enclave": 0.0}}, enclave=1.0) == competence()
    assert competence(24, {"language": {"enclave": 1.0}}, enclave=1.0) == pytest.approx(0.0)


@pytest.mark.mechanism("D6")
def test_the_enclave_is_made_of_ones_own():
    """D6: fellow nationals of the same category, complete at a tenth of residents."""
    shares = []
    for number in (0, 5_000, 10_000, 50_000):
        city = a_city()
        city.by_group[COETHNIC] = number
        shares.append(plain(settling.enclave_of)(a_migrant(door=COETHNIC), a_here(a_world(), city)))
        assert plain(settling.enclave_of)(a_migrant(door=0), a_here(a_world(), city)) == 0.0
    assert shares == pytest.approx([0.0, 0.5, 1.0, 1.0])


# D6: at the counter -------------------------------------------------------------------------------------


def understood(settings=None, interpreters=0.0, enclave=0.0, **fields):
    world = a_world({"language": {"barrier": 0.6, "interpreters": 0.7, "enclave_help": 0.4}}, settings or {})
    return plain(tongue.gets_through)(a_migrant(**fields), world, interpreters, enclave)


@pytest.mark.mechanism("D6")
def test_the_barrier_falls_with_competence_interpreters_and_fellow_nationals():
    """D6: each takes part of it away; each switched off does not; no barrier, nothing to take away."""
    assert understood() == pytest.approx(0.4)
    assert understood() < understood(language=0.5) < understood(language=1.0) == 1.0
    assert understood() < understood(interpreters=0.5) < understood(interpreters=1.0) < 1.0
    assert understood() < understood(enclave=0.5) < understood(enclave=1.0) < 1.0
    assert understood({"language": {"interpreters": 0.0}}, interpreters=1.0) == understood()
    assert understood({"language": {"enclave_help": 0.0}}, enclave=1.0) == understood()
    assert understood({"language": {"barrier": 0.0}}) == 1.0


def met(barrier, level=None, city=None, **fields):
    world, served = (
        a_world({"language": {"barrier": barrier, "interpreters": 1.0, "enclave_help": 1.0}}),
        set(),
    )
    for who in MANY:
        counters, person = (
            Counters(),
            a_migrant(who, need=DISPUTE + 1, need_since=100, belonging_at=100, **fields),
        )
        plain(town_hall.ask)(
            person, a_here(world, city or a_city({CONSULTATION: 1.0, **(level or {})}), counters)
        )
        if not person.need:
            served.add(who)
    return served


@pytest.mark.mechanism("D6")
def test_claims_on_the_town_hall_fail_for_want_of_language():
    """D6: the same claims and more are met with competence, interpreters, or an enclave that helps."""
    without = met(0.0)
    assert set() != met(0.9) < met(0.4) < without
    assert met(0.9) < met(0.9, language=0.6) < met(0.9, language=1.0) == without
    assert met(0.9) < met(0.9, {INFORMATION: 0.5}) < met(0.9, {INFORMATION: 1.0}) == without
    enclave = a_city({CONSULTATION: 1.0})
    enclave.by_group[COETHNIC] = 20_000
    assert met(0.9, door=COETHNIC) < met(0.9, city=enclave, door=COETHNIC) == without


@pytest.mark.mechanism("D6")
def test_language_at_the_counter_is_that_of_today():
    """D6: it makes no difference how long ago competence was last looked at."""
    settings = {"language": {"barrier": 1.0, "learning": 0.05}, "belonging": {"treatment": 0.0}}
    world, served = a_world(settings), {}
    for seen in ("just now", "long ago"):
        served[seen] = set()
        for who in MANY:
            counters, person = Counters(), a_migrant(who, need=DISPUTE + 1, need_since=100, belonging_at=40)
            if seen == "just now":
                plain(settling.feel_at_home)(person, a_here(world, a_city()))
                assert person.language > 0.9
            plain(town_hall.ask)(person, a_here(world, a_city({CONSULTATION: 1.0}), counters))
            if not person.need:
                served[seen].add(who)
    assert served["long ago"] == served["just now"] != set()


@pytest.mark.mechanism("D6")
def test_competence_is_a_prerequisite_for_taking_part():
    """D6: those who do not speak the language join less; off, it does not matter."""

    def chance(prerequisite, **fields):
        world = a_world({"language": {"prerequisite": prerequisite}})
        person = a_migrant(belonging=0.8, settler=1, **fields)
        return plain(enrolling.chance_to_join)(person, a_here(world), person.belonging, person.language)

    assert chance(1.0) == 0.0 < chance(0.5) < chance(0.5, language=0.5) < chance(0.5, language=1.0)
    assert chance(0.0) == chance(0.0, language=1.0) == chance(0.5, language=1.0)


@pytest.mark.mechanism("D6")
@pytest.mark.parametrize(
    ("off", "on"),
    [
        ({"barrier": 0.0}, {"barrier": 0.9}),
        ({"barrier": 0.9, "interpreters": 1.0}, {"barrier": 0.9, "interpreters": 0.0}),
    ],
    ids=["barrier", "interpreters"],
)
def test_language_in_whole_runs(off, on):
    """D6: the barrier refuses claims; interpreters let them through."""
    easy, hard = (small_run({"language": how}, **PROVIDED) for how in (off, on))
    shares = [total(model, "served_city") / total(model, "claimed") for model in (easy, hard)]
    assert shares[0] > shares[1] > 0.0


@pytest.mark.mechanism("D6")
def test_the_prerequisite_in_whole_runs():
    """D6: fewer take part where the language is asked for."""
    keen = {"claiming": {"join": 0.05, "quit": 0.0}, "belonging": {"growth": 0.1}}
    off, on = (small_run(keen, {"language": {"prerequisite": p}}, **PROVIDED) for p in (0.0, 1.0))
    assert 0 < total(on, "sustained") < total(off, "sustained")


# D12 ----------------------------------------------------------------------------------------------------


def mobilised(chance, skill=1.0, **fields):
    world, joined = a_world({"voice": {"mobilise": chance}}), set()
    for who in MANY:
        counters = Counters()
        person = a_migrant(who, **{"settler": 1, "wronged": 1, "need": DISPUTE + 1, **fields})
        plain(ngo_office.hear_from_ngo)(
            person, a_here(world, a_city(), counters), an_ngo(kind=CITIZENS, skill=skill), True
        )
        if person.mobilised:
            joined.add(who)
    return joined


@pytest.mark.mechanism("D12")
def test_settlers_who_were_wronged_may_take_up_the_cause():
    """D12: rarely, once an NGO has helped; neither sojourners nor those never wronged; off, nobody."""
    assert mobilised(0.0) == set() != mobilised(0.05) < mobilised(0.5)
    assert len(mobilised(0.05)) < 0.12 * len(MANY)
    assert mobilised(1.0, settler=0) == mobilised(1.0, wronged=0) == set()
    assert mobilised(1.0, skill=0.0) == set() != mobilised(1.0) == set(MANY)


@pytest.mark.mechanism("D12")
def test_mobilised_migrants_raise_lobbying():
    """D12: beside the NGOs' staff, by their share; the weight off, they count for nothing."""
    term = plain(municipality.lobbying_term)

    def lobbying(weight, share, staff=1.0):
        world = a_world({"voice": {"mobilised_weight": weight}})
        return term(a_city(mobilised=share, ngo_staff=staff), world)

    assert lobbying(0.0, 0.05) == lobbying(20.0, 0.0) < lobbying(20.0, 0.01) < lobbying(20.0, 0.02)
    assert lobbying(20.0, 1.0) == 1.0
    motivation = plain(municipality.motivation_of)
    quiet, loud = (a_city(mobilised=share) for share in (0.0, 0.02))
    assert motivation(loud, a_world({"city": {"lobbying": 0.3}})) > motivation(
        quiet, a_world({"city": {"lobbying": 0.3}})
    )
    off = a_world({"city": {"lobbying": 0.0}})
    assert motivation(loud, off) == motivation(quiet, off)


@pytest.mark.mechanism("D12")
def test_mobilisation_in_whole_runs():
    """D12: a small minority takes up the cause where it may, and nobody where it may not."""
    hard = {"needs": {need: {"rate": 0.3, "departure": 0.0} for need in NEEDS}, "ngos": {"initial": 30}}
    settled = {"doors": {"coethnic": {"settlers": 0.6}}, "awareness": {"search": 1.0}}
    none, default, eager = (small_run(hard, settled, {"voice": {"mobilise": m}}) for m in (0.0, 0.05, 1.0))
    counts = [int(model.migrants.get("mobilised").sum()) for model in (none, default, eager)]
    assert counts[0] == 0 < counts[1] < counts[2]
    assert counts[1] < 0.1 * len(default.migrants)
    assert total(none, "mobilised") == 0 < total(default, "mobilised")
    assert np.all(default.migrants.select(mobilised=1).get("settler") == 1)
