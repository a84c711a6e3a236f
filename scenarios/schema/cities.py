"""Parameters of the municipalities: why a city acts, its budget, diffusion."""

from __future__ import annotations

from typing import Any

from .parameter import Section, number, probability, share, switch


def _weight(default: float, label: str, of: str, mechanism: str = "B3") -> Any:
    """Declare the weight of a cause for a city to act, after Tegtmeyer Pak."""
    source = "assumption, after Tegtmeyer Pak 2000 in Tsuda 2008"
    return number(
        default, label, mechanism, unit="motivation", high=2.0, meaning=f"weight of {of}", source=source
    )


def _pull(default: float, label: str, author: str, of: str) -> Any:
    """Declare the pull of other cities, after an author whom Tsuda cites."""
    source = f"assumption, after {author} in Tsuda 2008"
    return number(default, label, "B5", unit="motivation", high=2.0, meaning=f"pull of {of}", source=source)


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class City(Section):
    """Why a city acts (B3), what it can afford (B4) and whom it copies (B5).

    Motivation is the sum of the terms below, each between 0 and 1 times its weight; a weight of 0 switches
    the cause off.
    """

    size: float = _weight(0.35, "Number of migrants", "the number of migrants (logarithm, full at 10,000)")
    dependence: float = _weight(0.35, "Economic dependence",
        "economic dependence on migrants: their share of residents, full at 5%")
    prosperity: float = _weight(0.2, "Prosperity", "prosperity: the fiscal strength index, full at 1.5")
    history: float = _weight(0.2, "History with foreigners", "a history with foreigners and minorities")
    internationalisation: float = _weight(0.2, "Internationalisation",
        "earlier programmes of internationalisation")
    image: float = _weight(0.15, "Immigrants' image",
        "the immigrants' image: visibility of the categories living there")
    lobbying: float = _weight(0.1, "Lobbying",
        "lobbying: NGO staff for each thousand migrants, full at 5, and mobilised migrants")
    conflict: float = _weight(0.1, "Fear of conflict",
        "the fear of conflict between neighbours: the tension between them", "B3, B9")
    slope: float = number(0.35, "Motivation to full level", "B3", unit="motivation", low=0.02, high=2.0,
        meaning="motivation beyond the threshold at which a service is wanted at full level")
    pace: float = probability(0.3, "Pace of decisions", "B1", per="year",
        meaning="chance that a service comes on a municipality's agenda in a year")
    step: float = number(0.34, "Largest step of a level", "B1", unit="level", low=0.01, high=1.0,
        meaning="most a level rises when the service is on the agenda; it falls by at most half of this")
    budget: float = number(800.0, "Budget per resident", "B4", unit="yen per resident a year", high=20_000.0,
        meaning="what a municipality of fiscal strength 1 and motivation 1 can spend on immigrants' services",
        source="assumption: as much as Japan's local governments spent on international affairs of all kinds in "
        "fiscal 2000, 104.4 billion yen, about 800 yen a resident (Menju 2003)")
    revenue_limits: bool = switch(True, "Revenue limits services", "B4",
        meaning="whether revenue limits what is offered; off, every wanted service is paid for")
    fiscal_month: int = number(4, "Start of fiscal year", "B1", unit="month", low=1, high=12,
        meaning="first month of the fiscal year, in which municipalities decide",
        source="Japan's fiscal year begins in April")
    head_start: int = number(4, "Head start", "B1", unit="years", high=40, start_only=True,
        meaning="yearly decisions municipalities have already taken when the run starts")
    neighbours: float = _pull(0.25, "Copying neighbours", "Samuels 1983",
        "neighbouring municipalities (regional councils) that on the mean do more")
    similar: float = _pull(0.2, "Copying similar cities", "Samuels 1983",
        "similar municipalities that on the mean do more")
    rivalry: float = _pull(0.1, "Rivalry", "Muramatsu 1988",
        "being behind the best of one's similar municipalities")
    regionalism: float = number(0.06, "Regional identity", "B6", unit="motivation", high=1.0,
        meaning="strength of regional identity and autonomy: how far regions set a baseline of their own, "
        "above or below the country's",
        source="assumption, after Tsuda 2008: Italy's and Spain's regions, Japan's former domains")
    shirking: float = share(0.2, "Leaving work to NGOs", "B7",
        meaning="how far a city with NGOs at full strength leaves the work to them",
        source="assumption, after Tsuda 2008: 'some local governments rely so heavily on NGOs'")
    firewall: float = share(0.05, "Cities with a firewall", "D3", start_only=True,
        meaning="share of municipalities with a firewall between services and immigration control")
