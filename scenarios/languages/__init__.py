"""The languages in which figures, stories, hand-outs and pages speak, and how a message gets into one of them.

A message is an English sentence with named placeholders, whole: `tr("{name} helped.", name=...)`. What it is in
another language stands in that language's catalogue (`ja.po`, ...); `docs/make/catalogues.py` gathers all messages.
"""

from __future__ import annotations

from .catalogue import Catalogue, catalogue_of
from .kinds import ENGLISH, LANGUAGES, Language, UnknownLanguage, language_for
from .speaking import current, later, speaking, start_speaking, tr, tr_number, tr_term

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "Catalogue",
    "Language",
    "UnknownLanguage",
    "catalogue_of",
    "current",
    "language_for",
    "later",
    "speaking",
    "start_speaking",
    "tr",
    "tr_number",
    "tr_term",
]
