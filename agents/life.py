"""A month in a life: every declared event in its order, from top to bottom (`EVENTS`; `local-citizenship schedule`
prints it).

The events stand beside their rules, in the files of this folder; here they are put together into rules.
"""

from __future__ import annotations

from importlib import import_module
from itertools import groupby
from pathlib import Path
from pkgutil import iter_modules

from .chance import SLOTS, is_below, slots_below, uniform_for
from .classes import class_of
from .event import DECLARED, GOES_ON, Event, Rule, words_of
from .rule import composed, rule

for _module in iter_modules([str(Path(__file__).parent)]):
    if _module.name != "life":
        import_module(f"{__package__}.{_module.name}")

EVENTS: tuple[Event, ...] = tuple(sorted(DECLARED, key=lambda event: event.order))
WORDS = words_of(list(EVENTS))  # of eight random bytes each
_NOTHING = -1  # the draw brought no event


# Competing events ----------------------------------------------------------------------------------------


def first_of(events: list[Event]) -> Rule:
    """A rule (migrant, here, u): of events on one slot at most one comes true, by what is left of u."""

    @rule
    def none(_, __, ___):
        return _NOTHING

    competing = none
    for event in reversed(events):
        assert event.chance is not None
        competing = _or_later(event.chance, event.happens, competing)
    return competing


def _or_later(chance: Rule, happens: Rule, later: Rule) -> Rule:
    @rule
    def competing(migrant, here, u):
        own = chance(migrant, here)
        if u < own:
            return happens(migrant, here, u)
        return later(migrant, here, u - own)

    return competing


def _sum_of(events: list[Event]) -> Rule:
    """A rule (migrant, here): the chances of all events on one slot together."""

    @rule
    def none(_, __):
        return 0.0

    total = none
    for event in events:
        assert event.chance is not None
        total = _plus(total, event.chance)
    return total


def _plus(others: Rule, chance: Rule) -> Rule:
    @rule
    def total(migrant, here):
        return others(migrant, here) + chance(migrant, here)

    return total


def slots_used() -> dict[int, list[Event]]:
    """The slots and the events on each, in the order of the month. Errors: ValueError if those of a slot are apart."""
    by_slot: dict[int, list[Event]] = {}
    drawn = [event for event in EVENTS if event.slot is not None]
    for slot, events in groupby(drawn, key=lambda event: event.slot):
        assert slot is not None
        if slot in by_slot:
            raise ValueError(f"the events on slot {slot} do not follow each other")
        by_slot[slot] = list(events)
    return by_slot


# Random bytes, a word for every eight slots ------------------------------------------------------------------


def _words(of_word: Rule) -> Rule:
    """A rule (migrant, world, given): a tuple with `of_word(word, migrant, world, given)` for each word."""

    @rule
    def one(migrant, world, given):
        return (of_word(0, migrant, world, given),)

    words = one
    for word in range(1, WORDS):
        words = _and_one(words, of_word, word)
    return words


def _and_one(others: Rule, of_word: Rule, word: int) -> Rule:
    @rule
    def words(migrant, world, given):
        return others(migrant, world, given) + (of_word(word, migrant, world, given),)  # noqa: RUF005

    return words


@rule
def _slots_of_word(word, migrant, world, random):
    return slots_below(random[word], world.bounds[migrant.door, class_of(migrant, world), word])


@rule
def _kept_word(word, row, _, kept):
    return kept[word, row]


words_at = _words(_kept_word)  # (row, 0, kept): the words of a row, of an array (WORDS, rows)
slots_of = _words(
    _slots_of_word
)  # (migrant, world, random): slots with luck low enough for something to happen


# The month -------------------------------------------------------------------------------------------------


def _steps() -> list[Rule]:
    """The month as rules (migrant, here, random, slots), which say what it comes to; _NOTHING if nothing happened."""
    by_slot = slots_used()
    steps = []
    for event in EVENTS:
        if event.when is not None:
            steps.append(_on_condition(event.when, event.happens))
        elif event.slot in by_slot:
            steps.append(_by_chance(event.slot, first_of(by_slot.pop(event.slot))))
    return steps


def _by_chance(slot: int, competing: Rule) -> Rule:
    word = slot // SLOTS

    @rule
    def step(migrant, here, random, slots):
        if is_below(slots[word], slot):
            u = uniform_for(here.world.luck_now, migrant.identity, random[word], slot)
            return competing(migrant, here, u)
        return _NOTHING

    return step


def _on_condition(condition: Rule, happens: Rule) -> Rule:
    @rule
    def step(migrant, here, _, __):
        if condition(migrant, here.world):
            return happens(migrant, here)
        return _NOTHING

    return step


def _in_sequence(steps: list[Rule]) -> Rule:
    """One rule of several steps, four by four: a chain one by one would be compiled over and over."""
    while len(steps) > 1:
        steps = steps + [_idle] * (-len(steps) % 4)
        steps = [_then(*steps[first : first + 4]) for first in range(0, len(steps), 4)]
    return steps[0]


@rule
def _idle(_, __, ___, ____):
    return _NOTHING


def _then(first: Rule, second: Rule, third: Rule, fourth: Rule) -> Rule:
    @composed
    def steps(migrant, here, random, slots):
        outcome = first(migrant, here, random, slots)
        if outcome == GOES_ON:  # something happened: other bounds may hold from here on
            slots = slots_of(migrant, here.world, random)
        if outcome <= GOES_ON:
            outcome = max(outcome, second(migrant, here, random, slots))
        if outcome == GOES_ON:
            slots = slots_of(migrant, here.world, random)
        if outcome <= GOES_ON:
            outcome = max(outcome, third(migrant, here, random, slots))
        if outcome == GOES_ON:
            slots = slots_of(migrant, here.world, random)
        if outcome <= GOES_ON:
            outcome = max(outcome, fourth(migrant, here, random, slots))
        return outcome

    return steps


live_through_month = _in_sequence(_steps())


# Who is to be looked at --------------------------------------------------------------------------------------


def _any_due() -> Rule:
    """A rule (migrant, world, random): whether any event must be looked at whatever the luck on the slots."""

    @rule
    def none(_, __, ___):
        return False

    due = none
    for event in EVENTS:
        if event.due is not None:
            due = _or_due(due, event.due)
    return due


def _or_due(others: Rule, due: Rule) -> Rule:
    @rule
    def any_due(migrant, world, random):
        return others(migrant, world, random) | due(migrant, world, random)

    return any_due


def _any_glance() -> Rule:
    """A rule (migrant, world): whether `is_due` is worth asking; of most it can be said at a glance that it is not."""

    @rule
    def none(_, __):
        return False

    glance = none
    for event in EVENTS:
        if event.glance is not None:
            glance = _or_glance(glance, event.glance)
    return glance


def _or_glance(others: Rule, glance: Rule) -> Rule:
    @rule
    def any_glance(migrant, world):
        return others(migrant, world) | glance(migrant, world)

    return any_glance


is_due = _any_due()
may_be_due = _any_glance()
total_chance = {slot: _sum_of(events) for slot, events in slots_used().items()}
