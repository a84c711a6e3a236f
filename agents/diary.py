"""Keeping the diary of a sampled life: what happened, and what the migrant knew, wanted and feared then."""

from __future__ import annotations

from ..scenarios.catalogue import EVENTS
from .fear import fear_of
from .rule import rule
from .services import SERVICES_KNOWN

(
    ARRIVED,
    PRESENT,
    NEED,
    LEARNED_CITY,
    LEARNED_NGO,
    ASKED,
    SERVED,
    REFUSED,
    TURNED_AWAY,
    AFRAID,
    UNWILLING,
    INELIGIBLE,
    GAVE_UP,
    CONSEQUENCE,
    MOVED,
    LOST,
    JOINED,
    QUIT,
    INSURED,
    INSURANCE_LAPSED,
    SETTLED,
    EXTENDED,
    STATUS,
    APPREHENDED,
    RELEASED,
    DEPORTED,
    LEFT,
) = range(len(EVENTS))


@rule
def note(migrant, world, city, pen, event, need, provider, detail):
    """Write one line, if this is one of the lives that are kept. `need` counts from 1; 0 is none."""
    if migrant.sampled:
        write_line(migrant, world, city, pen, event, need, provider, detail)


@rule
def write_line(migrant, world, city, pen, event, need, provider, detail):
    """One line of the diary."""
    line = pen.count
    pen.month[line] = world.month
    pen.migrant[line] = migrant.identity
    pen.event[line] = event
    pen.place[line] = migrant.home
    pen.status[line] = migrant.status
    pen.need[line] = need
    pen.provider[line] = provider
    pen.detail[line] = detail
    pen.knows_city[line] = migrant.knows & SERVICES_KNOWN != 0
    pen.knows_ngo[line] = (migrant.knows_ngo & city.ngo_kinds) != 0
    pen.settler[line] = migrant.settler
    pen.fear[line] = fear_of(migrant, world, city)
    pen.belonging[line] = migrant.belonging
    pen.count = line + 1
