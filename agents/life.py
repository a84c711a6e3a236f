"""A month in a life: every declared event in its order, from top to bottom (`EVENTS`; `local-citizenship schedule`
prints it).

The events stand beside their rules, in the files of this folder; here they are put together into rules, which are
written from the declarations.
"""

from __future__ import annotations

from importlib import import_module
from itertools import groupby
from pathlib import Path
from pkgutil import iter_modules

from .chance import SLOTS, is_below, slots_below, uniform_for
from .classes import class_of
from .event import DECLARED, GOES_ON, NOTHING_HAPPENS, Event, Rule, words_of
from .rule import rule, written_rule

for _module in iter_modules([str(Path(__file__).parent)]):
    if _module.name not in (
        "life",
        "compiling",
    ):  # the compiler is loaded only where there is something to compile
        import_module(f"{__package__}.{_module.name}")

EVENTS: tuple[Event, ...] = tuple(sorted(DECLARED, key=lambda event: event.order))
WORDS = words_of(list(EVENTS))  # of eight random bytes each


# Competing events ----------------------------------------------------------------------------------------


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


def first_of(events: list[Event]) -> Rule:
    """A rule (migrant, here, u): of events on one slot at most one comes true, by what is left of u.

    Errors: ValueError if one that decides by itself has others on its slot.
    """
    lines = []
    if events[0].decides:
        if len(events) > 1:
            raise ValueError(f"{events[0].name} decides by itself, and cannot share its slot")
        return events[0].happens
    for number in range(len(events)):
        lines += [f"chance = chance_{number}(migrant, here)"]
        lines += [f"if u < chance: return happens_{number}(migrant, here, u)", "u = u - chance"]
    names = _numbered(chance=[event.chance for event in events], happens=[event.happens for event in events])
    return written_rule("first_of", "migrant, here, u", [*lines, f"return {NOTHING_HAPPENS}"], **names)


def total_of(events: list[Event]) -> Rule:
    """A rule (migrant, here): the chances of all events on one slot together."""
    chances = _numbered(chance=[event.chance for event in events])
    total = " + ".join(f"{chance}(migrant, here)" for chance in chances)
    return written_rule("total_of", "migrant, here", [f"return {total}"], **chances)


def _numbered(**rules: list[Rule | None]) -> dict[str, Rule]:
    """The rules as name_0, name_1 ...; left out where there is none."""
    return {
        f"{name}_{number}": one
        for name, of in rules.items()
        for number, one in enumerate(of)
        if one is not None
    }


# Random bytes, a word for every eight slots ------------------------------------------------------------------


@rule
def _slots_of_word(word, migrant, zone, world, random):
    return slots_below(random[word], world.bounds[zone, migrant.door, class_of(migrant, world), word])


def _words(item: str) -> str:
    return "return (" + "".join(f"{item.format(word)}, " for word in range(WORDS)) + ")"


# (row, kept): the words of a row, of an array (WORDS, rows).
words_at = written_rule("words_at", "row, kept", [_words("kept[{}, row]")])
# (migrant, zone, world, random): slots with luck low enough for something to happen to those who live in that zone.
slots_of = written_rule(
    "slots_of",
    "migrant, zone, world, random",
    [_words("of_word({}, migrant, zone, world, random)")],
    of_word=_slots_of_word,
)


# The month -------------------------------------------------------------------------------------------------


def _month() -> Rule:
    """The rule (migrant, here, random, slots) of a whole month, which says what it comes to.

    Whatever happens may change the chances of what follows, so that the slots are then looked at again.
    """
    by_slot = slots_used()
    competing = {slot: first_of(events) for slot, events in by_slot.items()}
    lines = ["world = here.world"]
    for number, event in enumerate(EVENTS):
        if event.slot is None:
            asked, happens = f"when_{number}(migrant, world)", f"happens_{number}(migrant, here)"
        elif event is by_slot[event.slot][0]:
            word = event.slot // SLOTS
            u = f"uniform_for(world.luck_now, migrant.identity, random[{word}], {event.slot})"
            asked, happens = (
                f"is_below(slots[{word}], {event.slot})",
                f"slot_{event.slot}(migrant, here, {u})",
            )
        else:
            continue
        lines += [f"if {asked}:", f"    outcome = {happens}", f"    if outcome > {GOES_ON}: return outcome"]
        lines += [f"    if outcome == {GOES_ON}: slots = slots_of(migrant, here.city.zone, world, random)"]
    names = {
        **_numbered(
            when=[event.when for event in EVENTS],
            happens=[event.happens if event.when else None for event in EVENTS],
        ),
        **{f"slot_{slot}": rule for slot, rule in competing.items()},
        **{"is_below": is_below, "uniform_for": uniform_for, "slots_of": slots_of},
    }
    arguments = "migrant, here, random, slots"
    return written_rule("live_through_month", arguments, [*lines, f"return {GOES_ON}"], **names)


live_through_month = _month()
total_chance = {slot: total_of(events) for slot, events in slots_used().items()}


# Who is to be looked at --------------------------------------------------------------------------------------


def _any_of(name: str, arguments: str, questions: list[tuple[Rule | None, str]]) -> Rule:
    """A rule that asks several at once, without branching: whether any says yes."""
    asked = " | ".join(f"asked_{number}({given})" for number, (_, given) in enumerate(questions))
    return written_rule(
        name, arguments, [f"return {asked}"], **_numbered(asked=[each for each, _ in questions])
    )


_DATED = [event for event in EVENTS if event.when is not None]
# (migrant, world, random): whether any event must be looked at whatever the luck on the slots.
is_due = _any_of(
    "is_due",
    "migrant, world, random",
    [
        (event.due, "migrant, world, random") if event.due else (event.when, "migrant, world")
        for event in _DATED
    ],
)
# (migrant, world): whether `is_due` is worth asking; of most it can be said at a glance that it is not.
may_be_due = _any_of(
    "may_be_due", "migrant, world", [(event.glance or event.when, "migrant, world") for event in _DATED]
)
