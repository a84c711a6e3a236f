"""Who may help in a need: a few questions, the same of everybody.

Each provider is a file of this folder that declares itself with `provides(...)`; nothing else need be touched to add
one. Bit sets over the providers, in the order in which they are asked, are what `claiming` goes through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..apprehension import be_apprehended, is_reported
from ..chance import REPORTED_TO_STATE, STATE_DELIVERS, draw
from ..event_log import ASKED, REFUSED, log_event
from ..fear import dares_ngo, dares_state
from ..language import gets_through
from ..needs import CLAIMED, MANY, close_need
from ..rule import rule
from ..settling import be_treated_badly, be_treated_well, enclave_of, feel_at_home
from ..tally import refusal

Rule = Callable[..., Any]

# What comes of asking.
ANSWERED, QUEUES = range(2)
REFUSED_BY_STATE = refusal("state")


class Case(NamedTuple):
    """What answers the present need of a migrant, here (see claiming.case_of)."""

    service: int  # of the city; -1 for none
    kinds: int  # of NGO within reach that take such a case, as bits


@dataclass(frozen=True)
class Provider:
    """A provider, and how it answers. The first questions are rules of (migrant, here, case) that say yes or no.

    `is_there`: is there one for this need; the other questions are asked only if so.
    `is_open`: is it open to this migrant.
    `is_known`: does the migrant know it.
    `dares(migrant, here, nerve, fear)`: does fear allow to ask it.
    `spares_search`: does the migrant know enough of it not to ask around.
    `ask(migrant, here)`: what comes of asking: ANSWERED or QUEUES.
    `be_found(migrant, here)`: what is learned where asking around leads to it; ANSWERED.

    `turn`: its place in the order of asking. `tally`: its row in the ledger. `refusal`: its bit in `migrant.tried`, set
    once it has refused. `visits_detained`: whether it comes to see those in detention. `is_office`: whether to be
    afraid of it is worth a line in a life. `is_claim`: whether to ask it is to claim, and its help citizenship; who is
    not so asked is one's own, turned to before anybody else, and counts in no step of the cascade.
    """

    name: str
    turn: int
    tally: int
    is_there: Rule
    is_open: Rule
    is_known: Rule
    dares: Rule
    ask: Rule
    refusal: int
    spares_search: Rule | None = None
    be_found: Rule | None = None
    visits_detained: bool = False
    is_office: bool = False
    is_claim: bool = True


DECLARED: list[Provider] = []


def provides(**answers: Any) -> Provider:
    """Declare a provider; see `Provider` for what is asked."""
    provider = Provider(**answers)
    DECLARED.append(provider)
    return provider


@rule("E4")
def count_claim(migrant):
    """One more claim in this life."""
    migrant.stage = migrant.stage | CLAIMED
    if migrant.claims < MANY:
        migrant.claims = migrant.claims + 1


@rule("D5")
def be_helped(migrant, here, tally):
    """The need is met."""
    close_need(migrant, here, tally)
    be_treated_well(migrant, here)


@rule("D5")
def be_refused(migrant, here, tally, refusal, detail):
    """Whoever has refused (a bit) is not asked again in this episode."""
    migrant.tried = migrant.tried | refusal
    here.place.refused[migrant.status] += 1
    log_event(migrant, here, REFUSED, migrant.need, tally, detail)
    be_treated_badly(migrant, here)


@rule
def ask_at_counter(migrant, here, tally, detail):
    """A claim is made, and written into the life."""
    count_claim(migrant)
    log_event(migrant, here, ASKED, migrant.need, tally, detail)


@rule("C12")
def turn_to_own(migrant, here, tally):
    """One's own are asked as a friend is: it is written into the life, and no claim."""
    log_event(migrant, here, ASKED, migrant.need, tally, 0)


@rule("C12")
def be_helped_by_own(migrant, here, tally):
    """The need is met, and nobody is brought closer to the place by it."""
    close_need(migrant, here, tally)


@rule("A4")
def may_be_reported(migrant, here, luck_of_whom, protection):
    """Who came to a public office may be apprehended for it."""
    if is_reported(migrant, here.world, luck_of_whom, protection):
        here.place.reported += 1
        be_apprehended(migrant, here)


@rule
def is_granted(migrant, world, luck_of_whom, chance):
    """Whether a claim comes true."""
    return draw(world.luck_now, migrant.identity, luck_of_whom) < chance


# Answers that several providers share ------------------------------------------------------------------------


@rule
def always(_, __, ___):
    """Open to everybody, or known to everybody."""
    return True


@rule
def dares_as_office(_, here, nerve, fear):
    """As an office of the state: no city's firewall holds there."""
    return dares_state(nerve, fear, here.world)


@rule
def dares_as_ngo(_, here, nerve, fear):
    """As an NGO, which is feared much less."""
    return dares_ngo(nerve, fear, here.world)


@rule("A1", "A4")
def ask_national_office(migrant, here, tally, chance):
    """An office of the state, or one that stands in for it, helps those whom it understands; it may report."""
    feel_at_home(migrant, here)
    ask_at_counter(migrant, here, tally, 0)
    understood = gets_through(migrant, here.world, 0.0, enclave_of(migrant, here))
    if is_granted(migrant, here.world, STATE_DELIVERS, chance * understood):
        be_helped(migrant, here, tally)
    else:
        be_refused(migrant, here, tally, REFUSED_BY_STATE, 0)
    may_be_reported(migrant, here, REPORTED_TO_STATE, 0.0)
    return ANSWERED
