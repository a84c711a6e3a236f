"""Claiming: eligible, willing, asking and being served are separate rules (A1, B2, C2, D3, D4, D7)."""

from __future__ import annotations

from ..scenarios.catalogue import (
    CITY,
    CITY_ANSWERS,
    INSURANCE,
    LEGAL,
    NATION,
    NEEDS,
    NGO,
    NGO_ANSWERS,
    NGO_KINDS,
    OVERSTAYER,
    RUNG_OF_STATUS,
    SERVICES,
)
from .awareness import OFFERED, ask_around
from .chance import (
    ASKS,
    CITY_DELIVERS,
    DARES,
    DROPS_OUT,
    JOINS_NGO,
    MOBILISES,
    NGO_DELIVERS,
    PHONES,
    RELEASED,
    REPORTED,
    STATE_DELIVERS,
    TRAIT_KNOWS_STATE,
    draw,
)
from .chance import (
    WILLING as WILLING_DRAW,
)
from .diary import AFRAID, ASKED, INELIGIBLE, INSURED, REFUSED, TURNED_AWAY, UNWILLING, note
from .diary import RELEASED as WAS_RELEASED
from .fear import dares_city, dares_ngo, dares_state, fear_of
from .language import gets_through, interpreters_of
from .needs import AWARE, CLAIMED, ELIGIBLE, NOT_WORTH_IT, OPEN, WILLING, close_need
from .rule import rule
from .settling import be_treated_badly, be_treated_well, enclave_of, feel_at_home
from .status import NO_DATE, be_apprehended

_NONE = -1
MEDICAL, UNION = NGO_KINDS.index("medical"), NGO_KINDS.index("union")
_FIRST = tuple(SERVICES.index(s) if (s := CITY_ANSWERS[n][0]) else _NONE for n in NEEDS)
_SECOND = tuple(SERVICES.index(s) if (s := CITY_ANSWERS[n][1]) else _NONE for n in NEEDS)
_KINDS_FOR = tuple(
    sum(1 << i for i, kind in enumerate(NGO_KINDS) if need in NGO_ANSWERS[kind]) for need in NEEDS
)
_RUNG = RUNG_OF_STATUS
NOT_ASKING, ASKS_NGO = range(2)
_TRIED_CITY, _TRIED_STATE, TRIED_NGO, _TRIED_PHONE = 1, 2, 4, 8
MANY = 250


@rule
def has_right(world, status, need):
    """A1: a formal right on paper, by rung, the same in every municipality."""
    return _RUNG[status] < world.needs_right[need]


@rule
def is_open(city, status, service):
    """B2: services are for registered residents; the unauthorised only where the city lets them."""
    return status < OVERSTAYER or city.open[service] == 1


@rule
def is_insured(migrant):
    """D7: enrolled in a health insurance, the city's or through the job."""
    return (migrant.enrolled >> INSURANCE) & 1 == 1


@rule
def service_for(migrant, city, need):
    """B1: the service of this city that answers the need: the first one offered and open, else one offered.

    The insured turn to their insurance, wherever it comes from.
    """
    first = _FIRST[need]
    second = _SECOND[need]
    if first == INSURANCE and is_insured(migrant) and is_open(city, migrant.status, first):
        return first
    has_first = first >= 0 and city.level[first] > OFFERED
    has_second = second >= 0 and city.level[second] > OFFERED
    if has_first and (is_open(city, migrant.status, first) or not has_second):
        return first
    if has_second:
        return second
    return _NONE


@rule
def is_worth_the_trouble(migrant, world, need):
    """D4: a settler thinks it worth asking; a sojourner does so for necessities.

    Decided once in an episode, when first aware of somebody to ask; who settles thinks again.
    """
    if migrant.settler:
        return True
    bother = draw(world.luck_ever, migrant.identity, WILLING_DRAW, migrant.need_since)
    return bother < world.needs_necessity[need]


@rule
def knows_rights(migrant, world):
    """D2: many do not know the rights they have under national law; a lasting trait."""
    return draw(world.luck_ever, migrant.identity, TRAIT_KNOWS_STATE) < world.awareness_state


@rule
def seek_help(migrant, world, city, account, regional, pen):
    """One month of an episode: know of somebody, think it worth it, dare, be eligible, and ask.

    City before NGO before state; whoever has refused is not asked again in the same episode. Returns ASKS_NGO
    if the migrant queues at an NGO (whether there is room is settled at the end of the month).
    """
    need = migrant.need - 1
    service = service_for(migrant, city, need)
    ngo_kinds = city.ngo_kinds & _KINDS_FOR[need]
    right = state_is_open(world, migrant.status, need)
    by_phone = 0
    if world.ngos_telephone > 0.0:
        by_phone = world.phone_kinds & _KINDS_FOR[need] & ~city.ngo_kinds
    open_city = service >= 0 and is_open(city, migrant.status, service)
    if open_city or ngo_kinds != 0 or right or by_phone != 0:
        migrant.stage = migrant.stage | OPEN

    if (service < 0 or not (migrant.knows >> service) & 1) and not migrant.knows_ngo & ngo_kinds:
        ask_around(migrant, world, city, service, ngo_kinds, pen)
    knows_city = service >= 0 and (migrant.knows >> service) & 1 == 1
    if service == INSURANCE and is_insured(migrant):
        knows_city = True
    knows_ngo = (migrant.knows_ngo & ngo_kinds) != 0
    knows_state = right and knows_rights(migrant, world)
    knows_phone = (migrant.knows_ngo & by_phone) != 0
    if migrant.detained:
        knows_city = False  # A4: only an NGO comes to see the detained
        knows_state = False
        knows_phone = False
    if not (knows_city or knows_ngo or knows_state or knows_phone):
        return NOT_ASKING
    migrant.stage = migrant.stage | AWARE

    first_month = world.month == migrant.need_since
    if not is_worth_the_trouble(migrant, world, need):
        migrant.stage = migrant.stage | NOT_WORTH_IT
        if first_month:
            note(migrant, world, city, pen, UNWILLING, migrant.need, 0, 0)
        return NOT_ASKING
    fear = fear_of(migrant, world, city)
    nerve = 1.0
    if fear > 0.0:
        nerve = draw(world.luck_ever, migrant.identity, DARES, migrant.need_since)
    to_city = knows_city and dares_city(nerve, fear, world, city)
    dares_call = dares_ngo(nerve, fear, world)
    to_ngo = knows_ngo and dares_call and not migrant.tried & TRIED_NGO
    to_phone = knows_phone and dares_call
    to_state = knows_state and dares_state(nerve, fear, world)
    if first_month and knows_city and not to_city:
        note(migrant, world, city, pen, AFRAID, migrant.need, CITY, 0)
    if first_month and knows_state and not to_state:
        note(migrant, world, city, pen, AFRAID, migrant.need, NATION, 0)
    if not (to_city or to_ngo or to_state or to_phone):
        return NOT_ASKING
    migrant.stage = migrant.stage | WILLING

    if to_city and not open_city:
        if first_month:
            note(migrant, world, city, pen, INELIGIBLE, migrant.need, CITY, 0)
        to_city = False
    if not (to_city or to_ngo or to_state or to_phone):
        return NOT_ASKING
    migrant.stage = migrant.stage | ELIGIBLE

    if draw(world.luck_now, migrant.identity, ASKS) >= world.claiming_effort:
        return NOT_ASKING
    if to_city and not migrant.tried & _TRIED_CITY:
        ask_city(migrant, world, city, account, regional, pen, service)
    elif to_ngo:
        migrant.stage = migrant.stage | CLAIMED
        note(migrant, world, city, pen, ASKED, migrant.need, NGO, 0)
        return ASKS_NGO
    elif to_state and not migrant.tried & _TRIED_STATE:
        ask_state(migrant, world, city, account, regional, pen)
    elif to_phone and not migrant.tried & _TRIED_PHONE:
        ask_by_telephone(migrant, world, city, account, regional, pen)
    return NOT_ASKING


@rule
def count_claim(migrant):
    """One more claim in this life."""
    migrant.stage = migrant.stage | CLAIMED
    if migrant.claims < MANY:
        migrant.claims = migrant.claims + 1


@rule
def ask_city(migrant, world, city, account, regional, pen, service):
    """B1/A4: the town hall helps as far as its programme reaches; without a firewall it may also report."""
    need = migrant.need - 1
    count_claim(migrant)
    note(migrant, world, city, pen, ASKED, migrant.need, CITY, service)
    feel_at_home(migrant, world, city)
    understood = gets_through(migrant, world, interpreters_of(city), enclave_of(migrant, world, city))
    level = city.level[service]
    if service == INSURANCE and is_insured(migrant):
        level = 1.0  # who is insured has a claim, and needs no programme
    chance = level * world.services_fit[service] * city.fit * understood
    if draw(world.luck_now, migrant.identity, CITY_DELIVERS) < chance:
        if service == INSURANCE and not (migrant.enrolled >> INSURANCE) & 1:
            migrant.enrolled = migrant.enrolled | (1 << INSURANCE)
            note(migrant, world, city, pen, INSURED, need + 1, CITY, service)
        close_need(migrant, world, city, account, regional, pen, CITY)
        be_treated_well(migrant, world, city)
    else:
        migrant.tried = migrant.tried | _TRIED_CITY
        account.refused[migrant.status] += 1
        note(migrant, world, city, pen, REFUSED, need + 1, CITY, service)
        be_treated_badly(migrant, world, city)
    if migrant.status >= OVERSTAYER:
        report = world.enforcement_duty_to_report * (1.0 - world.fear_firewall * city.firewall)
        if draw(world.luck_now, migrant.identity, REPORTED) < report:
            be_apprehended(migrant, world, city, account, regional, pen)


@rule
def state_is_open(world, status, need):
    """A1/A6: a right on paper, or the nation's uniform programme."""
    if has_right(world, status, need) and world.needs_state_delivery[need] > 0.0:
        return True
    return world.policy_programme > 0.0 and _RUNG[status] < world.policy_programme_open


@rule
def state_delivers(world, status, need):
    """A1/A6/C8: chance that an office of the state helps: by right, the more so after court cases won, or by
    its uniform programme, which is the same everywhere and fits nobody in particular."""
    fails = 1.0
    if has_right(world, status, need):
        delivery = world.needs_state_delivery[need]
        fails = 1.0 - (delivery + (1.0 - delivery) * world.precedent)
    if _RUNG[status] < world.policy_programme_open:
        fails = fails * (1.0 - world.policy_programme * world.policy_programme_fit)
    return 1.0 - fails


@rule
def ask_by_telephone(migrant, world, city, account, regional, pen):
    """C3: an NGO without an office here advises over the telephone, which reaches further, but weakly."""
    migrant.tried = migrant.tried | _TRIED_PHONE
    count_claim(migrant)
    note(migrant, world, city, pen, ASKED, migrant.need, NGO, 1)
    if draw(world.luck_now, migrant.identity, PHONES) < world.ngos_telephone:
        account.ngo_phone[migrant.status] += 1
        close_need(migrant, world, city, account, regional, pen, NGO)
        be_treated_well(migrant, world, city)


@rule
def ask_state(migrant, world, city, account, regional, pen):
    """A1: the state's own offices help only so often, and only those they understand."""
    count_claim(migrant)
    note(migrant, world, city, pen, ASKED, migrant.need, NATION, 0)
    feel_at_home(migrant, world, city)
    understood = gets_through(migrant, world, 0.0, enclave_of(migrant, world, city))
    chance = state_delivers(world, migrant.status, migrant.need - 1) * understood
    if draw(world.luck_now, migrant.identity, STATE_DELIVERS) < chance:
        close_need(migrant, world, city, account, regional, pen, NATION)
        be_treated_well(migrant, world, city)
    else:
        migrant.tried = migrant.tried | _TRIED_STATE
        account.refused[migrant.status] += 1
        note(migrant, world, city, pen, REFUSED, migrant.need, NATION, 0)
        be_treated_badly(migrant, world, city)


@rule
def rank_in_queue(migrant, world, ngo, luck_of_queue):
    """C2/C4: lowest is served first: by lot, the unauthorised and most victimised ahead of the legal."""
    if migrant.status <= LEGAL:
        weight = world.ngo_kinds_legal_clients[ngo.kind]
        if weight <= 0.0:
            return 1.0 + luck_of_queue
        return luck_of_queue / weight
    return luck_of_queue


@rule
def hear_from_ngo(migrant, world, city, account, regional, pen, ngo, taken):
    """C1/C4: the NGO takes the case on, if it has room, and may solve it; else one may queue again."""
    if not taken:
        account.turned_away[migrant.status] += 1
        note(migrant, world, city, pen, TURNED_AWAY, migrant.need, NGO, ngo.kind)
        return
    count_claim(migrant)
    account.ngo_cases[migrant.status] += 1
    if draw(world.luck_now, migrant.identity, NGO_DELIVERS) >= chance_of_help(migrant, world, ngo):
        return
    if migrant.detained:
        if draw(world.luck_now, migrant.identity, RELEASED) >= world.enforcement_release:
            return
        migrant.detained = 0
        note(migrant, world, city, pen, WAS_RELEASED, migrant.need, NGO, 0)
    account.ngo_served[migrant.status] += 1
    close_need(migrant, world, city, account, regional, pen, NGO)
    be_treated_well(migrant, world, city)
    migrant.last_ngo = world.month
    join_ngo(migrant, world, ngo)


@rule
def chance_of_help(migrant, world, ngo):
    """C1/C6/C9/C10: the NGO's skill, less the cases native staff misjudge, better for paying members."""
    skill = ngo.skill
    if migrant.member == ngo.kind + 1:
        skill = min(1.0, skill + world.ngos_member_skill)
    return skill * ngo.fit


@rule
def join_ngo(migrant, world, ngo):
    """C10/D12: some become paying members, for as long as it lasts; a few of the wronged take up the cause."""
    if ngo.kind == MEDICAL or ngo.kind == UNION:
        if draw(world.luck_now, migrant.identity, JOINS_NGO) < world.ngos_membership:
            migrant.member = ngo.kind + 1
    if migrant.settler and migrant.wronged:
        if draw(world.luck_now, migrant.identity, MOBILISES) < world.voice_mobilise:
            migrant.mobilised = 1


@rule
def stay_member(migrant, world):
    """C10: premiums stop after the illness, dues after the dispute."""
    if draw(world.luck_now, migrant.identity, DROPS_OUT) < world.ngos_dropping_out:
        migrant.member = 0


@rule
def note_return(migrant, world, account):
    """D7: coming back to an NGO with a new need soon after the last one was solved."""
    if world.month - migrant.last_ngo <= world.claiming_return_after and migrant.last_ngo >= 0:
        account.ngo_returned[migrant.status] += 1
        migrant.last_ngo = NO_DATE
