"""Parameters of the NGOs (C1 to C5)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from ..catalogue import NGO_KINDS
from .parameter import KeyedSection, Section, parameter

TSUDA = "Tsuda 2008"


class NgoKind(Section):
    """One kind of NGO (C1)."""

    founding: float = parameter(
        1.0,
        unit="factor",
        low=0.0,
        high=5.0,
        meaning="how readily this kind is founded where its cases go unmet",
        mechanism="C1, C5",
    )
    income: float = parameter(
        6.0,
        unit="million yen a year",
        low=0.0,
        high=200.0,
        meaning="donations and foundation money of a typical office",
        mechanism="C4",
    )
    fee: float = parameter(
        0.0,
        unit="thousand yen a case",
        low=0.0,
        high=100.0,
        meaning="membership or service fee for each case taken",
        mechanism="C4",
    )
    skill: float = parameter(
        0.6,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that a case taken on is solved within the month",
        mechanism="C1",
    )
    legal_clients: float = parameter(
        0.4,
        unit="factor",
        low=0.0,
        high=1.0,
        meaning="rank of legal residents beside the unauthorised when more come than can be served",
        source=f"assumption, after {TSUDA}: 'primarily assist unauthorized immigrants'",
        mechanism="C2",
    )


def _kind(founding: float, income: float, fee: float, skill: float, legal: float) -> NgoKind:
    return NgoKind(founding=founding, income=income, fee=fee, skill=skill, legal_clients=legal)


class NgoKinds(KeyedSection):
    """The article's kinds of NGO."""

    names: ClassVar[tuple[str, ...]] = NGO_KINDS
    entry: ClassVar[type[Section]] = NgoKind
    citizens: NgoKind = Field(default_factory=lambda: _kind(1.2, 7.0, 0.0, 0.6, 0.5))
    faith: NgoKind = Field(default_factory=lambda: _kind(1.0, 9.0, 0.0, 0.5, 0.6))
    women: NgoKind = Field(default_factory=lambda: _kind(0.9, 8.0, 0.0, 0.6, 0.4))
    union: NgoKind = Field(default_factory=lambda: _kind(0.8, 5.0, 8.0, 0.65, 0.7))
    medical: NgoKind = Field(default_factory=lambda: _kind(0.6, 8.0, 5.0, 0.75, 0.3))
    lawyers: NgoKind = Field(default_factory=lambda: _kind(0.5, 8.0, 3.0, 0.6, 0.5))
    immigrant: NgoKind = Field(default_factory=lambda: _kind(0.4, 4.0, 1.0, 0.6, 0.8))


class Ngos(Section):
    """Capacity, founding and closing of NGOs (C4, C5)."""

    enabled: bool = parameter(True, unit="switch", meaning="whether there are NGOs at all", mechanism="C1")
    initial: int = parameter(
        50,
        unit="organisations",
        low=0,
        high=2_000,
        meaning="NGOs in the whole country at the start, placed where the migrants are",
        mechanism="C5",
    )
    founding: float = parameter(
        0.00004,
        unit="organisations per unmet need",
        low=0.0,
        high=0.1,
        meaning="NGOs founded for each need left unmet in a place over a year",
        source="fitted to P16",
        mechanism="C5",
    )
    crowding: float = parameter(
        1.5,
        unit="factor",
        low=0.0,
        high=20.0,
        meaning="how far each NGO already in the place lowers the founding of a further one",
        mechanism="C5",
    )
    staff_cost: float = parameter(
        3.0,
        unit="million yen a year",
        low=0.1,
        high=20.0,
        meaning="cost of one worker (a paid worker or the equivalent in volunteers' expenses)",
        mechanism="C4",
    )
    cases_per_staff: float = parameter(
        8.0,
        unit="cases a month",
        low=0.0,
        high=200.0,
        meaning="cases one worker can take on in a month",
        mechanism="C4",
    )
    limited: bool = parameter(
        True,
        unit="switch",
        meaning="whether an NGO's capacity limits the cases it takes; off, nobody is turned away",
        mechanism="C4",
    )
    victims_first: float = parameter(
        1.0,
        unit="added factor",
        low=0.0,
        high=20.0,
        meaning="how far the most victimised (abused, harmed, left without help before) come first in the queue",
        source=f"assumption, after {TSUDA}: 'the most victimized'",
        mechanism="C2",
    )
    debt: float = parameter(
        0.5,
        unit="years of donations",
        low=0.0,
        high=100.0,
        meaning="debt at which an NGO closes",
        mechanism="C5",
    )
    grant: float = parameter(
        0.01,
        unit="share of budget",
        low=0.0,
        high=1.0,
        meaning="share of a motivated city's budget for immigrants that goes to the NGOs in the city",
        mechanism="C4, B7",
    )
    foundation_luck: float = parameter(
        0.4,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="yearly ups and downs of donations and foundation money, up and down by up to this share",
        mechanism="C4",
    )
    burnout: float = parameter(
        0.05,
        unit="probability a year",
        low=0.0,
        high=1.0,
        meaning="chance that volunteers run out and an NGO closes, doubled when it turns clients away",
        mechanism="C5",
    )
    branches: float = parameter(
        0.02,
        unit="probability a year",
        low=0.0,
        high=1.0,
        meaning="chance that an NGO with money in hand opens a branch where its cases go unmet most",
        mechanism="C3",
    )
    telephone: float = parameter(
        0.08,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that advice over the telephone solves a case where there is no office of the kind",
        source=f"assumption, after {TSUDA}: reaches further, but weakly",
        mechanism="C3",
    )
    hotline: float = parameter(
        0.002,
        unit="probability a month",
        low=0.0,
        high=0.05,
        meaning="chance to hear of an NGO's telephone advice anywhere in the country (ethnic media)",
        mechanism="C3, D2",
    )
    specialised: float = parameter(
        0.4,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="share of NGOs founded for a single issue or a single group",
        mechanism="C6",
    )
    specialist_gain: float = parameter(
        0.2,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="part of the lacking skill that specialisation makes good",
        mechanism="C6",
    )
    competence: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="how far skill differs between NGOs of a kind, up and down",
        mechanism="C6, C7",
    )
    network: float = parameter(
        0.05,
        unit="share a year",
        low=0.0,
        high=1.0,
        meaning="how far, in a year, NGOs below the mean of their kind learn from it, and all share their money",
        mechanism="C7",
    )
    referral: float = parameter(
        0.1,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that a client turned away is referred to an NGO with room elsewhere in the region",
        mechanism="C7",
    )
    paternalism: float = parameter(
        0.25,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="part of the cases in which native staff misjudge what is needed",
        mechanism="C9",
    )
    immigrant_staff: float = parameter(
        0.05,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="share of immigrants among the staff of native-run NGOs, who judge better",
        source=f"assumption, after {TSUDA}: few in Japan, many in Spain",
        mechanism="C9",
    )
    transience: float = parameter(
        1.5,
        unit="added factor",
        low=0.0,
        high=10.0,
        meaning="how much more often immigrant-run NGOs close (transience, conflict, lack of interest)",
        mechanism="C9",
    )
    dues: float = parameter(
        1.0,
        unit="thousand yen a month",
        low=0.0,
        high=20.0,
        meaning="what a member pays: premiums of a medical NGO, dues of a union",
        mechanism="C10",
    )
    membership: float = parameter(
        0.5,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that someone whose case a medical NGO or union takes on becomes a paying member",
        mechanism="C10",
    )
    dropping_out: float = parameter(
        0.25,
        unit="probability a month",
        low=0.0,
        high=1.0,
        meaning="chance that a member stops paying, once the problem is solved",
        source=f"assumption, after {TSUDA}: premiums and dues stop after the illness or dispute",
        mechanism="C10",
    )
    member_skill: float = parameter(
        0.15,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="added chance that a member's case is solved within the month",
        mechanism="C10",
    )
