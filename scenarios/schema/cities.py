"""Parameters of the municipalities: services, why a city acts, its budget, diffusion."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from ..catalogue import SERVICES
from .parameter import KeyedSection, Section, parameter

TSUDA = "Tsuda 2008"
PAK = "assumption, after Tegtmeyer Pak 2000 in Tsuda 2008"


class Service(Section):
    """One service of the bundle (B1)."""

    threshold: float = parameter(
        0.5,
        unit="motivation",
        low=0.0,
        high=3.0,
        meaning="motivation at which a municipality begins to offer this service",
        source="fitted, at the end of 2009, to 253 large cities in 2019: information over 90%, Japanese classes about "
        "90%, a section for foreigners (consultation) 41%, help with housing 26% (Nikkei survey); the others by the "
        "article's order. (972 international exchange associations in 2001, Menju 2003, are more than come out.)",
        mechanism="B1, B3",
    )
    fixed: float = parameter(
        2.0,
        unit="million yen a year",
        low=0.0,
        high=500.0,
        meaning="cost of the programme at full level, whatever the number served",
        mechanism="B4",
    )
    per_head: float = parameter(
        2.0,
        unit="thousand yen a year",
        low=0.0,
        high=500.0,
        meaning="cost at full level for each migrant resident",
        mechanism="B4",
    )
    fit: float = parameter(
        0.8,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="what the service at full level achieves: the chance that it solves the problem it is asked for; of "
        "information, exchange, language classes, council and ordinance, the part of their effect",
        mechanism="B1",
    )
    open_to_unauthorised: float = parameter(
        0.0,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="share of the municipalities offering it that let the unauthorised use it",
        source=f"{TSUDA}: schooling and, in some cities, emergency care; all else for registered residents. That "
        "information and an ordinance are for everybody is an assumption",
        mechanism="B2",
    )


def _service(
    threshold: float, fixed: float, per_head: float, fit: float, unauthorised: float = 0.0
) -> Service:
    return Service(
        threshold=threshold, fixed=fixed, per_head=per_head, fit=fit, open_to_unauthorised=unauthorised
    )


class Services(KeyedSection):
    """The bundle, from what most cities manage to what few do."""

    names: ClassVar[tuple[str, ...]] = SERVICES
    entry: ClassVar[type[Section]] = Service
    information: Service = Field(default_factory=lambda: _service(0.38, 1.0, 0.5, 1.0, 1.0))
    exchange: Service = Field(default_factory=lambda: _service(0.42, 2.0, 0.5, 1.0))
    language: Service = Field(default_factory=lambda: _service(0.49, 2.0, 4.0, 1.0))
    registration: Service = Field(default_factory=lambda: _service(0.50, 1.5, 1.0, 0.9))
    insurance: Service = Field(default_factory=lambda: _service(0.15, 1.0, 5.0, 0.9))
    emergency: Service = Field(default_factory=lambda: _service(0.62, 3.0, 6.0, 0.8, 0.4))
    housing: Service = Field(default_factory=lambda: _service(0.76, 4.0, 5.0, 0.6))
    schooling: Service = Field(default_factory=lambda: _service(0.52, 3.0, 8.0, 0.8, 0.8))
    consultation: Service = Field(default_factory=lambda: _service(0.70, 4.0, 3.0, 0.7))
    council: Service = Field(default_factory=lambda: _service(0.92, 3.0, 0.3, 1.0))
    ordinance: Service = Field(default_factory=lambda: _service(1.02, 2.0, 0.1, 1.0, 1.0))


class City(Section):
    """Why a city acts (B3), what it can afford (B4) and whom it copies (B5).

    Motivation is the sum of the terms below, each between 0 and 1 times its weight; a weight of 0 switches
    the cause off.
    """

    size: float = parameter(
        0.35,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="weight of the number of migrants (logarithm, full at 10,000)",
        source=PAK,
        mechanism="B3",
    )
    dependence: float = parameter(
        0.35,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="weight of economic dependence on migrants: their share of residents, full at 5%",
        source=PAK,
        mechanism="B3",
    )
    prosperity: float = parameter(
        0.2,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="weight of prosperity: the fiscal strength index, full at 1.5",
        source=PAK,
        mechanism="B3",
    )
    history: float = parameter(
        0.2,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="weight of a history with foreigners and minorities",
        source=PAK,
        mechanism="B3",
    )
    internationalisation: float = parameter(
        0.2,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="weight of earlier programmes of internationalisation",
        source=PAK,
        mechanism="B3",
    )
    image: float = parameter(
        0.15,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="weight of the immigrants' image: visibility of the categories living there",
        source=PAK,
        mechanism="B3",
    )
    lobbying: float = parameter(
        0.1,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="weight of lobbying: NGO staff for each thousand migrants, full at 5, and mobilised migrants",
        source=PAK,
        mechanism="B3",
    )
    conflict: float = parameter(
        0.1,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="weight of the fear of conflict between neighbours: the tension between them",
        source=PAK,
        mechanism="B3, B9",
    )
    slope: float = parameter(
        0.35,
        unit="motivation",
        low=0.02,
        high=2.0,
        meaning="motivation beyond the threshold at which a service is wanted at full level",
        mechanism="B3",
    )
    pace: float = parameter(
        0.3,
        unit="probability a year",
        low=0.0,
        high=1.0,
        meaning="chance that a service comes on a municipality's agenda in a year",
        mechanism="B1",
    )
    step: float = parameter(
        0.34,
        unit="level",
        low=0.01,
        high=1.0,
        meaning="most a level rises when the service is on the agenda; it falls by at most half of this",
        mechanism="B1",
    )
    budget: float = parameter(
        800.0,
        unit="yen per resident a year",
        low=0.0,
        high=20_000.0,
        meaning="what a municipality of fiscal strength 1 and motivation 1 can spend on immigrants' services",
        source="assumption: as much as Japan's local governments spent on international affairs of all kinds in "
        "fiscal 2000, 104.4 billion yen, about 800 yen a resident (Menju 2003)",
        mechanism="B4",
    )
    revenue_limits: bool = parameter(
        True,
        unit="switch",
        meaning="whether revenue limits what is offered; off, every wanted service is paid for",
        mechanism="B4",
    )
    fiscal_month: int = parameter(
        4,
        unit="month",
        low=1,
        high=12,
        meaning="first month of the fiscal year, in which municipalities decide",
        source="Japan's fiscal year begins in April",
        mechanism="B1",
    )
    head_start: int = parameter(
        4,
        unit="years",
        low=0,
        high=40,
        meaning="yearly decisions municipalities have already taken when the run starts",
        mechanism="B1",
    )
    neighbours: float = parameter(
        0.25,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="pull of neighbouring municipalities (regional councils) that on the mean do more",
        source="assumption, after Samuels 1983 in Tsuda 2008",
        mechanism="B5",
    )
    similar: float = parameter(
        0.2,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="pull of similar municipalities that on the mean do more",
        source="assumption, after Samuels 1983 in Tsuda 2008",
        mechanism="B5",
    )
    rivalry: float = parameter(
        0.1,
        unit="motivation",
        low=0.0,
        high=2.0,
        meaning="pull of being behind the best of one's similar municipalities",
        source="assumption, after Muramatsu 1988 in Tsuda 2008",
        mechanism="B5",
    )
    regionalism: float = parameter(
        0.06,
        unit="motivation",
        low=0.0,
        high=1.0,
        meaning="strength of regional identity and autonomy: how far regions set a baseline of their own, "
        "above or below the country's",
        source="assumption, after Tsuda 2008: Italy's and Spain's regions, Japan's former domains",
        mechanism="B6",
    )
    shirking: float = parameter(
        0.2,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="how far a city with NGOs at full strength leaves the work to them",
        source="assumption, after Tsuda 2008: 'some local governments rely so heavily on NGOs'",
        mechanism="B7",
    )
    firewall: float = parameter(
        0.05,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="share of municipalities with a firewall between services and immigration control",
        mechanism="D3",
    )
