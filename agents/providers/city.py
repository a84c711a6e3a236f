"""The town hall (B1, B2): helps as far as its programme reaches, those it is open to."""

from __future__ import annotations

from ..awareness import learn_by_claiming, learn_service
from ..chance import CITY_DELIVERS, REPORTED
from ..cities.voice import fit_for
from ..event_log import INSURED, JOINED, log_event
from ..fear import dares_city
from ..language import gets_through, interpreters_for
from ..rule import rule
from ..services import bit_of, is_enrolled, is_known, is_offered, is_open
from ..settling import enclave_of, feel_at_home, is_in_programme
from ..tally import CITY, refusal
from .provider import ANSWERED, ask_at_counter, be_helped, be_refused, is_granted, may_be_reported, provides

REFUSAL = refusal("city")


@rule("B1")
def service_for(migrant, here):
    """The service of this city that answers the present need; -1 for none."""
    return service_answering(migrant, here, migrant.need - 1)


@rule("B1")
def service_answering(migrant, here, need):
    """The service of this city that answers a need: the first one offered and open, else the last one offered; -1 for
    none.

    Those enrolled in the city's insurance turn to it.
    """
    world = here.world
    offered = -1
    for i in range(world.needs_services.shape[1]):
        service = world.needs_services[need, i]
        if service < 0:
            break
        may = is_open(migrant, here, service)
        if may and is_own_insurance(migrant, world, service):
            return service
        if is_offered(here.city, service):
            offered = service
            if may:
                break
    return offered


@rule("D7")
def is_own_insurance(migrant, world, service):
    """Whether the service is an insurance the migrant is enrolled in."""
    return world.services_insurance[service] != 0 and is_enrolled(migrant, service)


@rule
def is_there(_, __, case):
    """Whether the city offers anything that answers the need."""
    return case.service >= 0


@rule
def is_open_to(migrant, here, case):
    """Whether it is open to this migrant."""
    return is_open(migrant, here, case.service)


@rule("D2")
def is_known_to(migrant, here, case):
    """Whether the migrant knows of it; the insured know their insurance."""
    return is_known(migrant, case.service) or is_own_insurance(migrant, here.world, case.service)


@rule("D2")
def is_heard_of(migrant, _, case):
    """Whether the migrant has heard of it, insured or not."""
    return is_known(migrant, case.service)


@rule
def dares(_, here, nerve, fear):
    """Fear, less the firewall."""
    return dares_city(nerve, fear, here)


@rule("B1", "A4")
def ask(migrant, here):
    """The town hall helps as far as its programme reaches; without a firewall it may also report."""
    world, city = here.world, here.city
    service = service_for(migrant, here)
    ask_at_counter(migrant, here, CITY, service)
    feel_at_home(migrant, here)
    understood = gets_through(migrant, world, interpreters_for(migrant, here), enclave_of(migrant, here))
    level = city.level[service]
    if is_own_insurance(migrant, world, service):
        level = 1.0  # who is insured has a claim, and needs no programme
    chance = level * world.services_fit[service] * fit_for(migrant, here, service) * understood
    if is_granted(migrant, world, CITY_DELIVERS, chance):
        enrol_by_claiming(migrant, here, service)
        learn_by_claiming(migrant, here)
        be_helped(migrant, here, CITY)
    else:
        be_refused(migrant, here, CITY, REFUSAL, service)
    may_be_reported(migrant, here, REPORTED, world.fear_firewall * city.firewall)
    return ANSWERED


@rule("D7")
def enrol_by_claiming(migrant, here, service):
    """Who got insurance or a place at school through a claim is enrolled from then on."""
    world = here.world
    if is_enrolled(migrant, service):
        return
    if world.services_insurance[service]:
        migrant.enrolled = migrant.enrolled | bit_of(service)
        log_event(migrant, here, INSURED, migrant.need, CITY, service)
    elif world.services_school[service]:
        if not is_in_programme(migrant, world):
            migrant.joined = world.month
        migrant.enrolled = migrant.enrolled | bit_of(service)
        log_event(migrant, here, JOINED, migrant.need, CITY, service)


@rule("D2")
def be_found(migrant, here):
    """Asking around leads to the service that answers the need."""
    learn_service(migrant, here, service_for(migrant, here))
    return ANSWERED


provides(
    name="city",
    turn=20,
    tally=CITY,
    is_there=is_there,
    is_open=is_open_to,
    is_known=is_known_to,
    dares=dares,
    ask=ask,
    refusal=REFUSAL,
    spares_search=is_heard_of,
    be_found=be_found,
    is_office=True,
)
