"""The ladder of formal status (A1, A3) and enforcement (A4)."""

from __future__ import annotations

from ..scenarios.catalogue import ARREST, CITIZEN, DENIZEN, INSURANCE, IRREGULAR, LEGAL, NOBODY, OVERSTAYER
from .chance import CHANGES_STATUS, OVERSTAYS, PAPERWORK, REGULARISED, RENEWED, draw, lane_draw
from .diary import APPREHENDED, STATUS, note
from .needs import begin_need, close_need
from .rule import rule
from .services import BY_EMPLOYER
from .settling import NEVER_DUE

LONG_PERMIT = 36  # months: the permit given on marriage
MARRIED_RENEWAL = 0.95  # spouses of nationals are rarely refused
NO_DATE = -32_000  # before every run
SHORTEST_AMNESTY = 12  # months: no permit given in an amnesty is shorter, whatever the door
# What a permit rests on beside the door (`migrant.grounds`): nothing, marriage to a national, an amnesty.
MARRIED, BY_AMNESTY = 1, 2


@rule
def change_status(migrant, world, city, account, pen, status):
    """Move to another rung; the ledger sees one person leave the old one and join the new."""
    account.status_out[migrant.status] += 1
    account.status_in[status] += 1
    if status > LEGAL + 1:
        migrant.legal_since = NO_DATE
        migrant.permit_until = NEVER_DUE
        migrant.enrolled = migrant.enrolled & ~BY_EMPLOYER  # insurance is for residents with a permit
        if city.open[INSURANCE] == 0:
            migrant.enrolled = migrant.enrolled & ~(1 << INSURANCE)
    elif status < LEGAL:
        migrant.permit_until = NEVER_DUE
    migrant.status = status
    note(migrant, world, city, pen, STATUS, 0, 0, status)


@rule
def permit_expires(migrant, world, city, account, pen):
    """A3: the permit is renewed, or the migrant overstays or leaves. True if the migrant leaves."""
    door = migrant.door
    renewal = world.doors_renewal[door]
    permit = max(1, world.doors_permit[door])
    if migrant.grounds == MARRIED:
        renewal = max(renewal, MARRIED_RENEWAL)
        permit = max(permit, LONG_PERMIT)
    elif migrant.grounds == BY_AMNESTY:
        renewal = max(renewal, world.status_regularised_renewal)
        permit = max(permit, SHORTEST_AMNESTY)
    if draw(world.luck_now, migrant.identity, RENEWED) < renewal:
        migrant.permit_until = world.month + permit
        return False
    if draw(world.luck_now, migrant.identity, OVERSTAYS) < world.doors_overstay[door]:
        change_status(migrant, world, city, account, pen, OVERSTAYER)
        return False
    return True


@rule
def climb_or_slip(migrant, world, city, account, regional, luck_bytes, pen):
    """One month's chances on the ladder; at most one comes true.

    The unauthorised may be apprehended, or marry a national and be given special permission. Those with a
    permit may slip: work outside its activity, or desert the workplace it was given for. Settlers may climb:
    marry a national, obtain permanent residence, be naturalised.
    """
    if migrant.status == CITIZEN:
        return
    u = lane_draw(world.luck_now, migrant.identity, luck_bytes, CHANGES_STATUS)
    if migrant.status >= IRREGULAR:
        risk = apprehension_risk(migrant, world)
        if u < risk:
            be_apprehended(migrant, world, city, account, regional, pen)
            return
        u = u - risk
    if migrant.status <= IRREGULAR and migrant.status >= LEGAL:
        slip = world.doors_runaway[migrant.door]
        if u < slip:
            change_status(migrant, world, city, account, pen, OVERSTAYER)
            return
        u = u - slip
        if migrant.status == LEGAL:
            slip = world.doors_outside_activity[migrant.door]
            if u < slip:
                change_status(migrant, world, city, account, pen, IRREGULAR)
                return
            u = u - slip
    if migrant.status <= LEGAL and not migrant.family:
        if u < world.doors_family_joins[migrant.door]:
            bring_family(migrant, world)
            return
        u = u - world.doors_family_joins[migrant.door]
    if not migrant.settler:
        return
    if migrant.grounds != MARRIED:
        if u < world.status_marriage:
            marry(migrant, world, city, account, pen)
            return
        u = u - world.status_marriage
    if migrant.status == LEGAL:
        if u < world.status_permanent_rate:
            if legal_months(migrant, world) >= permanent_threshold(migrant, world):
                change_status(migrant, world, city, account, pen, DENIZEN)
            return
        u = u - world.status_permanent_rate
    if migrant.status <= LEGAL and u < world.status_naturalise_apply:
        apply_for_citizenship(migrant, world, city, account, pen)


@rule
def be_regularised(migrant, world, city, account, pen):
    """A3/A5: an amnesty gives some of the unauthorised who have been in the country long enough a permit to
    work, and those held for deportation none."""
    if world.month - migrant.arrived < world.status_amnesty_after:
        return
    if draw(world.luck_now, migrant.identity, REGULARISED) >= world.status_amnesty:
        return
    if migrant.legal_since == NO_DATE:
        migrant.legal_since = world.month
    change_status(migrant, world, city, account, pen, LEGAL)
    migrant.permit_until = world.month + max(SHORTEST_AMNESTY, world.doors_permit[migrant.door])
    if migrant.grounds != MARRIED:
        migrant.grounds = BY_AMNESTY


@rule
def bring_family(migrant, world):
    """A8: where the state admits families, they come after a year. They are not migrants of their own here."""
    if legal_months(migrant, world) >= 12:
        migrant.family = 1


@rule
def legal_months(migrant, world):
    """Months of uninterrupted legal residence."""
    if migrant.legal_since == NO_DATE:
        return 0
    return world.month - migrant.legal_since


@rule
def permanent_threshold(migrant, world):
    """A3: ten years of residence, or what is asked of the spouses of nationals."""
    if migrant.grounds == MARRIED:
        return min(world.status_permanent_after, world.status_permanent_married)
    return world.status_permanent_after


@rule
def apply_for_citizenship(migrant, world, city, account, pen):
    """A3: onerous paperwork, then the officials' discretion."""
    if legal_months(migrant, world) < world.status_naturalise_after:
        return
    if draw(world.luck_now, migrant.identity, PAPERWORK) < world.status_naturalise_granted:
        change_status(migrant, world, city, account, pen, CITIZEN)


@rule
def marry(migrant, world, city, account, pen):
    """A3: marriage to a national brings a long permit, to some of the unauthorised as well."""
    migrant.grounds = MARRIED
    migrant.family = 1
    if migrant.status >= IRREGULAR:
        if draw(world.luck_now, migrant.identity, PAPERWORK) >= world.status_special_permission:
            return
        if migrant.legal_since == NO_DATE:
            migrant.legal_since = world.month
        change_status(migrant, world, city, account, pen, LEGAL)
    if migrant.status == LEGAL:
        migrant.permit_until = world.month + LONG_PERMIT


@rule
def apprehension_risk(migrant, world):
    """A4: chance of being apprehended this month."""
    if migrant.status == IRREGULAR:
        return world.apprehension * world.enforcement_outside_activity
    return world.apprehension


@rule
def be_apprehended(migrant, world, city, account, regional, pen):
    """A4: detention; whatever else was the matter goes unmet, and getting out becomes the need."""
    if migrant.detained:
        return
    note(migrant, world, city, pen, APPREHENDED, 0, 0, 0)
    if migrant.need:
        close_need(migrant, world, city, account, regional, pen, NOBODY)
    migrant.detained = 1
    begin_need(migrant, world, city, pen, ARREST, world.month)
