"""Parameters of the municipalities: why a city acts, its budget, diffusion."""

from __future__ import annotations

from .parameter import Section, parameter

PAK = "assumption, after Tegtmeyer Pak 2000 in Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class City(Section):
    """Why a city acts (B3), what it can afford (B4) and whom it copies (B5).

    Motivation is the sum of the terms below, each between 0 and 1 times its weight; a weight of 0 switches
    the cause off.
    """

    size: float = parameter(
        0.35, label="Number of migrants", unit="motivation", low=0.0, high=2.0, mechanism="B3",
        meaning="weight of the number of migrants (logarithm, full at 10,000)",
        source=PAK,
    )
    dependence: float = parameter(
        0.35, label="Economic dependence", unit="motivation", low=0.0, high=2.0, mechanism="B3",
        meaning="weight of economic dependence on migrants: their share of residents, full at 5%",
        source=PAK,
    )
    prosperity: float = parameter(
        0.2, label="Prosperity", unit="motivation", low=0.0, high=2.0, mechanism="B3",
        meaning="weight of prosperity: the fiscal strength index, full at 1.5",
        source=PAK,
    )
    history: float = parameter(
        0.2, label="History with foreigners", unit="motivation", low=0.0, high=2.0, mechanism="B3",
        meaning="weight of a history with foreigners and minorities",
        source=PAK,
    )
    internationalisation: float = parameter(
        0.2, label="Internationalisation", unit="motivation", low=0.0, high=2.0, mechanism="B3",
        meaning="weight of earlier programmes of internationalisation",
        source=PAK,
    )
    image: float = parameter(
        0.15, label="Immigrants' image", unit="motivation", low=0.0, high=2.0, mechanism="B3",
        meaning="weight of the immigrants' image: visibility of the categories living there",
        source=PAK,
    )
    lobbying: float = parameter(
        0.1, label="Lobbying", unit="motivation", low=0.0, high=2.0, mechanism="B3",
        meaning="weight of lobbying: NGO staff for each thousand migrants, full at 5, and mobilised migrants",
        source=PAK,
    )
    conflict: float = parameter(
        0.1, label="Fear of conflict", unit="motivation", low=0.0, high=2.0, mechanism="B3, B9",
        meaning="weight of the fear of conflict between neighbours: the tension between them",
        source=PAK,
    )
    slope: float = parameter(
        0.35, label="Motivation to full level", unit="motivation", low=0.02, high=2.0, mechanism="B3",
        meaning="motivation beyond the threshold at which a service is wanted at full level",
    )
    pace: float = parameter(
        0.3, label="Pace of decisions", unit="probability a year", low=0.0, high=1.0, mechanism="B1",
        meaning="chance that a service comes on a municipality's agenda in a year",
    )
    step: float = parameter(
        0.34, label="Largest step of a level", unit="level", low=0.01, high=1.0, mechanism="B1",
        meaning="most a level rises when the service is on the agenda; it falls by at most half of this",
    )
    budget: float = parameter(
        800.0, label="Budget per resident", unit="yen per resident a year", low=0.0, high=20_000.0,
        mechanism="B4",
        meaning="what a municipality of fiscal strength 1 and motivation 1 can spend on immigrants' services",
        source="assumption: as much as Japan's local governments spent on international affairs of all kinds in "
        "fiscal 2000, 104.4 billion yen, about 800 yen a resident (Menju 2003)",
    )
    revenue_limits: bool = parameter(
        True, label="Revenue limits services", unit="switch", mechanism="B4",
        meaning="whether revenue limits what is offered; off, every wanted service is paid for",
    )
    fiscal_month: int = parameter(
        4, label="Start of fiscal year", unit="month", low=1, high=12, mechanism="B1",
        meaning="first month of the fiscal year, in which municipalities decide",
        source="Japan's fiscal year begins in April",
    )
    head_start: int = parameter(
        4, label="Head start", unit="years", low=0, high=40, mechanism="B1", start_only=True,
        meaning="yearly decisions municipalities have already taken when the run starts",
    )
    neighbours: float = parameter(
        0.25, label="Copying neighbours", unit="motivation", low=0.0, high=2.0, mechanism="B5",
        meaning="pull of neighbouring municipalities (regional councils) that on the mean do more",
        source="assumption, after Samuels 1983 in Tsuda 2008",
    )
    similar: float = parameter(
        0.2, label="Copying similar cities", unit="motivation", low=0.0, high=2.0, mechanism="B5",
        meaning="pull of similar municipalities that on the mean do more",
        source="assumption, after Samuels 1983 in Tsuda 2008",
    )
    rivalry: float = parameter(
        0.1, label="Rivalry", unit="motivation", low=0.0, high=2.0, mechanism="B5",
        meaning="pull of being behind the best of one's similar municipalities",
        source="assumption, after Muramatsu 1988 in Tsuda 2008",
    )
    regionalism: float = parameter(
        0.06, label="Regional identity", unit="motivation", low=0.0, high=1.0, mechanism="B6",
        meaning="strength of regional identity and autonomy: how far regions set a baseline of their own, "
        "above or below the country's",
        source="assumption, after Tsuda 2008: Italy's and Spain's regions, Japan's former domains",
    )
    shirking: float = parameter(
        0.2, label="Leaving work to NGOs", unit="share", low=0.0, high=1.0, mechanism="B7",
        meaning="how far a city with NGOs at full strength leaves the work to them",
        source="assumption, after Tsuda 2008: 'some local governments rely so heavily on NGOs'",
    )
    firewall: float = parameter(
        0.05, label="Cities with a firewall", unit="share", low=0.0, high=1.0, mechanism="D3", start_only=True,
        meaning="share of municipalities with a firewall between services and immigration control",
    )
