"""The health insurance that national law attaches to the job (A1): wherever one lives, as long as one has the job.

The ledger counts it as the state's, until cities and NGOs are looked at again.
"""

from __future__ import annotations

from ..chance import REPORTED_TO_STATE, STATE_DELIVERS
from ..fear import dares_state
from ..language import gets_through
from ..rule import rule
from ..services import BY_EMPLOYER
from ..settling import enclave_of, feel_at_home
from ..tally import NATION, refusal
from .provider import ANSWERED, ask_at_counter, be_helped, be_refused, is_granted, may_be_reported, provides

REFUSAL = refusal("state")  # whoever has refused as the state is not asked again as the insurance
BY_JOB = 1  # `detail` of an event "asked"


@rule("A1")
def is_covered(migrant, here):
    """Whether the insurance answers this need, and has not refused it."""
    if not migrant.enrolled & BY_EMPLOYER or migrant.tried & REFUSAL:
        return False
    return here.world.needs_insured[migrant.need - 1] != 0


@rule
def always(_, __):
    """The insured may ask, and know that they may."""
    return True


@rule
def dares(_, here, nerve, fear):
    """As an office of the state."""
    return dares_state(nerve, fear, here.world)


@rule("A1")
def ask(migrant, here):
    """It pays for whoever has it, if they make themselves understood. No city's firewall holds here (A4)."""
    world = here.world
    feel_at_home(migrant, here)
    ask_at_counter(migrant, here, NATION, BY_JOB)
    understood = gets_through(migrant, world, 0.0, enclave_of(migrant, here))
    if is_granted(migrant, world, STATE_DELIVERS, world.services_fit[world.insurance_of_job] * understood):
        be_helped(migrant, here, NATION)
    else:
        be_refused(migrant, here, NATION, REFUSAL, 0)
    may_be_reported(migrant, here, REPORTED_TO_STATE, 0.0)
    return ANSWERED


provides(
    name="job",
    turn=10,
    tally=NATION,
    is_there=is_covered,
    is_open=always,
    is_known=always,
    dares=dares,
    ask=ask,
    refusal=REFUSAL,
    spares_search=always,
    is_office=True,
)
