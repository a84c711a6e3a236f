"""The nation: enforcement (A4), perception of crime (A9), what advocacy wins of it (C8)."""

from __future__ import annotations

from .mechanism import mechanism
from .rule import rule

PERCEPTION_LAG = 24.0  # months it takes public concern to follow the news


mechanism(
    "A9",
    "Perception of crime",
    "crackdowns answer a concern that the media feed, not crime that was measured",
    without={"public.media": 0.0},
)


@rule("A9")
def perceive_crime(nation, world, unauthorised_share):
    """The media turn the presence of unauthorised migrants into a perception of crime."""
    news = min(1.0, world.public_media * unauthorised_share)
    nation.perception = nation.perception + (news - nation.perception) / PERCEPTION_LAG


@rule("A4", "A9")
def set_enforcement(nation, world, monthly_reduction):
    """The chance of apprehension answers public concern, not crime; a crackdown adds what halves the
    unauthorised in the time set."""
    answered = world.enforcement_apprehension * (1.0 + world.public_response * nation.perception)
    nation.apprehension = min(MOST_APPREHENSION, answered + monthly_reduction)
    nation.risk = min(1.0, 12.0 * nation.apprehension)


MOST_APPREHENSION = 0.25  # a month


def monthly_reduction(years: float) -> float:
    """What a crackdown adds to the chance of apprehension a month, to halve the unauthorised in so many years; 0 for
    none."""
    return 1.0 - 0.5 ** (1.0 / (12.0 * years)) if years > 0 else 0.0


mechanism(
    "C8",
    "Advocacy",
    "NGOs lobby, go to court and watch employers, and widen who counts as a member",
    without={
        "voice.opening": 0.0,
        "voice.courts": 0.0,
        "voice.monitoring": 0.0,
        "voice.state": 0.0,
        "city.lobbying": 0.0,
    },
)


@rule("C8")
def judge_cases(nation, world, advocates):
    """Court cases brought by lawyers and unions make rights on paper count for more; won for good."""
    gain = min(1.0, world.voice_courts * advocates)
    nation.precedent = nation.precedent + gain * (1.0 - nation.precedent)


@rule("C8")
def lobby_the_state(nation, world, workers):
    """NGOs lobby the state as well, by the number of their staff, which by and by gives officials leeway not to
    report the unauthorised who come to them for help."""
    gain = min(1.0, world.voice_state * workers)
    nation.conceded = nation.conceded + gain * (1.0 - nation.conceded)
