"""Language and cultural competence, and the rare migrant who takes up the cause (D6, D12)."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import helped, who_has
from single import MANY, a_city, a_here, a_migrant, a_world, an_ngo, bits, plain
from small import small_run, total

from local_citizenship.agents import enrolling, settling
from local_citizenship.agents import language as tongue
from local_citizenship.agents.cities import reasons
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.agents.providers import ngo as ngo_office

# D6: learning -------------------------------------------------------------------------------------------


def competence(months=24, settings=None, enclave=0.0, **fields):
    person = a_migrant(**fields)
    plain(tongue.learn_language)(person, a_world(settings or {}), enclave, months)
    return person.language


@pytest.mark.mechanism("D6")
def test_language_grows_with_time():
    """D6: month by month towards full competence; without learning, not at all."""
    assert competence(0) == 0.0 < competence(12) < competence(24) < competence(600) < 1.0
    assert competence(24, {"language.learning": 0.0}, language=0.3) == pytest.approx(0.3)
    assert competence(language=1.0) == 1.0
    assert competence(24) == pytest.approx(competence(12, language=competence(12)))


@pytest.mark.mechanism("D6")
def test_classes_teach_and_the_enclave_slows():
    """D6: faster in a language class, not in another programme; slower by the share of the enclave; each off,
    no different."""
    in_class = {"enrolled": bits("language")}
    assert competence(**in_class) > competence() == competence(enrolled=bits("exchange"))
    assert competence(24, {"language.classes": 0.0}, **in_class) == competence()
    assert competence(enclave=1.0) < competence(enclave=0.5) < competence()
    assert competence(24, {"language.enclave": 0.0}, enclave=1.0) == competence()
    assert competence(24, {"language.enclave": 1.0}, enclave=1.0) == pytest.approx(0.0)


@pytest.mark.mechanism("D6")
def test_the_enclave_is_made_of_ones_own():
    """D6: fellow nationals of the same category, complete at a fiftieth of residents; in a village too few for a shop
    are none, and as many in a large city are lost among the others."""

    def enclave(number, door="coethnic", settings=None, **city):
        set_so = {"language.full_enclave": 0.02, "language.enclave_size": 500.0, **(settings or {})}
        here = a_here(a_world(set_so), a_city(by_group={"coethnic": number}, **city))
        return plain(settling.enclave_of)(a_migrant(door=door), here)

    in_town = [enclave(n, population=100_000.0) for n in (0, 500, 1_000, 2_000, 5_000)]
    assert in_town == pytest.approx([0.0, 0.25, 0.5, 1.0, 1.0])
    in_village = [enclave(n, population=2_000.0) for n in (0, 50, 250, 500)]
    assert in_village == pytest.approx([0.0, 0.1, 0.5, 1.0])
    in_city = [enclave(n, population=1_000_000.0) for n in (2_000, 10_000, 50_000)]
    assert in_city == pytest.approx([0.1, 0.5, 1.0])
    assert enclave(50_000, "skilled") == 0.0
    by_share, by_size = {"language.full_enclave": 0.04}, {"language.enclave_size": 4_000.0}
    assert enclave(1_000, settings=by_share, population=100_000.0) == pytest.approx(0.25)
    assert enclave(1_000, settings=by_size, population=10_000.0) == pytest.approx(0.25)


# D6: at the counter -------------------------------------------------------------------------------------


def understood(settings=None, interpreters=0.0, enclave=0.0, **fields):
    world = a_world({"language": {"barrier": 0.6, "interpreters": 0.7, "enclave_help": 0.4}}, settings or {})
    return plain(tongue.gets_through)(a_migrant(**fields), world, interpreters, enclave)


@pytest.mark.mechanism("D6")
def test_the_barrier_falls_with_competence_interpreters_and_fellow_nationals():
    """D6: each takes part of it away; each switched off does not; no barrier, nothing to take away."""
    assert understood() == pytest.approx(0.4)
    assert understood() < understood(language=0.5) < understood(language=1.0) == 1.0
    for cause, weight in (("interpreters", "interpreters"), ("enclave", "enclave_help")):
        assert understood() < understood(**{cause: 0.5}) < understood(**{cause: 1.0}) < 1.0
        assert understood({f"language.{weight}": 0.0}, **{cause: 1.0}) == understood()
    assert understood({"language.barrier": 0.0}) == 1.0


@pytest.mark.mechanism("D6")
def test_claims_on_the_town_hall_fail_for_want_of_language():
    """D6: the same claims and more are met with competence, interpreters, or an enclave that helps."""

    def met(barrier, level=None, enclave=0, **fields):
        world = a_world({"language": {"barrier": barrier, "interpreters": 1.0, "enclave_help": 1.0}})
        city = a_city({"consultation": 1.0, **(level or {})}, by_group={"coethnic": enclave})
        return helped(town_hall.ask, a_here(world, city), belonging_at=100, **fields)

    without = met(0.0)
    assert set() != met(0.9) < met(0.4) < without
    assert met(0.9) < met(0.9, language=0.6) < met(0.9, language=1.0) == without
    assert met(0.9) < met(0.9, {"information": 0.5}) < met(0.9, {"information": 1.0}) == without
    assert met(0.9, door="coethnic") < met(0.9, enclave=20_000, door="coethnic") == without


@pytest.mark.mechanism("D6")
def test_language_at_the_counter_is_that_of_today():
    """D6: it makes no difference how long ago competence was last looked at."""
    world = a_world({"language": {"barrier": 1.0, "learning": 0.05}, "belonging.treatment": 0.0})
    here, fields = a_here(world, a_city({"consultation": 1.0})), {"need": "dispute", "need_since": 100}
    long_ago, just_now = ([a_migrant(who, **fields, belonging_at=40) for who in MANY] for _ in range(2))
    for person in just_now:
        plain(settling.feel_at_home)(person, a_here(world, a_city()))
        assert person.language > 0.9
    for person in (*long_ago, *just_now):
        plain(town_hall.ask)(person, here)
    assert [p.need for p in long_ago] == [p.need for p in just_now]
    assert any(p.need == 0 for p in just_now)


@pytest.mark.mechanism("D6")
def test_competence_is_a_prerequisite_for_taking_part():
    """D6: those who do not speak the language join less; off, it does not matter."""

    def chance(prerequisite, language=0.0):
        here = a_here(a_world({"language.prerequisite": prerequisite}))
        person = a_migrant(belonging=0.8, settler=1)
        return plain(enrolling.chance_to_join)(person, here, person.belonging, language)

    assert chance(1.0) == 0.0 < chance(0.5) < chance(0.5, 0.5) < chance(0.5, 1.0)
    assert chance(0.0) == chance(0.0, 1.0) == chance(0.5, 1.0)


@pytest.mark.mechanism("D12")
def test_settlers_who_were_wronged_may_take_up_the_cause():
    """D12: rarely, once an NGO has helped; neither sojourners nor those not wronged of late; off, nobody."""

    def mobilised(chance, skill=1.0, rooted=5.0, **fields):
        world = a_world({"voice": {"mobilise": chance, "rooted": rooted}})
        here, office = a_here(world), an_ngo(kind="citizens", skill=skill)
        wronged = {"settler": 1, "wronged": 17, "need": "dispute"}  # in the half year of month 100
        return who_has("mobilised", ngo_office.hear_from_ngo, here, office, True, **{**wronged, **fields})

    assert mobilised(0.0) == set() != mobilised(0.05) < mobilised(0.5)
    assert len(mobilised(0.05)) < 0.12 * len(MANY)
    assert (
        mobilised(1.0, settler=0)
        == mobilised(1.0, wronged=0)
        == mobilised(1.0, wronged=9)
        == mobilised(1.0, skill=0.0)
        == set()
    )
    assert mobilised(1.0) == set(MANY)
    assert mobilised(0.5, rooted=40.0) < mobilised(0.5, rooted=20.0) < mobilised(0.5)


@pytest.mark.mechanism("D12")
def test_mobilised_migrants_raise_lobbying():
    """D12: beside the NGOs' staff, by their share; the weight off, they count for nothing."""

    def lobbying(weight, share, staff=1.0):
        city = a_city(mobilised=share, ngo_staff=staff)
        return plain(reasons.lobbying_term)(city, a_world({"voice.mobilised_weight": weight}))

    def motivation(share, lobbying):
        return plain(reasons.motivation_of)(a_city(mobilised=share), a_world({"city.lobbying": lobbying}))

    assert lobbying(0.0, 0.05) == lobbying(20.0, 0.0) < lobbying(20.0, 0.01) < lobbying(20.0, 0.02)
    assert lobbying(20.0, 1.0) == 1.0
    assert motivation(0.02, 0.3) > motivation(0.0, 0.3)
    assert motivation(0.02, 0.0) == motivation(0.0, 0.0)


@pytest.mark.mechanism("D12")
def test_mobilisation_in_whole_runs():
    """D12: a small minority takes up the cause where it may, and nobody where it may not."""
    hard = {"needs.*.rate": 0.3, "needs.*.departure": 0.0, "ngos.initial": 30, "doors.coethnic.settlers": 0.6,
            "awareness.search": 1.0}  # fmt: skip
    none, default, eager = (small_run(hard, {"voice.mobilise": m}) for m in (0.0, 0.05, 1.0))
    counts = [int(model.migrants.get("mobilised").sum()) for model in (none, default, eager)]
    assert counts[0] == 0 < counts[1] < counts[2]
    assert counts[1] < 0.1 * len(default.migrants)
    assert total(none, "mobilised") == 0 < total(default, "mobilised")
    assert np.all(default.migrants.select(mobilised=1).get("settler") == 1)
