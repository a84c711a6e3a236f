"""Parameters of the municipalities: why a city acts, its will, its money, its agenda, diffusion."""

from __future__ import annotations

from typing import Any

from .parameter import Section, number, parameter, probability, share, switch


def _weight(default: float, label: str, of: str, mechanism: str = "B3") -> Any:
    """Declare the weight of a cause for a city to act, after Tegtmeyer Pak."""
    source = "assumption, after Tegtmeyer Pak 2000 in Tsuda 2008"
    return number(
        default, label, mechanism, unit="motivation", high=2.0, meaning=f"weight of {of}", source=source
    )


def _pull(default: float, label: str, author: str, of: str) -> Any:
    """Declare the pull of other cities, after an author whom Tsuda cites."""
    source = f"assumption, after {author} in Tsuda 2008"
    meaning = (
        f"strength of copying {of}: by contagion, the part of town halls where a service that all of them offer "
        "is brought up; by threshold, the motivation that a level higher by 1 adds"
    )
    return share(default, label, "B5", meaning=meaning, source=source)


ADOPTIONS = ("contagion", "threshold")


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class City(Section):
    """Why a city acts (B3), its will (B10), what it can afford (B4, B11) and whom it copies (B5).

    Motivation is the sum of the terms below, each between 0 and 1 (conflict and will: of both signs) times its
    weight; a weight of 0 switches the cause off.
    """

    size: float = _weight(0.3, "Number of migrants",
        "the number of registered migrants (each doubling from 10 to 41,000 alike; see city.guests)")
    dependence: float = _weight(1.47, "Economic dependence",
        "economic dependence on migrants: the share of registered ones among residents (each doubling from 0.1% to "
        "25.6% alike), as far as their trades have work")
    prosperity: float = _weight(0.3, "Prosperity", "prosperity: the fiscal strength index, full at 1.5")
    history: float = _weight(0.3, "History with foreigners", "a history with foreigners and minorities")
    internationalisation: float = _weight(0.3, "Internationalisation",
        "earlier programmes of internationalisation")
    image: float = _weight(0.7, "Immigrants' image",
        "the immigrants' image: visibility of the categories living there")
    lobbying: float = _weight(0.25, "Lobbying",
        "lobbying: NGO staff for each thousand migrants, full at 5, and mobilised migrants")
    conflict: float = _weight(0.6, "Fear of conflict",
        "conflict between neighbours: the tension between them, of either sign by who speaks", "B3, B9")
    guests: float = share(0.7, "Guests count less", "B11",
        meaning="how much less than a settled one a city counts a registered migrant who has not settled and has no "
        "child here: 0 as much, 1 not at all",
        source="assumption, after Tsuda 2008: cities treat foreign workers 'as settled residents and local citizens'")
    will: float = number(0.4, "Political will", "B10", unit="motivation", high=2.0,
        meaning="motivation that will one standard deviation above the usual adds, or takes away below it",
        source="assumption, after Tsuda 2008: 'its own local conditions and contingencies'")
    own_will: float = share(0.6, "Lasting part of will", "B6, B10",
        meaning="how far those elected are of their place's, or region's, lasting will, rather than of their own mind")
    elections: float = probability(0.25, "New mayors", "B6, B10", per="year",
        meaning="chance that an election brings a new mayor, or a region a new governor",
        source="assumption: every four years or so")
    adoption: str = parameter("contagion", "How services spread", "B5, B10", unit="rule", choices=ADOPTIONS,
        meaning="contagion: something new has to be brought up, by pioneers, other cities, NGOs or an incident; "
        "threshold: every city looks at everything, and others that do more add to its motivation")
    pioneers: float = share(0.6, "Pioneers", "B10",
        meaning="part of the town halls of the strongest will where something new is brought up, unseen elsewhere")
    pioneers_from: float = number(0.8, "Will of pioneers", "B10", unit="standard deviations", high=3.0,
        meaning="will above the usual from which a city may begin what it has seen nowhere; one more is the strongest")
    advocacy: float = share(0.05, "NGOs set the agenda", "B10, C8",
        meaning="part of the town halls where something new is brought up if NGOs lobby at full strength")
    incidents: float = share(0.05, "Incidents", "B9, B10",
        meaning="part of the town halls where something new is brought up by full tension, or raids on all")
    habit: float = number(0.2, "Services are kept", "B10", unit="motivation", high=1.0,
        meaning="how far motivation may fall below what a service takes before the service is cut")
    slope: float = number(0.35, "Motivation to full level", "B3", unit="motivation", low=0.02, high=2.0,
        meaning="motivation beyond the threshold at which a service is wanted at full level")
    pace: float = probability(0.6, "Pace of decisions", "B1", per="year",
        meaning="chance that a municipality gets round, in a year, to a service that it has or that was brought up")
    step: float = number(0.34, "Largest step of a level", "B1", unit="level", low=0.01, high=1.0,
        meaning="most a level rises when the service is on the agenda; it falls by at most half of this")
    budget: float = number(800.0, "Budget per resident", "B4", unit="yen per resident a year", high=20_000.0,
        meaning="what a municipality of fiscal strength 1 can spend on immigrants' services",
        source="assumption: as much as Japan's local governments spent on international affairs of all kinds in "
        "fiscal 2000, 104.4 billion yen, about 800 yen a resident (Menju 2003)")
    returned: float = number(8_000.0, "Taxes returned", "B11", unit="yen per migrant a year", high=100_000.0,
        usual=20_000.0,
        meaning="what a municipality can spend on immigrants' services for each on its register",
        source="assumption, after Tsuda 2008: cities benefit from them 'as workers, consumers, and taxpayers'")
    recession: float = share(0.5, "Money follows work", "A10, B11",
        meaning="part of that money which is lost if the trades of its migrants have no work at all")
    duties: float = share(0.05, "Weight of duties", "B4",
        meaning="part of the cost of services that the law demands which weighs on the money for all others; "
        "contributions, fees and the state's share pay the rest")
    revenue_limits: bool = switch(True, "Revenue limits services", "B4",
        meaning="whether revenue limits what is offered; off, every wanted service is paid for")
    fiscal_month: int = number(4, "Start of fiscal year", "B1", unit="month", low=1, high=12,
        meaning="first month of the fiscal year, in which municipalities decide",
        source="Japan's fiscal year begins in April")
    head_start: int = number(5, "Head start", "B1", unit="years", high=40, start_only=True,
        meaning="yearly decisions municipalities have already taken when the run starts")
    neighbours: float = _pull(0.9, "Copying neighbours", "Samuels 1983",
        "neighbouring municipalities (regional councils)")
    similar: float = _pull(0.6, "Copying similar cities", "Samuels 1983", "similar municipalities")
    rivalry: float = _pull(0.1, "Rivalry", "Muramatsu 1988", "the best of one's similar municipalities")
    norm: float = number(0.15, "What cities do", "B5", unit="motivation", high=1.0,
        meaning="by contagion, what it adds to the motivation for a service if all cities near by and alike offer it",
        source="assumption, after Samuels 1983 in Tsuda 2008")
    example: float = share(0.3, "Examples of opening", "B2, B5",
        meaning="how much readier a city is to open a service to the unauthorised, or to have a firewall, if all "
        "cities near by and alike have done it than if as many have as is usual",
        source="assumption, after Samuels 1983 in Tsuda 2008")
    zeal_to_open: float = number(2.0, "Zeal to open", "B2, D3", unit="exponent", high=6.0,
        meaning="how steeply the odds that a city opens a service to the unauthorised, or has a firewall, rise with "
        "its zeal: 0 not at all, 1 in proportion, 2 with its square")
    regionalism: float = number(0.2, "Regional identity", "B6", unit="motivation", high=1.0,
        meaning="strength of regional identity and autonomy: how far regions set a baseline of their own, "
        "above or below the country's",
        source="assumption, after Tsuda 2008: Italy's and Spain's regions, Japan's former domains")
    shirking: float = share(0.2, "Leaving work to NGOs", "B7",
        meaning="how far a city with NGOs at full strength leaves the work to them",
        source="assumption, after Tsuda 2008: 'some local governments rely so heavily on NGOs'")
    firewall: float = share(0.05, "Cities with a firewall", "D3", start_only=True,
        meaning="share of the municipalities of middling zeal that have a firewall between services and immigration "
        "control by themselves; 0 is none, 1 all of them")
