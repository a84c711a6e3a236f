"""Numbers, dates and names in words, for the titles of figures and for life stories alike."""

from __future__ import annotations

import math
import numbers
from typing import Any

from ..scenarios.vocabulary import provider

_YEAR = "January February March April May June July August September October November December"
MONTHS = tuple(_YEAR.split())
COUNTED = ("episodes", "claims", "persons", "places", "moves", "person-years")  # units of whole numbers

_PORTIONS = (
    (0, "none"), (1 / 4, "a quarter"), (1 / 3, "a third"), (1 / 2, "half"), (2 / 3, "two thirds"),
    (3 / 4, "three quarters"), (1, "all"),
)  # fmt: skip


def count(number: float) -> str:
    """A number of persons or cases with thousands separators, three significant digits from 10,000 on."""
    if not math.isfinite(number):
        return "no"
    value = float(number)
    if abs(value) >= 10_000:
        digits = math.floor(math.log10(abs(value))) - 2
        value = round(value / 10**digits) * 10**digits
    return f"{value:,.0f}"


def percent(share: float) -> str:
    """A share between 0 and 1 as a percentage; never 0% for something nor 100% for less than all."""
    if not math.isfinite(share):
        return "none"
    if 1e-9 < share < 0.005:
        return "under 1%"
    if 0.995 < share < 1 - 1e-9:
        return "over 99%"
    return f"{100 * share:.0f}%"


def portion(share: float) -> str:
    """A share in words where a simple fraction is within one and a half points, else the percentage."""
    for fraction, words in _PORTIONS:
        if abs(share - fraction) <= (0.015 if 0 < fraction < 1 else 0):
            return words
    return percent(share)


def level(value: float) -> str:
    """A service level or an index with two decimals, or two digits where it is small."""
    if not math.isfinite(value):
        return "none"
    if 1e-9 < abs(value) < 0.001:
        return "under 0.001"
    return "0" if abs(value) < 1e-9 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.2g}"


def provider_named(name: str) -> str:
    """A provider as one whom somebody asks: `city` as `the town hall`; where none is named, what is sure."""
    return provider(name).words if name else "an office"


def sentence(text: str) -> str:
    """The text with a capital letter."""
    return text[:1].upper() + text[1:]


def in_words(number: int) -> str:
    """Small numbers as words."""
    said = "no one two three four five six seven eight nine ten eleven twelve"
    words = said.split()
    return words[number] if 0 <= number < len(words) else f"{number:,}"


def joined(words: list[str]) -> str:
    """`a, b and c`."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def month_name(date: str) -> str:
    """`1994-05` as `May 1994`."""
    year, month = date.split("-")[:2]
    return f"{MONTHS[int(month) - 1]} {year}"


def change_and_interval(change: float, low: float, high: float, unit: str) -> tuple[str, str]:
    """A difference and the interval it lies in, to two digits of the interval's half-width: +0.71 points, +0.56 to
    +0.86. An interval of no width, or none, leaves the difference as `value_text` has it.
    """
    scale = 100.0 if is_share(unit) else 1.0
    half = scale * (high - low) / 2
    if not (math.isfinite(change) and half > 0):
        said, least = (value_text(each, unit, change=True) for each in (change, low))
        return said, least.removesuffix(" points")
    digits = max(0, min(9, 1 - math.floor(math.log10(half))))
    said, begin, end = (f"{scale * value:+,.{digits}f}" for value in (change, low, high))
    return said + (" points" if scale > 1 else ""), f"{begin} to {end}"


def value_text(value: Any, unit: str = "", *, change: bool = False, missing: str = "none") -> str:
    """A value as one says it: 34.1% of a share, 12,345 persons, else three digits; `missing` where there is none.

    `change`: a difference of two values, with its sign, in points of a share. Without a unit: as a scenario file has
    it (true, 0.5, a name; lists with commas).
    """
    if value is None:
        return missing
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(value_text(each) for each in value)
    if not isinstance(value, numbers.Real):
        return str(value)
    number = float(value)
    if not math.isfinite(number):
        return missing
    if not unit and not change:
        return str(value) if isinstance(value, numbers.Integral) else f"{number:g}"
    if change and number == 0:
        return "0"
    sign = "+" if change else ""
    if is_share(unit):
        if not change:
            return f"{number:.1%}"
        return f"{100 * number:+.1f} points" if abs(number) >= 0.00095 else f"{100 * number:+.2g} points"
    if unit in COUNTED or abs(number) >= 1000:
        return f"{number:{sign},.0f}"
    return f"{number:{sign},.3g}"


def is_share(unit: str) -> bool:
    """Whether a value of this unit is said as a percentage."""
    return unit.startswith("share of ") or unit == "share"
