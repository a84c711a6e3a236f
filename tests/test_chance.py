"""Chance: uniform, independent, and a pure function of (seed, who, what for, when)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from single import plain
from small import small_scenario

from local_citizenship.agents import chance
from local_citizenship.agents.chance import SLOTS
from local_citizenship.agents.migrant import identity_of
from local_citizenship.model.engine import engine_called
from local_citizenship.model.layout import SHIPPED_LAYOUT
from local_citizenship.model.state import State
from local_citizenship.model.thinning import Thinning
from local_citizenship.model.world import new_world
from local_citizenship.scenarios.catalogue import SKILLED_DOOR
from local_citizenship.scenarios.schema import SHIPPED

draw, random_bytes, uniform_for = plain(chance.draw), plain(chance.random_bytes), plain(chance.uniform_for)
mixed, slots_below, is_below = plain(chance.mixed), plain(chance.slots_below), plain(chance.is_below)
leading_byte = plain(chance.leading_byte)

PURPOSES = range(chance.AT_SEAT + 1)
UNLIKELY = (
    1e-4  # p-value below which a test of randomness fails; the draws are fixed: it fails always or never
)
words = st.integers(min_value=0, max_value=2**64 - 1)


def key_of(seed: int, month: int) -> int:
    """The month's key, made as `State.set_month_luck` makes it."""
    return int(mixed((int(mixed(seed)) + month + 1000) % 2**64))


def draws(seed: int, month: int, what: int, who: range | list[int]) -> np.ndarray:
    key = key_of(seed, month)
    return np.array([draw(key, each, what) for each in who])


def p_of_uniform(numbers: np.ndarray, classes: int = 32) -> float:
    return float(stats.chisquare(np.bincount((numbers * classes).astype(int), minlength=classes)).pvalue)


# Identities as the model makes them: neighbours, and neighbours in the door and month of their arrival.
ARRIVALS = [plain(identity_of)(month, door, n) for month in range(5) for door in range(8) for n in range(60)]


@pytest.mark.parametrize("what", [chance.MOVES, chance.WILLING, chance.WHERE_TO, chance.TRAIT_SETTLER])
def test_draws_are_uniform_over_identities(what):
    numbers = draws(1, 3, what, ARRIVALS)
    assert numbers.min() >= 0.0
    assert numbers.max() < 1.0
    assert p_of_uniform(numbers) > UNLIKELY


def test_draws_are_uniform_over_months_and_purposes_of_one_identity_and_over_items_of_a_purpose():
    of_one = [draw(key_of(1, month), 42, what) for month in range(60) for what in PURPOSES]
    items = [draw(key_of(1, 5), who, chance.KEEPS, item) for who in range(60) for item in range(48)]
    assert p_of_uniform(np.array(of_one)) > UNLIKELY
    assert p_of_uniform(np.array(items)) > UNLIKELY


@pytest.mark.parametrize("slot", range(SLOTS))
def test_thinned_draws_are_uniform(slot):
    key = key_of(1, 9)
    numbers = np.array([uniform_for(key, who, random_bytes(key, who), slot) for who in ARRIVALS])
    assert p_of_uniform(numbers) > UNLIKELY
    remainder = numbers * 256.0 % 1.0  # what follows the leading byte
    assert p_of_uniform(remainder) > UNLIKELY


def test_neighbours_are_uncorrelated():
    """Next identity, next month, next purpose, next slot, next seed: no rank correlation beyond noise."""
    who, bound = range(2001), 4.0 / np.sqrt(2000)
    here = draws(1, 3, chance.MOVES, who)
    next_ones = ((1, 4, chance.MOVES), (1, 3, chance.MOVES + 1), (2, 3, chance.MOVES))
    for there in (here[1:], *(draws(*key, who)[:-1] for key in next_ones)):
        assert abs(stats.spearmanr(here[:-1], there).statistic) < bound
    bytes_of = [random_bytes(key_of(1, 3), each) for each in who]
    slots = np.array([[leading_byte(each, slot) for slot in range(SLOTS)] for each in bytes_of])
    correlations = np.corrcoef(slots.astype(float), rowvar=False) - np.eye(SLOTS)
    assert np.abs(correlations).max() < bound


def test_pairs_of_neighbouring_identities_fill_the_square():
    here = draws(1, 3, chance.ASKS, range(4001))
    cell = (here[:-1] * 8).astype(int) * 8 + (here[1:] * 8).astype(int)
    assert stats.chisquare(np.bincount(cell, minlength=64)).pvalue > UNLIKELY


def test_purposes_have_numbers_of_their_own():
    names = [name for name in vars(chance) if name.isupper() and not name.startswith("_")]
    numbers = [getattr(chance, name) for name in names]
    assert sum(number in PURPOSES for number in numbers) == len(PURPOSES) == 84
    assert len(set(numbers)) == len(numbers)
    assert sorted(numbers)[:SLOTS] == list(range(SLOTS))


def test_a_draw_does_not_depend_on_who_was_drawn_before():
    key = key_of(1, 3)
    forward = {who: draw(key, who, chance.MOVES) for who in range(200)}
    for who in reversed(range(200)):
        draw(key, who + 1, chance.LEAVES)
        assert draw(key, who, chance.MOVES) == forward[who]


def test_no_identity_shares_its_luck():
    assert len(set(draws(1, 0, chance.MOVES, range(2000)))) == 2000


def test_no_month_of_any_seed_has_the_luck_of_another():
    keys = []
    for seed in range(1, 31):
        state = State(small_scenario(seed=seed), engine="interpreted")
        for state.month in range(-4, 40):
            state.set_month_luck()
            keys.append(int(state.world["luck_now"][0]))
    assert len(set(keys)) == len(keys) == 30 * 44


@given(words, words)
def test_eight_comparisons_at_once(random, bounds):
    slots = slots_below(np.uint64(random), np.uint64(bounds))
    for slot in range(SLOTS):
        byte = random >> (8 * slot) & 255
        assert int(leading_byte(np.uint64(random), slot)) == byte
        assert is_below(slots, slot) == (byte < (bounds >> (8 * slot) & 255))
    assert int(slots) & ~0x8080808080808080 == 0


JUST_BELOW, JUST_ABOVE = (float(np.nextafter(1 / 256, towards)) for towards in (0.0, 1.0))


@pytest.mark.parametrize("chance_of_event", [0.0, 0.001, 0.004, JUST_BELOW, 1 / 256, JUST_ABOVE, 0.02, 0.3])
@pytest.mark.parametrize("loosening", [1.0, 1.7, 3.0])
def test_thinning_is_exact_whatever_the_bound(chance_of_event, loosening):
    """The event happens to the same people, whether thinned tightly, loosely, or not at all."""
    key = key_of(1, 3)
    worlds = np.zeros(1, new_world(SHIPPED).dtype)  # nothing ever happens, but that the skilled move
    worlds["doors_moving"][0, SKILLED_DOOR] = chance_of_event * loosening
    thinning = Thinning(engine_called("compiled"), SHIPPED, SHIPPED_LAYOUT)
    thinning.set_bounds(worlds, np.zeros(1, SHIPPED_LAYOUT.municipality))
    bounds = thinning.bounds
    assert bounds[SKILLED_DOOR, 0].tolist() == [0.0, chance_of_event * loosening, *[0.0] * (SLOTS - 2)]
    bounds[SKILLED_DOOR, :, chance.MOVES] = 0.0
    assert not bounds.any()
    bound = worlds["bounds"][0, 0, SKILLED_DOOR, 0, 0]
    assert (bound == 0) is np.bool_(chance_of_event == 0.0)
    bytes_of = {who: random_bytes(key, who) for who in range(3000)}
    luck = {who: uniform_for(key, who, random, chance.MOVES) for who, random in bytes_of.items()}
    whole = {who for who, u in luck.items() if u < chance_of_event}
    passed = {who for who, random in bytes_of.items() if is_below(slots_below(random, bound), chance.MOVES)}
    assert whole <= passed
    assert len(passed) <= 3000 * (chance_of_event * loosening + 1 / 256) * 1.5
    expected = 3000 * chance_of_event
    assert len(whole) == pytest.approx(expected, abs=4 * np.sqrt(expected) + 0.5)
