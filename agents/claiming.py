"""Claiming: need, know, think it worth it, dare, be let in, ask, be helped (A1, B2, C2, D3, D4, D7).

The cascade is written once, over whoever may help (see the folder `providers`). Those who are there, known, dared
and so on are bit sets over the providers, in the order in which they are asked. One's own (C12) are asked ahead of it:
their help is no citizenship, and leaves no step of the cascade behind.
"""

from __future__ import annotations

from ..scenarios.catalogue import DEPORTED, UNMET
from .apprehension import NO_DATE
from .awareness import uniform_of_search
from .chance import ASKS, DARES, DROPS_OUT, FINDS, NEED_STRIKES, draw, leading_byte
from .chance import WILLING as WILLING_DRAW
from .employers import trade_of
from .event import GOES, GOES_ON, MONTH_ENDS, QUEUES_AT_NGO, when
from .event_log import AFRAID, INELIGIBLE, UNWILLING, log_event
from .fear import fear_of
from .haste import is_indebted
from .needs import (
    AWARE,
    ELIGIBLE,
    GIVES_UP_STAY,
    KNOWS_NOBODY,
    NOT_WORTH_IT,
    OPEN,
    WILLING,
    give_up,
    key_of_episode,
    patience_is_over,
)
from .providers import PROVIDERS, Provider
from .providers.city import service_for
from .providers.left_out import finds_no_office
from .providers.ngo import kinds_here
from .providers.provider import ANSWERED, QUEUES, Case, Rule
from .rule import rule, written_rule

# Questions put to all providers --------------------------------------------------------------------------


def _those_who(trait: str, further: str = ", case") -> Rule:
    """A rule (migrant, here, among, case): which of the providers `among` (bits) answer the question with yes. It is
    put with `further` arguments."""
    asked = {f"asked_{n}": getattr(each, trait) for n, each in enumerate(PROVIDERS) if getattr(each, trait)}
    lines = ["found = 0"]
    for name in asked:
        bit = 1 << int(name.removeprefix("asked_"))
        lines += [f"if among & {bit} and {name}(migrant, here{further}): found = found | {bit}"]
    return written_rule(f"who_{trait}", f"migrant, here, among{further}", [*lines, "return found"], **asked)


def _the_one(trait: str) -> Rule:
    """A rule (which, migrant, here): what provider number `which` does, of those on whom one makes a claim."""
    does = {
        f"does_{n}": getattr(each, trait)
        for n, each in enumerate(PROVIDERS)
        if each.is_claim and getattr(each, trait)
    }
    lines = [f"if which == {name.removeprefix('does_')}: return {name}(migrant, here)" for name in does]
    return written_rule(f"{trait}_provider", "which, migrant, here", [*lines, f"return {ANSWERED}"], **does)


def _help_of_own() -> Rule:
    """A rule (migrant, here, among): whether one of those `among` (bits) helps who are one's own, asked in turn."""
    own = {f"ask_{n}": each for n, each in enumerate(PROVIDERS) if not each.is_claim}
    lines = [
        f"if among & {1 << PROVIDERS.index(each)} and migrant.need and not migrant.tried & {each.refusal}: "
        f"{name}(migrant, here)"
        for name, each in own.items()
    ]
    asks = {name: each.ask for name, each in own.items()}
    return written_rule("own_help", "migrant, here, among", [*lines, "return migrant.need == 0"], **asks)


def _log_each(what: int, providers: list[Provider]) -> Rule:
    """A rule (migrant, here, among): a line for each of the providers `among`."""
    lines = [
        f"if among & {1 << PROVIDERS.index(each)}: "
        f"log_event(migrant, here, {what}, migrant.need, {each.tally}, 0)"
        for each in providers
    ]
    return written_rule("log_each", "migrant, here, among", lines, log_event=log_event)


def _bits(trait: str) -> int:
    return sum(1 << number for number, provider in enumerate(PROVIDERS) if getattr(provider, trait))


_N = len(PROVIDERS)
_ALL = (1 << _N) - 1
_CLAIMS = _bits("is_claim")
_VISITORS = _bits("visits_detained")
_FOUND = _bits("be_found")
_REFUSALS = tuple(provider.refusal for provider in PROVIDERS)
who_is_there = _those_who("is_there")
who_is_open = _those_who("is_open")
who_is_known = _those_who("is_known")
who_spares_search = _those_who("spares_search")
who_is_dared = _those_who("dares", ", nerve, fear")
ask_provider = _the_one("ask")
find_provider = _the_one("be_found")
own_help = _help_of_own()
_OFFICE_BITS = _bits("is_office")
_OFFICES = sorted((each for each in PROVIDERS if each.is_office), key=lambda each: each.tally)
note_fear = _log_each(AFRAID, _OFFICES)
note_closed = _log_each(INELIGIBLE, list(PROVIDERS))


# The cascade ---------------------------------------------------------------------------------------------


@rule("D4")
def is_worth_the_trouble(migrant, world):
    """The longer the hours and the more pressing the savings and debts, the more only necessities are worth asking
    for; those without work have the time.

    Decided once in an episode, when first aware of somebody to ask; who settles thinks again.
    """
    if migrant.jobless:
        return True
    bother = draw(world.luck_ever, migrant.identity, WILLING_DRAW, key_of_episode(migrant))
    trade, indebted = trade_of(migrant, world), is_indebted(migrant, world)
    return bother < world.willing_to_ask[trade, migrant.settler, indebted, migrant.need - 1]


@rule
def case_of(migrant, here):
    """What answers the present need here: looked up once a month, for all providers."""
    return Case(service_for(migrant, here), kinds_here(migrant, here))


@rule("A1", "B2", "C2", "C12", "D3", "D4")
def seek_help(migrant, here):
    """One month of an episode: know of somebody, think it worth it, dare, be let in, and ask; one's own first.

    Whoever has refused is not asked again in the same episode. Returns QUEUES if the migrant queues at an NGO (whether
    there is room is settled at the end of the month), else ANSWERED.
    """
    world = here.world
    first_month = world.month == migrant.need_since
    reached = _ALL
    if migrant.detained:  # A4: only an NGO comes to see the detained
        reached = _VISITORS
    case = case_of(migrant, here)
    there = who_is_there(migrant, here, reached, case)
    let_in = who_is_open(migrant, here, there, case)
    if let_in & _CLAIMS:
        migrant.stage = migrant.stage | OPEN

    if not who_spares_search(migrant, here, there, case):
        ask_around(migrant, here, there)
    known = who_is_known(migrant, here, there, case)
    own = known & let_in & ~_CLAIMS
    known = known & _CLAIMS
    migrant.stage = migrant.stage & ~KNOWS_NOBODY
    if known:
        migrant.stage = migrant.stage | AWARE
    if own and own_help(migrant, here, own):
        return ANSWERED
    if not known:
        if not migrant.detained:
            migrant.stage = migrant.stage | KNOWS_NOBODY
        return ANSWERED

    if not is_worth_the_trouble(migrant, world):
        migrant.stage = migrant.stage | NOT_WORTH_IT
        if first_month:
            log_event(migrant, here, UNWILLING, migrant.need, 0, 0)
        return ANSWERED

    fear = fear_of(migrant, here)
    nerve = 1.0
    if fear > 0.0:
        nerve = draw(world.luck_ever, migrant.identity, DARES, key_of_episode(migrant))
    dared = who_is_dared(migrant, here, known, nerve, fear)
    if first_month:
        note_fear(migrant, here, known & ~dared)
        if known & _OFFICE_BITS:
            here.place.office_known[migrant.status] += 1
            if not dared & _OFFICE_BITS:
                here.place.office_feared[migrant.status] += 1
    if not dared:
        return ANSWERED
    migrant.stage = migrant.stage | WILLING

    if first_month:
        note_closed(migrant, here, dared & ~let_in)
    asked = dared & let_in
    if not asked:
        return ANSWERED
    migrant.stage = migrant.stage | ELIGIBLE

    if draw(world.luck_now, migrant.identity, ASKS) >= world.claiming_effort:
        return ANSWERED
    for number in range(_N):
        if asked >> number & 1 and not migrant.tried & _REFUSALS[number]:
            return ask_provider(number, migrant, here)
    if dared == known and not migrant.detained:
        migrant.stage = migrant.stage | KNOWS_NOBODY  # more: whoever is known has refused
    return ANSWERED


@rule("D2")
def ask_around(migrant, here, there):
    """Someone in need who knows of nobody asks around, and may find somebody who could help."""
    if uniform_of_search(migrant, here.world) >= here.world.awareness_search:
        return
    to_find = there & _FOUND
    count = 0
    for number in range(_N):
        count += to_find >> number & 1
    pick = int(draw(here.world.luck_now, migrant.identity, FINDS) * count)
    for number in range(_N):
        if to_find >> number & 1:
            if pick == 0:
                find_provider(number, migrant, here)
            pick -= 1


# A need in the course of a month ---------------------------------------------------------------------------


@rule
def has_need(migrant, _):
    """A need is under way."""
    return migrant.need != 0


@rule
def need_is_due(migrant, world, random):
    """Unless the need is borne in silence, or nobody is known who could help and has not refused, and asking around
    leads to nobody. (What may change that within a month is an event of its own: who is looked at seeks help anew.)

    All is asked at once and not one after the other: the answer is hard to foresee, and a processor that guesses
    wrong loses more time than the questions cost.
    """
    borne = (migrant.stage & NOT_WORTH_IT != 0) & (migrant.detained == 0)
    waits = (migrant.stage & KNOWS_NOBODY != 0) & (
        leading_byte(random[0], NEED_STRIKES) >= world.search_bound
    )
    return (migrant.need != 0) & (((not borne) & (not waits)) | patience_is_over(migrant, world))


@when(has_need, order=110, due=need_is_due)
@rule("D1", "D10")
def bear_need(migrant, here):
    """Seek help, or, when patience is at an end, take what comes."""
    if patience_is_over(migrant, here.world):
        call_for_ngo(migrant, here)
        if give_up(migrant, here) == GIVES_UP_STAY:
            return GOES + UNMET
    elif not migrant.stage & NOT_WORTH_IT and seek_help(migrant, here) == QUEUES:
        return queue_at_ngo(migrant, here)
    if migrant.detained:
        return MONTH_ENDS
    return GOES_ON


@rule("C5")
def call_for_ngo(migrant, here):
    """A need that was borne to its end, and that no office answers, is one for which people found an NGO."""
    if finds_no_office(migrant, here):
        here.place.left_out[migrant.need - 1] += 1


@rule
def is_detained(migrant, _):
    """Apprehended, and not yet deported or released."""
    return migrant.detained != 0


@when(is_detained, order=10)
@rule("A4")
def await_deportation(migrant, here):
    """In detention one can only seek help; when the time is up, one is deported."""
    if here.world.month - migrant.need_since >= here.world.enforcement_detention:
        call_for_ngo(migrant, here)
        return GOES + DEPORTED
    if seek_help(migrant, here) == QUEUES:
        return queue_at_ngo(migrant, here)
    return MONTH_ENDS


@rule("D7")
def queue_at_ngo(migrant, here):
    """Coming back to an NGO with a new need soon after the last one was solved is counted."""
    world = here.world
    if world.month - migrant.last_ngo <= world.claiming_return_after and migrant.last_ngo >= 0:
        here.place.ngo_returned[migrant.status] += 1
        migrant.last_ngo = NO_DATE
    return QUEUES_AT_NGO


# Membership ------------------------------------------------------------------------------------------------


@rule
def is_member(migrant, _):
    """Pays the dues or premiums of a kind of NGO."""
    return migrant.member != 0


@when(is_member, order=5)
@rule("C10")
def stay_member(migrant, here):
    """Premiums stop after the illness, dues after the dispute."""
    world = here.world
    if not migrant.need and draw(world.luck_now, migrant.identity, DROPS_OUT) < world.ngos_dropping_out:
        migrant.member = 0
    return GOES_ON
