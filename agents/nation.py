"""The nation: public concern (A9), enforcement (A4), what advocacy wins of it and loses (C8). See crackdown.py."""

from __future__ import annotations

from ..scenarios.catalogue import DENIZEN
from .apprehension import chance_by_law
from .chance import BRINGS_CASE, RULES_ON_CASE, draw
from .crackdown import grow_weary
from .mechanism import mechanism
from .providers.state import has_right
from .rule import rule

mechanism(
    "A9",
    "Perception of crime",
    "crackdowns answer a concern that the media feed, not crime that was measured",
    without={"public.media": 0.0},
)


@rule("A9")
def events_of(world, incidents, raids, share):
    """Arrests of a month, and raids, by which the state makes news itself. A world that is but a `share` of the country
    has as many times as many in the whole of it."""
    return (incidents + world.public_raids * raids) * world.persons / share


@rule("A9")
def loudness(nation, world):
    """How loudly the media tell what happens: the louder, the more it concerns people, and less where NGOs answer."""
    return world.public_media * (1.0 + world.public_sells * nation.perception) * (1.0 - nation.answered)


@rule("A9")
def news_of(nation, world, events):
    """What the media bring in a month: arrests and raids, and what is still told of campaigns of the state."""
    return loudness(nation, world) * (events / world.public_alarm + nation.campaign)


@rule("A9")
def attention_to_news(news):
    """What news take of public attention, of which there is only so much: each adds less than the one before; 0 to
    below 1."""
    return news / (1.0 + news)


@rule("A9")
def concern_about(world, beyond):
    """Concern, 0 to below 1, by attention `beyond` the usual."""
    return beyond / (beyond + world.public_concerned_half)


@rule("A4", "A9")
def announce_harder(nation, world, reduction):
    """Enforcement made harder, by a date or a crackdown, is a campaign of the state, which makes news by the part of
    it that is new; the news is told for some time. Enforcement made milder makes none."""
    announced = chance_by_law(world) + nation.cracks_down * reduction
    nation.campaign = nation.campaign * (1.0 - 1.0 / world.public_told)
    if announced > nation.enforced:
        nation.campaign = nation.campaign + world.public_campaign * (announced - nation.enforced) / announced
    nation.enforced = announced


@rule("A9")
def perceive_crime(nation, world, share):
    """Concern follows attention to the news of late, judged against what people are used to. A level that stays, of
    arrests, of raids or of how loudly they are told, is no news after some years; a rise is, and concern feeds it, for
    the media tell louder what concerns people. What a crackdown costs wearies the public."""
    events = events_of(world, world.incidents, world.raids, share)
    attention = attention_to_news(news_of(nation, world, events))
    nation.lately = nation.lately + (attention - nation.lately) / world.public_memory
    nation.usual = nation.usual + (attention - nation.usual) / world.public_habit
    grow_weary(nation, world)
    nation.perception = concern_about(world, max(0.0, nation.lately - nation.usual)) * (1.0 - nation.weary)


@rule("A9")
def be_used_to(nation, world, people, unauthorised, share):
    """Before the first month: what was usual, as if there had always been as many as are here."""
    incidents = world.needs_rate[world.need_in_detention] / 12.0 * people
    raids = chance_by_law(world) * unauthorised
    nation.perception = nation.campaign = 0.0
    news = news_of(nation, world, events_of(world, incidents, raids, share))
    nation.lately = nation.usual = attention_to_news(news)
    nation.usually_taken = raids * world.persons / share
    nation.enforced = chance_by_law(world)


@rule("A9", "C8")
def answer_the_media(nation, world, workers, migrants):
    """NGOs, by the number of their workers (for each of the `migrants`, in records), answer what the media tell."""
    thousands = migrants * world.persons / 1000.0
    nation.answered = workers / max(1e-9, workers + world.public_answered * thousands)


@rule("A4", "A9")
def set_enforcement(nation, world, monthly_reduction):
    """The chance of apprehension answers public concern, not crime; a crackdown adds what halves the
    unauthorised in the time set, as long as it lasts."""
    answered = chance_by_law(world) * (1.0 + world.public_response * nation.perception)
    nation.apprehension = min(MOST_APPREHENSION, answered + nation.cracks_down * monthly_reduction)
    nation.risk = min(1.0, 12.0 * nation.apprehension)


MOST_APPREHENSION = 0.25  # a month


mechanism(
    "C8",
    "Advocacy",
    "NGOs lobby, go to court and watch employers, and widen who counts as a member",
    without={
        "voice.opening": 0.0,
        "voice.cases": 0.0,
        "voice.monitoring": 0.0,
        "voice.state": 0.0,
        "city.lobbying": 0.0,
    },
)


@rule("C8")
def may_be_tried(world, need):
    """Whether there is a right to go to court over, of somebody who is no citizen, and NGOs that would."""
    if not has_right(world, DENIZEN, need):
        return False
    for kind in range(world.ngo_kinds_courts.shape[0]):
        if world.ngo_kinds_courts[kind] and world.needs_kinds[need] >> kind & 1:
            return True
    return False


@rule("C8")
def go_to_court(nation, world, grounds, advocates):
    """Lawyers and unions (so many `advocates`, workers of this world's NGOs) bring as many cases as they can, the last
    by lot, each on a ground that has gone unmet (`grounds`: by need). Judgments are out of use by and by, where nobody
    goes to court over it again."""
    total = 0.0
    for need in range(grounds.shape[0]):
        nation.judgments[need] = nation.judgments[need] * (1.0 - world.voice_forgotten)
        total += grounds[need]
    cases = world.voice_cases * advocates
    number = int(cases)
    if draw(world.luck_now, 0, BRINGS_CASE) < cases - number:
        number += 1
    if total <= 0.0:
        number = 0
    for case in range(min(number, MOST_CASES)):
        mark = draw(world.luck_now, case, BRINGS_CASE, 1) * total
        need = 0
        while need < grounds.shape[0] - 1 and mark >= grounds[need]:
            mark -= grounds[need]
            need += 1
        judge_case(nation, world, need, draw(world.luck_now, case, RULES_ON_CASE))


MOST_CASES = 1_000  # a year


@rule("C8")
def judge_case(nation, world, need, luck):
    """A case won is one more judgment to cite; one lost takes part of what there is to cite."""
    if luck < world.voice_won:
        nation.judgments[need] = nation.judgments[need] + 1.0
    else:
        nation.judgments[need] = max(0.0, nation.judgments[need] - world.voice_setback)


@rule("C8")
def precedent_of(judgments, world):
    """How far judgments make a right on paper count: each adds less than the one before, and there is always more to
    win; 0 to below 1."""
    return judgments / (judgments + world.voice_precedent)


@rule("C8", "A9")
def lobby_the_state(nation, world, workers):
    """NGOs lobby the state as well, by the number of their staff, which by and by gives officials leeway not to
    report the unauthorised who come to them for help; a public that fears crime takes it back."""
    gain = min(1.0, world.voice_state * workers)
    nation.conceded = nation.conceded + gain * (1.0 - nation.conceded)
    nation.conceded = nation.conceded * (1.0 - world.voice_withdrawn * nation.perception)
