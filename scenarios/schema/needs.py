"""The needs (D1), each declared once: how often it strikes, who has a right to help, what follows without any."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from .entries import Entry, KeyedSection
from .parameter import number, parameter, presented, probability, share, trait

TSUDA = "Tsuda 2008"
# Lowest rung that holds a formal right; "anyone" includes the unauthorised.
RIGHT_HOLDERS = ("nobody", "citizen", "denizen", "legal", "anyone")
# Which of a door's risks multiplies a need's rate.
RISKS = ("work", "abuse", "housing", "plain")


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Need(Entry):
    """One kind of need (D1): how often it strikes, who has a right to help, what follows if nobody helps."""

    own: ClassVar[tuple[str, ...]] = (*Entry.own, "struck", "solved")

    struck: str = presented("When it strikes", "the sentence with which a life story begins it")
    solved: str = presented(
        "When it is met", "what a life story says when somebody helped, without a full stop"
    )

    rate: float = number(..., "How often it strikes", "D1", unit="episodes a person-year", high=0.6,
        meaning="how often it strikes, before the risks of door and status")
    unauthorised: float = number(..., "Factor if unauthorised", "D1", unit="factor", high=4.0,
        meaning="multiplies the rate for the unauthorised")
    men: float = number(1.0, "Factor for men", "D1, C1", unit="factor", high=1.0,
        meaning="multiplies the rate for men, relative to women")
    patience: int = number(..., "Patience", "D1", unit="months", low=1, high=24,
        meaning="time after which a need nobody met is given up")
    necessity: float = probability(..., "Sojourners who ask", "D4",
        meaning="willingness of a sojourner to ask anybody for help with it; settlers are always willing",
        source=f"assumption, after {TSUDA}: uninterested 'except for basic necessities'")
    right: str = parameter(..., "Right on paper", "A1", unit="lowest rung", choices=RIGHT_HOLDERS,
        meaning="lowest rung of formal status with a right on paper, everywhere in the country alike")
    state_delivery: float = probability(..., "State offices deliver", "A1",
        meaning="chance that the state's own office meets the need of someone who has the right and asks")
    programme: float = share(..., "National programme", "A6",
        meaning="how far the nation's uniform programme covers this need",
        source=f"{TSUDA}: shelters for abused women, consultation at the Human Rights Bureau")
    informal: float = probability(0.1, "Compatriots can help", "C12",
        meaning="chance that a compatriot, a congregation or an ethnic business that is asked can help with it")
    recurrence: float = probability(..., "Recurrence", "D10",
        meaning="chance that a need nobody met comes back at once")
    debt: int = number(..., "Months of debt", "D10", unit="months", high=48,
        meaning="months an unmet need adds to the time it takes to reach the savings target")
    job_loss: float = probability(..., "Job loss", "D10",
        meaning="chance that an unmet need costs the job and forces a move")
    departure: float = probability(..., "Departure", "D10, D11",
        meaning="chance that an unmet need ends the stay")
    harm: float = probability(..., "Lasting harm", "D10",
        meaning="chance that an unmet need leaves lasting harm to health (each raises illness by half)")
    risk: str = parameter("plain", "Kind of risk", "D1", unit="kind", choices=RISKS, trait=True,
        meaning="which of a door's risks multiplies its rate; plain: none")
    childbirth: bool = trait("Is childbirth", "comes with a child, to those who live here with a partner", "A11")
    school_age: bool = trait("Of school age", "strikes only parents of a child of school age", "A11")
    detention: bool = trait("Is detention", "comes with apprehension, and ends with it", "A4")
    victim: bool = trait("Is a wrong", "makes a victim, who comes first at an NGO and may take up its cause", "C2, D12")
    raised_by_harm: bool = trait("Raised by harm", "lasting harm to health makes it more frequent", "D10")
    raised_by_tension: bool = trait("Raised by tension", "discrimination makes it more frequent", "B9")

    @classmethod
    def named(cls, name: str, given: dict[str, Any]) -> dict[str, Any]:
        called = super().named(name, given)
        words = (given.get("words") or called["words"])[:150]
        return called | {"struck": f"Needed help: {words}.", "solved": "the need was met"}


SHIPPED_NEEDS = {
    "accident": Need.shipped("Accident at work", "the accident at work", "an accident at work", "#D55E00 o",
        struck="Had an accident at work.", solved="the accident was taken care of",
        rate=0.04, unauthorised=1.5, patience=3, necessity=0.8, right="anyone", state_delivery=0.45,
        programme=0.0, informal=0.05, recurrence=0.1, debt=4, job_loss=0.25, departure=0.08, harm=0.5, risk="work"),
    "illness": Need.shipped("Illness", "the illness", "an illness that needs a doctor", "#009E73 o",
        struck="Fell ill.", solved="the illness was treated",
        rate=0.25, unauthorised=1.1, patience=2, necessity=0.8, right="legal", state_delivery=0.2,
        programme=0.0, informal=0.1, recurrence=0.25, debt=2, job_loss=0.06, departure=0.03, harm=0.25,
        raised_by_harm=True),
    "dispute": Need.shipped("Dispute at work", "the dispute with the employer", "a dispute with the employer",
        "#E69F00 o", struck="Got into a dispute with the employer.", solved="the dispute was settled",
        rate=0.06, unauthorised=1.3, patience=4, necessity=0.35, right="anyone", state_delivery=0.25,
        programme=1.0, informal=0.05, recurrence=0.2, debt=1, job_loss=0.3, departure=0.02, harm=0.02, risk="work",
        raised_by_tension=True),
    "wages": Need.shipped("Unpaid wages", "the unpaid wages", "wages that the employer does not pay", "#0072B2 o",
        struck="Was not paid the wages due.", solved="the wages were paid",
        rate=0.05, unauthorised=1.8, patience=4, necessity=0.6, right="anyone", state_delivery=0.25,
        programme=1.0, informal=0.1, recurrence=0.2, debt=3, job_loss=0.3, departure=0.02, harm=0.02, risk="work",
        victim=True),
    "abuse": Need.shipped("Abuse", "the abuse", "abuse and violence, at work or at home", "#CC79A7 o",
        struck="Was abused.", solved="the abuse was stopped",
        rate=0.01, unauthorised=1.5, patience=6, necessity=0.6, right="anyone", state_delivery=0.1,
        programme=1.0, informal=0.1, recurrence=0.5, debt=1, job_loss=0.1, departure=0.05, harm=0.5, risk="abuse",
        men=0.3, victim=True, raised_by_tension=True),
    "housing": Need.shipped("Housing", "the trouble over a home", "eviction, or refusal of a home", "#56B4E9 o",
        struck="Was evicted, or refused a home.", solved="a home was found",
        rate=0.06, unauthorised=1.2, patience=3, necessity=0.4, right="denizen", state_delivery=0.1,
        programme=1.0, informal=0.45, recurrence=0.15, debt=1, job_loss=0.05, departure=0.02, harm=0.05, risk="housing",
        raised_by_tension=True),
    "arrest": Need.shipped("Arrest", "the arrest", "arrest and detention, in which legal help is needed", "#000000 o",
        struck="Was arrested, and needed legal help.", solved="the arrest was dealt with",
        rate=0.004, unauthorised=1.0, patience=2, necessity=0.9, right="citizen", state_delivery=0.3,
        programme=0.0, informal=0.02, recurrence=0.0, debt=2, job_loss=0.3, departure=0.05, harm=0.1, detention=True),
    "birth": Need.shipped("Birth", "the birth", "the birth of a child", "#009E73 s",
        struck="Was expecting a child.", solved="the birth was provided for",
        rate=0.12, unauthorised=1.0, patience=2, necessity=0.8, right="legal", state_delivery=0.2,
        programme=0.0, informal=0.15, recurrence=0.0, debt=3, job_loss=0.1, departure=0.05, harm=0.15, childbirth=True),
    "schooling": Need.shipped("School place", "the school place", "a place at school for a child", "#0072B2 s",
        struck="Needed a school place for a child.", solved="a school place was found",
        rate=0.25, unauthorised=1.0, patience=6, necessity=0.5, right="legal", state_delivery=0.2,
        programme=0.0, informal=0.2, recurrence=0.4, debt=0, job_loss=0.0, departure=0.02, harm=0.0, school_age=True),
    "papers": Need.shipped("Official papers", "the official papers", "trouble with official papers", "#000000 s",
        struck="Had trouble with official papers.", solved="the papers were put in order",
        rate=0.12, unauthorised=0.7, patience=3, necessity=0.5, right="legal", state_delivery=0.35,
        programme=0.0, informal=0.4, recurrence=0.2, debt=0, job_loss=0.03, departure=0.02, harm=0.0),
}


class Needs(KeyedSection[Need]):
    """The kinds of need."""

    entry: ClassVar[type[Entry]] = Need
    one: ClassVar[str] = "need"
    shipped: ClassVar[tuple[str, ...]] = tuple(SHIPPED_NEEDS)
    root: dict[str, Need] = Field(default_factory=SHIPPED_NEEDS.copy)

    def why_not_in_detention(self) -> str | None:
        """Why it can't be told what people in detention need, or None: just one need must be that."""
        found = self.having("detention")
        if len(found) == 1:
            return None
        said = f"{len(found)} are ({', '.join(found)})" if found else "none is"
        return (
            f"one need must be that of people in detention, but {said}: give `detention: true` to one (as `arrest`), "
            "and to no other"
        )
