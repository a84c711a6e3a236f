"""What each recorded event of a life is in plain English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..scenarios.catalogue import BY_JOB, DOORS, NGO_KINDS, REASONS, SERVICES, STATUSES
from .wording import in_words, joined, provider_named
from .wording import sentence as capital

DOOR_WORDS = {
    "skilled": "a skilled professional",
    "coethnic": "a co-ethnic worker, whose family once emigrated from here",
    "trainee": "a company trainee",
    "student": "a student at a pre-college school",
    "entertainer": "an entertainer",
    "worker": "a worker with a permit",
    "visitor": "a short-term visitor who meant to find work",
    "smuggled": "someone smuggled in without papers",
}
STATUS_WORDS = {
    "citizen": "a citizen",
    "denizen": "a permanent resident",
    "legal": "a legal resident",
    "irregular": "someone working outside what the visa allows",
    "overstayer": "someone without a valid permit",
    "smuggled": "someone without papers",
}
BECAME = {
    "citizen": "Became a citizen.",
    "denizen": "Became a permanent resident.",
    "legal": "Was given a permit, and is a legal resident now.",
    "irregular": "Began to work outside what the visa allows.",
    "overstayer": "Stayed on without a valid permit.",
    "smuggled": "Was now in the country without papers.",
}
NEED_STRUCK = {
    "accident": "Had an accident at work.",
    "illness": "Fell ill.",
    "dispute": "Got into a dispute with the employer.",
    "wages": "Was not paid the wages due.",
    "abuse": "Was abused.",
    "housing": "Was evicted, or refused a home.",
    "arrest": "Was arrested, and needed legal help.",
    "birth": "Was expecting a child.",
    "schooling": "Needed a school place for a child.",
    "papers": "Had trouble with official papers.",
}
NEED_NOUN = {
    "accident": "the accident at work",
    "illness": "the illness",
    "dispute": "the dispute with the employer",
    "wages": "the unpaid wages",
    "abuse": "the abuse",
    "housing": "the trouble over a home",
    "arrest": "the arrest",
    "birth": "the birth",
    "schooling": "the school place",
    "papers": "the official papers",
}
NEED_SOLVED = {
    "accident": "the accident was taken care of",
    "illness": "the illness was treated",
    "dispute": "the dispute was settled",
    "wages": "the wages were paid",
    "abuse": "the abuse was stopped",
    "housing": "a home was found",
    "arrest": "the arrest was dealt with",
    "birth": "the birth was provided for",
    "schooling": "a school place was found",
    "papers": "the papers were put in order",
}
SERVICE_WORDS = {
    "information": "the city's information in foreign languages",
    "exchange": "the exchange events",
    "language": "the language class",
    "registration": "the help with registration",
    "insurance": "the health insurance",
    "emergency": "emergency medical care",
    "housing": "public housing",
    "schooling": "the school and its parents' group",
    "consultation": "the city's advice desk",
    "council": "the advisory council of foreign residents",
    "ordinance": "the rule against discrimination",
}
KIND_WORDS = {
    "citizens": "a citizens' group",
    "faith": "a church or temple group",
    "women": "a women's support group",
    "union": "a community union",
    "medical": "a group that gives medical help",
    "lawyers": "a group of lawyers",
    "immigrant": "a group run by immigrants",
}
CONSEQUENCES = (
    "Fell into debt, and would have to work longer to reach the savings goal.",
    "Lost the job over it.",
    "It did lasting harm.",
    "The same problem came back at once.",
)
WENT = {
    "target": "Had saved what was planned, and went home",
    "expiry": "The permit ran out and was not renewed; went home",
    "unmet": "Went home after a problem that nobody had helped with",
    "deported": "Was deported",
    "return": "Went home for reasons of their own",
}


@dataclass(frozen=True)
class Moment:
    """One event, its numbers turned into names; what is unknown is an empty string."""

    month: int
    event: str
    place: str
    status: str
    need: str
    provider: str
    detail: int
    knows_city: bool
    knows_ngo: bool
    settler: bool
    fear: float
    old_place: str  # where a move came from
    target_years: float  # usual length of stay of the door of entry, 0 if unknown
    again: bool = False  # the same was told before: of this need, or (what was known) of the last
    more: tuple[int, ...] = ()  # details of further events of the kind in the same month


def name_at(names: tuple[str, ...], index: int) -> str:
    """The name at an index, or an empty string where there is none."""
    return names[index] if 0 <= index < len(names) else ""


def insured(moment: Moment) -> str:
    """Through the job (no provider of services), or by going to the town hall."""
    if moment.provider == "nobody":
        return "Was enrolled in health insurance by the employer."
    return "Took out the city's health insurance."


def duration(months: int) -> str:
    """`2 years 3 months`."""
    years, rest = divmod(max(0, months), 12)
    parts = []
    if years:
        parts.append(f"{years} year{'s' if years != 1 else ''}")
    if rest or not years:
        parts.append(f"{rest} month{'s' if rest != 1 else ''}")
    return " ".join(parts)


def _whom(moment: Moment) -> str:
    return provider_named(moment.provider)


def _intention(moment: Moment) -> str:
    if moment.settler:
        return "meaning to settle for good"
    if moment.target_years > 0:
        years = round(moment.target_years)
        if years < 1:
            return "meaning to earn money for some months and go home"
        usual = f"{in_words(years)} year{'s' if years != 1 else ''}"
        return f"meaning to earn money and go home (usually after about {usual})"
    return "meaning to earn money and go home"


def _arrived(moment: Moment) -> str:
    door = DOOR_WORDS.get(name_at(DOORS, moment.detail), "a migrant")
    return f"Arrived in {moment.place} as {door}, {_intention(moment)}."


def _present(moment: Moment) -> str:
    door = DOOR_WORDS.get(name_at(DOORS, moment.detail), "a migrant")
    status = STATUS_WORDS.get(moment.status, "")
    standing = f"; now {status}" if status else ""
    came = f"Came as {door}, {_intention(moment)}{standing}."
    return f"Already lived in {moment.place} when the record begins. {came}"


def _need(moment: Moment) -> str:
    struck = NEED_STRUCK.get(moment.need, f"Needed help ({moment.need})." if moment.need else "Needed help.")
    if moment.again:
        known = {
            (False, False): "Still had heard of no service of the town hall, nor of an NGO that could help.",
            (True, False): "Still had not heard of any NGO here that could help.",
            (False, True): "Still knew of nothing that the town hall offers.",
        }.get((moment.knows_city, moment.knows_ngo), "")
    elif moment.knows_city and moment.knows_ngo:
        known = "Knew something of what the town hall offers, and of an NGO here."
    elif moment.knows_city:
        known = (
            "Knew something of what the town hall offers, but had not heard of any NGO here that could help."
        )
    elif moment.knows_ngo:
        known = "Knew of an NGO here, but of nothing that the town hall offers."
    else:
        known = "Had not heard of any service of the town hall, nor of an NGO that could help."
    return f"{struck} {known}".strip()


def _all_details(moment: Moment, names: tuple[str, ...], words: dict[str, str], other: str) -> str:
    found = [words.get(name_at(names, detail), other) for detail in (moment.detail, *moment.more)]
    return joined(list(dict.fromkeys(found)))


def _learned_city(moment: Moment) -> str:
    return f"Learned of {_all_details(moment, SERVICES, SERVICE_WORDS, 'a service of the city')}."


def _learned_ngo(moment: Moment) -> str:
    return f"Heard of {_all_details(moment, NGO_KINDS, KIND_WORDS, 'an NGO')} (NGO) that could help."


def _asked(moment: Moment) -> str:
    if moment.provider == "nation" and moment.detail == BY_JOB:
        return "Turned to the health insurance that came with the job."
    if moment.again:
        return f"Asked {_whom(moment)} again."
    about = NEED_NOUN.get(moment.need)
    return f"Asked {_whom(moment)} for help" + (f" with {about}." if about else ".")


def _served(moment: Moment) -> str:
    solved = NEED_SOLVED.get(moment.need)
    if moment.provider == "nation" and moment.detail == BY_JOB:
        return "It paid" + (f": {solved}." if solved else ".")
    return f"{capital(_whom(moment))} helped" + (f": {solved}." if solved else ".")


def _refused(moment: Moment) -> str:
    return f"{capital(_whom(moment))} did not solve it" + (" this time either." if moment.again else ".")


def _turned_away(moment: Moment) -> str:
    return f"{capital(_whom(moment))} had too many cases, and turned them away" + (
        " again." if moment.again else "."
    )


def _afraid(moment: Moment) -> str:
    return f"Would have asked {_whom(moment)}, but feared being reported and deported."


def _unwilling(moment: Moment) -> str:
    if moment.settler:
        return "Did not think it worth the trouble to ask."
    return "Did not think it worth the trouble to ask, being here only for a time."


def _ineligible(moment: Moment) -> str:
    status = STATUS_WORDS.get(moment.status)
    return f"What {_whom(moment)} offers was not open to " + (f"{status}." if status else "this migrant.")


def _gave_up(moment: Moment) -> str:
    about = NEED_NOUN.get(moment.need, "the problem")
    waited = moment.detail
    if waited <= 0:
        return f"Gave up on {about}: nobody had helped."
    return (
        f"After {in_words(waited)} month{'s' if waited != 1 else ''} gave up on {about}: nobody had helped."
    )


def _consequence(moment: Moment) -> str:
    return name_at(CONSEQUENCES, moment.detail) or "This had consequences."


def _moved(moment: Moment) -> str:
    origin = f"from {moment.old_place} " if moment.old_place else ""
    return f"Moved {origin}to {moment.place}."


def _lost(moment: Moment) -> str:
    left = [SERVICE_WORDS[s] for i, s in enumerate(SERVICES) if moment.detail >> i & 1]
    return f"Left behind by moving: {joined(left)}." if left else "Left an enrolment behind by moving."


def _joined(moment: Moment) -> str:
    return f"Joined {SERVICE_WORDS.get(name_at(SERVICES, moment.detail), 'a programme')}."


def _quit(moment: Moment) -> str:
    return f"Gave up {SERVICE_WORDS.get(name_at(SERVICES, moment.detail), 'a programme')}."


def _status(moment: Moment) -> str:
    return BECAME.get(name_at(STATUSES, moment.detail), "Changed formal status.")


def _left(moment: Moment) -> str:
    return WENT.get(name_at(REASONS, moment.detail), "Left the country") + "."


SENTENCES: dict[str, Callable[[Moment], str]] = {
    "arrived": _arrived,
    "present": _present,
    "need": _need,
    "learned_city": _learned_city,
    "learned_ngo": _learned_ngo,
    "asked": _asked,
    "served": _served,
    "refused": _refused,
    "turned_away": _turned_away,
    "afraid": _afraid,
    "unwilling": _unwilling,
    "ineligible": _ineligible,
    "gave_up": _gave_up,
    "consequence": _consequence,
    "moved": _moved,
    "lost": _lost,
    "joined": _joined,
    "quit": _quit,
    "insured": insured,
    "insurance_lapsed": lambda moment: "The health insurance lapsed.",
    "settled": lambda moment: "Decided to settle here for good.",
    "extended": lambda moment: "Had saved what was planned, but decided to stay for another round.",
    "status": _status,
    "apprehended": lambda moment: "Was caught by the immigration authorities.",
    "released": lambda moment: "Was released from detention.",
    "deported": lambda moment: "Was deported.",
    "left": _left,
}


def sentence(moment: Moment) -> str:
    """The event in one or two plain sentences; an event without a sentence of its own is named as it is."""
    say = SENTENCES.get(moment.event)
    if say is not None:
        return say(moment)
    about = f" ({NEED_NOUN.get(moment.need, moment.need)})" if moment.need else ""
    if not moment.event:
        return f"Something happened that has no name here{about}."
    return f"Recorded: {moment.event.replace('_', ' ')}{about}."
