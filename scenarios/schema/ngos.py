"""Parameters of the NGOs (C1 to C5)."""

from __future__ import annotations

from .parameter import Section, parameter

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Ngos(Section):
    """Capacity, founding and closing of NGOs (C4, C5)."""

    enabled: bool = parameter(
        True, label="NGOs exist", unit="switch", mechanism="C1",
        meaning="whether there are NGOs at all",
    )
    initial: int = parameter(
        50, label="NGOs at the start", unit="organisations", low=0, high=2_000, mechanism="C5",
        start_only=True,
        meaning="NGOs in the whole country at the start, placed where the migrants are",
    )
    founding: float = parameter(
        0.00004, label="Founding of NGOs", unit="organisations per unmet need", low=0.0, high=0.1,
        mechanism="C5",
        meaning="NGOs founded for each need left unmet in a place over a year",
        source="fitted to P16",
    )
    crowding: float = parameter(
        1.5, label="Crowding of NGOs", unit="factor", low=0.0, high=20.0, mechanism="C5",
        meaning="how far each NGO already in the place lowers the founding of a further one",
    )
    staff_cost: float = parameter(
        3.0, label="Cost of a worker", unit="million yen a year", low=0.1, high=20.0, mechanism="C4",
        meaning="cost of one worker (a paid worker or the equivalent in volunteers' expenses)",
    )
    cases_per_staff: float = parameter(
        8.0, label="Cases per worker", unit="cases a month", low=0.0, high=200.0, mechanism="C4",
        meaning="cases one worker can take on in a month",
    )
    limited: bool = parameter(
        True, label="Capacity limits NGOs", unit="switch", mechanism="C4",
        meaning="whether an NGO's capacity limits the cases it takes; off, nobody is turned away",
    )
    victims_first: float = parameter(
        1.0, label="Victims first", unit="added factor", low=0.0, high=20.0, mechanism="C2",
        meaning="how far the most victimised (abused, harmed, left without help before) come first in the queue",
        source=f"assumption, after {TSUDA}: 'the most victimized'",
    )
    debt: float = parameter(
        0.5, label="Debt that closes an NGO", unit="years of donations", low=0.0, high=100.0, mechanism="C5",
        meaning="debt at which an NGO closes",
    )
    grant: float = parameter(
        0.01, label="Grants by cities", unit="share of budget", low=0.0, high=1.0, mechanism="C4, B7",
        meaning="share of a motivated city's budget for immigrants that goes to the NGOs in the city",
    )
    foundation_luck: float = parameter(
        0.4, label="Ups and downs of funds", unit="share", low=0.0, high=1.0, mechanism="C4",
        meaning="yearly ups and downs of donations and foundation money, up and down by up to this share",
    )
    burnout: float = parameter(
        0.05, label="Burnout of volunteers", unit="probability a year", low=0.0, high=1.0, mechanism="C5",
        meaning="chance that volunteers run out and an NGO closes, doubled when it turns clients away",
    )
    branches: float = parameter(
        0.02, label="Branches", unit="probability a year", low=0.0, high=1.0, mechanism="C3",
        meaning="chance that an NGO with money in hand opens a branch where its cases go unmet most",
    )
    telephone: float = parameter(
        0.08, label="Advice by telephone", unit="probability", low=0.0, high=1.0, mechanism="C3",
        meaning="chance that advice over the telephone solves a case where there is no office of the kind",
        source=f"assumption, after {TSUDA}: reaches further, but weakly",
    )
    hotline: float = parameter(
        0.002, label="Hotline known", unit="probability a month", low=0.0, high=0.05, mechanism="C3, D2",
        meaning="chance to hear of an NGO's telephone advice anywhere in the country (ethnic media)",
    )
    specialised: float = parameter(
        0.4, label="Specialised NGOs", unit="share", low=0.0, high=1.0, mechanism="C6",
        meaning="share of NGOs founded for a single issue or a single group",
    )
    specialist_gain: float = parameter(
        0.2, label="Gain of specialising", unit="share", low=0.0, high=1.0, mechanism="C6",
        meaning="part of the lacking skill that specialisation makes good",
    )
    competence: float = parameter(
        0.3, label="Differences in skill", unit="share", low=0.0, high=1.0, mechanism="C6, C7",
        meaning="how far skill differs between NGOs of a kind, up and down",
    )
    network: float = parameter(
        0.05, label="Learning in networks", unit="share a year", low=0.0, high=1.0, mechanism="C7",
        meaning="how far, in a year, NGOs below the mean of their kind learn from it, and all share their money",
    )
    referral: float = parameter(
        0.1, label="Referral", unit="probability", low=0.0, high=1.0, mechanism="C7",
        meaning="chance that a client turned away is referred to an NGO with room elsewhere in the region",
    )
    paternalism: float = parameter(
        0.25, label="Paternalism", unit="share", low=0.0, high=1.0, mechanism="C9",
        meaning="part of the cases in which native staff misjudge what is needed",
    )
    immigrant_staff: float = parameter(
        0.05, label="Immigrant staff", unit="share", low=0.0, high=1.0, mechanism="C9",
        meaning="share of immigrants among the staff of native-run NGOs, who judge better",
        source=f"assumption, after {TSUDA}: few in Japan, many in Spain",
    )
    transience: float = parameter(
        1.5, label="Transience if immigrant", unit="added factor", low=0.0, high=10.0, mechanism="C9",
        meaning="how much more often immigrant-run NGOs close (transience, conflict, lack of interest)",
    )
    dues: float = parameter(
        1.0, label="Members' dues", unit="thousand yen a month", low=0.0, high=20.0, mechanism="C10",
        meaning="what a member pays: premiums of a medical NGO, dues of a union",
    )
    membership: float = parameter(
        0.5, label="Clients become members", unit="probability", low=0.0, high=1.0, mechanism="C10",
        meaning="chance that someone whose case a medical NGO or union takes on becomes a paying member",
    )
    dropping_out: float = parameter(
        0.25, label="Members drop out", unit="probability a month", low=0.0, high=1.0, mechanism="C10",
        meaning="chance that a member stops paying, once the problem is solved",
        source=f"assumption, after {TSUDA}: premiums and dues stop after the illness or dispute",
    )
    member_skill: float = parameter(
        0.15, label="Extra skill for members", unit="probability", low=0.0, high=1.0, mechanism="C10",
        meaning="added chance that a member's case is solved within the month",
    )
