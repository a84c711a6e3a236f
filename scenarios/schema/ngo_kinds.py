"""The kinds of NGO (C1), each declared once: whom it helps, what it lives on, what it may do."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from .entries import Entry, KeyedSection
from .parameter import name_list, number, probability, trait

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class NgoKind(Entry):
    """One kind of NGO (C1)."""

    founding: float = number(..., "Readiness to be founded", "C1, C5", unit="factor", high=5.0,
        meaning="how readily this kind is founded where its cases go unmet")
    income: float = number(..., "Donations", "C4", unit="million yen a year", high=200.0,
        meaning="donations and foundation money of a typical office")
    fee: float = number(..., "Fee a case", "C4", unit="thousand yen a case", high=100.0,
        meaning="membership or service fee for each case taken")
    skill: float = probability(..., "Cases solved", "C1",
        meaning="chance that a case taken on is solved within the month")
    legal_clients: float = number(..., "Rank if served elsewhere", "C2", unit="factor", high=1.0,
        meaning="rank of clients whom an office of city or state would serve (legal residents, mostly), beside those "
        "whom both refuse, when more come than can be served; and how far it seeks them out",
        source=f"assumption, after {TSUDA}: 'primarily assist unauthorized immigrants'")
    answers: tuple[str, ...] = name_list("Needs answered", "the needs whose cases it takes", "C1", "needs")
    members: bool = trait("Has members", "lives on the dues of members, whom it helps better", "C10")
    immigrant_run: bool = trait("Run by immigrants", "judges cases better, and closes more often", "C9")
    courts: bool = trait("Goes to court", "advances rights through the courts", "C8")
    women_only: bool = trait("For women", "takes the cases of women alone", "C1")
    monitors: bool = trait("Watches employers", "prevents accidents, disputes and unpaid wages", "C8")

    @staticmethod
    def article(label: str) -> str:
        """One of several: an association, a farm worker."""
        return "an" if label[:1].lower() in "aeiou" else "a"


# The five figures: founding, income, fee, skill, legal_clients.
SHIPPED_NGO_KINDS = {
    "citizens": NgoKind.shipped("Citizens' group", "a citizens' group",
        "groups of local citizens, for all kinds of trouble", "#0072B2 o", (1.2, 7.0, 0.0, 0.6, 0.5),
        answers=("dispute", "wages", "housing", "schooling", "papers", "arrest")),
    "faith": NgoKind.shipped("Church or temple", "a church or temple group",
        "groups of churches and temples, with shelters", "#CC79A7 o", (1.0, 9.0, 0.0, 0.5, 0.6),
        answers=("abuse", "housing", "illness")),
    "women": NgoKind.shipped("Women's group", "a women's support group",
        "groups that support and shelter women", "#E69F00 o", (0.9, 8.0, 0.0, 0.6, 0.4),
        answers=("abuse", "birth", "housing"), women_only=True),
    "union": NgoKind.shipped("Community union", "a community union", "labour unions that anybody may join",
        "#D55E00 o", (0.8, 5.0, 8.0, 0.65, 0.7), answers=("accident", "dispute", "wages"), members=True,
        courts=True, monitors=True),
    "medical": NgoKind.shipped("Medical group", "a group that gives medical help",
        "clinics and plans that members pay premiums for", "#009E73 o", (0.6, 8.0, 5.0, 0.75, 0.3),
        answers=("accident", "illness", "birth"), members=True),
    "lawyers": NgoKind.shipped("Lawyers", "a group of lawyers", "lawyers' associations", "#000000 o",
        (0.5, 8.0, 3.0, 0.6, 0.5), answers=("arrest", "papers", "dispute", "wages"), courts=True),
    "immigrant": NgoKind.shipped("Run by immigrants", "a group run by immigrants",
        "groups that immigrants run for each other", "#56B4E9 o", (0.4, 4.0, 1.0, 0.6, 0.8),
        answers=("papers", "housing", "schooling", "wages"), immigrant_run=True),
}


class NgoKinds(KeyedSection[NgoKind]):
    """The article's kinds of NGO."""

    entry: ClassVar[type[Entry]] = NgoKind
    one: ClassVar[str] = "kind of NGO"
    shipped: ClassVar[tuple[str, ...]] = tuple(SHIPPED_NGO_KINDS)
    root: dict[str, NgoKind] = Field(default_factory=SHIPPED_NGO_KINDS.copy)
