"""Fear of apprehension (D3): raids near by, what compatriots tell of them, and the news; it is remembered, and
fades. A firewall is trusted by and by, and lost at once."""

from __future__ import annotations

from ..scenarios.catalogue import IRREGULAR, LEGAL
from .compatriots import compatriots_in
from .mechanism import mechanism
from .rule import rule

mechanism(
    "D3",
    "Fear of apprehension",
    "the unauthorised keep away from government even when they know, less so from NGOs",
    without={"fear.weight": 0.0},
)


@rule("D3")
def fear_of(migrant, here):
    """Fear, 0 to below 1: half of what there can be at a yearly risk of 1 / `fear.weight`, and never all."""
    world = here.world
    if migrant.status <= LEGAL:
        return 0.0
    risk = risk_as_told(here.city, world, world.group_of_door[migrant.door])
    if migrant.status == IRREGULAR:
        risk = risk * world.enforcement_outside_activity
    return felt(world.fear_weight * risk)


@rule("D3")
def risk_as_told(city, world, group):
    """A yearly risk: that near by, that of compatriots anywhere, and that in the news, each by its weight."""
    near = heard_near_by(world, city.risk, compatriots_in(city, world, group))
    risk = world.fear_local * near + world.fear_talk * world.talk[group]
    return risk + max(0.0, 1.0 - world.fear_local - world.fear_talk) * world.risk


@rule("D3")
def heard_near_by(world, risk, compatriots):
    """The yearly risk near by as it is heard of: raids are told from mouth to mouth, the more, the more compatriots
    (persons) live in the place."""
    people = max(world.persons, compatriots)  # oneself among them, newly come
    return risk * people / (people + world.fear_circle)


@rule("D3")
def felt(alarm):
    """More alarms, more fear, but each adds less than the one before."""
    return alarm / (1.0 + alarm)


@rule("D3")
def remembered(world, before, seen):
    """A risk as it is remembered, once another month's has been seen. A raid alarms at once, and is forgotten by and
    by: over the years, what is remembered is what has happened, however unevenly it came."""
    return before + (seen - before) / world.fear_fading


@rule("D3")
def trust_firewall(city, world, reported):
    """A firewall is trusted the more the longer it holds; whoever is reported all the same costs it trust at once, and
    when it is gone, the trust soon is. `reported`: of the unauthorised here, this month."""
    if city.firewall:
        city.trust = city.trust + (1.0 - city.trust) / world.fear_trust
    else:
        city.trust = city.trust * (1.0 - 1.0 / world.fear_trust_lost)
    share = reported / max(1.0, float(city.unauthorised))
    city.trust = city.trust * (1.0 - min(1.0, world.fear_breach * share))


@rule("D3")
def fear_left_by_firewall(here):
    """The part of the fear of town halls that is left where a firewall is trusted."""
    return 1.0 - here.world.fear_firewall * here.city.trust


@rule("D3")
def dares_city(nerve, fear, here):
    """Asks the town hall unless fear, less what its firewall is trusted, exceeds the nerve drawn."""
    return nerve >= fear * here.world.fear_government * fear_left_by_firewall(here)


@rule("D3")
def dares_state(nerve, fear, world):
    """Asks an office of the state, where no firewall helps."""
    return nerve >= fear * world.fear_government


@rule("D3")
def dares_ngo(nerve, fear, world):
    """Asks an NGO, which is feared much less."""
    return nerve >= fear * world.fear_ngos
