"""Advice over the telephone by NGOs whose offices are out of reach (C3): reaches further, but weakly."""

from __future__ import annotations

from ..chance import PHONES
from ..ngo import kinds_for
from ..rule import rule
from ..tally import NGO, refusal
from .provider import ANSWERED, always, ask_at_counter, be_helped, dares_as_ngo, is_granted, provides

REFUSAL = refusal("telephone")


@rule("C3")
def kinds_elsewhere(migrant, here, case):
    """The kinds of NGO, as bits, that take such a case, are somewhere in the country, and out of reach."""
    return here.world.phone_kinds & kinds_for(migrant, here.world) & ~case.kinds


@rule("C3")
def is_there(migrant, here, case):
    """Whether anybody can be called."""
    return here.world.ngos_telephone > 0.0 and kinds_elsewhere(migrant, here, case) != 0


@rule("D2")
def is_known_to(migrant, here, case):
    """Whether the migrant has heard of such a kind."""
    return migrant.knows_ngo & kinds_elsewhere(migrant, here, case) != 0


@rule("C3")
def ask(migrant, here):
    """One call; it helps or it does not."""
    migrant.tried = migrant.tried | REFUSAL
    ask_at_counter(migrant, here, NGO, 1)
    if is_granted(migrant, here.world, PHONES, here.world.ngos_telephone):
        here.place.ngo_phone[migrant.status] += 1
        be_helped(migrant, here, NGO)
    return ANSWERED


provides(
    name="telephone",
    turn=50,
    tally=NGO,
    is_there=is_there,
    is_open=always,
    is_known=is_known_to,
    dares=dares_as_ngo,
    ask=ask,
    refusal=REFUSAL,
)
