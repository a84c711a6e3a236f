"""Chance: every draw is a pure function of (seed, who, what for, when).

Nothing is consumed: a draw depends neither on the order of records nor on other draws, so that two scenarios
with one seed share their luck. The hash is the finaliser of SplitMix64 (Steele, Lea and Flood 2014), applied to
the identity and to the month's key, then to both together.

A month has many questions for each migrant, and nearly all answers are no. `random_bytes` therefore gives eight
bytes at once, one for each of eight slots: a byte is the leading part of a uniform number, and only where it is
small enough that the event may happen is the rest drawn (`uniform_for`). This thinning is exact for every upper
bound of the probability, and does not change the number that is compared.
"""

from __future__ import annotations

import numpy as np

from .rule import rule

# What for. The slots of the events of a month come first (see event.py); every other draw has its own number.
(
    NEED_STRIKES,
    MOVES,
    LEAVES,
    LEARNS,
    HEARS_OF_NGO,
    ENROLS,
    SETTLES,
    CHANGES_STATUS,
    SLOTS,
    WILLING,
    DARES,
    SEARCHES,
    FINDS,
    ASKS,
    CITY_DELIVERS,
    STATE_DELIVERS,
    NGO_DELIVERS,
    REPORTED,
    QUEUES,
    WHICH_NGO,
    WHERE_TO,
    NEARBY,
    KEEPS,
    JOB_LOST,
    DEPARTS,
    HARMED,
    RECURS,
    RENEWED,
    OVERSTAYS,
    EXTENDS,
    RELEASED,
    READS,
    TOLD,
    ENROLMENT,
    PAPERWORK,
    TRAIT_SETTLER,
    TRAIT_FAMILY,
    TRAIT_TARGET,
    TRAIT_KNOWS_STATE,
    TRAIT_STAYED,
    TRAIT_STATUS,
    SAMPLED,
    ARRIVALS,
    AGENDA,
    OPENS,
    HAS_FIREWALL,
    FOUNDS,
    FOUNDS_KIND,
    FOUNDS_WHERE,
    NGO_MONEY,
    NGO_CLOSES,
    NGO_CAPACITY,
    EMPLOYER,
    PHONES,
    REFERRED,
    JOINS_NGO,
    DROPS_OUT,
    MOBILISES,
    SURVEYS,
    WINS_OPENING,
    GOVERNS,
    LEVERAGE,
    BRANCHES,
    NGO_SKILL,
    NGO_SPECIAL,
    REGULARISED,
    TELLS_RIGHTS,
    CLAIM_TEACHES,
    BROKER,
    REPORTED_TO_STATE,
    TAKES,
    TRAIT_CHILDREN,
    TRAIT_CHILD_AGE,
    TRAIT_WOMAN,
    DECEIVES,
    ELECTS,
    NEW_MAYOR,
    NEW_GOVERNOR,
    REACHES_NGO,
    KNOWS_COMPATRIOT,
    COMPATRIOT_HELPS,
    BRINGS_CASE,
    RULES_ON_CASE,
    AT_SEAT,
    TRAIT_TRADE,
    WHICH_TRADE,
    RAIDED,
    SEEKS_OUT,
) = range(88)

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11, _S8 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11), np.uint64(8)
_BYTE = np.uint64(0xFF)
_TOP, _ZERO = np.uint64(0x80), np.uint64(0)
_TOPS = np.uint64(0x8080808080808080)
_UNIT = 1.0 / 9007199254740992.0  # 2 ** -53
_ENTRIES, _BEYOND = 16, 1 << 40  # the first sixteen entries of a list lie side by side, the others far beyond
_LATER_SLOTS = 1000


@rule
def mixed(number):
    """SplitMix64's finaliser: one 64-bit number thoroughly stirred."""
    z = np.uint64(number) + _STEP
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@rule
def draw(key, who, what, item=0):
    """A uniform number in [0, 1) for identity `who` and purpose `what` (`item`: a further index).

    `key` is `world.luck_now` for this month's luck, or `world.luck_ever` for a lasting trait.
    """
    purpose = np.uint64(key) + np.uint64(what + 1) * _STEP + np.uint64(item) * _MIX_2
    return (mixed(mixed(who) ^ purpose) >> _S11) * _UNIT


@rule
def item_of(occasion, number):
    """The item of a draw about entry `number` (a service, a need ...) on one of several occasions: no two are alike."""
    return number % _ENTRIES + _ENTRIES * occasion + number // _ENTRIES * _BEYOND


@rule
def random_bytes(key, who, word=0):
    """Eight bytes of this month's luck, for the slots from 8 * `word` on."""
    return mixed(mixed(who) ^ (np.uint64(key) + np.uint64(word) * _MIX_1))


@rule
def leading_byte(random, slot):
    """The leading byte of a slot's uniform number, 0 to 255; `random` are the bytes of its word."""
    return (random >> (np.uint64(slot % SLOTS) * _S8)) & _BYTE


@rule
def slots_below(random, bounds):
    """Which of the eight bytes are below the byte of `bounds` in the same slot: the top bit of each such slot.

    Eight comparisons at once: a bytewise subtraction whose borrows are kept (Hacker's Delight, section 2-18).
    """
    x, y = random, np.uint64(bounds)
    z = ((x | _TOPS) - (y & ~_TOPS)) ^ ((x ^ ~y) & _TOPS)
    return ((~x & y) | ((~x | y) & z)) & _TOPS


@rule
def is_below(slots, slot):
    """Whether the slot is among those that `slots_below` gave."""
    return (slots >> (np.uint64(slot % SLOTS) * _S8)) & _TOP != _ZERO


@rule
def purpose_of(slot):
    """What the rest of a slot's number is drawn for: the first eight slots have purposes of their own."""
    if slot < SLOTS:
        return slot
    return _LATER_SLOTS + slot


@rule
def uniform_for(key, who, random, slot):
    """The whole uniform number of a slot: the leading byte, and what follows it."""
    return (leading_byte(random, slot) + draw(key, who, purpose_of(slot))) / 256.0
