"""What each recorded event of a life is in plain English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..scenarios.catalogue import REASONS, STATUSES
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


def duration(months: int) -> str:
    """`2 years 3 months`."""
    years, rest = divmod(max(0, months), 12)
    parts = [_number(years, "year")] if years else []
    return " ".join([*parts, _number(rest, "month")] if rest or not years else parts)


def _number(number: int, what: str, words: str = "") -> str:
    """`2 years`, or with the number in `words`."""
    return f"{words or number} {what}{'s' if number != 1 else ''}"


def _whom(moment: Moment) -> str:
    return provider_named(moment.provider)


def _intention(moment: Moment) -> str:
    if moment.settler:
        return "meaning to settle for good"
    years = round(moment.target_years)
    if moment.target_years > 0 and years < 1:
        return "meaning to earn money for some months and go home"
    usual = (
        f" (usually after about {_number(years, 'year', in_words(years))})" if moment.target_years > 0 else ""
    )
    return f"meaning to earn money and go home{usual}"


def _as(moment: Moment) -> str:
    """As whom, and with what in mind, the migrant came."""
    return f"as {moment.entry('doors') or 'a migrant'}, {_intention(moment)}"


def _who(moment: Moment, other: str) -> str:
    return STATUS[moment.status].words if moment.status in STATUS else other


def _present(moment: Moment) -> str:
    now = _who(moment, "")
    came = f"Came {_as(moment)}{f'; now {now}' if now else ''}."
    return f"Already lived in {moment.place} when the record begins. {came}"


# What is known when a need arises: (of the town hall, of an NGO) -> what is said, and what the next time.
_KNOWN = {
    (True, True): ("Knew something of what the town hall offers, and of an NGO here.", ""),
    (True, False): (
        "Knew something of what the town hall offers, but had not heard of any NGO here that could help.",
        "Still had not heard of any NGO here that could help.",
    ),
    (False, True): (
        "Knew of an NGO here, but of nothing that the town hall offers.",
        "Still knew of nothing that the town hall offers.",
    ),
    (False, False): (
        "Had not heard of any service of the town hall, nor of an NGO that could help.",
        "Still had heard of no service of the town hall, nor of an NGO that could help.",
    ),
}


def _need(moment: Moment) -> str:
    struck = moment.of_need("struck") or (f"Needed help ({moment.need})." if moment.need else "Needed help.")
    return f"{struck} {_KNOWN[moment.knows_city, moment.knows_ngo][moment.again]}".strip()


def _all_details(moment: Moment, kind: str, other: str) -> str:
    found = [moment.entry(kind, detail) or other for detail in (moment.detail, *moment.more)]
    return joined(list(dict.fromkeys(found)))


def _paid_by_job(moment: Moment) -> bool:
    return moment.provider == "job"


def _asked(moment: Moment) -> str:
    if _paid_by_job(moment):
        return "Turned to the health insurance that came with the job."
    if moment.again:
        return f"Asked {_whom(moment)} again."
    about = moment.of_need("words")
    return f"Asked {_whom(moment)} for help" + (f" with {about}." if about else ".")


def _served(moment: Moment) -> str:
    solved = moment.of_need("solved")
    helped = "It paid" if _paid_by_job(moment) else f"{capital(_whom(moment))} helped"
    return helped + (f": {solved}." if solved else ".")


def _gave_up(moment: Moment) -> str:
    about, waited = moment.of_need("words") or "the problem", moment.detail
    after = f"After {_number(waited, 'month', in_words(waited))} gave" if waited > 0 else "Gave"
    return f"{after} up on {about}: nobody had helped."


def _lost(moment: Moment) -> str:
    services = moment.entries.services.values()
    left = [service.words for i, service in enumerate(services) if moment.detail >> i & 1]
    return f"Left behind by moving: {joined(left)}." if left else "Left an enrolment behind by moving."


def _left(moment: Moment) -> str:
    reason = name_at(REASONS, moment.detail)
    return (REASON[reason].many if reason else "Left the country") + "."


SENTENCES: dict[str, str | Callable[[Moment], str]] = {
    "arrived": lambda of: f"Arrived in {of.place} {_as(of)}.",
    "present": _present,
    "need": _need,
    "learned_city": lambda of: f"Learned of {_all_details(of, 'services', 'a service of the city')}.",
    "learned_ngo": lambda of: f"Heard of {_all_details(of, 'ngo_kinds', 'an NGO')} (NGO) that could help.",
    "asked": _asked,
    "served": _served,
    "refused": lambda of: f"{capital(_whom(of))} did not solve it{' this time either' if of.again else ''}.",
    "turned_away": lambda of: (
        f"{capital(_whom(of))} had too many cases, and turned them away{' again' if of.again else ''}."
    ),
    "afraid": lambda of: f"Would have asked {_whom(of)}, but feared being reported and deported.",
    "unwilling": lambda of: (
        f"Did not think it worth the trouble to ask{'' if of.settler else ', being here only for a time'}."
    ),
    "ineligible": lambda of: f"What {_whom(of)} offers was not open to {_who(of, 'this migrant')}.",
    "gave_up": _gave_up,
    "consequence": lambda of: name_at(CONSEQUENCES, of.detail) or "This had consequences.",
    "moved": lambda of: f"Moved {f'from {of.old_place} ' if of.old_place else ''}to {of.place}.",
    "lost": _lost,
    "joined": lambda of: f"Joined {of.entry('services') or 'a programme'}.",
    "quit": lambda of: f"Gave up {of.entry('services') or 'a programme'}.",
    # Through the job (no provider of services), or by going to the town hall.
    "insured": lambda of: (
        "Was enrolled in health insurance by the employer."
        if of.provider == "nobody"
        else "Took out the city's health insurance."
    ),
    "insurance_lapsed": lambda of: (
        "The new job came without health insurance."
        if of.provider == "nobody"
        else "The health insurance lapsed."
    ),
    "settled": "Decided to settle here for good.",
    "laid_off": "Lost the job in a slump.",
    "found_work": "Found work again.",
    "extended": "Had saved what was planned, but decided to stay for another round.",
    "status": lambda of: BECAME.get(name_at(STATUSES, of.detail), "Changed formal status."),
    "apprehended": "Was caught by the immigration authorities.",
    "released": "Was released from detention.",
    "deported": "Was deported.",
    "left": _left,
}


def sentence(moment: Moment) -> str:
    """The event in one or two plain sentences; an event without a sentence of its own is named as it is."""
    say = SENTENCES.get(moment.event)
    if say is not None:
        return say if isinstance(say, str) else say(moment)
    about = f" ({moment.of_need('words') or moment.need})" if moment.need else ""
    if not moment.event:
        return f"Something happened that has no name here{about}."
    return f"Recorded: {moment.event.replace('_', ' ')}{about}."
