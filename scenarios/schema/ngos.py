"""Parameters of the NGOs (C1 to C5)."""

from __future__ import annotations

from .parameter import Section, number, probability, share, switch

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Ngos(Section):
    """Capacity, founding and closing of NGOs (C4, C5)."""

    enabled: bool = switch(True, "NGOs exist", "C1",
        meaning="whether there are NGOs at all")
    initial: int = number(50, "NGOs at the start", "C5", unit="organisations", high=100_000, usual=2_000.0,
        start_only=True,
        meaning="NGOs in the whole country at the start, placed where the unauthorised are, and a little where "
        "others are")
    founding: float = number(0.000105, "Founding of NGOs", "C5", unit="organisations per need", high=0.5,
        meaning="NGOs founded for each need that found no office in a place over a year, if there are founders enough",
        source="fitted to P16")
    founders: float = number(100_000.0, "Residents who found", "C5", unit="residents", low=1.0, high=1e7,
        meaning="residents of a place among whom half as many as in a metropolis are found who start an NGO")
    founders_immigrant: float = number(150.0, "Migrants who found", "C5, C9, D12", unit="migrants", low=1.0, high=1e6,
        meaning="migrants taking part in sustained programmes or mobilised among whom half as many as could ever be "
        "are found who start an NGO of their own")
    crowding: float = number(0.3, "Crowding of NGOs", "C5", unit="factor", high=20.0,
        meaning="how far each NGO within reach lowers the founding of a further one")
    reach: float = number(10.0, "Reach of an office", "C11", unit="km", high=200.0,
        meaning="distance at which an NGO's office helps half as many as where it is; 0 for its own municipality alone")
    at_seat: float = probability(0.3, "Offices in the seat", "C11",
        meaning="chance that an NGO opens its office in the largest city of the region of those who found it")
    supporters: float = number(200_000.0, "Supporters", "C4", unit="residents", low=1.0, high=1e8,
        meaning="residents within an NGO's reach, shared with other NGOs there, who give what is typical of its kind")
    follows_work: float = share(0.6, "Money follows work", "C4",
        meaning="how far donations follow what an NGO is asked to do for each case it can take on, from none to twice "
        "as many")
    staff_cost: float = number(3.0, "Cost of a worker", "C4", unit="million yen a year", low=0.1, high=20.0,
        meaning="cost of one worker (a paid worker or the equivalent in volunteers' expenses)")
    adjustment: float = share(0.5, "Staff follows money", "C4",
        meaning="part of the way to the staff that its money pays for that an NGO goes in a year")
    reserve: float = number(3.0, "Years of reserve", "C4", unit="years", low=0.5, high=40.0,
        meaning="time over which an NGO spends its savings on staff")
    cases_per_staff: float = number(8.0, "Cases per worker", "C4", unit="cases a month", high=200.0,
        meaning="cases one worker can take on in a month")
    limited: bool = switch(True, "Capacity limits NGOs", "C4",
        meaning="whether an NGO's capacity limits the cases it takes; off, nobody is turned away")
    victims_first: float = number(1.0, "Victims first", "C2", unit="added factor", high=20.0,
        meaning="how far the most victimised (abused, cheated of wages, deceived) come first in the queue",
        source=f"assumption, after {TSUDA}: 'the most victimized'")
    grievance: float = number(2.0, "Years of a grievance", "C2, D12", unit="years", high=20.0,
        meaning="time for which who was abused, cheated of wages or deceived counts as a victim")
    debt: float = number(0.5, "Debt that closes an NGO", "C5", unit="years of donations", high=100.0,
        meaning="debt at which an NGO closes")
    grant: float = number(0.01, "Grants by cities", "C4, B7", unit="share of budget", high=1.0,
        meaning="share of a motivated city's budget for immigrants that goes to the NGOs in the city")
    foundation_luck: float = share(0.4, "Ups and downs of funds", "C4",
        meaning="yearly ups and downs of donations and foundation money, up and down by up to this share")
    burnout: float = probability(0.05, "Burnout of volunteers", "C5", per="year",
        meaning="chance that volunteers run out and an NGO closes, where as many cases are asked for as it can take on "
        "and its supporters are as usual")
    branches: float = probability(0.02, "Branches", "C3", per="year",
        meaning="chance that an NGO with money in hand opens a branch where its cases go unmet most")
    telephone: float = probability(0.08, "Advice by telephone", "C3",
        meaning="chance that advice over the telephone solves a case where no office of the kind is within reach",
        source=f"assumption, after {TSUDA}: reaches further, but weakly")
    hotline: float = probability(0.002, "Hotline known", "C3, D2", per="month", high=0.05,
        meaning="chance to hear of an NGO's telephone advice anywhere in the country (ethnic media)")
    specialised: float = share(0.4, "Specialised NGOs", "C6",
        meaning="share of NGOs founded for a single issue or a single group")
    specialist_gain: float = share(0.2, "Gain of specialising", "C6",
        meaning="part of the lacking skill that specialisation makes good")
    competence: float = share(0.3, "Differences in skill", "C6, C7",
        meaning="how far skill differs between NGOs of a kind, up and down")
    network: float = number(0.05, "Learning in networks", "C7", unit="share a year", high=1.0,
        meaning="how far, in a year, NGOs below the mean of their kind learn from it, and all share their money")
    referral: float = probability(0.1, "Referral", "C7",
        meaning="chance that a client turned away is referred to an NGO with room elsewhere")
    referral_reach: float = number(30.0, "Reach of referral", "C7, C11", unit="km", low=1.0, high=2_000.0,
        meaning="distance at which room elsewhere is worth half as much to somebody referred")
    paternalism: float = share(0.25, "Paternalism", "C9",
        meaning="part of the cases in which native staff misjudge what is needed, if no immigrant has a say")
    immigrant_staff: float = share(0.05, "Immigrant staff", "C9",
        meaning="share of immigrants among the staff of native-run NGOs, who judge better",
        source=f"assumption, after {TSUDA}: few in Japan, many in Spain")
    say: float = number(0.5, "Say of clients", "C9, D12", unit="voices per client", low=0.01, high=100.0,
        meaning="migrants who have taken up the cause, for each client of a year, with whom half of what native staff "
        "decides is decided together")
    transience: float = number(5.0, "Transience if immigrant", "C9", unit="factor", high=50.0,
        meaning="how much more often immigrant-run NGOs close for the share of migrants in the place who go away in a "
        "year (transience, conflict, lack of interest)")
    dues: float = number(1.0, "Members' dues", "C10", unit="thousand yen a month", high=20.0,
        meaning="what a member pays: premiums of a medical NGO, dues of a union")
    membership: float = probability(0.5, "Clients become members", "C10",
        meaning="chance that someone whose case a medical NGO or union takes on becomes a paying member")
    dropping_out: float = probability(0.25, "Members drop out", "C10", per="month",
        meaning="chance that a member stops paying, once the problem is solved",
        source=f"assumption, after {TSUDA}: premiums and dues stop after the illness or dispute")
    member_skill: float = probability(0.15, "Extra skill for members", "C10",
        meaning="added chance that a member's case is solved within the month")
