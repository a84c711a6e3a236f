"""The categories of entry (A2), each declared once: front, side and back doors."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from .entries import Entry, KeyedSection
from .parameter import NOT_BLANK, number, parameter, probability, share, trait

TSUDA = "Tsuda 2008"
DOOR_KINDS = ("front", "side", "back", "family")


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Door(Entry):
    """One category of entry (A2): how many come, on what terms, and what awaits them."""

    initial: float = number(..., "Present at the start", "A2", unit="persons", high=1e8, usual=5e6,
        start_only=True,
        meaning="people of this category present when the run starts")
    initial_years: float = number(..., "Their years of stay", "A2", unit="years", high=30.0, start_only=True,
        meaning="mean years those already present have stayed at the start (exponential)")
    arrivals: float = number(..., "Arrivals a month", "A2, A10", unit="persons a month", high=5e6, usual=2e5,
        meaning="how many would come in a month, as far as the state lets them; while many jobs of the trade are free, "
        "all of them do")
    permit: int = number(..., "Length of a permit", "A3", unit="months", high=120,
        meaning="length of a residence permit and of each renewal; 0 for those who enter without one")
    renewal: float = probability(..., "Renewal of permits", "A3",
        meaning="chance that an expiring permit is renewed")
    overstay: float = probability(..., "Overstaying", "A3",
        meaning="chance to stay on without a permit when it is not renewed; the rest leave")
    outside_activity: float = probability(..., "Work outside the visa", "A3", per="month", high=0.03,
        meaning="chance to begin work outside the activity the visa allows (students' hours)")
    runaway: float = probability(..., "Running away", "A3", per="month", high=0.03,
        meaning="chance to desert the assigned workplace and with it the permit (trainees, entertainers)")
    settlers: float = share(..., "Settlers on arrival", "D4",
        meaning="share who arrive with the intention to settle")
    settling: float = number(..., "Drift to settling", "D4", unit="factor", high=4.0,
        meaning="multiplies the drift of sojourners of this category towards settlement")
    target_years: float = number(..., "Years to target", "D4, D11", unit="years", low=0.25, high=30.0,
        meaning="mean sojourn after which a target earner has saved what was planned (spread: half to "
        "one and a half times the mean)")
    women: float = share(..., "Women", "D1, C1",
        meaning="share of women")
    debt: int = number(..., "Debts on arrival", "D4, D13", unit="months", high=60,
        meaning="months of work that pay off what brokers and the journey have cost")
    marrying: float = number(..., "Marriage to nationals", "A3, A11", unit="factor", high=10.0,
        meaning="multiplies the chance that a settler of this category marries a national")
    family: float = share(..., "Living with a family", "D7, A11",
        meaning="share who come with a partner, and most of these with children")
    family_joins: float = probability(..., "Family joins", "A8", per="month", high=0.03,
        meaning="family admission: chance that a settler of this category with a permit, a year's stay, a job, a home "
        "and no debts brings partner and children; 0 where the state does not admit families",
        source=f"{TSUDA}: of foreign workers only the nikkeijin may bring families")
    language: float = number(..., "Language on arrival", "D6", unit="competence", high=1.0,
        meaning="host-language and cultural competence on arrival")
    urban: float = share(..., "Pull of big cities", "D9",
        meaning="weight of big-city jobs against factory-town jobs among the jobs of this category")
    moving: float = probability(..., "Moving for work", "D8", per="month", high=0.06,
        meaning="chance to move to another municipality for the end of a contract or a better wage")
    leaving: float = probability(..., "Return home", "D11", per="month", high=0.03,
        meaning="chance to return home for reasons of one's own, whatever the target")
    visibility: float = number(..., "Public image", "B3", unit="image, -1 to 1", low=-1.0, high=1.0,
        meaning="how the public sees this category: 1 welcome and visible, -1 hidden or shunned")
    work_risk: float = number(..., "Risk at work", "D1", unit="factor", high=3.0,
        meaning="multiplies accidents, disputes and unpaid wages")
    abuse_risk: float = number(..., "Risk of abuse", "D1", unit="factor", high=12.0,
        meaning="multiplies abuse and violence at work")
    housing_risk: float = number(..., "Risk over housing", "D1", unit="factor", high=3.0,
        meaning="multiplies evictions and refusals of housing")
    kind: str = parameter(..., "Kind of door", "A2", unit="kind", choices=DOOR_KINDS, trait=True,
        meaning="front: as workers; side: under another title; back: without leave to work; family: as the spouse of "
        "a national",
        source=TSUDA)
    group: str = parameter(..., "Group", "D2, D9", unit="name", trait=True, pattern=NOT_BLANK, longest=200,
        meaning="whom its migrants take for compatriots: those of all doors with this group",
        source="assumption: each door a group of its own")
    nations: float = number(1.0, "Nations", "D14, D6", unit="number", low=1.0, high=200.0,
        meaning="how many nations the category stands for: of its group only one in so many is a compatriot (of a "
        "group of several categories, the most that one of them names). For a "
        "country whose figures tell by which door migrants came and not from where; 1 where the group is one nation")
    channel: str = parameter(..., "Channel", "A2", unit="name", trait=True,
        meaning="by which title one enters; the same for categories that differ by nationality alone",
        source=TSUDA)
    spouse: bool = trait("Is marriage", "spouses of nationals, who come for a family and not for work", "A11")
    trade: str = parameter(..., "Trade", "A10, D9, D13", unit="name", trait=True, names="trades",
        meaning="where its migrants find work: one of the trades")
    visit: bool = trait("Is a visit", "short-term visitors, whose stay brings no registration", "A2")
    smuggled: bool = trait("Is smuggling", "entry without any papers", "A2")
    tied: bool = trait("Permit of a workplace", "whose permit goes with the workplace it was given for", "A3, D13")
    coethnic: bool = trait("Is co-ethnic", "descendants of those who once emigrated from here", "A2")

    own: ClassVar[tuple[str, ...]] = (*Entry.own, "group", "nations")

    @classmethod
    def named(cls, name: str, given: dict[str, Any]) -> dict[str, Any]:
        return super().named(name, given) | {"group": name, "channel": name}

    @staticmethod
    def article(label: str) -> str:
        """One of several: an association, a farm worker."""
        return "an" if label[:1].lower() in "aeiou" else "a"


# What is not said of the doors of a country is as here; the scenario files give each its own figures.
_ORDINARY: dict[str, Any] = {
    "initial": 0.0, "initial_years": 3.0, "arrivals": 0.0, "permit": 12, "renewal": 0.5, "overstay": 0.3,
    "outside_activity": 0.0, "runaway": 0.0, "settlers": 0.1, "settling": 1.0, "target_years": 4.0, "family": 0.1,
    "family_joins": 0.0, "women": 0.45, "debt": 12, "marrying": 1.0, "language": 0.1, "urban": 0.5, "moving": 0.011,
    "leaving": 0.003, "visibility": 0.0, "work_risk": 1.0, "abuse_risk": 1.0, "housing_risk": 1.0,
}


SHIPPED_DOORS = {
    name: Door.shipped(
        label, words, meaning, look, **{**_ORDINARY, **dict.fromkeys(traits, True)}, kind=kind, group=name,
        channel=name, trade=trade)
    for name, kind, trade, label, words, meaning, look, *traits in (
        ("skilled", "front", "office", "Skilled worker", "a skilled professional",
            "professionals and the highly skilled", "#0072B2 o"),
        ("coethnic", "side", "factory", "Co-ethnic (descendant)",
            "a co-ethnic worker, whose family once emigrated from here",
            "descendants of emigrants, admitted as kin (Japan's nikkeijin)", "#E69F00 o", "coethnic"),
        ("trainee", "side", "workshop", "Trainee", "a company trainee", "trainees and interns, who in fact work",
            "#009E73 o", "tied"),
        ("student", "side", "service", "Student", "a student at a pre-college school",
            "students, who may work some hours", "#56B4E9 o"),
        ("entertainer", "side", "nightlife", "Entertainer", "an entertainer", "dancers, singers and hostesses",
            "#CC79A7 o", "tied"),
        ("worker", "front", "factory", "Contract worker", "a worker with a permit",
            "workers admitted as such, by contract", "#000000 o", "tied"),
        ("visitor", "back", "building", "Visitor who stayed", "a short-term visitor who meant to find work",
            "visitors who stay on after their visa to work", "#D55E00 o", "visit"),
        ("smuggled", "back", "service", "Smuggled", "someone smuggled in without papers",
            "people smuggled into the country", "#D55E00 s", "smuggled"),
        ("spouse", "family", "service", "Spouse of a national", "a spouse of a national",
            "those who come to marry a national", "#F0E442 o", "spouse"))
}


class Doors(KeyedSection[Door]):
    """The categories of entry: front (skilled, worker), side and back."""

    entry: ClassVar[type[Entry]] = Door
    one: ClassVar[str] = "door"
    limit: ClassVar[int] = 64
    shipped: ClassVar[tuple[str, ...]] = tuple(SHIPPED_DOORS)
    root: dict[str, Door] = Field(default_factory=SHIPPED_DOORS.copy)
