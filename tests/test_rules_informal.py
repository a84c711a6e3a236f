"""Help by compatriots, congregations and ethnic businesses (C12)."""

from __future__ import annotations

import pytest
from crowd import crowd
from single import a_city, a_here, a_migrant, a_world, plain
from small import small_places, small_run, total

from local_citizenship.agents import claiming
from local_citizenship.agents.providers import informal
from local_citizenship.agents.services import RIGHTS
from local_citizenship.agents.tally import INFORMAL, NATION
from local_citizenship.outcomes.cascade import formal_and_substantive, take_up, who_fills
from local_citizenship.outcomes.measures import main_outcomes
from local_citizenship.outcomes.run import Run
from local_citizenship.scenarios.catalogue import DOORS

COETHNIC = DOORS.index("coethnic")
LONG_AGO = -140  # in month 100: twenty years
CERTAIN = {"claiming.effort": 1.0, "awareness": {"state": 0.0, "search": 0.0}, "needs.*.necessity": 1.0}


def helped(circle=0.6, compatriots=3_000, since=100, arrived=LONG_AGO, need="papers", can=0.5, **fields):
    """Who of many is helped by their own, who knows nobody else."""
    settings = {"informal.circle": circle, "needs.papers.informal": can, "needs.illness.informal": 0.1}
    world = a_world(CERTAIN, settings, {"needs.*.right": "nobody"})
    group = int(world.group_of_door[COETHNIC])
    here = a_here(world, a_city(by_group={group: compatriots}))
    start = {"need": need, "need_since": since, "arrived": arrived, "door": "coethnic"}
    people = crowd(claiming.seek_help, here, **{**start, **fields})
    found = {person.identity for person in people if person.need == 0}
    assert here.place.served.sum() == here.place.served[INFORMAL].sum() == len(found)
    return found


@pytest.mark.mechanism("C12")
def test_compatriots_help_the_more_there_are_and_the_longer_one_is_here():
    """C12: off, or where there are none, nobody; the same luck, the same people and more; not those just come."""
    assert helped(0.0) == helped(compatriots=1) == helped(arrived=100) == set()
    assert set() != helped(compatriots=50) < helped(compatriots=400) < helped(compatriots=20_000)
    assert set() != helped(arrived=88) < helped(arrived=40) < helped()
    assert helped(0.2) < helped(0.6)


@pytest.mark.mechanism("C12")
def test_what_compatriots_can_do_goes_by_the_need():
    """C12: papers rather than an illness; where they can do nothing they are not asked."""
    assert set() != helped(can=0.2) < helped(can=0.8)
    assert helped(can=0.0) == set()
    assert len(helped(need="illness")) < 0.5 * len(helped())


@pytest.mark.mechanism("C12", "D3")
def test_compatriots_are_not_feared_and_help_everybody():
    """C12, D3: status makes no difference to one's own."""
    assert helped(status="smuggled") == helped(status="legal") == helped(status="denizen") != set()


@pytest.mark.mechanism("C12")
def test_compatriots_are_asked_at_once_or_not_at_all():
    """C12: in the first month of an episode, and once."""
    assert helped(since=99) == set()
    assert helped(tried=informal.REFUSAL) == set()


def test_only_others_of_ones_own_group_count():
    world = a_world({"informal.circle": 1.0})
    own, other = (int(world.group_of_door[DOORS.index(name)]) for name in ("coethnic", "smuggled"))
    assert own != other
    person = a_migrant(door="coethnic", arrived=LONG_AGO)
    circle = plain(informal.circle_of)
    assert circle(person, a_here(world, a_city(by_group={other: 5_000}))) == 0.0
    assert 0.0 < circle(person, a_here(world, a_city(by_group={own: 5_000}))) < 1.0


@pytest.mark.mechanism("C12", "D5", "E3", "E4")
def test_help_of_ones_own_is_no_citizenship():
    """C12: it ends the need, is no step of the cascade and no claim, and brings nobody closer to the place."""
    world = a_world(
        CERTAIN, {"informal.circle": 1.0, "needs.papers.informal": 1.0, "needs.*.right": "nobody"}
    )
    group = int(world.group_of_door[COETHNIC])
    here = a_here(world, a_city(by_group={group: 10_000_000}))
    person = a_migrant(
        need="papers", need_since=100, arrived=-20_000, door="coethnic", belonging=0.5, belonging_at=100
    )
    plain(claiming.seek_help)(person, here)
    place = here.place
    assert (person.need, person.stage, person.claims) == (0, 0, 0)
    assert person.belonging == pytest.approx(0.5)
    assert place.served[INFORMAL].sum() == place.needs.sum() == 1
    counts = ("aware", "willing", "eligible", "claimed", "eligible_any", "eligible_aware", "unmet", "refused")
    assert {name: int(getattr(place, name).sum()) for name in counts} == dict.fromkeys(counts, 0)


@pytest.mark.mechanism("C12", "D2")
def test_who_knows_an_office_is_aware_of_it_whoever_helps():
    """C12, D2: compatriots first, and the office that one knew of is still counted as open and known; not as asked."""
    right = {"needs.papers.right": "legal", "needs.papers.state_delivery": 1.0}
    helped, asked = (
        a_place(right, {"informal.circle": 1.0, "needs.papers.informal": can}) for can in (1.0, 0.0)
    )
    for place in (helped, asked):
        assert place.aware.sum() == place.eligible_any.sum() == place.eligible_aware.sum() == 1
    assert (helped.served[INFORMAL].sum(), helped.willing.sum(), helped.claimed.sum()) == (1, 0, 0)
    assert (asked.served[NATION].sum(), asked.willing.sum(), asked.claimed.sum()) == (1, 1, 1)


def a_place(*settings):
    """What is counted where one who knows their rights, and many compatriots, needs help with papers."""
    world = a_world(CERTAIN, *settings)
    here = a_here(world, a_city(by_group={int(world.group_of_door[COETHNIC]): 10_000_000}))
    person = a_migrant(need="papers", need_since=100, arrived=-20_000, door="coethnic", knows=RIGHTS)
    plain(claiming.seek_help)(person, here)
    return here.place


@pytest.mark.mechanism("C12", "E1", "E3")
def test_measures_keep_help_of_ones_own_apart():
    """C12: what compatriots meet is neither met in fact (E1) nor served (E3), nor unmet; a figure of its own (E5)."""
    model = small_run({"informal": {"circle": 1.0, "compatriots": 5.0}}, months=13)
    run = Run.from_model(model)
    met, who, rights = take_up(run).iloc[0], who_fills(run, ()).iloc[0], formal_and_substantive(run, "need")
    own = total(model, "served_informal")
    assert own > 0 < total(model, "unmet")
    assert met["served"] == met["needs"] - met["unmet"] - own <= met["claimed"]
    assert who["informal"] == own / met["needs"]
    assert (rights["substantive"] * rights["needs"]).sum() == pytest.approx(met["served"])
    assert main_outcomes(run)["needs_met"].value + who["informal"] + who["nobody"] == pytest.approx(1.0)


@pytest.mark.mechanism("C12")
def test_informal_help_in_whole_runs():
    """C12: it meets some needs; off, none."""
    on = {"informal": {"circle": 1.0, "compatriots": 5.0}}
    none, some = (small_run(how, places=small_places(level=0.0)) for how in ({"informal.circle": 0.0}, on))
    assert total(none, "served_informal") == 0 < total(some, "served_informal")
    assert total(some, "unmet") < total(none, "unmet")
