"""Claiming: eligible, willing, asking and being served are separate rules (A1, B2, C2, D3, D4, D7)."""

from __future__ import annotations

from ..scenarios.catalogue import (
    ABUSE,
    BY_JOB,
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
    SCHOOLING,
    SERVICES,
)
from .awareness import BY_NGO, ask_around, be_told_of_rights, learn_by_claiming
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
    REPORTED_TO_STATE,
    STATE_DELIVERS,
    draw,
)
from .chance import (
    WILLING as WILLING_DRAW,
)
from .diary import AFRAID, ASKED, INELIGIBLE, INSURED, JOINED, REFUSED, TURNED_AWAY, UNWILLING, note
from .diary import RELEASED as WAS_RELEASED
from .enrolling import MANY
from .fear import dares_city, dares_ngo, dares_state, fear_of
from .language import gets_through, interpreters_for
from .needs import (
    AWARE,
    CLAIMED,
    ELIGIBLE,
    KNOWS_NOBODY,
    NOT_WORTH_IT,
    OPEN,
    WILLING,
    close_need,
    key_of_episode,
)
from .rule import rule
from .services import BY_EMPLOYER, RIGHTS, is_offered, is_open
from .settling import PROGRAMMES, be_treated_badly, be_treated_well, enclave_of, feel_at_home
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


@rule
def has_right(world, status, need):
    """A1: a formal right on paper, by rung, the same in every municipality."""
    return _RUNG[status] < world.needs_right[need]


@rule
def is_insured(migrant):
    """D7: enrolled in the city's health insurance."""
    return (migrant.enrolled >> INSURANCE) & 1 == 1


@rule
def is_covered_by_job(migrant, need):
    """A1: the health insurance that national law attaches to the job answers this need, wherever one lives."""
    return _FIRST[need] == INSURANCE and migrant.enrolled & BY_EMPLOYER != 0


@rule
def service_for(migrant, city, need):
    """B1: the service of this city that answers the need: the first one offered and open, else one offered.

    Those enrolled in the city's insurance turn to it.
    """
    first = _FIRST[need]
    second = _SECOND[need]
    if first == INSURANCE and is_insured(migrant) and is_open(migrant, city, first):
        return first
    has_first = first >= 0 and is_offered(city, first)
    has_second = second >= 0 and is_offered(city, second)
    if has_first and (is_open(migrant, city, first) or not has_second):
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
    bother = draw(world.luck_ever, migrant.identity, WILLING_DRAW, key_of_episode(migrant))
    return bother < world.needs_necessity[need]


@rule
def knows_rights(migrant):
    """D2: many do not know the rights they have under national law."""
    return migrant.knows & RIGHTS != 0


@rule
def seek_help(migrant, world, city, account, regional, pen):
    """One month of an episode: know of somebody, think it worth it, dare, be eligible, and ask.

    The insurance of one's job first, then city before NGO before state; whoever has refused is not asked again in the
    same episode. Returns ASKS_NGO if the migrant queues at an NGO (whether there is room is settled at
    the end of the month).
    """
    need = migrant.need - 1
    service = service_for(migrant, city, need)
    ngo_kinds = city.ngo_kinds & _KINDS_FOR[need]
    covered = is_covered_by_job(migrant, need) and not migrant.tried & _TRIED_STATE
    right = covered or state_is_open(world, migrant.status, need)
    by_phone = 0
    if world.ngos_telephone > 0.0:
        by_phone = world.phone_kinds & _KINDS_FOR[need] & ~city.ngo_kinds
    open_city = service >= 0 and is_open(migrant, city, service)
    if migrant.detained:  # A4: only an NGO comes to see the detained
        service = _NONE
        open_city = False
        right = False
        by_phone = 0
    if open_city or ngo_kinds != 0 or right or by_phone != 0:
        migrant.stage = migrant.stage | OPEN

    if (
        not covered
        and (service < 0 or not (migrant.knows >> service) & 1)
        and not migrant.knows_ngo & ngo_kinds
    ):
        ask_around(migrant, world, city, service, ngo_kinds, pen)
    knows_city = service >= 0 and (migrant.knows >> service) & 1 == 1
    if service == INSURANCE and is_insured(migrant):
        knows_city = True
    knows_ngo = (migrant.knows_ngo & ngo_kinds) != 0
    knows_state = right and (covered or knows_rights(migrant))
    knows_phone = (migrant.knows_ngo & by_phone) != 0
    migrant.stage = migrant.stage & ~KNOWS_NOBODY
    if not (knows_city or knows_ngo or knows_state or knows_phone):
        if not migrant.detained:
            migrant.stage = migrant.stage | KNOWS_NOBODY
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
        nerve = draw(world.luck_ever, migrant.identity, DARES, key_of_episode(migrant))
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
    if to_state and covered and not migrant.tried & _TRIED_STATE:
        ask_state(migrant, world, city, account, regional, pen)
    elif to_city and not migrant.tried & _TRIED_CITY:
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
    understood = gets_through(
        migrant, world, interpreters_for(migrant, world, city), enclave_of(migrant, world, city)
    )
    level = city.level[service]
    if service == INSURANCE and is_insured(migrant):
        level = 1.0  # who is insured has a claim, and needs no programme
    chance = level * world.services_fit[service] * city.fit * understood
    if draw(world.luck_now, migrant.identity, CITY_DELIVERS) < chance:
        enrol_by_claiming(migrant, world, city, pen, service)
        learn_by_claiming(migrant, world, city, pen)
        close_need(migrant, world, city, account, regional, pen, CITY)
        be_treated_well(migrant, world, city)
    else:
        migrant.tried = migrant.tried | _TRIED_CITY
        account.refused[migrant.status] += 1
        note(migrant, world, city, pen, REFUSED, need + 1, CITY, service)
        be_treated_badly(migrant, world, city)
    if is_reported(migrant, world, REPORTED, world.fear_firewall * city.firewall):
        be_apprehended(migrant, world, city, account, regional, pen)


@rule
def enrol_by_claiming(migrant, world, city, pen, service):
    """D7: who got insurance or a place at school through a claim is enrolled from then on."""
    if (migrant.enrolled >> service) & 1:
        return
    if service == INSURANCE:
        migrant.enrolled = migrant.enrolled | (1 << INSURANCE)
        note(migrant, world, city, pen, INSURED, migrant.need, CITY, service)
    elif service == SCHOOLING:
        if not migrant.enrolled & PROGRAMMES:
            migrant.joined = world.month
        migrant.enrolled = migrant.enrolled | (1 << SCHOOLING)
        note(migrant, world, city, pen, JOINED, migrant.need, CITY, service)


@rule
def is_reported(migrant, world, luck_of_whom, protection):
    """A4: an official reports the unauthorised who come to a public office, as is the duty, unless a firewall
    protects them or lobbying has won officials some leeway (C8)."""
    if migrant.status < OVERSTAYER:
        return False
    duty = world.enforcement_duty_to_report * (1.0 - world.conceded)
    return draw(world.luck_now, migrant.identity, luck_of_whom) < duty * (1.0 - protection)


@rule
def programme_helps(world, status, need):
    """A6: chance that the nation's uniform programme helps: the same everywhere, for the needs it covers, and
    fitted to nobody in particular."""
    if _RUNG[status] >= world.policy_programme_open:
        return 0.0
    return world.policy_programme * world.policy_programme_fit * world.needs_programme[need]


@rule
def right_is_met(world, status, need):
    """A1/C8: chance that an office of the state honours a right on paper, the more so after court cases won."""
    if not has_right(world, status, need):
        return 0.0
    delivery = world.needs_state_delivery[need]
    return delivery + (1.0 - delivery) * world.precedent


@rule
def state_is_open(world, status, need):
    """A1/A6: whether there is anything to ask the state for: a right, or its programme."""
    if has_right(world, status, need) and world.needs_state_delivery[need] > 0.0:
        return True
    return programme_helps(world, status, need) > 0.0


@rule
def state_delivers(world, status, need):
    """A1/A6: chance that the state helps, by right or by its programme."""
    return 1.0 - (1.0 - right_is_met(world, status, need)) * (1.0 - programme_helps(world, status, need))


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
    """A1: the state's own offices help only so often, and only those they understand; the insurance of the job
    pays for whoever has it. No city's firewall holds here (A4)."""
    count_claim(migrant)
    feel_at_home(migrant, world, city)
    understood = gets_through(migrant, world, 0.0, enclave_of(migrant, world, city))
    chance = state_delivers(world, migrant.status, migrant.need - 1)
    if is_covered_by_job(migrant, migrant.need - 1):
        chance = world.services_fit[INSURANCE]
        note(migrant, world, city, pen, ASKED, migrant.need, NATION, BY_JOB)
    else:
        note(migrant, world, city, pen, ASKED, migrant.need, NATION, 0)
    chance = chance * understood
    if draw(world.luck_now, migrant.identity, STATE_DELIVERS) < chance:
        close_need(migrant, world, city, account, regional, pen, NATION)
        be_treated_well(migrant, world, city)
    else:
        migrant.tried = migrant.tried | _TRIED_STATE
        account.refused[migrant.status] += 1
        note(migrant, world, city, pen, REFUSED, migrant.need, NATION, 0)
        be_treated_badly(migrant, world, city)
    if is_reported(migrant, world, REPORTED_TO_STATE, 0.0):
        be_apprehended(migrant, world, city, account, regional, pen)


@rule
def rank_in_queue(migrant, world, ngo, luck_of_queue):
    """C2/C4: lowest is served first: by lot, the unauthorised and the most victimised ahead of others."""
    weight = 1.0
    if migrant.status <= LEGAL:
        weight = world.ngo_kinds_legal_clients[ngo.kind]
    if is_victim(migrant):
        weight = weight * (1.0 + world.ngos_victims_first)
    if weight <= 0.0:
        return 1.0 + luck_of_queue
    return luck_of_queue / weight


@rule
def is_victim(migrant):
    """C2: abused, harmed for good, or left without help before."""
    return migrant.need == ABUSE + 1 or migrant.harm != 0 or migrant.wronged != 0


@rule
def hear_from_ngo(migrant, world, city, account, regional, pen, ngo, taken):
    """C1/C4: the NGO takes the case on, if it has room, and may solve it; else one may queue again."""
    if not taken:
        account.turned_away[migrant.status] += 1
        note(migrant, world, city, pen, TURNED_AWAY, migrant.need, NGO, ngo.kind)
        return
    count_claim(migrant)
    account.ngo_cases[migrant.status] += 1
    join_ngo(migrant, world, ngo)
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
    be_told_of_rights(migrant, world, BY_NGO)
    mobilise(migrant, world)


@rule
def chance_of_help(migrant, world, ngo):
    """C1/C6/C9/C10: the NGO's skill, less the cases native staff misjudge, better for paying members."""
    skill = ngo.skill
    if migrant.member == ngo.kind + 1:
        skill = min(1.0, skill + world.ngos_member_skill)
    return skill * ngo.fit


@rule
def join_ngo(migrant, world, ngo):
    """C10: with their case taken on, some become paying members of the medical group or union."""
    if ngo.kind == MEDICAL or ngo.kind == UNION:
        if draw(world.luck_now, migrant.identity, JOINS_NGO) < world.ngos_membership:
            migrant.member = ngo.kind + 1


@rule
def mobilise(migrant, world):
    """D12: settled, wronged before, and helped by an NGO, a few take up its cause."""
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
