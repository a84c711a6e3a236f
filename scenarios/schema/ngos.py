"""Parameters of the NGOs (C1 to C5)."""

from __future__ import annotations

from .parameter import Section, parameter

TSUDA = "Tsuda 2008"


class Ngos(Section):
    """Capacity, founding and closing of NGOs (C4, C5)."""

    enabled: bool = parameter(
        True, label="NGOs exist", unit="switch", meaning="whether there are NGOs at all", mechanism="C1"
    )
    initial: int = parameter(
        50,
        label="NGOs at the start",
        unit="organisations",
        low=0,
        high=2_000,
        meaning="NGOs in the whole country at the start, placed where the migrants are",
        mechanism="C5",
        start_only=True,
    )
    founding: float = parameter(
        0.00004,
        label="Founding of NGOs",
        unit="organisations per unmet need",
        low=0.0,
        high=0.1,
        meaning="NGOs founded for each need left unmet in a place over a year",
        source="fitted to P16",
        mechanism="C5",
    )
    crowding: float = parameter(
        1.5,
        label="Crowding of NGOs",
        unit="factor",
        low=0.0,
        high=20.0,
        meaning="how far each NGO already in the place lowers the founding of a further one",
        mechanism="C5",
    )
    staff_cost: float = parameter(
        3.0,
        label="Cost of a worker",
        unit="million yen a year",
        low=0.1,
        high=20.0,
        meaning="cost of one worker (a paid worker or the equivalent in volunteers' expenses)",
        mechanism="C4",
    )
    cases_per_staff: float = parameter(
        8.0,
        label="Cases per worker",
        unit="cases a month",
        low=0.0,
        high=200.0,
        meaning="cases one worker can take on in a month",
        mechanism="C4",
    )
    limited: bool = parameter(
        True,
        label="Capacity limits NGOs",
        unit="switch",
        meaning="whether an NGO's capacity limits the cases it takes; off, nobody is turned away",
        mechanism="C4",
    )
    victims_first: float = parameter(
        1.0,
        label="Victims first",
        unit="added factor",
        low=0.0,
        high=20.0,
        meaning="how far the most victimised (abused, harmed, left without help before) come first in the queue",
        source=f"assumption, after {TSUDA}: 'the most victimized'",
        mechanism="C2",
    )
    debt: float = parameter(
        0.5,
        label="Debt that closes an NGO",
        unit="years of donations",
        low=0.0,
        high=100.0,
        meaning="debt at which an NGO closes",
        mechanism="C5",
    )
    grant: float = parameter(
        0.01,
        label="Grants by cities",
        unit="share of budget",
        low=0.0,
        high=1.0,
        meaning="share of a motivated city's budget for immigrants that goes to the NGOs in the city",
        mechanism="C4, B7",
    )
    foundation_luck: float = parameter(
        0.4,
        label="Ups and downs of funds",
        unit="share",
        low=0.0,
        high=1.0,
        meaning="yearly ups and downs of donations and foundation money, up and down by up to this share",
        mechanism="C4",
    )
    burnout: float = parameter(
        0.05,
        label="Burnout of volunteers",
        unit="probability a year",
        low=0.0,
        high=1.0,
        meaning="chance that volunteers run out and an NGO closes, doubled when it turns clients away",
        mechanism="C5",
    )
    branches: float = parameter(
        0.02,
        label="Branches",
        unit="probability a year",
        low=0.0,
        high=1.0,
        meaning="chance that an NGO with money in hand opens a branch where its cases go unmet most",
        mechanism="C3",
    )
    telephone: float = parameter(
        0.08,
        label="Advice by telephone",
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that advice over the telephone solves a case where there is no office of the kind",
        source=f"assumption, after {TSUDA}: reaches further, but weakly",
        mechanism="C3",
    )
    hotline: float = parameter(
        0.002,
        label="Hotline known",
        unit="probability a month",
        low=0.0,
        high=0.05,
        meaning="chance to hear of an NGO's telephone advice anywhere in the country (ethnic media)",
        mechanism="C3, D2",
    )
    specialised: float = parameter(
        0.4,
        label="Specialised NGOs",
        unit="share",
        low=0.0,
        high=1.0,
        meaning="share of NGOs founded for a single issue or a single group",
        mechanism="C6",
    )
    specialist_gain: float = parameter(
        0.2,
        label="Gain of specialising",
        unit="share",
        low=0.0,
        high=1.0,
        meaning="part of the lacking skill that specialisation makes good",
        mechanism="C6",
    )
    competence: float = parameter(
        0.3,
        label="Differences in skill",
        unit="share",
        low=0.0,
        high=1.0,
        meaning="how far skill differs between NGOs of a kind, up and down",
        mechanism="C6, C7",
    )
    network: float = parameter(
        0.05,
        label="Learning in networks",
        unit="share a year",
        low=0.0,
        high=1.0,
        meaning="how far, in a year, NGOs below the mean of their kind learn from it, and all share their money",
        mechanism="C7",
    )
    referral: float = parameter(
        0.1,
        label="Referral",
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that a client turned away is referred to an NGO with room elsewhere in the region",
        mechanism="C7",
    )
    paternalism: float = parameter(
        0.25,
        label="Paternalism",
        unit="share",
        low=0.0,
        high=1.0,
        meaning="part of the cases in which native staff misjudge what is needed",
        mechanism="C9",
    )
    immigrant_staff: float = parameter(
        0.05,
        label="Immigrant staff",
        unit="share",
        low=0.0,
        high=1.0,
        meaning="share of immigrants among the staff of native-run NGOs, who judge better",
        source=f"assumption, after {TSUDA}: few in Japan, many in Spain",
        mechanism="C9",
    )
    transience: float = parameter(
        1.5,
        label="Transience if immigrant",
        unit="added factor",
        low=0.0,
        high=10.0,
        meaning="how much more often immigrant-run NGOs close (transience, conflict, lack of interest)",
        mechanism="C9",
    )
    dues: float = parameter(
        1.0,
        label="Members' dues",
        unit="thousand yen a month",
        low=0.0,
        high=20.0,
        meaning="what a member pays: premiums of a medical NGO, dues of a union",
        mechanism="C10",
    )
    membership: float = parameter(
        0.5,
        label="Clients become members",
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that someone whose case a medical NGO or union takes on becomes a paying member",
        mechanism="C10",
    )
    dropping_out: float = parameter(
        0.25,
        label="Members drop out",
        unit="probability a month",
        low=0.0,
        high=1.0,
        meaning="chance that a member stops paying, once the problem is solved",
        source=f"assumption, after {TSUDA}: premiums and dues stop after the illness or dispute",
        mechanism="C10",
    )
    member_skill: float = parameter(
        0.15,
        label="Extra skill for members",
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="added chance that a member's case is solved within the month",
        mechanism="C10",
    )
