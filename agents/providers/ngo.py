"""NGOs within reach (C1 to C4, C11): take a case on if they have room, and may solve it."""

from __future__ import annotations

from ..awareness import ASKING, BY_NGO, be_told_of_rights, learn_of_ngo, n_kinds
from ..chance import JOINS_NGO, MOBILISES, NGO_DELIVERS, REACHES_NGO, RELEASED, WHICH_NGO, draw
from ..event_log import ASKED, TURNED_AWAY, log_event
from ..event_log import RELEASED as WAS_RELEASED
from ..fear import fear_of
from ..mechanism import mechanism
from ..municipality import LEVELS, NEAREST
from ..needs import CLAIMED, is_wronged, key_of_episode
from ..ngo import kinds_for, takes_case
from ..rule import rule
from ..settling import years_here
from ..tally import NGO, refusal
from .left_out import may_turn_to_office
from .provider import ANSWERED, QUEUES, always, be_helped, count_claim, dares_as_ngo, provides

REFUSAL = refusal("ngo")


@rule("C1", "C11")
def kinds_here(migrant, here):
    """The kinds of NGO, as bits, that take such a case and are within this migrant's reach in this episode: one near by
    is within everybody's, one farther off within fewer people's."""
    world, city = here.world, here.city
    kinds = city.ngo_kinds & kinds_for(migrant, world)
    if kinds & city.within[LEVELS - 1] == kinds:
        return kinds  # all are within everybody's
    way = draw(world.luck_ever, migrant.identity, REACHES_NGO, key_of_episode(migrant))
    return kinds & city.within[int(way * LEVELS)]


@rule
def is_there(_, __, case):
    """Whether there is one."""
    return case.kinds != 0


@rule("D2")
def is_known_to(migrant, _, case):
    """Whether the migrant knows of one of these kinds."""
    return migrant.knows_ngo & case.kinds != 0


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


@rule("C1", "C11")
def pick_ngo(migrant, here, ngos):
    """One of the NGOs within reach that take such a case and that the migrant knows of, by lot, near ones rather than
    those farther off; -1 for none."""
    world, city = here.world, here.city
    kinds = kinds_here(migrant, here) & migrant.knows_ngo
    total = 0.0
    for kind in range(n_kinds(world)):
        if kinds >> kind & 1:
            for i in range(NEAREST):
                row = city.near[kind, i]
                if row >= 0 and may_turn_to(migrant, world, ngos[row]):
                    total += city.near_weight[kind, i]
    last = -1
    if total > 0.0:
        mark = draw(world.luck_now, migrant.identity, WHICH_NGO, 1) * total
        for kind in range(n_kinds(world)):
            if kinds >> kind & 1:
                for i in range(NEAREST):
                    row = city.near[kind, i]
                    if row >= 0 and may_turn_to(migrant, world, ngos[row]):
                        last = row
                        mark -= city.near_weight[kind, i]
                        if mark < 0.0:
                            return last
    return last


mechanism(
    "C2",
    "Whom NGOs serve first",
    "those whom city and state refuse, and the most victimised, ahead of whom an office would serve",
    without={"ngo_kinds.*.legal_clients": 1.0, "ngos.victims_first": 0.0},
)


@rule("C2", "C4")
def rank_in_queue(migrant, here, ngo, luck_of_queue):
    """Lowest is served first: by lot, those whom no office answers and the most victimised ahead of others."""
    weight = weight_of_client(migrant, here, ngo)
    if is_wronged(migrant, here.world):
        weight = weight * (1.0 + here.world.ngos_victims_first)
    if weight <= 0.0:
        return 1.0 + luck_of_queue
    return luck_of_queue / weight


@rule("C2")
def weight_of_client(migrant, here, ngo):
    """Full for whom city and state both refuse, or whom fear keeps from either; as much as the kind sees in them for
    those to whom an office is left."""
    if may_turn_to_office(migrant, here):
        return here.world.ngo_kinds_legal_clients[ngo.kind]
    return 1.0


@rule("C1", "C4")
def hear_from_ngo(migrant, here, ngo, taken):
    """The NGO takes the case on, if it has room, and may solve it; else one may queue again."""
    world, place = here.world, here.place
    if not taken:
        place.turned_away[migrant.status] += 1
        migrant.mobilised = 0  # D12: who is turned away oneself does not speak for others any more
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
    mobilise(migrant, here)


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


@rule("D12", "D3")
def mobilise(migrant, here):
    """Settled, wronged of late, and helped by an NGO, a few take up its cause: the fewer, the more they fear, and
    the more, the longer they are in the country and the more others have done so."""
    world = here.world
    if migrant.settler and is_wronged(migrant, world):
        chance = (
            world.voice_mobilise
            * (1.0 - fear_of(migrant, here))
            * min(1.0, years_here(migrant, world) / world.voice_rooted)
        )
        chance = chance * (1.0 + min(1.0, world.voice_mobilised_weight * here.city.mobilised))
        if draw(world.luck_now, migrant.identity, MOBILISES) < chance:
            migrant.mobilised = 1
