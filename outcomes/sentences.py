"""What each recorded event of a life is in plain sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..scenarios.catalogue import REASONS, STATUSES
from ..scenarios.languages import later, tr, tr_number
from ..scenarios.vocabulary import REASON, STATUS
from .entries import SHIPPED_ENTRIES, Entries
from .wording import in_words, joined, provider_named
from .wording import sentence as capital

BECAME = {
    "citizen": later("Became a citizen."),
    "denizen": later("Became a permanent resident."),
    "legal": later("Was given a permit, and is a legal resident now."),
    "irregular": later("Began to work outside what the visa allows."),
    "overstayer": later("Stayed on without a valid permit."),
    "smuggled": later("Was now in the country without papers."),
}
CONSEQUENCES = (
    later("Fell into debt, and would have to work longer to reach the savings goal."),
    later("Lost the job over it."),
    later("It did lasting harm."),
    later("The same problem came back at once."),
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
    forgot: tuple[bool, bool] = (False, False)  # of what was known before: of the town hall, of an NGO
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
    if not years:
        return _months(rest)
    said = tr_number("{number} year", "{number} years", years, number=years)
    return tr("{years} {months}", years=said, months=_months(rest)) if rest else said


def _months(number: int, words: str = "") -> str:
    """`2 months`, or with the number in `words`."""
    return tr_number("{number} month", "{number} months", number, number=words or number)


def _whom(moment: Moment) -> str:
    return provider_named(moment.provider)


def _came(moment: Moment) -> str:
    """As whom, and with what in mind, the migrant came."""
    door = moment.entry("doors") or tr("a migrant")
    if moment.settler:
        return tr("as {door}, meaning to settle for good", door=door)
    years = round(moment.target_years)
    if moment.target_years <= 0:
        return tr("as {door}, meaning to earn money and go home", door=door)
    if years < 1:
        return tr("as {door}, meaning to earn money for some months and go home", door=door)
    return tr_number(
        "as {door}, meaning to earn money and go home (usually after about {number} year)",
        "as {door}, meaning to earn money and go home (usually after about {number} years)",
        years,
        door=door,
        number=in_words(years),
    )


def _arrived(moment: Moment) -> str:
    return tr("Arrived in {place} {how}.", place=moment.place, how=_came(moment))


def _present(moment: Moment) -> str:
    place, how = moment.place, _came(moment)
    if moment.status not in STATUS:
        return tr("Already lived in {place} when the record begins. Came {how}.", place=place, how=how)
    return tr(
        "Already lived in {place} when the record begins. Came {how}; now {status}.",
        place=place,
        how=how,
        status=STATUS[moment.status].words,
    )


# What is known when a need arises: (of the town hall, of an NGO) -> what is said, and what the next time.
_KNOWN = {
    (True, True): (later("Knew something of what the town hall offers, and of an NGO here."), ""),
    (True, False): (
        later("Knew something of what the town hall offers, but of no NGO here that could help."),
        later("Still knew of no NGO here that could help."),
    ),
    (False, True): (
        later("Knew of an NGO here, but of nothing that the town hall offers."),
        later("Still knew of nothing that the town hall offers."),
    ),
    (False, False): (
        later("Knew of no service of the town hall, nor of an NGO that could help."),
        later("Still knew of no service of the town hall, nor of an NGO that could help."),
    ),
}


def _need(moment: Moment) -> str:
    struck = moment.of_need("struck")
    if not struck:
        struck = tr("Needed help ({need}).", need=moment.need) if moment.need else tr("Needed help.")
    return f"{struck} {tr(_KNOWN[moment.knows_city, moment.knows_ngo][moment.again])}".strip()


def _all_details(moment: Moment, kind: str, other: str) -> str:
    found = [moment.entry(kind, detail) or other for detail in (moment.detail, *moment.more)]
    return joined(list(dict.fromkeys(found)))


def _learned_city(moment: Moment) -> str:
    return tr(
        "Learned of {services}.", services=_all_details(moment, "services", tr("a service of the city"))
    )


def _learned_ngo(moment: Moment) -> str:
    return tr("Heard of {ngos} (NGO) that could help.", ngos=_all_details(moment, "ngo_kinds", tr("an NGO")))


def _paid_by_job(moment: Moment) -> bool:
    return moment.provider == "job"


def _asked(moment: Moment) -> str:
    if _paid_by_job(moment):
        return tr("Turned to the health insurance that came with the job.")
    if moment.again:
        return tr("Asked {provider} again.", provider=_whom(moment))
    about = moment.of_need("words")
    if not about:
        return tr("Asked {provider} for help.", provider=_whom(moment))
    return tr("Asked {provider} for help with {need}.", provider=_whom(moment), need=about)


def _served(moment: Moment) -> str:
    solved = moment.of_need("solved")
    if _paid_by_job(moment):
        return tr("It paid: {solved}.", solved=solved) if solved else tr("It paid.")
    if not solved:
        return capital(tr("{provider} helped.", provider=_whom(moment)))
    return capital(tr("{provider} helped: {solved}.", provider=_whom(moment), solved=solved))


def _refused(moment: Moment) -> str:
    if moment.again:
        return capital(tr("{provider} did not solve it this time either.", provider=_whom(moment)))
    return capital(tr("{provider} did not solve it.", provider=_whom(moment)))


def _turned_away(moment: Moment) -> str:
    if moment.again:
        return capital(
            tr("{provider} had too many cases, and turned them away again.", provider=_whom(moment))
        )
    return capital(tr("{provider} had too many cases, and turned them away.", provider=_whom(moment)))


def _afraid(moment: Moment) -> str:
    return tr("Would have asked {provider}, but feared being reported and deported.", provider=_whom(moment))


def _unwilling(moment: Moment) -> str:
    if moment.settler:
        return tr("Did not think it worth the trouble to ask.")
    return tr("Did not think it worth the trouble to ask, being here only for a time.")


def _ineligible(moment: Moment) -> str:
    who = STATUS[moment.status].words if moment.status in STATUS else tr("this migrant")
    return tr("What {provider} offers was not open to {status}.", provider=_whom(moment), status=who)


def _gave_up(moment: Moment) -> str:
    about, waited = moment.of_need("words") or tr("the problem"), moment.detail
    if waited <= 0:
        return tr("Gave up on {need}: nobody had helped.", need=about)
    months = _months(waited, in_words(waited))
    return tr("After {months} gave up on {need}: nobody had helped.", months=months, need=about)


# What was known, (of the town hall, of an NGO), and is not where one has moved to.
_FORGOT = {
    (True, True): later("What was known of the town hall and of NGOs there is of no use here."),
    (True, False): later("What was known of the town hall there is of no use here."),
    (False, True): later("What was known of NGOs there is of no use here."),
}


def _moved(moment: Moment) -> str:
    moved = tr("Moved to {place}.", place=moment.place)
    if moment.old_place:
        moved = tr("Moved from {old} to {place}.", old=moment.old_place, place=moment.place)
    return f"{moved} {tr(_FORGOT[moment.forgot])}" if any(moment.forgot) else moved


def _lost(moment: Moment) -> str:
    services = moment.entries.services.values()
    left = [service.words for i, service in enumerate(services) if moment.detail >> i & 1]
    if not left:
        return tr("Left an enrolment behind by moving.")
    return tr("Left behind by moving: {services}.", services=joined(left))


def _joined(moment: Moment) -> str:
    return tr("Joined {service}.", service=moment.entry("services") or tr("a programme"))


def _quit(moment: Moment) -> str:
    return tr("Gave up {service}.", service=moment.entry("services") or tr("a programme"))


def _insured(moment: Moment) -> str:
    """Through the job (no provider of services), or by going to the town hall."""
    if moment.provider == "nobody":
        return tr("Was enrolled in health insurance by the employer.")
    return tr("Took out the city's health insurance.")


def _insurance_lapsed(moment: Moment) -> str:
    """With the job that brought it, or by itself."""
    if moment.provider == "nobody":
        return tr("The new job came without health insurance.")
    return tr("The health insurance lapsed.")


def _left(moment: Moment) -> str:
    reason = name_at(REASONS, moment.detail)
    return tr("{ending}.", ending=REASON[reason].many) if reason else tr("Left the country.")


_CHANGED = later("Changed formal status.")
SENTENCES: dict[str, str | Callable[[Moment], str]] = {
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
    "consequence": lambda of: tr(name_at(CONSEQUENCES, of.detail)) or tr("This had consequences."),
    "moved": _moved,
    "lost": _lost,
    "joined": _joined,
    "quit": _quit,
    "insured": _insured,
    "insurance_lapsed": _insurance_lapsed,
    "settled": later("Decided to settle here for good."),
    "laid_off": later("Lost the job in a slump."),
    "found_work": later("Found work again."),
    "extended": later("Had saved what was planned, but decided to stay for another round."),
    "status": lambda of: tr(BECAME.get(name_at(STATUSES, of.detail), _CHANGED)),
    "apprehended": later("Was caught by the immigration authorities."),
    "released": later("Was released from detention."),
    "deported": later("Was deported."),
    "left": _left,
}


def sentence(moment: Moment) -> str:
    """The event in one or two sentences; an event without a sentence of its own is named as it is."""
    say = SENTENCES.get(moment.event)
    if say is not None:
        return tr(say) if isinstance(say, str) else say(moment)
    need, event = moment.of_need("words") or moment.need, moment.event.replace("_", " ")
    if not event:
        if need:
            return tr("Something happened that has no name here ({need}).", need=need)
        return tr("Something happened that has no name here.")
    return (
        tr("Recorded: {event} ({need}).", event=event, need=need)
        if need
        else tr("Recorded: {event}.", event=event)
    )
