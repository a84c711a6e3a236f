"""What each recorded event of a life is in plain English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..scenarios.catalogue import BY_JOB, REASONS, STATUSES
from ..scenarios.vocabulary import REASON, STATUS
from .entries import SHIPPED_ENTRIES, Entries
from .wording import in_words, joined, provider_named
from .wording import sentence as capital

BECAME = {
    "citizen": "Became a citizen.",
    "denizen": "Became a permanent resident.",
    "legal": "Was given a permit, and is a legal resident now.",
    "irregular": "Began to work outside what the visa allows.",
    "overstayer": "Stayed on without a valid permit.",
    "smuggled": "Was now in the country without papers.",
}
CONSEQUENCES = (
    "Fell into debt, and would have to work longer to reach the savings goal.",
    "Lost the job over it.",
    "It did lasting harm.",
    "The same problem came back at once.",
)


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
    entries: Entries = SHIPPED_ENTRIES  # of the run

    def entry(self, kind: str, detail: int | None = None) -> str:
        """What a service, door or kind of NGO is called that the detail (or another) stands for, "" if none is."""
        section = getattr(self.entries, kind)
        name = name_at(section.names, self.detail if detail is None else detail)
        return section[name].words if name else ""

    def of_need(self, field: str) -> str:
        """What the need concerned has in a field (words, struck, solved); "" where no need is."""
        return getattr(self.entries.needs[self.need], field) if self.need in self.entries.needs else ""


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
    door = moment.entry("doors") or "a migrant"
    return f"Arrived in {moment.place} as {door}, {_intention(moment)}."


def _present(moment: Moment) -> str:
    door = moment.entry("doors") or "a migrant"
    now = f"; now {STATUS[moment.status].words}" if moment.status in STATUS else ""
    came = f"Came as {door}, {_intention(moment)}{now}."
    return f"Already lived in {moment.place} when the record begins. {came}"


def _need(moment: Moment) -> str:
    struck = moment.of_need("struck") or (f"Needed help ({moment.need})." if moment.need else "Needed help.")
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


def _all_details(moment: Moment, kind: str, other: str) -> str:
    found = [moment.entry(kind, detail) or other for detail in (moment.detail, *moment.more)]
    return joined(list(dict.fromkeys(found)))


def _learned_city(moment: Moment) -> str:
    return f"Learned of {_all_details(moment, 'services', 'a service of the city')}."


def _learned_ngo(moment: Moment) -> str:
    return f"Heard of {_all_details(moment, 'ngo_kinds', 'an NGO')} (NGO) that could help."


def _asked(moment: Moment) -> str:
    if moment.provider == "nation" and moment.detail == BY_JOB:
        return "Turned to the health insurance that came with the job."
    if moment.again:
        return f"Asked {_whom(moment)} again."
    about = moment.of_need("words")
    return f"Asked {_whom(moment)} for help" + (f" with {about}." if about else ".")


def _served(moment: Moment) -> str:
    solved = moment.of_need("solved")
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
    who = STATUS[moment.status].words if moment.status in STATUS else "this migrant"
    return f"What {_whom(moment)} offers was not open to {who}."


def _gave_up(moment: Moment) -> str:
    about = moment.of_need("words") or "the problem"
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
    left = [
        service.words for i, service in enumerate(moment.entries.services.values()) if moment.detail >> i & 1
    ]
    return f"Left behind by moving: {joined(left)}." if left else "Left an enrolment behind by moving."


def _joined(moment: Moment) -> str:
    return f"Joined {moment.entry('services') or 'a programme'}."


def _quit(moment: Moment) -> str:
    return f"Gave up {moment.entry('services') or 'a programme'}."


def _status(moment: Moment) -> str:
    return BECAME.get(name_at(STATUSES, moment.detail), "Changed formal status.")


def _left(moment: Moment) -> str:
    reason = name_at(REASONS, moment.detail)
    return (REASON[reason].many if reason else "Left the country") + "."


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
    about = f" ({moment.of_need('words') or moment.need})" if moment.need else ""
    if not moment.event:
        return f"Something happened that has no name here{about}."
    return f"Recorded: {moment.event.replace('_', ' ')}{about}."
