"""Parameters of help by compatriots, congregations and ethnic businesses (C12)."""

from __future__ import annotations

from .parameter import Section, number, share

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Informal(Section):
    """Whom people know who could help, where no office does (C12)."""

    circle: float = share(0.5, "Somebody to ask", "C12",
        meaning="share of needs in which somebody with many compatriots around, and long in the country, knows one",
        source=f"assumption, after {TSUDA}: 'an informal means of social support'")
    compatriots: float = number(300.0, "Compatriots to know one", "C12", unit="persons", low=1.0, high=100_000.0,
        meaning="compatriots in the municipality with whom half as many know somebody as with any number")
    years: float = number(2.0, "Years to know one", "C12", unit="years", low=0.1, high=30.0,
        meaning="time in the country after which half as many know somebody as ever will")
