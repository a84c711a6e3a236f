"""Numbers, dates and names in words, for the titles of figures and for life stories alike."""

from __future__ import annotations

import math
import numbers
from typing import Any

from ..scenarios.languages import ENGLISH, current, later, tr
from ..scenarios.vocabulary import provider

COUNTED = ("episodes", "claims", "persons", "places", "moves", "person-years")  # units of whole numbers

# In English alone: elsewhere such words agree with what they are of, and a percentage is said.
_PORTIONS = (
    (0, "none"), (1 / 4, "a quarter"), (1 / 3, "a third"), (1 / 2, "half"), (2 / 3, "two thirds"),
    (3 / 4, "three quarters"), (1, "all"),
)  # fmt: skip
_POINTS = later("{number} points")


def localised(number: str) -> str:
    """A number as Python writes it in English (1,234.5), as the language that is spoken has it."""
    spoken = current()
    if spoken is ENGLISH:
        return number
    whole, point, rest = number.partition(".")
    if sum(map(str.isdigit, whole)) < spoken.grouped:
        whole = whole.replace(",", "")
    return whole.replace(",", spoken.thousands) + (spoken.point if point else "") + rest


def percentage(share: float, digits: int = 0) -> str:
    """A share as a percentage with so many digits after the point."""
    return localised(f"{100 * share:.{digits}f}") + current().percent


def signed_percent(share: float) -> str:
    """A change as a percentage with its sign: +13%, -100%."""
    return localised(f"{100 * share:+,.0f}") + current().percent


def count(number: float) -> str:
    """A number of persons or cases with thousands separators, three significant digits from 10,000 on."""
    if not math.isfinite(number):
        return tr("no")
    value = float(number)
    if abs(value) >= 10_000:
        digits = math.floor(math.log10(abs(value))) - 2
        value = round(value / 10**digits) * 10**digits
    return localised(f"{value:,.0f}")


def percent(share: float) -> str:
    """A share between 0 and 1 as a percentage; never 0% for something nor 100% for less than all."""
    if not math.isfinite(share):
        return tr("none")
    if 1e-9 < share < 0.005:
        return tr("under {number}", number=percentage(0.01))
    if 0.995 < share < 1 - 1e-9:
        return tr("over {number}", number=percentage(0.99))
    return percentage(share)


def portion(share: float) -> str:
    """A share in words where a simple fraction is within one and a half points, else the percentage."""
    for fraction, words in _PORTIONS if current() is ENGLISH else ():
        if abs(share - fraction) <= (0.015 if 0 < fraction < 1 else 0):
            return words
    return percent(share)


def level(value: float) -> str:
    """A service level or an index with two decimals, or two digits where it is small."""
    if not math.isfinite(value):
        return tr("none")
    if 1e-9 < abs(value) < 0.001:
        return tr("under {number}", number=localised("0.001"))
    said = f"{value:.2f}" if abs(value) >= 0.0995 else f"{value:.2g}"
    return "0" if abs(value) < 1e-9 else localised(said)


def provider_named(name: str) -> str:
    """A provider as one whom somebody asks: `city` as `the town hall`; where none is named, what is sure."""
    return provider(name).words if name else tr("an office")


def sentence(text: str) -> str:
    """The text with a capital letter."""
    return text[:1].upper() + text[1:]


def in_words(number: int) -> str:
    """Small numbers as words, in English: elsewhere these agree with what is counted, and digits stand."""
    if current() is not ENGLISH:
        return localised(f"{number:,}")
    said = "no one two three four five six seven eight nine ten eleven twelve"
    words = said.split()
    return words[number] if 0 <= number < len(words) else f"{number:,}"


def joined(words: list[str]) -> str:
    """`a, b and c`."""
    if len(words) <= 1:
        return "".join(words)
    spoken = current()
    return f"{spoken.between.join(words[:-1])}{spoken.last}{words[-1]}"


def month_name(date: str) -> str:
    """`1994-05` as `May 1994`."""
    year, month = date.split("-")[:2]
    spoken = current()
    return spoken.month.format(month=spoken.months[int(month) - 1], year=year)


def change_and_interval(change: float, low: float, high: float, unit: str) -> tuple[str, str]:
    """A difference and the interval it lies in, to two digits of the interval's half-width, or to three of its end:
    +0.71 points, +0.56 to +0.86. An interval of no width, or none, leaves the difference as `value_text` has it.
    """
    scale = 100.0 if is_share(unit) else 1.0
    half = scale * (high - low) / 2
    if not (math.isfinite(change) and half > 0):
        return value_text(change, unit, change=True), value_text(low, unit, change=True, bare=True)
    furthest = max(
        abs(scale * low), abs(scale * high)
    )  # of which three digits are enough, however near the ends
    digits = max(0, min(9, 1 - math.floor(math.log10(half)), 2 - math.floor(math.log10(furthest))))
    # "0.00" and not "-0.00" of what is nothing at so many digits
    rounded = (round(scale * value, digits) + 0.0 for value in (change, low, high))
    said, begin, end = (localised(f"{each:+,.{digits}f}" if each else f"{0:.{digits}f}") for each in rounded)
    return _points(said) if scale > 1 else said, tr("{low} to {high}", low=begin, high=end)


def _points(number: str) -> str:
    return tr(_POINTS, number=number)


def value_text(value: Any, unit: str = "", *, change: bool = False, bare: bool = False) -> str:
    """A value as one says it: 34.1% of a share, 12,345 persons, else three digits; "none" where there is none.

    `change`: a difference of two values, with its sign, in points of a share (`bare`: without that word). Without a
    unit: as a scenario file has it (true, 0.5, a name; lists with commas).
    """
    if value is None:
        return tr("none")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(value_text(each) for each in value)
    if not isinstance(value, numbers.Real):
        return str(value)
    number = float(value)
    if not math.isfinite(number):
        return tr("none")
    if not unit and not change:
        return str(value) if isinstance(value, numbers.Integral) else f"{number:g}"
    if change and number == 0:
        return "0"
    sign = "+" if change else ""
    if is_share(unit):
        if not change:
            return percentage(number, 1)
        said = localised(f"{100 * number:+.1f}") if abs(number) >= 0.00095 else _change(100 * number, 0.1)
        return said if bare else _points(said)
    if unit in COUNTED or abs(number) >= 1000:
        return localised(f"{number:{sign},.0f}")
    return _change(number, 0.001) if change else localised(f"{number:,.3g}")


def _change(number: float, least: float) -> str:
    """A difference to three digits, to two where it is below `least`; never with a power of ten."""
    if not 0 < abs(number) < least:
        return localised(f"{number:+,.3g}")
    return localised(f"{number:+.{1 - math.floor(math.log10(abs(number)))}f}")


def is_share(unit: str) -> bool:
    """Whether a value of this unit is said as a percentage."""
    return unit.startswith("share of ") or unit == "share"
