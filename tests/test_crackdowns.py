"""What brings crackdowns about, a concern that has lasted or a dated plan, how they end and what they cost (A4, A9)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from single import a_world, plain
from small import small_scenario

from local_citizenship.agents import crackdown, nation
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.schedule import the_nation_acts
from local_citizenship.model.state import NATION_FIELDS

NEVER = {"enforcement.borne": 1.0}


def blank(**fields):
    return SimpleNamespace(**{**dict.fromkeys(NATION_FIELDS, 0.0), **fields})


@pytest.mark.mechanism("A4")
def test_a_crackdown_halves_the_unauthorised_in_the_time_set():
    """A4: what is added to apprehension would by itself halve a closed population in `halve_in` years."""
    chances = []
    for years in (0.0, 4.0):
        model = LocalCitizenship(
            small_scenario({"enforcement.halve_in": years, "public.media": 0.0}), engine="interpreted"
        )
        the_nation_acts(model.state)
        chances.append(model.nation.apprehension)
    assert (1.0 - (chances[1] - chances[0])) ** 48 == pytest.approx(0.5)
    assert crackdown.monthly_reduction(0.0, 4.0) == crackdown.monthly_reduction(4.0, 9.0)


def cracks_down(years, stocks, later=None):
    """In which months a crackdown dated to month 100 is on, by the stock of the unauthorised."""
    state, on = blank(), []
    for month, stock in enumerate(stocks, 100):
        halve_in = years if later is None or month < later[0] else later[1]
        world = a_world(NEVER, {"enforcement.halve_in": halve_in}, month=month)
        plain(crackdown.plan_crackdown)(state, world, stock)
        on.append(bool(state.cracks_down))
    return on


@pytest.mark.mechanism("A4")
def test_a_dated_crackdown_ends_when_its_time_is_over_or_its_aim_reached():
    """A4: the years announced and no longer; sooner, once half are left; anew, if announced anew; 0 announces none."""
    assert cracks_down(2.0, [900] * 30) == [True] * 24 + [False] * 6
    assert cracks_down(2.0, [900, 700, 450, 900, 900]) == [True, True, False, False, False]
    assert cracks_down(0.0, [900] * 5) == [False] * 5
    assert cracks_down(2.0, [900, 450, 450, 450], (102, 3.0)) == [True, False, True, True]
    assert cracks_down(2.0, [0, 900, 800, 450]) == [True, True, True, False]
    assert cracks_down(2.0, [900] * 4, (102, 0.0)) == [True, True, False, False]


def by_concern(concern, months=120, settings=None, stock=None):
    """(months,): whether a crackdown is on, where concern is as given, constant or by month."""
    state, on = blank(), np.zeros(months, bool)
    concern = np.broadcast_to(concern, months)
    for month in range(months):
        world = a_world(
            {"enforcement": {"borne": 0.3, "patience": 0.4, "answers_in": 3.0}}, settings or {}, month=month
        )
        state.perception = float(concern[month])
        plain(crackdown.plan_crackdown)(state, world, 900 if stock is None else stock[month])
        on[month] = state.cracks_down
    return on


@pytest.mark.mechanism("A4", "A9")
def test_concern_that_lasts_brings_a_crackdown():
    """A9: concern has to have passed what a government bears, and to stay there; the higher, the sooner; never where it
    is borne, passes, or moves no government."""
    first = [int(by_concern(level).argmax()) for level in (0.5, 0.6, 0.9)]
    assert 0 < first[2] < first[1] < first[0] < 36
    assert not by_concern(0.3).any()
    assert not by_concern(0.9, settings=NEVER).any()
    scare = np.where(np.arange(120) < 12, 0.6, 0.1)
    assert not by_concern(scare).any()
    assert by_concern(np.where(np.arange(120) < 24, 0.6, 0.1)).any()
    patient = by_concern(0.6, settings={"enforcement.patience": 0.8})
    assert patient.argmax() > first[1]


@pytest.mark.mechanism("A4", "A9")
def test_a_crackdown_that_concern_brought_ends():
    """A4: after the years it was to take, at its aim, or when the public asks for it no longer; another one has to be
    pressed for anew."""
    on = by_concern(0.6)
    began = int(on.argmax())
    assert on[began : began + 36].all()
    assert not on[began + 36 : began + 36 + began].any()
    assert on[began + 36 + began :].any()
    stock = np.where(np.arange(120) < began + 10, 900, 400)
    assert not by_concern(0.6, stock=stock)[began + 10]
    bored = np.where(np.arange(120) < began + 5, 0.6, 0.1)
    assert by_concern(bored).sum() == 5
    assert by_concern(bored, settings={"enforcement.given_up": 0.3}).sum() == 36
    still = np.where(np.arange(120) < began + 5, 0.6, 0.2)
    assert by_concern(still).sum() == 36


@pytest.mark.mechanism("A9", "A4")
def test_a_dated_plan_goes_before_what_concern_asks_for():
    """A4: a scenario's date takes the place of a crackdown that is on, and holds though nobody is concerned."""
    state = blank(perception=0.9)
    settings = {"enforcement": {"borne": 0.3, "patience": 0.1, "answers_in": 5.0}}
    for month in range(6):
        plain(crackdown.plan_crackdown)(state, a_world(settings, month=month), 900)
    assert (state.cracks_down, state.by_concern) == (1.0, 1.0)
    state.perception = 0.0
    plain(crackdown.plan_crackdown)(state, a_world(settings, {"enforcement.halve_in": 1.0}, month=6), 900)
    assert (state.cracks_down, state.by_concern, state.since) == (1.0, 0.0, 6)


@pytest.mark.mechanism("A9", "A4")
def test_a_crackdown_wearies_the_public():
    """A9: the longer one lasts, the less concern the same news makes; that passes once it is over."""

    def concern(on, months, after=0):
        state = blank(lately=2000.0, cracks_down=float(on))
        world = a_world({"public": {"alarm": 1000.0, "habit": 600.0, "weary": 24.0}}, incidents=2000)
        for month in range(months + after):
            if month == months:
                state.cracks_down = 0.0
            plain(nation.perceive_crime)(state, world, 1.0)
        return state.perception

    assert concern(True, 36) < 0.6 * concern(True, 12) < 0.6 * concern(False, 12)
    assert concern(True, 36) < concern(True, 36, after=24) < concern(False, 60)


@pytest.mark.mechanism("A9", "A4")
def test_louder_media_bring_crackdowns_sooner_and_more_of_them():
    """A9: of a country in which arrests rise for some years, and each apprehension is news: without media there is no
    crackdown; the louder they are, the sooner it comes; where they are loud, another follows."""

    def months_of(media):
        settings = {
            "public": {"media": media, "alarm": 900.0, "habit": 240.0, "memory": 36.0, "weary": 60.0},
            "enforcement": {"apprehension": 0.0075, "borne": 0.2, "patience": 1.0, "answers_in": 5.0},
        }
        world, state, on = a_world(settings), blank(lately=270.0, usual=270.0), np.zeros(360, bool)
        for month in range(360):
            world.month, world.incidents = month, min(700.0, 200.0 + 8.0 * month)
            world.raids = 300_000.0 * state.apprehension
            plain(crackdown.plan_crackdown)(state, world, 300_000.0)
            plain(nation.perceive_crime)(state, world, 1.0)
            plain(nation.set_enforcement)(state, world, crackdown.monthly_reduction(0.0, 5.0))
            on[month] = state.cracks_down
        return on

    none, some, loud = months_of(0.0), months_of(1.0), months_of(4.0)
    assert none.sum() == 0 < some.sum() < loud.sum()
    assert 0 < loud.argmax() < some.argmax()
    announced = (np.diff(loud.astype(int)) == 1).sum()
    assert announced > 1
