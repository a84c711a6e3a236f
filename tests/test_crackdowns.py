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
        plain(crackdown.plan_crackdown)(state, world, stock, 1.0)
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


def by_concern(concern, months=120, settings=None, stock=None, raids=0.0):
    """(months,): whether a crackdown is on, where concern is as given, constant or by month. `raids`: whom each month
    of a crackdown takes, where one was usual."""
    state, on = blank(usually_taken=1.0), np.zeros(months, bool)
    concern = np.broadcast_to(concern, months)
    world = a_world(
        {"enforcement": {"borne": 0.3, "patience": 0.4, "ebb": 48.0, "answers_in": 3.0, "purse": 2.0}},
        settings or {},
    )
    for month in range(months):
        world.month, world.raids = month, raids if state.cracks_down else 1.0
        state.perception = float(concern[month])
        plain(crackdown.plan_crackdown)(state, world, 900 if stock is None else stock[month], 1.0)
        on[month] = state.cracks_down
    return on


@pytest.mark.mechanism("A4", "A9")
def test_concern_that_lasts_brings_a_crackdown():
    """A9: concern has to have passed what a government bears, and to stay there; the higher, the sooner; never where it
    is borne, passes, or moves no government."""
    first = [int(by_concern(level).argmax()) for level in (0.5, 0.6, 0.9)]
    assert 0 < first[2] < first[1] < first[0] < 60
    assert not by_concern(0.3).any()
    assert not by_concern(0.9, settings=NEVER).any()
    scare = np.where(np.arange(120) < 12, 0.6, 0.1)
    assert not by_concern(scare).any()
    assert by_concern(np.where(np.arange(120) < 24, 0.6, 0.1)).any()
    patient = by_concern(0.6, settings={"enforcement.patience": 0.8})
    assert patient.argmax() > first[1]


@pytest.mark.mechanism("A4", "A9")
def test_pressure_follows_concern_and_ebbs_with_it():
    """A9: concern only just beyond what is borne never brings a crackdown, however long it lasts; a scare that passes
    is forgotten, so that the next has to press anew; where nothing is forgotten, the two together bring one."""
    assert not by_concern(0.36, months=1200).any()
    assert by_concern(0.36, months=1200, settings={"enforcement.ebb": 600.0}).any()

    def pressed(months, concern, start):
        state = blank(pressed=start, perception=concern)
        world = a_world({"enforcement": {"borne": 0.3, "ebb": 24.0}})
        for _ in range(months):
            plain(crackdown.be_pressed)(state, world)
        return state.pressed

    assert 0.0 < pressed(60, 0.0, 0.5) < pressed(24, 0.0, 0.5) < pressed(12, 0.2, 0.5) < 0.5
    assert pressed(12, 0.6, 0.1) > 0.1
    scares = np.where(np.arange(120) % 60 < 14, 0.6, 0.1)
    assert not by_concern(scares).any()
    assert by_concern(scares, settings={"enforcement.ebb": 600.0}).any()


@pytest.mark.mechanism("A4", "A9")
def test_a_crackdown_that_concern_brought_ends():
    """A4: after the years it was to take, at its aim, when the public asks for it no longer, or when it has cost too
    much; another one has to be pressed for anew."""
    on = by_concern(0.6)
    began = int(on.argmax())
    assert on[began : began + 36].all()
    assert not on[began + 36 : began + 36 + began].any()
    assert on[began + 36 + began :].any()
    stock = np.where(np.arange(120) < began + 10, 900, 400)
    assert not by_concern(0.6, stock=stock)[began + 10]
    for months in (3, 9):  # in the first months its own news is still to come
        bored = np.where(np.arange(120) < began + months, 0.6, 0.1)
        assert by_concern(bored).sum() == max(6, months)
        kept_up = {"enforcement.at_least": 8}
        assert by_concern(bored, settings=kept_up).sum() == max(8, months)
    assert by_concern(bored, settings={"enforcement.given_up": 0.1}).sum() == 36
    still = np.where(np.arange(120) < began + 5, 0.6, 0.2)
    assert by_concern(still).sum() == 36
    # Two years' worth of the usual, spent on twice as many beyond it.
    dear = by_concern(0.6, months=began + 30, raids=3.0)
    assert dear.sum() == 12
    assert by_concern(0.6, months=began + 30, raids=3.0, settings={"enforcement.purse": 100.0}).sum() == 30


@pytest.mark.mechanism("A9", "A4")
def test_a_dated_plan_goes_before_what_concern_asks_for():
    """A4: a scenario's date takes the place of a crackdown that is on, and holds though nobody is concerned."""
    state = blank(perception=0.9)
    settings = {"enforcement": {"borne": 0.3, "patience": 0.1, "answers_in": 5.0}}
    for month in range(6):
        plain(crackdown.plan_crackdown)(state, a_world(settings, month=month), 900, 1.0)
    assert (state.cracks_down, state.by_concern) == (1.0, 1.0)
    state.perception = 0.0
    plain(crackdown.plan_crackdown)(
        state, a_world(settings, {"enforcement.halve_in": 1.0}, month=6), 900, 1.0
    )
    assert (state.cracks_down, state.by_concern, state.since) == (1.0, 0.0, 6)


@pytest.mark.mechanism("A9", "A4")
def test_a_crackdown_wearies_the_public():
    """A9: the longer one lasts, the less concern the same news makes; that passes once it is over."""

    def concern(on, months, after=0):
        state = blank(lately=0.6, cracks_down=float(on), enforced=1.0)
        world = a_world(
            {"public": {"alarm": 1000.0, "habit": 600.0, "weary": 24.0, "sells": 0.0}}, incidents=1500
        )
        for month in range(months + after):
            if month == months:
                state.cracks_down = 0.0
            plain(nation.perceive_crime)(state, world, 1.0)
        return state.perception

    assert concern(True, 36) < 0.6 * concern(True, 12) < 0.6 * concern(False, 12)
    assert concern(True, 36) < concern(True, 36, after=24) < concern(False, 60)


def country(media, habit=36.0, months=360, **public):
    """(months,) each: concern, and whether a crackdown is on, of a country in which arrests and the unauthorised rise
    for five years, to stay as they are, and in whose eleventh year enforcement is made harder. Each apprehension is
    news."""
    pressed = {"borne": 0.15, "ebb": 48.0, "patience": 0.5, "answers_in": 5.0, "purse": 100.0}
    told = {
        "media": media,
        "habit": habit,
        "memory": 12.0,
        "told": 36.0,
        "alarm": 3000.0,
        "sells": 6.0,
        "campaign": 5.0,
    }
    world = a_world({"public": {**told, **public}, "enforcement": pressed})
    state, concern, on = blank(), np.zeros(months), np.zeros(months, bool)
    plain(nation.be_used_to)(state, world, 100_000, 100_000, 1.0)
    reduction = crackdown.monthly_reduction(0.0, 5.0)
    for month in range(months):
        unauthorised = 100_000.0 + 300_000.0 * min(1.0, month / 60.0)
        world.month, world.incidents = month, unauthorised / 1600.0
        world.raids = unauthorised * (state.apprehension or 0.0075)
        world.enforcement_apprehension = 0.0075 if month < 120 else 0.0085
        plain(crackdown.plan_crackdown)(state, world, unauthorised, 1.0)
        plain(nation.announce_harder)(state, world, reduction)
        plain(nation.perceive_crime)(state, world, 1.0)
        plain(nation.set_enforcement)(state, world, reduction)
        concern[month], on[month] = state.perception, state.cracks_down
    return concern, on


@pytest.mark.mechanism("A9")
def test_concern_turns():
    """A9: it rises with numbers, falls where they stay as high, rises again by a campaign, and falls again."""
    concern, _ = country(1.0)
    assert concern[48:72].mean() > 0.2
    assert concern[108:120].max() < 0.05
    assert concern[130:150].mean() > 0.2
    assert concern[300:].max() < 0.05
    never_used_to, _ = country(1.0, habit=600.0)
    assert (never_used_to[108:120] > 0.2).all()
    silent, _ = country(1.0, campaign=0.0)
    assert silent[130:150].max() < 0.05


@pytest.mark.mechanism("A9", "A4")
def test_louder_media_bring_crackdowns_sooner():
    """A9: without media there is no crackdown; the louder they are, the sooner one comes; nobody has dated any."""
    (_, none), (_, quiet), (_, some), (_, loud) = (country(media) for media in (0.0, 0.3, 1.0, 3.0))
    assert not none.any()
    assert not quiet.any()
    assert 0 < loud.argmax() < some.argmax()


@pytest.mark.mechanism("A4", "A9")
def test_a_crackdown_is_over_before_its_term_when_nobody_speaks_of_it_any_more():
    """A4: the news of it wears off, and its cost wearies: it ends short of five years; where the public is used to
    nothing, later."""
    concern, on = country(1.0)
    began = int(on.argmax())
    months = int((~on[began:]).argmax())
    assert 12 < months < 60
    assert concern[began + months] < 0.1
    slow, for_long = country(1.0, habit=600.0)
    began = int(for_long.argmax())
    assert slow[began + months] > 2.0 * concern[int(on.argmax()) + months]
