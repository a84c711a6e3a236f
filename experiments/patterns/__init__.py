"""The patterns the model is held against: what each says, how it is observed, whether it is met."""

from . import claims, countries, excluded, localities, nationalities, people
from .pattern import PATTERNS, Finding, NotAnswerable, Part, Pattern

__all__ = ["PATTERNS", "Finding", "NotAnswerable", "Part", "Pattern"]

_ENTERED = (
    people,
    localities,
    claims,
    countries,
    nationalities,
    excluded,
)  # importing a subject enters its patterns
_in_order = dict(sorted(PATTERNS.items()))
PATTERNS.clear()
PATTERNS.update(_in_order)
