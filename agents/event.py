"""What may happen to a migrant in a month, declared: each event stands beside its rule.

An event comes by chance (`by_chance`), on a date or in a state of things (`when`). life.py puts all of them in the
order of a month, and thinning.py bounds their chances with the very functions given here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .chance import SLOTS
from .rule import mechanisms_of

Rule = Callable[..., Any]

# What an event comes to.
NOTHING_HAPPENS = -1  # the draw brought no event
GOES_ON, MONTH_ENDS, QUEUES_AT_NGO, MOVES_AWAY = range(4)
GOES = 8  # GOES + reason: leaves the country

# What of a migrant a chance depends on, among the traits that thinning tells classes of migrants by (see classes.py).
RUNG, FAMILY, HARM, SETTLER, JOBLESS, INSURANCE, PROGRAMME = (1 << bit for bit in range(7))
PLACE = 1 << 7  # and on what differs from place to place: bounded zone by zone, and not for the whole country


@dataclass(frozen=True)
class Event:
    """One event of a month; `order` is its place in it.

    By chance: `chance(migrant, here)` a month, `happens(migrant, here, u)` with u what the draw left, in [0, chance).
    Events that follow each other on one `slot` compete: at most one comes true. `looks_at`: bits of the traits above.
    One alone on its slot may have `happens` find out by itself whether it does (`decides`), where the chance takes long
    to work out: with any u, NOTHING_HAPPENS where u is not below the chance.
    Otherwise: `when(migrant, world)` says whether it happens, `due(migrant, world, random)` in which months that must
    be looked at, and `glance(migrant, world)` is an easy question with yes for all who are due.
    """

    name: str
    order: int
    happens: Rule
    slot: int | None = None
    chance: Rule | None = None
    looks_at: int = 0
    hint: str = ""  # parameters its chance comes from, for a message about too large ones
    decides: bool = False
    when: Rule | None = None
    due: Rule | None = None
    glance: Rule | None = None

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Ids of what the event stands for: those of its rule."""
        return mechanisms_of(self.happens)

    @property
    def meaning(self) -> str:
        """What happens, in words: the rule's docstring."""
        return " ".join((self.happens.__doc__ or "").split())


DECLARED: list[Event] = []


def by_chance(
    *, order: int, slot: int, chance: Rule, looks_at: int = 0, hint: str = "", decides: bool = False
) -> Callable[[Rule], Rule]:
    """Declare an event that comes by chance, on the given slot of the month's random bytes (0 to 63)."""

    def declare(happens: Rule) -> Rule:
        DECLARED.append(Event(_name(happens), order, happens, slot, chance, looks_at, hint, decides))
        return happens

    return declare


def when(
    condition: Rule, *, order: int, due: Rule | None = None, glance: Rule | None = None
) -> Callable[[Rule], Rule]:
    """Declare an event that comes when `condition(migrant, world)` holds; `due` and `glance` default to that."""

    def declare(happens: Rule) -> Rule:
        DECLARED.append(Event(_name(happens), order, happens, when=condition, due=due, glance=glance))
        return happens

    return declare


def _name(happens: Rule) -> str:
    return happens.__name__.replace("_", " ")


def words_of(events: list[Event]) -> int:
    """How many words of eight random bytes the events need."""
    return max((event.slot for event in events if event.slot is not None), default=0) // SLOTS + 1
