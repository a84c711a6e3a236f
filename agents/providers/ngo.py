"""NGOs of the place (C1 to C4): take a case on if they have room, and may solve it."""

from __future__ import annotations

from ...scenarios.catalogue import LEGAL
from ..awareness import ASKING, BY_NGO, be_told_of_rights, learn_of_ngo
from ..chance import JOINS_NGO, MOBILISES, NGO_DELIVERS, RELEASED, WHICH_NGO, draw
from ..event_log import ASKED, TURNED_AWAY, log_event
from ..event_log import RELEASED as WAS_RELEASED
from ..mechanism import mechanism
from ..needs import CLAIMED
from ..ngo import kinds_for, takes_case
from ..rule import rule
from ..tally import NGO, refusal
from .provider import ANSWERED, QUEUES, always, be_helped, count_claim, dares_as_ngo, provides

REFUSAL = refusal("ngo")


@rule("C1")
def kinds_here(migrant, here):
    """The kinds of NGO, as bits, that are here and take such a case."""
    return here.city.ngo_kinds & kinds_for(migrant, here.world)


@rule
def is_there(migrant, here):
    """Whether there is one."""
    return kinds_here(migrant, here) != 0


@rule("D2")
def is_known_to(migrant, here):
    """Whether the migrant knows of one of these kinds."""
    return migrant.knows_ngo & kinds_here(migrant, here) != 0


@rule
def ask(migrant, here):
    """One queues; whether there is room is settled at the end of the month."""
    migrant.stage = migrant.stage | CLAIMED
    log_event(migrant, here, ASKED, migrant.need, NGO, 0)
    return QUEUES


@rule("D2")
def be_found(migrant, here):
    """Asking around leads to one of the kinds that take such a case."""
    learn_of_ngo(migrant, here, kinds_here(migrant, here), ASKING)
    return ANSWERED


provides(
    name="ngo",
    turn=30,
    tally=NGO,
    is_there=is_there,
    is_open=always,
    is_known=is_known_to,
    dares=dares_as_ngo,
    ask=ask,
    refusal=REFUSAL,
    spares_search=is_known_to,
    be_found=be_found,
    visits_detained=True,
)


# At the NGO ----------------------------------------------------------------------------------------------


@rule
def may_turn_to(migrant, world, ngo):
    """Whether this NGO takes the case, and the migrant knows of its kind."""
    return takes_case(ngo, world, migrant) and (migrant.knows_ngo >> ngo.kind) & 1


@rule("C1")
def pick_ngo(migrant, here, ngos):
    """One of the NGOs here that take such a case and that the migrant knows of, by lot; -1 for none."""
    world, city = here.world, here.city
    found = 0
    for row in range(city.ngo_first, city.ngo_first + city.ngo_count):
        if may_turn_to(migrant, world, ngos[row]):
            found += 1
    pick = int(draw(world.luck_now, migrant.identity, WHICH_NGO, 1) * found)
    for row in range(city.ngo_first, city.ngo_first + city.ngo_count):
        if may_turn_to(migrant, world, ngos[row]):
            if pick == 0:
                return row
            pick -= 1
    return -1


mechanism(
    "C2",
    "Whom NGOs serve first",
    "the unauthorised and most victimised, whom cities leave out; the legal as well",
    without={"ngo_kinds.*.legal_clients": 1.0, "ngos.victims_first": 0.0},
)


@rule("C2", "C4")
def rank_in_queue(migrant, world, ngo, luck_of_queue):
    """Lowest is served first: by lot, the unauthorised and the most victimised ahead of others."""
    weight = 1.0
    if migrant.status <= LEGAL:
        weight = world.ngo_kinds_legal_clients[ngo.kind]
    if is_victim(migrant, world):
        weight = weight * (1.0 + world.ngos_victims_first)
    if weight <= 0.0:
        return 1.0 + luck_of_queue
    return luck_of_queue / weight


@rule("C2")
def is_victim(migrant, world):
    """Abused, harmed for good, or left without help before."""
    abused = migrant.need != 0 and world.needs_victim[migrant.need - 1] != 0
    return abused or migrant.harm != 0 or migrant.wronged != 0


@rule("C1", "C4")
def hear_from_ngo(migrant, here, ngo, taken):
    """The NGO takes the case on, if it has room, and may solve it; else one may queue again."""
    world, place = here.world, here.place
    if not taken:
        place.turned_away[migrant.status] += 1
        log_event(migrant, here, TURNED_AWAY, migrant.need, NGO, ngo.kind)
        return
    count_claim(migrant)
    place.ngo_cases[migrant.status] += 1
    join_ngo(migrant, world, ngo)
    if draw(world.luck_now, migrant.identity, NGO_DELIVERS) >= chance_of_help(migrant, world, ngo):
        return
    if migrant.detained:
        if draw(world.luck_now, migrant.identity, RELEASED) >= world.enforcement_release:
            return
        migrant.detained = 0
        log_event(migrant, here, WAS_RELEASED, migrant.need, NGO, 0)
    place.ngo_served[migrant.status] += 1
    be_helped(migrant, here, NGO)
    migrant.last_ngo = world.month
    be_told_of_rights(migrant, world, BY_NGO)
    mobilise(migrant, world)


mechanism(
    "C9",
    "Paternalism and immigrant staff",
    "native-run NGOs decide what is good for others; immigrant-run ones know better and last less",
    without={"ngos.paternalism": 0.0, "ngos.transience": 0.0},
)


@rule("C1", "C6", "C9", "C10")
def chance_of_help(migrant, world, ngo):
    """The NGO's skill, less the cases native staff misjudge, better for paying members."""
    skill = ngo.skill
    if migrant.member == ngo.kind + 1:
        skill = min(1.0, skill + world.ngos_member_skill)
    return skill * ngo.fit


mechanism(
    "C10",
    "Episodic membership",
    "premiums stop after the illness, dues after the dispute",
    without={"ngos.membership": 0.0},
)


@rule("C10")
def join_ngo(migrant, world, ngo):
    """With their case taken on, some become paying members, where the kind has any: medical groups, unions."""
    if world.ngo_kinds_members[ngo.kind]:
        if draw(world.luck_now, migrant.identity, JOINS_NGO) < world.ngos_membership:
            migrant.member = ngo.kind + 1


mechanism(
    "D12",
    "Mobilisation",
    "citizenship is also performed: a few of the settled and wronged make claims with NGOs",
    without={"voice.mobilise": 0.0},
)


@rule("D12")
def mobilise(migrant, world):
    """Settled, wronged before, and helped by an NGO, a few take up its cause."""
    if migrant.settler and migrant.wronged:
        if draw(world.luck_now, migrant.identity, MOBILISES) < world.voice_mobilise:
            migrant.mobilised = 1
