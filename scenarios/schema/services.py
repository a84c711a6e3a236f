"""The services of municipalities (B1), each declared once: how it is called and shown, what it costs, what it is.

"Providing foreign workers with language classes and translation services, information handbooks and pamphlets,
consultation services ..." (Tsuda 2008).
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from .entries import Entry, KeyedSection
from .parameter import name_list, number, parameter, probability, share, trait

TSUDA = "Tsuda 2008"
RELIEFS = ("none", "hospitals", "teachers")


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Service(Entry):
    """One service of the bundle (B1)."""

    threshold: float = number(..., "Motivation to begin", "B1, B3", unit="motivation", high=3.0,
        meaning="motivation at which a municipality begins to offer this service",
        source="fitted, at the end of 2009, to 253 large cities in 2019: information over 90%, Japanese classes about "
        "90%, a section for foreigners (consultation) 41%, help with housing 26% (Nikkei survey); the others by the "
        "article's order. (972 international exchange associations in 2001, Menju 2003, are more than come out.)")
    fixed: float = number(..., "Fixed cost", "B4", unit="million yen a year", high=500.0,
        meaning="cost of the programme at full level, whatever the number served")
    per_head: float = number(..., "Cost per migrant", "B4", unit="thousand yen a year", high=500.0,
        meaning="cost at full level for each migrant resident whom it is for and who knows a service of the city",
        source="assumption; with what cities can spend, so that money binds in some of the large ones")
    fit: float = probability(..., "Effectiveness", "B1",
        meaning="what the service at full level achieves: the chance that it solves the problem it is asked for; of "
        "information, exchange, language classes, council and ordinance, the part of their effect")
    open_to_unauthorised: float = share(..., "Open to unauthorised", "B2", start_only=True,
        meaning="of the municipalities of middling zeal that offer it, those that let the unauthorised use it by "
        "themselves; more of the keen, fewer of the idle, but with 0 none and with 1 all of them",
        source=f"{TSUDA}: schooling and, in some cities, emergency care; all else for registered residents. That "
        "information and an ordinance are for everybody is an assumption")
    answers: tuple[str, ...] = name_list("Needs answered", "the needs that it answers", "B1", "needs")
    turn: int = number(1, "Turn", "B1", unit="rank", low=1, high=9, trait=True,
        meaning="of several services that answer a need, the one of the lowest turn is asked for first")
    insurance: bool = trait("Is an insurance", "health insurance: enrolment, not participation", "D7")
    school: bool = trait("Is a school", "for those who live here with a family", "D7")
    programme: bool = trait(
        "Sustained programme", "asks for ongoing commitment", "D7", source=f"{TSUDA}: 'some ongoing commitment'"
    )
    informs: bool = trait("Informs", "tells migrants of services, and interprets", "D2, D6")
    teaches: bool = trait("Teaches the language", "language classes", "D6")
    voices: bool = trait("Gives a voice", "lets migrants have a say, as an advisory council does", "B8")
    protects: bool = trait("Protects", "prevents discrimination, as an ordinance does", "B9")
    mingles: bool = trait("Brings together", "takes tension away, since natives and migrants meet at it", "B9")
    welfare: bool = trait("Is welfare", "counts as welfare where the census asks who knows of it", "D2")
    by_law: bool = trait("Demanded by law", "a statutory duty, paid apart from the money for other services", "B4")
    guided: float = share(1.0, "Guided by the nation", "A5",
        meaning="how far national guidance acts on this service: with 0 on all others, a model ordinance, say")
    openable: bool = trait("Can be opened", "lobbying may open it to the unauthorised", "C8")
    international: bool = trait("Is international exchange", "what local internationalisation is for", "A12")
    relief: str = parameter("none", "Relief by the nation", "A7", unit="kind", choices=RELIEFS, trait=True,
        meaning="which relief of the nation it has: part of its cost (hospitals), or teachers for its schools")


# The five figures: threshold, fixed, per_head, fit, open_to_unauthorised.
SHIPPED_SERVICES = {
    "information": Service.shipped("Information", "the city's information in foreign languages",
        "handbooks, pamphlets, translation: what services there are, in the migrants' languages", "#000000 o",
        (1.05, 1.0, 1.2, 1.0, 1.0), informs=True),
    "exchange": Service.shipped("Exchange", "the exchange events",
        "events at which natives and migrants meet", "#E69F00 o", (1.25, 2.0, 1.2, 1.0, 0.0), programme=True,
        mingles=True, international=True),
    "language": Service.shipped("Language classes", "the language class",
        "classes in the language of the country", "#0072B2 o", (1.31, 2.0, 10.0, 1.0, 0.0), programme=True,
        teaches=True, mingles=True),
    "registration": Service.shipped("Registration", "the help with registration",
        "help with registration and other official papers", "#009E73 o", (1.57, 1.5, 2.5, 0.9, 0.0),
        answers=("papers",), by_law=True),
    "insurance": Service.shipped("Health insurance", "the health insurance",
        "national health insurance, run by the municipality", "#56B4E9 o", (0.15, 1.0, 12.0, 0.9, 0.0),
        answers=("illness", "birth"), insurance=True, by_law=True, welfare=True),
    "emergency": Service.shipped("Emergency care", "emergency medical care",
        "care in emergencies, whoever pays for it", "#D55E00 o", (1.49, 3.0, 15.0, 0.8, 0.4),
        answers=("accident", "illness", "birth"), turn=2, openable=True, relief="hospitals", welfare=True),
    "housing": Service.shipped("Housing", "public housing", "public housing, and help with finding a home",
        "#CC79A7 o", (1.77, 4.0, 12.0, 0.6, 0.0), answers=("housing",)),
    "schooling": Service.shipped("Schooling", "the school and its parents' group",
        "school places and help for foreign pupils", "#0072B2 s", (1.67, 3.0, 20.0, 0.8, 0.8),
        answers=("schooling",), programme=True, school=True, by_law=True, openable=True, mingles=True,
        relief="teachers"),
    "consultation": Service.shipped("Advice desk", "the city's advice desk",
        "consultation on work, housing, papers and the law", "#000000 s", (1.61, 4.0, 8.0, 0.7, 0.0),
        answers=("accident", "dispute", "wages", "abuse", "housing", "papers"), turn=3, welfare=True),
    "council": Service.shipped("Advisory council", "the advisory council of foreign residents",
        "a council through which foreign residents advise the city", "#E69F00 s", (1.77, 3.0, 0.8, 1.0, 0.0),
        programme=True, voices=True),
    "ordinance": Service.shipped("Ordinance", "the rule against discrimination",
        "an ordinance of equal treatment", "#D55E00 s", (1.89, 2.0, 0.2, 1.0, 1.0), protects=True),
}


class Services(KeyedSection[Service]):
    """The bundle, from what most cities manage to what few do."""

    entry: ClassVar[type[Entry]] = Service
    one: ClassVar[str] = "service"
    shipped: ClassVar[tuple[str, ...]] = tuple(SHIPPED_SERVICES)
    root: dict[str, Service] = Field(default_factory=SHIPPED_SERVICES.copy)
