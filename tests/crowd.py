"""Many people to whom the same happens: a rule, or this month's luck on a slot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import numpy as np
from single import MANY, a_here, a_migrant, on_slot, plain

from local_citizenship.agents import life
from local_citizenship.agents.chance import random_bytes
from local_citizenship.agents.here import Here

People = list[SimpleNamespace]
Trait = str | Callable[[SimpleNamespace], Any]  # an attribute, or what is asked of a person


def crowd(rule: Callable[..., Any], *given: Any, who: Iterable[int] = MANY, **fields: Any) -> People:
    """Those of these identities, after `rule(migrant, *given)`."""
    people = [a_migrant(identity, **fields) for identity in who]
    for person in people:
        plain(rule)(person, *given)
    return people


def words_of(world: SimpleNamespace, person: SimpleNamespace) -> tuple[Any, ...]:
    """The month's random bytes of this migrant, word by word."""
    return tuple(plain(random_bytes)(world.luck_now, person.identity, word) for word in range(life.WORDS))


def lucky(slot: int, here: Here, who: Iterable[int] = MANY, **fields: Any) -> People:
    """Many, after the event that this month's luck on a slot brings them, if any."""
    people = [a_migrant(identity, **fields) for identity in who]
    for person in people:
        on_slot(slot, person, here)
    return people


def those_with(trait: Trait, people: People) -> set[int]:
    """The identities of those who have it, or of whom it is true."""
    has = attrgetter(trait) if isinstance(trait, str) else trait
    return {person.identity for person in people if has(person)}


def who_has(trait: Trait, rule: Callable[..., Any], *given: Any, **fields: Any) -> set[int]:
    """Whom of many a rule leaves with a trait."""
    return those_with(trait, crowd(rule, *given, **fields))


def helped(rule: Callable[..., Any], *given: Any, **fields: Any) -> set[int]:
    """Whom of many with a dispute, or with the need named, a rule leaves without."""
    return who_has(
        lambda person: not person.need, rule, *given, **{"need": "dispute", "need_since": 100, **fields}
    )


def served_by(
    rule: Callable[..., Any], world: SimpleNamespace, city: Any = None, **fields: Any
) -> dict[int, int]:
    """Who of many settlers in need a rule has served, and by which tally."""
    served = {}
    for identity in MANY:
        here = a_here(world, city)
        plain(rule)(a_migrant(identity, **{"need_since": 100, "settler": 1, **fields}), here)
        for provider in np.flatnonzero(here.place.served.sum(axis=1)):
            served[identity] = int(provider)
    return served
