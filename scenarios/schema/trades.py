"""The trades that employ migrants (A10, D13), each declared once: where its jobs are, and how its employers are."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from .entries import Entry, KeyedSection
from .parameter import number, probability, share

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Trade(Entry):
    """One trade: the jobs of those who come by certain doors."""

    unevenness: float = number(..., "Unevenness of its jobs", "D9, D13", unit="log points", high=2.0,
        start_only=True,
        meaning="how far its jobs differ between like places (standard deviation of their logarithm; "
        "drawn by places_seed)")
    cyclical: float = share(..., "Tied to the cycle", "A10",
        meaning="share of its jobs that come and go with the business cycle, before it comes to depend on migrants")
    dependence: float = share(..., "Dependence at the start", "A10", start_only=True,
        meaning="share of its jobs for which only migrants can be had when the run starts")
    jobs: float = number(400_000.0, "Jobs open to migrants", "A10", unit="persons", low=1.0, high=1e8, usual=5e6,
        start_only=True,
        meaning="jobs of the whole country, in a boom, for which its employers would take migrants as well")
    hours: float = number(..., "Hours of work", "D4", unit="factor", low=0.1, high=3.0,
        meaning="how far work leaves no time to seek help, relative to a usual trade",
        source=f"assumption, after {TSUDA}: target earners work long hours")
    insures: float = probability(..., "Employer insures", "D7, D13, A1",
        meaning="chance that a usual employer enrols a new legal worker in health insurance, on arrival and with "
        "each new job",
        source=f"fitted to P19; {TSUDA}: 'employers sometimes are reluctant to join'")
    reluctance: float = number(..., "Differences in insuring", "D13", unit="logits", high=3.0, start_only=True,
        meaning="how far employers' readiness to insure differs between places (standard deviation)",
        source=f"assumption, after {TSUDA}: 'employers sometimes are reluctant to join'")
    ruthlessness: float = share(..., "Differences in treatment", "D13", start_only=True,
        meaning="how far accidents, disputes, unpaid wages and abuse differ between the employers of different "
        "places (standard deviation of a factor)",
        source=f"assumption, after {TSUDA}: 'unscrupulous employers'")
    brokers: float = share(0.2, "Labour brokers", "D13",
        meaning="share of newcomers and movers without compatriots in the country whom labour brokers place, most with "
        "the employers who treat people worst",
        source=f"assumption, after {TSUDA}: 'deceived by labor brokers'")
    outsiders: float = share(1.0, "Open to other trades", "A2, A10",
        meaning="share of its free jobs that are given to people of other trades, who have found none in their own",
        source="assumption")
    visible: float = share(0.5, "Visible to raids", "A4",
        meaning="share of its workers whom officials can find where they work",
        source="assumption")


# The seven figures: unevenness, cyclical, dependence, hours, insures, reluctance, ruthlessness. (Jobs are a country's.)
SHIPPED_TRADES = {
    "office": Trade.shipped("Offices", "office work", "professions, teaching, engineering",
        "#0072B2 o", (0.4, 0.5, 0.1, 0.6, 0.8, 0.5, 0.1), brokers=0.0, outsiders=0.0, visible=0.2),
    "factory": Trade.shipped("Factories", "factory work", "manufacturing, mostly for subcontractors",
        "#E69F00 o", (0.8, 1.0, 0.3, 1.0, 0.5, 0.8, 0.3), brokers=0.5, visible=0.8),
    "workshop": Trade.shipped("Workshops and farms", "work in workshops and on farms",
        "small firms, sewing, food, fishing and farming, which take trainees", "#009E73 o",
        (1.0, 0.6, 0.4, 1.1, 0.6, 0.8, 0.35), brokers=0.6, visible=0.4),
    "building": Trade.shipped("Building sites", "building", "construction and demolition", "#D55E00 o",
        (0.6, 0.9, 0.3, 1.1, 0.3, 0.8, 0.35), brokers=0.4, visible=1.0),
    "service": Trade.shipped("Shops and kitchens", "work in shops and kitchens",
        "restaurants, shops, cleaning, delivery, households", "#56B4E9 o", (0.5, 0.7, 0.3, 0.9, 0.4, 0.8, 0.25),
        brokers=0.15, visible=0.3),
    "nightlife": Trade.shipped("Bars and clubs", "work in bars and clubs", "bars, clubs and sex work",
        "#CC79A7 o", (0.9, 0.6, 0.4, 1.2, 0.2, 0.8, 0.35), brokers=0.6, outsiders=0.2, visible=0.7),
}


class Trades(KeyedSection[Trade]):
    """The trades in which migrants work."""

    entry: ClassVar[type[Entry]] = Trade
    one: ClassVar[str] = "trade"
    limit: ClassVar[int] = 16
    shipped: ClassVar[tuple[str, ...]] = tuple(SHIPPED_TRADES)
    root: dict[str, Trade] = Field(default_factory=SHIPPED_TRADES.copy)
