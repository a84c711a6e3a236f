"""The health insurance that national law attaches to the job (A1): wherever one lives, as long as one has the job.

The ledger counts it by itself: it is the employer's to give, and no office of the state.
"""

from __future__ import annotations

from ..rule import rule
from ..services import BY_EMPLOYER
from ..tally import JOB
from .provider import REFUSED_BY_STATE, always, ask_national_office, dares_as_office, provides

REFUSAL = REFUSED_BY_STATE  # whoever has refused as the state is not asked again as the insurance


@rule("A1")
def is_covered(migrant, here):
    """Whether the insurance answers this need, and has not refused it."""
    if not migrant.enrolled & BY_EMPLOYER or migrant.tried & REFUSAL:
        return False
    return here.world.needs_insured[migrant.need - 1] != 0


@rule
def is_there(migrant, here, _):
    """Whether the insurance is one to turn to."""
    return is_covered(migrant, here)


@rule("A1")
def ask(migrant, here):
    """It pays for whoever has it, if they make themselves understood."""
    chance = here.world.services_fit[here.world.insurance_of_job]
    return ask_national_office(migrant, here, JOB, chance)


provides(
    name="job",
    turn=10,
    tally=JOB,
    is_there=is_there,
    is_open=always,
    is_known=always,
    dares=dares_as_office,
    ask=ask,
    refusal=REFUSAL,
    spares_search=always,
    is_office=True,
)
