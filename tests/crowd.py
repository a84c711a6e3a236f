"""Many people to whom the same happens: a rule, or this month's luck on a slot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

from small import MANY, a_migrant, plain

from local_citizenship.agents import life
from local_citizenship.agents.chance import SLOTS, random_bytes, uniform_for
from local_citizenship.agents.here import Here

_ON_SLOT = {slot: plain(life.first_of(events)) for slot, events in life.slots_used().items()}
People = list[SimpleNamespace]


def crowd(rule: Callable[..., Any], *given: Any, who: Iterable[int] = MANY, **fields: Any) -> People:
    """Those of these identities, after `rule(migrant, *given)`."""
    people = [a_migrant(identity, **fields) for identity in who]
    for person in people:
        plain(rule)(person, *given)
    return people


def words_of(world: SimpleNamespace, person: SimpleNamespace) -> tuple[Any, ...]:
    """The month's random bytes of this migrant, word by word."""
    return tuple(plain(random_bytes)(world.luck_now, person.identity, word) for word in range(life.WORDS))


def lucky(slot: int, here: Here, **fields: Any) -> People:
    """Many, after the event that this month's luck on a slot brings them, if any."""
    people = [a_migrant(who, **fields) for who in MANY]
    for person in people:
        random = words_of(here.world, person)[slot // SLOTS]
        _ON_SLOT[slot](person, here, plain(uniform_for)(here.world.luck_now, person.identity, random, slot))
    return people


def those_with(trait: str, people: People) -> set[int]:
    """The identities of those who have it."""
    return {person.identity for person in people if getattr(person, trait)}
