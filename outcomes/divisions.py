"""How the country may be divided, for measures: by status, place, kind of need ...; and what its parts are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..scenarios.catalogue import RUNGS, STATUSES
from ..scenarios.vocabulary import MOVE, RUNG, STATUS, Term
from .entries import Entries

WITH_NGOS, WITHOUT_NGOS = "with NGOs", "without NGOs"


@dataclass(frozen=True)
class Division:
    """How the country may be divided: `note` says it in words, `groups` names the parts (of regions and places, the
    run does). `words`: as figures say it, of many; `terms`: what names the parts, label and colour; `in_order`:
    whether the parts are steps of one thing."""

    note: str
    groups: Callable[[Entries], tuple[str, ...]] = lambda entries: ()
    words: str = ""
    terms: Callable[[Entries], Mapping[str, Any]] = lambda entries: {}
    in_order: bool = False


def _stay(years: int) -> Term:
    said = "20 years or more" if years == 20 else f"{years} year{'' if years == 1 else 's'}"
    return Term(str(years), said, "Whole years in the country.")


DIVISIONS = {
    "status": Division("status", lambda entries: STATUSES, "statuses", lambda _: STATUS),
    "rung": Division(
        "rung (statuses, all unauthorised together)", lambda _: RUNGS, "groups of status", lambda _: RUNG
    ),
    "region": Division("region", words="regions"),
    "place": Division("place", words="municipalities"),
    "need": Division(
        "need",
        lambda entries: entries.needs.names,
        "kinds of need",
        lambda entries: dict(entries.needs.items()),
    ),
    "door": Division(
        "door", lambda entries: entries.doors.names, "doors", lambda entries: dict(entries.doors.items())
    ),
    "weights": Division(
        "weights (the same by another weight: residents, needs)",
        lambda _: ("residents", "needs"),
        "weights",
    ),
    "stay": Division(
        "stay (whole years in the country, 20 = 20 and more)",
        lambda _: tuple(map(str, range(21))),
        "years of stay",
        lambda _: {str(years): _stay(years) for years in range(21)},
        in_order=True,
    ),
    "origin_fifth": Division(
        "origin_fifth (fifths of migrants by the service level of where they live, 5 the best)",
        lambda _: ("1", "2", "3", "4", "5"),
        "fifths of origin",
        lambda _: MOVE,
        in_order=True,
    ),
    "service": Division(
        "service (whole country: the mean of all)",
        lambda entries: entries.services.names,
        "services",
        lambda entries: dict(entries.services.items()),
    ),
    "ngos": Division(
        "ngos (municipalities with and without an NGO)",
        lambda _: (WITH_NGOS, WITHOUT_NGOS),
        "municipalities",
    ),
}
