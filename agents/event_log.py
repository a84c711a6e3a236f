"""The log of a sampled life: what happened, and what the migrant knew, wanted and feared then."""

from __future__ import annotations

from ..scenarios.catalogue import EVENTS
from .fear import fear_of
from .rule import rule
from .services import SERVICES_KNOWN

# A constant for each of EVENTS, in its order.
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
    LAID_OFF,
    FOUND_WORK,
) = range(len(EVENTS))


@rule
def log_event(migrant, here, event, need=0, provider=0, detail=0):
    """Write one line, if this is one of the lives that are kept. `need` counts from 1; 0 is none."""
    if migrant.sampled:
        write_line(migrant, here, event, need, provider, detail)


@rule
def write_line(migrant, here, event, need, provider, detail):
    """One line of the log."""
    log = here.log
    line = log.count
    log.month[line] = here.world.month
    log.migrant[line] = migrant.identity
    log.event[line] = event
    log.place[line] = migrant.home
    log.status[line] = migrant.status
    log.need[line] = need
    log.provider[line] = provider
    log.detail[line] = detail
    log.knows_city[line] = migrant.knows & SERVICES_KNOWN != 0
    log.knows_ngo[line] = (migrant.knows_ngo & here.city.ngo_kinds) != 0
    log.settler[line] = migrant.settler
    log.fear[line] = fear_of(migrant, here)
    log.belonging[line] = migrant.belonging
    log.count = line + 1
