"""The ladder of formal status (A1, A3) and enforcement (A4)."""

from __future__ import annotations

from ..scenarios.catalogue import CITIZEN, DENIZEN, EXPIRY, IRREGULAR, LEGAL, OVERSTAYER
from .apprehension import BY_AMNESTY, NO_DATE, arrests_one_by_one, be_apprehended
from .chance import CHANGES_STATUS, OVERSTAYS, PAPERWORK, REGULARISED, RENEWED, draw
from .claiming import await_deportation
from .event import FAMILY, GOES, GOES_ON, PLACE, RUNG, SETTLER, by_chance, when
from .event_log import STATUS, log_event
from .family import MARRIED, bring_children
from .mechanism import mechanism
from .needs import seeks_home
from .rule import rule
from .services import BY_EMPLOYER, INSURES, bit_of
from .settling import NEVER_DUE

JOINED_LATER = 1  # in the draws about children, beside those who came along


mechanism(
    "A3",
    "Status transitions",
    "permits run out, few become denizens or citizens; more did after the relaxation",
    without={
        "status.permanent_rate": 0.0,
        "status.marriage": 0.0,
        "status.naturalise_apply": 0.0,
        "status.amnesty": 0.0,
        "doors.*(permit).overstay": 0.0,
        "doors.*(permit).runaway": 0.0,
        "doors.*(permit).outside_activity": 0.0,
    },
    brought_in={"status.amnesty": 0.02, "status.amnesty_after": 36},
    instead="visitors overstay even so: that is their door of entry (A2)",
)


@rule("A1", "A3")
def change_status(migrant, here, status):
    """Move to another rung; the ledger sees one person leave the old one and join the new."""
    world = here.world
    here.place.status_out[migrant.status] += 1
    here.place.status_in[status] += 1
    if status > LEGAL + 1:
        migrant.legal_since = NO_DATE
        migrant.permit_until = NEVER_DUE
        migrant.enrolled = migrant.enrolled & ~BY_EMPLOYER  # insurance is for residents with a permit
        for i in range(world.role_counts[INSURES]):
            service = world.role_services[INSURES, i]
            if here.city.open[service] == 0:
                migrant.enrolled = migrant.enrolled & ~bit_of(service)
    elif status < LEGAL:
        migrant.permit_until = NEVER_DUE
    migrant.status = status
    log_event(migrant, here, STATUS, 0, 0, status)


@rule
def permit_has_expired(migrant, world):
    """The permit's last month has come; without a permit it never does."""
    return world.month >= migrant.permit_until


@when(permit_has_expired, order=20)
@rule("A3", "D11")
def permit_expires(migrant, here):
    """The permit is renewed, or the migrant overstays or leaves."""
    world, door = here.world, migrant.door
    renewal = world.doors_renewal[door]
    permit = max(1, world.doors_permit[door])
    if migrant.grounds == MARRIED:
        renewal = max(renewal, world.status_married_renewal)
        permit = max(permit, world.status_married_permit)
    elif migrant.grounds == BY_AMNESTY:
        renewal = max(renewal, world.status_regularised_renewal)
        permit = max(permit, world.status_amnesty_permit)
    if draw(world.luck_now, migrant.identity, RENEWED) < renewal:
        migrant.permit_until = world.month + permit
        return GOES_ON
    if draw(world.luck_now, migrant.identity, OVERSTAYS) < world.doors_overstay[door]:
        change_status(migrant, here, OVERSTAYER)
        return GOES_ON
    return GOES + EXPIRY


@rule
def amnesty_is_on(_, world):
    """Whether anybody is regularised this month."""
    return world.status_amnesty > 0.0


@rule
def may_be_regularised(migrant, world):
    """The unauthorised, while there is an amnesty."""
    return amnesty_is_on(migrant, world) & (migrant.status >= IRREGULAR)


@when(may_be_regularised, order=25, glance=amnesty_is_on)
@rule("A3", "A5")
def be_regularised(migrant, here):
    """An amnesty gives some of the unauthorised who have been in the country long enough a permit to work, and
    those held for deportation none."""
    world = here.world
    if world.month - migrant.arrived < world.status_amnesty_after:
        return GOES_ON
    if draw(world.luck_now, migrant.identity, REGULARISED) >= world.status_amnesty:
        return GOES_ON
    if migrant.legal_since == NO_DATE:
        migrant.legal_since = world.month
    change_status(migrant, here, LEGAL)
    migrant.permit_until = world.month + max(world.status_amnesty_permit, world.doors_permit[migrant.door])
    if migrant.grounds != MARRIED:
        migrant.grounds = BY_AMNESTY
    return GOES_ON


# One month's chances on the ladder, of which at most one comes true --------------------------------------


@rule("A4")
def chance_of_apprehension(migrant, here):
    """For the unauthorised, one by one or in a raid; less for those who only work outside their visa."""
    world = here.world
    if migrant.status < IRREGULAR:
        return 0.0
    chance = arrests_one_by_one(world) + here.city.raid
    if migrant.status == IRREGULAR:
        return chance * world.enforcement_outside_activity
    return chance


@by_chance(
    order=30,
    slot=CHANGES_STATUS,
    chance=chance_of_apprehension,
    looks_at=RUNG | PLACE,
    hint="enforcement.*, status.* and doors.*.runaway",
)
@rule("A4")
def be_caught(migrant, here, _):
    """Apprehended; from detention one can only seek help."""
    be_apprehended(migrant, here)
    return await_deportation(migrant, here)


@rule("A3")
def chance_to_run_away(migrant, here):
    """Those with a permit may desert the workplace it was given for."""
    if migrant.status < LEGAL or migrant.status > IRREGULAR:
        return 0.0
    return here.world.doors_runaway[migrant.door]


@by_chance(order=31, slot=CHANGES_STATUS, chance=chance_to_run_away, looks_at=RUNG)
@rule("A3")
def run_away(migrant, here, _):
    """Without the workplace the permit is gone."""
    change_status(migrant, here, OVERSTAYER)
    return GOES_ON


@rule("A3")
def chance_to_work_outside_activity(migrant, here):
    """Those with a permit may work beyond what it allows."""
    if migrant.status != LEGAL:
        return 0.0
    return here.world.doors_outside_activity[migrant.door]


@by_chance(order=32, slot=CHANGES_STATUS, chance=chance_to_work_outside_activity, looks_at=RUNG)
@rule("A3")
def work_outside_activity(migrant, here, _):
    """The visa is kept, but the work is not what it was given for."""
    change_status(migrant, here, IRREGULAR)
    return GOES_ON


mechanism(
    "A8",
    "Family admission",
    "only co-ethnics may bring families, and they are the most settled",
    without={"doors.*.family_joins": 0.0, "doors.coethnic.family": 0.0},
    brought_in={"doors.coethnic.family_joins": 0.006, "doors.coethnic.family": 0.3},
    instead="off, nobody is admitted as family; those of other doors are families of nationals",
)


@rule("A8")
def chance_that_family_joins(migrant, here):
    """Where the state admits families: sooner of those who mean to stay, and of nobody who has no work, debts to pay
    off, or trouble over a home."""
    world = here.world
    if migrant.status > LEGAL or migrant.status == CITIZEN or migrant.family:
        return 0.0
    if migrant.jobless or world.month < migrant.owes_until or seeks_home(migrant, world):
        return 0.0
    chance = world.doors_family_joins[migrant.door]
    if not migrant.settler:
        chance = chance * world.settling_family_sojourner
    return chance


@by_chance(order=33, slot=CHANGES_STATUS, chance=chance_that_family_joins, looks_at=RUNG | FAMILY | SETTLER)
@rule("A8")
def bring_family(migrant, here, _):
    """Families come after a time. They are not migrants of their own here."""
    if legal_months(migrant, here.world) >= here.world.status_family_after:
        migrant.family = 1
        bring_children(migrant, here.world, JOINED_LATER)
    return GOES_ON


@rule("A3")
def chance_to_marry(migrant, here):
    """Settlers without a partner may marry a national, of some categories more than of others."""
    if not migrant.settler or migrant.status == CITIZEN or migrant.family:
        return 0.0
    return here.world.status_marriage * here.world.doors_marrying[migrant.door]


@by_chance(order=34, slot=CHANGES_STATUS, chance=chance_to_marry, looks_at=FAMILY | SETTLER)
@rule("A3")
def marry(migrant, here, _):
    """Marriage to a national brings a long permit, to some of the unauthorised as well."""
    world = here.world
    migrant.grounds = MARRIED
    migrant.family = 1
    if migrant.status >= IRREGULAR:
        if draw(world.luck_now, migrant.identity, PAPERWORK) >= world.status_special_permission:
            return GOES_ON
        if migrant.legal_since == NO_DATE:
            migrant.legal_since = world.month
        change_status(migrant, here, LEGAL)
    if migrant.status == LEGAL:
        migrant.permit_until = world.month + world.status_married_permit
    return GOES_ON


@rule("A3")
def chance_of_permanence(migrant, here):
    """Settlers with a permit may ask for permanent residence."""
    if not migrant.settler or migrant.status != LEGAL:
        return 0.0
    return here.world.status_permanent_rate


@by_chance(order=35, slot=CHANGES_STATUS, chance=chance_of_permanence, looks_at=RUNG | SETTLER)
@rule("A3")
def become_permanent(migrant, here, _):
    """Granted once the residence threshold is reached."""
    if legal_months(migrant, here.world) >= permanent_threshold(migrant, here.world):
        change_status(migrant, here, DENIZEN)
    return GOES_ON


@rule("A3")
def chance_to_apply_for_citizenship(migrant, here):
    """Settlers with rights of residence may want to be naturalised."""
    if not migrant.settler or migrant.status > LEGAL or migrant.status == CITIZEN:
        return 0.0
    return here.world.status_naturalise_apply


@by_chance(order=36, slot=CHANGES_STATUS, chance=chance_to_apply_for_citizenship, looks_at=RUNG | SETTLER)
@rule("A3")
def apply_for_citizenship(migrant, here, _):
    """Onerous paperwork, then the officials' discretion."""
    world = here.world
    if legal_months(migrant, world) < world.status_naturalise_after:
        return GOES_ON
    if draw(world.luck_now, migrant.identity, PAPERWORK) < world.status_naturalise_granted:
        change_status(migrant, here, CITIZEN)
    return GOES_ON


@rule
def legal_months(migrant, world):
    """Months of uninterrupted legal residence."""
    if migrant.legal_since == NO_DATE:
        return 0
    return world.month - migrant.legal_since


@rule("A3")
def permanent_threshold(migrant, world):
    """Ten years of residence, or what is asked of the spouses of nationals."""
    if migrant.grounds == MARRIED:
        return min(world.status_permanent_after, world.status_permanent_married)
    return world.status_permanent_after
