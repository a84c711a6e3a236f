"""What the page says in a language, as JSON: its messages and the vocabulary, out of the language's catalogue."""

from __future__ import annotations

from functools import cache
from typing import Any

from ...scenarios.languages import ENGLISH, LANGUAGES, catalogue_of

_PAGE = "app/classroom/page/"


@cache
def page_words(code: str) -> dict[str, Any] | None:
    """`{code, plurals, reviewer ("": nobody has read it), words: {message: forms}, terms: {context: {text: form}}}`;
    None for English, which needs none."""
    if code == ENGLISH.code:
        return None
    words: dict[str, tuple[str, ...]] = {}
    terms: dict[str, dict[str, str]] = {}
    catalogue = catalogue_of(code)
    for (context, message), entry in catalogue.entries.items():
        forms = catalogue.forms(message, context)
        if not forms:
            continue
        if context:
            terms.setdefault(context, {})[message] = forms[0]
        elif any(where.startswith(_PAGE) for where in entry.where):
            words[message] = forms
    return {
        "code": code,
        "plurals": LANGUAGES[code].plurals,
        "reviewer": catalogue.reviewer,
        "words": words,
        "terms": terms,
    }
